"""What a run says while it goes on and when it ends: on a terminal, in a log, in GitHub Actions, in pytest."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from rich.console import Console

from secmaster_contract.people import Voice
from secmaster_contract.report.failure import show_body
from secmaster_contract.report.progress import progress
from secmaster_contract.wire.connection import Exchange
from secmaster_contract.wire.request import Request
from test_reports.conftest import Made, invoke
from test_reports.servers import Faulty, Recording
from test_verifier.servers.reference import DEBUG, TOKEN, Reference
from test_verifier.servers.wire import Request as ServedRequest
from test_verifier.servers.wire import serving

EXCHANGE = Exchange(Request("PUT", "/", ()), 400, seconds=0.012)


ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def shown(width: int = 160, **options: Any) -> str:
    """What a console shows of a run of ten checks and as many requests."""
    out = io.StringIO()
    console = Console(file=out, width=width, **options)
    with progress(Voice(console), verbose=False) as watcher:
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
    In 80 columns a clause that is kept has one line, cut short, and what is wrong with another is said in full.
    """
    with serving(Faulty()) as url:
        result = invoke(url, FORCE_COLOR="1", COLUMNS="80")
    listed, _, _ = ESCAPES.sub("", result.stdout).partition("\nheaders.x-auth-token.user-token (MUST)")

    assert max(map(len, listed.splitlines())) <= 80
    assert re.search(r"\n  ✓ conforms     body\.optional-null +null is no string, …\n", listed)
    assert re.search(r"\n {17}a debug command carries task_id \(\d+ of \d+ observations\)\n", listed)


class TakingFalse(Reference):
    """Takes false for the node of a debug command."""

    def no_text(self, request: ServedRequest, body: dict[str, Any], command: Any, name: str) -> None:
        """Let it be false."""
        if (command, name, body[name]) != (DEBUG, "task_id", False):
            super().no_text(request, body, command, name)


def test_long_body_is_cut_round_the_faulty_field() -> None:
    """
    Of a long body a failure shows the beginning, which names the command, and the field at fault with its value.
    """
    with serving(TakingFalse()) as url:
        result = invoke(url, "--only", "body.task-id.type", "--input-dataobject", "x" * 5000)
    (sent,) = [line for line in result.stdout.splitlines() if line.startswith("  sent ")]

    body = re.sub(r".*/instances/\S+ ", "", sent)
    assert body.startswith(f'{{"command_type":"{DEBUG}","task_id":false,')
    assert re.search(r"x \.\.\. \(\d+ bytes\)$", body)
    assert len(body) < 300


def test_field_deep_in_a_body_is_shown() -> None:
    """
    A field that stands in the middle of a long body is shown with what is around it.
    """
    body = b'{"command_type":"x","long":"%b","task_id":7,"more":"%b"}' % (b"x" * 2000, b"y" * 2000)

    text = show_body(body, field="task_id")

    assert text.startswith('{"command_type":"x"')
    assert 'x","task_id":7,"more":"y' in text
    assert len(text) < 400


def throttled(times: int, **options: Any) -> str:
    """What a console shows of so many answers in a row that ask to wait 7 s."""
    out = io.StringIO()
    with progress(Voice(Console(file=out, width=160, **options))) as watcher:
        for _ in range(times):
            watcher.heard("preflight", Exchange(Request("PUT", "/", ()), 429, (("Retry-After", "7"),)))
    return out.getvalue()


def test_terminal_says_what_is_waited_for() -> None:
    """
    While a server throttles, the bar says so, and what it asks for.
    """
    text = ESCAPES.sub("", throttled(1, force_terminal=True, force_interactive=True))

    assert "throttled (429), asked to wait 7 s" in text


def test_log_says_what_is_waited_for() -> None:
    """
    While a server throttles, a line says so the first time, and rarer the longer it goes on.
    """
    lines = throttled(30, force_terminal=False).splitlines()

    assert lines[0] == "  throttled (429), asked to wait 7 s"
    assert lines[-1] == "  throttled (429) 16 times, asked to wait 7 s"
    assert len(lines) == 5


def test_log_has_plain_lines() -> None:
    """
    Where there is no terminal, a few plain lines tell how far the run is, without control characters.
    """
    text = shown(force_terminal=False)

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


def test_run_says_where_its_report_is(tmp_path: Path) -> None:
    """
    At its end a run names the page and the traffic that it has written.
    """
    with serving(Recording()) as url:
        result = invoke(url, "--report", str(tmp_path))

    assert f"The page is {tmp_path / 'index.html'}\nThe traffic is in {tmp_path / 'journal.jsonl'}\n" in result.stderr


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
