"""The run of the Arazzo workflows sees what a runner sends, and one that succeeds or fails without reason."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from downstream import arazzo_run, shipped
from downstream.arazzo_run import Runner
from openapi_contract import Operation

# What stands for a runner: it sends one request, and its verdict is the expression `success` of the answer.
SENDS = """
import json, sys, urllib.error, urllib.request
request = urllib.request.Request({url!r}, {body!r}, {headers!r}, method="PUT")
try:
    answer = urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(request)
except urllib.error.HTTPError as error:
    answer = error
status, said = answer.status, json.load(answer)
sys.exit(0 if {success} else 1)
"""
RIGHT = "status == 200 and said.get('success') is True"


def runner(
    operation: Operation, *, success: str = RIGHT, content_type: str | None = None, **altered: str | None
) -> Runner:
    """Return a runner that sends each workflow's command, with other fields or another verdict where they are given."""

    def command(url: str, workflow: str, inputs: Mapping[str, str]) -> list[str]:
        path = operation.fill(inputs)
        headers = {
            shipped.security().header: altered.get("token") or inputs["token"],
            "Content-Type": content_type or shipped.body().media_type,
        }
        body = shipped.body().examples[workflow] | {
            name: value for name, value in altered.items() if name in shipped.body().examples["debug"]
        }
        sent = {"url": url + path, "body": json.dumps(body).encode(), "headers": headers}
        return [sys.executable, "-c", SENDS.format(**sent, success=success)]

    return Runner("a runner", arazzo_run.WRITTEN, command, shipped.body().media_type)


def test_right_runner_has_no_fault(operation: Operation, tmp_path: Path) -> None:
    """A runner that sends each command and succeeds when the service says so is as it has to be."""
    assert arazzo_run.faults(runner(operation), tmp_path) == []


@pytest.mark.parametrize(
    ("success", "fault"),
    [
        ("False", "retry fails on the mock"),
        ("status == 200", 'debug succeeds on a server that answers 200 {"success": false}'),
        ("said.get('success', True)", "retry succeeds on a server that answers 200 {}"),
        ("said.get('success')", 'terminate succeeds on a server that answers 400 {"success": true}'),
    ],
)
def test_verdict_without_reason_is_told(operation: Operation, tmp_path: Path, success: str, fault: str) -> None:
    """A runner that succeeds on a wrong server, or fails on the right one, is told with the workflow."""
    assert fault in arazzo_run.faults(runner(operation, success=success), tmp_path)


@pytest.mark.parametrize(
    ("altered", "fault"),
    [
        ({"command_type": "ActionInstanceRetryCommand"}, "debug: the command that arrived is another"),
        ({"task_id": None}, "debug: the command that arrived is another, or the contract rejects it"),
        ({"content_type": "application/json"}, "retry: the Content-Type that arrived is application/json"),
        ({"token": "another"}, "terminate: no good token arrived"),
    ],
)
def test_other_request_is_told(
    operation: Operation, tmp_path: Path, altered: dict[str, str | None], fault: str
) -> None:
    """A command, a Content-Type or a token other than the contract's is told with the workflow."""
    assert any(line.startswith(fault) for line in arazzo_run.faults(runner(operation, **altered), tmp_path))  # type: ignore[arg-type]  # a table of keywords


def test_request_that_does_not_arrive_is_told() -> None:
    """A workflow that is run and sends nothing is seen."""
    assert list(arazzo_run.differences(["retry"], [], "application/json")) == ["[] arrived where ['retry'] were run"]
