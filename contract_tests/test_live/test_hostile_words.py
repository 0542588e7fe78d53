"""What a server says reaches people as text: it commands no terminal and no CI, and it shows no token."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from secmaster_contract.commands.comparing import matrix
from secmaster_contract.commands.replay import replay
from secmaster_contract.report.files import read_verdict
from secmaster_contract.report.html import as_html
from test_live.conftest import Outcome, Verify
from test_live.raw import listening, read_request
from test_live.servers import Scripted, Watched
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import Answer, Request, serving

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\u2066]")
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
HOSTILE = (
    "text/x \x1b]0;owned\x07 \x9b31m ##[add-mask]e ##vso[task.complete] | \\| ![i](http://evil.example/p.png) "
    "[l](javascript:1) <img src=x> `![i](http://evil.example/q.png)` http://evil.example @everyone"
)


class Dressed(Watched):
    """Carries commands out as the page says, and gives every answer a Content-Type of its own."""

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        answer = await super().__call__(request)
        answer.headers = [("Content-Type", HOSTILE)]
        return answer


class Repeating(Watched):
    """Names a member twice, by a name with line breaks in it."""

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        answer = await super().__call__(request)
        name = json.dumps("a\n::error title=owned::owned\u2028::error::b\r::error::c")
        answer.body = f"{{{name}:1,{name}:2,{answer.body.decode()[1:]}".encode()
        return answer


@pytest.mark.parametrize("options", [(), ("--verbose",), ("--quiet",)])
def test_head_that_cannot_be_parsed_shows_no_token(run_verify: Verify, options: tuple[str, ...]) -> None:
    """
    The head of an answer that is not HTTP is told without the token that it repeats.
    """
    raw = f"HTTP/1.1 200 OK\r\nX-Echo {TOKEN}\r\n\r\n".encode()
    with serving(Scripted(Answer(200, raw=raw))) as url:
        outcome = run_verify(url, "--max-requests", "40", *options)

    assert outcome.status in (1, 3)
    assert TOKEN not in outcome.out + outcome.err


@pytest.mark.parametrize("terminal", [{}, {"FORCE_COLOR": "1", "COLUMNS": "60"}])
def test_repeated_name_is_no_command_of_ci(run_verify: Verify, terminal: dict[str, str]) -> None:
    """
    A name of a server's JSON starts no line of the output, whatever line breaks it has, however narrow the output is.
    """
    with serving(Repeating()) as url:
        outcome = run_verify(url, **terminal)

    assert outcome.status == 1
    assert "title=owned" in outcome.out
    assert not COMMAND.search(outcome.out + outcome.err)


@pytest.fixture
def dressed(run_verify: Verify, tmp_path: Path) -> Outcome:
    with serving(Dressed()) as url:
        return run_verify(url, "--verbose", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))


def test_escape_sequences_stay_text(dressed: Outcome) -> None:
    """
    Escape sequences of a header (ESC, OSC, C1) reach neither output as such, but as text that shows them.
    """
    assert "owned" in dressed.out
    assert not CONTROL.search(dressed.out + dressed.err)


def test_commands_of_ci_stay_text(dressed: Outcome) -> None:
    """
    In a log of GitHub Actions the only commands are the annotations of this program.
    """
    lines = [line for line in (dressed.out + dressed.err).splitlines() if COMMAND.search(line)]

    assert lines
    assert all(re.match(r"::(error|warning) title=[^:]+::[^#]*(##?[^#\w\[][^#]*)*$", line) for line in lines)


@pytest.mark.usefixtures("dressed")
def test_job_summary_has_no_image_and_no_link_of_a_server(tmp_path: Path) -> None:
    """
    In the summary of the job what a server says is code: no image, no link, no element, no cell of the table.
    """
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    page = MarkdownIt("commonmark").enable("table").render(text)
    outside = re.sub(r"<code>.*?</code>", "", page)

    assert "evil.example" in page
    assert "evil.example" not in outside
    assert "everyone" not in outside
    assert not re.search(r"<(img|a)\b", page)
    assert not COMMAND.search(text)


def test_junit_and_sarif_show_control_characters_as_text(dressed: Outcome) -> None:
    """
    The files that a CI shows to people have a server's words as text too, a link of them in no message.
    """
    results = json.loads((dressed.directory / "verdict.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    messages = [result["message"]["text"] for result in results]

    assert not CONTROL.search((dressed.directory / "junit.xml").read_text(encoding="utf-8"))
    assert not any(CONTROL.search(message) for message in messages)
    assert not any(re.search(r"(?<!\\)\]\(", message) for message in messages)


@pytest.fixture
def foreign(run_verify: Verify) -> tuple[Path, dict[str, Any]]:
    """A verdict file that somebody else may have written."""
    with serving(Watched()) as url:
        outcome = run_verify(url, "--only", "uri")
    return outcome.directory / "verdict.json", outcome.verdict


def test_link_of_a_foreign_file_runs_nothing(foreign: tuple[Path, dict[str, Any]]) -> None:
    """
    A known issue links to the web or to nothing.
    """
    file, verdict = foreign
    issue = {"about": "clause uri.operation", "reason": "r", "expires": "2099-01-01", "state": "known"}
    links = ["javascript:alert(1)", " java\nscript:alert(1)", "data:text/html,x", "https://tracker.example/1"]
    file.write_text(json.dumps({**verdict, "known": [{**issue, "link": link, "about": link} for link in links]}))
    page = as_html(read_verdict(file))

    assert re.findall(r'<a href="([^"#]*)"', page) == ["https://tracker.example/1"]


@pytest.mark.parametrize("is_readable", [True, False], ids=["matrix", "unreadable"])
def test_foreign_file_does_not_command_the_terminal(foreign: tuple[Path, dict[str, Any]], *, is_readable: bool) -> None:
    """
    What a verdict file of somebody else says is printed as text.
    """
    file, verdict = foreign
    verdict["target"] = "http://host\x1b[2J\n::error::x"
    if not is_readable:
        verdict["run"]["tls"] = "\x1b[2J\x9b"
    file.write_text(json.dumps(verdict))
    result = CliRunner().invoke(matrix, [str(file)], catch_exceptions=False)

    assert "[2J" in result.output
    assert not CONTROL.search(result.output)
    assert not COMMAND.search(result.output)


def test_replayed_answer_does_not_command_the_terminal(run_verify: Verify) -> None:
    """
    What a recorded and a new answer say is printed as text.
    """
    raw = b"HTTP/1.1 200 OK\r\nX \x1b[2J " + TOKEN.encode() + b"\r\n\r\n"
    with serving(Scripted(Answer(200, raw=raw))) as url:
        outcome = run_verify(url, "--max-requests", "5")
        result = CliRunner().invoke(
            replay,
            [str(outcome.directory / "journal.jsonl"), "--number", "1"],
            env={"SECMASTER_TOKEN": TOKEN},
            catch_exceptions=False,
        )

    assert "the answer is not HTTP" in result.output
    assert not CONTROL.search(result.output)
    assert TOKEN not in result.output


def test_words_of_a_proxy_are_text(run_verify: Verify) -> None:
    """
    What a proxy says instead of a tunnel is told as text, without the token.
    """

    def refuse(link: Any) -> None:
        read_request(link)
        link.sendall(f"HTTP/1.1 403 \x1b[2J{TOKEN}\r\n\r\n".encode())

    with listening(refuse) as proxy:
        outcome = run_verify("https://host.example", "--proxy", f"http://{proxy.address}", "--rate", "1000/s")

    assert outcome.status == 3
    assert "[2J" in outcome.err
    assert not CONTROL.search(outcome.err)
    assert TOKEN not in outcome.err
