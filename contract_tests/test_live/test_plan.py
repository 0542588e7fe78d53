"""The plan shows what a run would send, and sends nothing."""

from __future__ import annotations

import json
import re

import pytest

from test_live.conftest import Verify
from test_live.raw import hang_up, listening
from test_live.servers import MINE, Knowing
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import serving

OPTIONS = {
    "local": ("--treat-as", "local", "--instance-id", MINE),
    "live": ("--treat-as", "live"),
    "allowed": ("--treat-as", "live", "--allow", "retry", "--instance-id", f"retry={MINE}"),
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_plan_opens_no_connection(run_verify: Verify, options: tuple[str, ...]) -> None:
    """
    A plan does not even connect.
    """
    with listening(hang_up) as server:
        outcome = run_verify(f"http://{server.address}", "--plan", *options)

    assert outcome.status == 0
    assert server.connections == 0
    assert re.search(r"^\d{3,} requests would be sent; none was.$", outcome.out, re.MULTILINE)


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_run_sends_nothing_that_the_plan_does_not_show(run_verify: Verify, options: tuple[str, ...]) -> None:
    """
    Every request of a run stands in its plan: method, URL, headers and body.
    """
    with serving(Knowing()) as url:
        plan = run_verify(url, "--plan", *options).out
        run = run_verify(url, *options, "--rate", "5000/s")
    journal = [json.loads(line) for line in (run.directory / "journal.jsonl").read_text().splitlines()[1:]]
    sent = [entry["sent"] for entry in journal if "sent" in entry]
    lines = {f"{one['method']} {url}{one['target']}" for one in sent}

    assert len(sent) > 100
    assert lines <= set(plan.splitlines())
    assert all("; ".join(f"{name}: {value}" for name, value in one["headers"]) in plan for one in sent)


def test_each_request_has_its_reason(run_verify: Verify) -> None:
    """
    Each request of a plan comes with the vector, the clause and what is due.
    """
    lines = run_verify("http://127.0.0.1:1", "--plan").out.splitlines()
    requests = [number for number, line in enumerate(lines) if re.match(r"[A-Za-z]+ http://", line)]

    assert len(requests) > 100
    assert all(lines[number + 3].startswith("  why      ") for number in requests)


def test_plan_does_not_show_the_token(run_verify: Verify) -> None:
    """
    The token is not in a plan.
    """
    plan = run_verify("http://127.0.0.1:1", "--plan").out

    assert TOKEN not in plan
    assert TOKEN[:-1] not in plan
    assert "${X_AUTH_TOKEN}" in plan
