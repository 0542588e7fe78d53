"""Runs the Arazzo workflows by two runners: on the embedded mock they succeed, on servers that are wrong they fail."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from downstream import shipped, wire
from downstream.building import call
from downstream.consumers import FORMS, ROOT
from downstream.one_answer import answering
from secmaster_contract.mock.server import running
from secmaster_contract.mock.settings import TOKEN, MockSettings

WRITTEN = ROOT / "openapi" / "workflows.arazzo.yaml"
DERIVED = ROOT / "openapi" / "dist" / WRITTEN.name
# What no command may take for success: the status alone, the body alone, neither.
_WRONG = ((200, b'{"success": false}'), (200, b"{}"), (400, b'{"success": true}'))

Command = Callable[[str, str, Mapping[str, str]], list[str]]


@dataclass(frozen=True)
class Runner:
    """A program that runs a workflow against a URL with inputs, the workflows that it reads, and what it is to send."""

    name: str
    workflows: Path
    command: Command
    content_type: str


def arazzo_runner(program: Path, scratch: Path) -> Runner:
    """Return Jentic's runner, on the workflows as they are written; it takes the server from a copy of the contract."""

    def command(url: str, workflow: str, inputs: Mapping[str, str]) -> list[str]:
        scratch.mkdir(parents=True, exist_ok=True)
        contract = yaml.safe_load(FORMS["contract"].read_bytes()) | {"servers": [{"url": url}]}
        (scratch / FORMS["contract"].name).write_text(yaml.safe_dump(contract, sort_keys=False), encoding="utf-8")
        copied = scratch / WRITTEN.name
        copied.write_bytes(WRITTEN.read_bytes())
        return [
            *(str(program), "--log-level", "ERROR", "execute-workflow", str(copied)),
            *("--workflow-id", workflow, "--inputs", json.dumps(inputs)),
        ]

    return Runner("arazzo-runner", WRITTEN, command, shipped.body().media_type)


def respect(program: Path) -> Runner:
    """Return Redocly's runner, on the derived workflows: with a charset it sends `[object Object]`."""
    (source,) = yaml.safe_load(DERIVED.read_bytes())["sourceDescriptions"]

    def command(url: str, workflow: str, inputs: Mapping[str, str]) -> list[str]:
        return [
            *(str(program), "respect", str(DERIVED), "--workflow", workflow),
            *("--input", json.dumps(inputs), "--server", f"{source['name']}={url}"),
        ]

    return Runner("Redocly respect", DERIVED, command, shipped.body().media_type.partition(";")[0])


def faults(runner: Runner, scratch: Path) -> list[str]:
    """Return where a runner's verdicts, or what arrived, differ from the contract."""
    names = [workflow["workflowId"] for workflow in yaml.safe_load(runner.workflows.read_bytes())["workflows"]]
    record = io.StringIO()
    with running(MockSettings(record=record)) as mock:
        failed = [name for name in names if not _succeeds(runner, mock.url, name, scratch)]
    found = [f"{name} fails on the mock" for name in failed]
    found += differences(names, list(wire.judged(record.getvalue())), runner.content_type)
    for status, body in _WRONG:
        with answering(status, body) as url:
            passed = [name for name in names if _succeeds(runner, url, name, scratch)]
        found += [f"{name} succeeds on a server that answers {status} {body.decode()}" for name in passed]
    return found


def differences(names: list[str], arrivals: list[wire.Arrival], content_type: str) -> Iterator[str]:
    """Yield where the requests that arrived are not the commands that the workflows of these names are to send."""
    if names != [arrival.case for arrival in arrivals]:
        yield f"{[arrival.case for arrival in arrivals]} arrived where {names} were run"
    for arrival in arrivals:
        if not arrival.fits:
            yield f"{arrival.case}: the command that arrived is another, or the contract rejects it"
        if arrival.content_type != content_type:
            yield f"{arrival.case}: the Content-Type that arrived is {arrival.content_type}"
        if not arrival.authenticated:
            yield f"{arrival.case}: no good token arrived"


def _succeeds(runner: Runner, url: str, name: str, scratch: Path) -> bool:
    command = runner.command(url, name, _inputs(name))
    return call(command, scratch, {"REDOCLY_TELEMETRY": "off", "NO_PROXY": "127.0.0.1"}).returncode == 0


def _inputs(name: str) -> dict[str, Any]:
    """Return what the workflows ask for; the instance is called as the workflow, so that a request tells its own."""
    identifiers = dict.fromkeys(shipped.OPERATION.path_names, name)
    body = shipped.body()
    debug = {field: value for field, value in body.examples["debug"].items() if field != body.discriminator}
    return {"token": TOKEN, **identifiers, **debug}
