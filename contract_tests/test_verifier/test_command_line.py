"""The verifier as people run it: a process, a report on its output, an exit status."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from test_verifier.servers.broken import FAULTS
from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.wire import serving

PROGRAM = Path(sys.executable).with_name("secmaster-contract")
MARGIN = 3.0 if os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1") != "1" else 1.0  # other tests run beside this one


# A process whose only child is the run: what other tests of this worker have started does not count.
MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


def verify(
    *arguments: str, program: Sequence[str] = (str(PROGRAM),), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `secmaster-contract verify`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SECMASTER_", "GITHUB_"))}
    own = {"SECMASTER_TOKEN": TOKEN, "SECMASTER_PROJECT_ID": "example", "SECMASTER_WORKSPACE_ID": "example"}
    return subprocess.run(
        [*program, "verify", *arguments],
        env=clean | own | {"SECMASTER_INSTANCE_ID": "example", "COLUMNS": "500"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def violated(output: str) -> list[str]:
    """Return the keys of the clauses that the report calls violated."""
    return re.findall(r"✗ violates\s+(\S+)", output)


# The four sentences that a verifier of this endpoint has to be good for.
@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("task-present-forgotten", "body.task-id.mandatory-for-debug"),
        ("data-present-forgotten", "body.input-dataobject.mandatory-for-debug"),
        ("token-never-asked", "headers.x-auth-token.mandatory"),
        ("command-known-forgotten", "body.command-type.range"),
    ],
)
def test_the_curl_line_shows_the_fault_again(fault: str, clause: str, tmp_path: Path) -> None:
    """
    The fault fails the run on its clause alone, and the curl line of the report, pasted into a shell, shows it again.
    """
    with serving(FAULTS[fault].make()) as url:
        run = verify(url, "--json", str(tmp_path / "verdict.json"))
        (again,) = re.findall(r"^  again     (curl .*)$", run.stdout, re.MULTILINE)[:1]
        shell = subprocess.run(
            ["bash", "-c", again], env={**os.environ, "X_AUTH_TOKEN": TOKEN}, capture_output=True, text=True, check=True
        )

    assert run.returncode == 1
    assert violated(run.stdout) == [clause]
    assert "HTTP/1.1 200" in shell.stdout
    assert json.loads(shell.stdout.rpartition("\n\n")[2])["success"] is True
    assert TOKEN not in run.stdout + run.stderr + (tmp_path / "verdict.json").read_text()


def test_closed_port_is_inconclusive() -> None:
    """
    Where no server listens nothing is said of it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        run = verify(f"http://127.0.0.1:{free.getsockname()[1]}")

    assert run.returncode == 3
    assert "cannot be reached" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ftp://127.0.0.1"], "base URL"),
        (["http://127.0.0.1:1", "--only", "no.such.clause"], "no such clause"),
        (["http://127.0.0.1:1", "--allow", "destroy"], "the commands are"),
        (["http://127.0.0.1:1", "--workers", "0"], "--workers"),
        (["http://127.0.0.1:1", "--repeat", "0"], "--repeat"),
        (["http://127.0.0.1:1", "--fuzz", "much"], "--fuzz"),
        (["http://127.0.0.1:1", "--no-such-option"], "No such option"),
    ],
)
def test_bad_usage_is_told_in_words(arguments: list[str], told: str) -> None:
    """
    What the command line cannot mean is refused with a sentence, before anything is sent.
    """
    run = verify(*arguments)

    assert run.returncode == 2
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_a_run_keeps_its_budget() -> None:
    """
    A run takes at most 650 requests, three seconds with the start of Python, and 150 MB.
    """
    with serving(Reference()) as url:
        started = time.monotonic()
        run = verify(url, program=[sys.executable, "-c", MEASURED, str(PROGRAM)])
        seconds = time.monotonic() - started

    assert run.returncode == 0
    assert int(re.findall(r"(\d+) requests", run.stdout)[0]) <= 650
    assert seconds <= 3 * MARGIN
    assert 20 * 1024 < int(run.stderr.split()[-1]) <= 150 * 1024


def test_the_list_needs_no_server() -> None:
    """
    Every vector is listed with its clause, what is expected and what would be sent; nothing is.
    """
    run = verify("--list")

    lines = [line for line in run.stdout.splitlines() if line]
    assert run.returncode == 0
    assert len(lines) >= 500
    assert any(
        line.startswith("ActionInstanceDebugCommand/task_id/absent ")
        and "body.task-id.mandatory-for-debug" in line
        and "rejected" in line
        and " PUT /v1/" in line
        for line in lines
    )


def test_shuffled_and_repeated_runs_agree() -> None:
    """
    The verdict on a correct server depends neither on the order of the requests nor on their number.
    """
    with serving(Reference()) as url:
        run = verify(url, "--shuffle", "--seed", "7", "--repeat", "2")

    assert run.returncode == 0, run.stdout
    assert "--seed 7" in run.stderr
