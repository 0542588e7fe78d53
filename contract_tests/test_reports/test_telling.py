"""What a run says while it goes on and when it ends: on a terminal, in a log, in GitHub Actions, in pytest."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from secmaster_contract.harness.connection import Exchange
from secmaster_contract.harness.request import Request
from secmaster_contract.report.progress import progress
from test_reports.conftest import Made, environment, invoke
from test_reports.servers import Faulty, Recording
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import serving

EXCHANGE = Exchange(Request("PUT", "/", ()), 400, seconds=0.012)


ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def shown(width: int = 160, **options: Any) -> str:
    """What a console shows of a run of ten checks and as many requests."""
    out = io.StringIO()
    console = Console(file=out, width=width, **options)
    with progress(console, "http://target", verbose=False) as watcher:
        for number in range(1, 11):
            watcher.heard(f"vector {number}", EXCHANGE)
            watcher.checked("body.mandatory", number, 10)
    return out.getvalue()


def test_terminal_has_a_live_bar() -> None:
    """
    On a terminal a bar shows the checks, the requests, their rate, the time left and the clause.
    """
    text = ESCAPES.sub("", shown(force_terminal=True, force_interactive=True))

    assert "10/10" in text
    assert re.search(r"10 requests, \d+/s", text)
    assert "body.mandatory" in text
    assert re.search(r"\d:\d\d:\d\d .*\d:\d\d:\d\d", text)


def test_bar_fits_a_narrow_terminal() -> None:
    """
    In 80 columns the bar is one line, without the times and with the clause.
    """
    text = ESCAPES.sub("", shown(80, force_terminal=True, force_interactive=True))
    bars = [line for line in re.split(r"[\r\n]", text) if line.strip()]

    assert all(line.startswith("Verifying ") for line in bars)
    assert "body.mandatory" in bars[-1]
    assert max(map(len, bars)) <= 80


def test_clauses_fit_a_narrow_terminal() -> None:
    """
    In 80 columns no clause breaks a line at random, and what is wrong is said in full.
    """
    with serving(Faulty()) as url:
        result = invoke(url, FORCE_COLOR="1", COLUMNS="80")
    listed, _, failures = ESCAPES.sub("", result.stdout).partition("\nheaders.x-auth-token.user-token (MUST)")

    assert max(map(len, listed.splitlines())) <= 80
    assert "\n                 a debug command carries task_id (24 of 24 observations)\n" in listed
    assert "received  200" in failures


def test_log_has_plain_lines() -> None:
    """
    Where there is no terminal, a few plain lines tell how far the run is, without control characters.
    """
    text = shown(force_terminal=False)

    assert text.startswith("Verifying http://target\n")
    assert 2 <= text.count("checks done") <= 5
    assert "\x1b" not in text


def test_quiet_run_says_one_line() -> None:
    """
    --quiet leaves the result alone, on standard output, and nothing on standard error.
    """
    with serving(Recording()) as url:
        result = invoke(url, "--quiet")

    assert len(result.stdout.splitlines()) == 1
    assert result.stderr == ""


def test_verbose_run_has_a_line_a_request() -> None:
    """
    --verbose adds one line for each request, with the vector, what came and how long it took.
    """
    server = Recording()
    with serving(server) as url:
        result = invoke(url, "--verbose")
    lines = [line for line in result.stderr.splitlines() if re.fullmatch(r"  \S+ .+: \d{3} in \d+ ms", line)]

    assert len(lines) == len(server.seen)


def test_actions_get_annotations_and_a_summary(tmp_path: Path) -> None:
    """
    In GitHub Actions each violated clause is an annotation in one line, and the job's summary a table of them.
    """
    summary = tmp_path / "summary.md"
    with serving(Faulty()) as url:
        result = invoke(url, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    errors = [line for line in result.stdout.splitlines() if line.startswith("::error ")]
    text = summary.read_text(encoding="utf-8")

    assert len(errors) == 4
    assert any("title=body.task-id.mandatory-for-debug (MUST)::" in line and "%0Asent PUT" in line for line in errors)
    assert text.count("| ❌ violates |") == 4
    assert TOKEN not in result.stdout + text


def test_nobody_else_gets_annotations(faulty: Made) -> None:
    """
    Outside GitHub Actions there are none.
    """
    assert "::error" not in faulty.out


def run_pytest(url: str, tmp_path: Path, *options: str, test: str = "") -> subprocess.CompletedProcess[str]:
    """Run pytest as somebody who has the package installed, in a directory of their own."""
    (tmp_path / "test_mine.py").write_text(test or "def test_mine(): pass\n")
    kept = {name: value for name, value in environment().items() if value is not None}
    outer = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SECMASTER", "GITHUB"))
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "secmaster_contract.pytest_plugin"]
    return subprocess.run(
        [*command, *options, "--contract-target", url, "-c", os.devnull, "--rootdir", str(tmp_path), "test_mine.py"],
        env={**outer, **kept},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


CLAUSES = ("--pyargs", "secmaster_contract.clauses")


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_clauses_pass_in_the_pytest_of_others(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    The clauses are tests of somebody's own suite, alone and under xdist, and pass on a correct server.
    """
    with serving(Recording()) as url:
        result = run_pytest(url, tmp_path, *workers, *CLAUSES)

    assert result.returncode == 0, result.stdout
    assert re.search(r"[4-9]\d\d passed", result.stdout)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_broken_clause_fails_in_the_pytest_of_others(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    On a faulty server the tests of the broken rules fail, each under its vector's name.
    """
    with serving(Faulty()) as url:
        result = run_pytest(url, tmp_path, *workers, *CLAUSES)

    assert result.returncode == 1
    assert "[ActionInstanceDebugCommand/task_id/absent]" in result.stdout
    assert "http.media-type" in result.stdout
    assert "[ActionInstanceDebugCommand/input_dataobject/absent]" not in result.stdout


def test_fixture_verifies_a_server(tmp_path: Path) -> None:
    """
    The fixture gives a report that a test can ask.
    """
    test = f"""
def test_server(contract_report, request):
    report = contract_report(request.config.getoption("--contract-target"), {TOKEN!r})
    assert report.exit_status == 1
    assert "http.media-type" in [result.clause.key for result in report.of("violates")]
"""
    with serving(Faulty()) as url:
        result = run_pytest(url, tmp_path, test=test)

    assert result.returncode == 0, result.stdout
