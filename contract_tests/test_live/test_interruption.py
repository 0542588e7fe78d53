"""Whatever ends a run, the evidence stays."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from test_live.servers import Slow
from test_verifier.servers.wire import Answer, Request, serving

Started = Callable[..., "subprocess.Popen[str]"]
SECONDS = 30


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.005)


def entries(journal: Path) -> list[dict[str, Any]]:
    """The lines of a journal behind its head; one that was cut off would not be JSON."""
    return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()[1:]]


def interrupted(started: Started, directory: Path, number: signal.Signals) -> tuple[Slow, int, str]:
    """Run against a slow server and send a signal after its fortieth request."""
    server = Slow()
    with serving(server) as url:
        process = started("verify", url, "--report", str(directory))
        wait_for(lambda: len(server.seen) >= 40)
        process.send_signal(number)
        out, _ = process.communicate(timeout=SECONDS)
    return server, process.returncode, out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_says_so_and_keeps_what_it_found(
    started: Started, tmp_path: Path, number: signal.Signals
) -> None:
    """
    Ctrl-C and SIGTERM end a run with 130 and a verdict file of what was answered until then.
    """
    _, status, out = interrupted(started, tmp_path, number)
    verdict = json.loads((tmp_path / "verdict.json").read_text(encoding="utf-8"))

    assert status == 130
    assert verdict["run"]["interrupted"] is True
    assert verdict["exit_status"] == 130
    assert verdict["verdicts"]["violates"] == 0
    assert any(row["verdict"] == "conforms" for row in verdict["vectors"])
    assert f"the run was interrupted ({number.name})" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_journal_has_every_request_that_the_server_saw(
    started: Started, tmp_path: Path, number: signal.Signals
) -> None:
    """
    Each request that reached the server is in the journal, even if SIGKILL ended the run.
    """
    server, _, _ = interrupted(started, tmp_path, number)
    written = [entry["sent"] for entry in entries(tmp_path / "journal.jsonl") if "sent" in entry]

    assert 40 <= len(server.seen) <= len(written)
    assert {request.method for request in server.seen} <= {sent["method"] for sent in written}


class Looking(Slow):
    """Looks, while it serves a request, whether the journal has it already."""

    def __init__(self, journal: Path) -> None:
        super().__init__()
        self.journal = journal
        self.found: list[int] = []

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        self.found.append(sum("sent" in entry for entry in entries(self.journal)))
        return await super().__call__(request)


def test_request_is_on_disk_before_it_is_answered(started: Started, tmp_path: Path) -> None:
    """
    While the server still thinks about a request, it stands in the journal already.
    """
    server = Looking(tmp_path / "journal.jsonl")
    with serving(server) as url:
        options = ("--report", str(tmp_path), "--max-requests", "3", "--workers", "1")
        started("verify", url, *options).communicate(timeout=SECONDS)

    assert server.found == [1, 2, 3]


def test_second_signal_ends_the_run_at_once(started: Started, tmp_path: Path) -> None:
    """
    A second Ctrl-C does not wait for anything.
    """
    server = Slow()
    with serving(server) as url:
        process = started("verify", url, "--report", str(tmp_path))
        wait_for(lambda: len(server.seen) >= 40)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)

    assert process.returncode == 130
