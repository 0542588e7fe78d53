"""Whatever a server answers, the verifier goes on, and what it has found stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from secmaster_contract.commands.replay import replay
from secmaster_contract.judge.leaks import leaks
from secmaster_contract.report.files import read_requests
from secmaster_contract.wire.exchange import Exchange
from test_live.conftest import Verify
from test_live.servers import Watched
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import Answer, Request, serving

JSON = ("Content-Type", "application/json")
MANY_DIGITS = b"9" * 5000
DEEP = b"[" * 100_000 + b"]" * 100_000
ANSWERS: dict[str, Answer] = {
    "wait of a superscript": Answer(429, b"{}", [JSON, ("Retry-After", "\xb2")]),
    "wait of 5,000 digits": Answer(429, b"{}", [JSON, ("Retry-After", MANY_DIGITS.decode())]),
    "wait until the year 1": Answer(429, b"{}", [JSON, ("Retry-After", "Mon, 01 Jan 0001 00:00:00 GMT")]),
    "number of 5,000 digits": Answer(400, b'{"code":' + MANY_DIGITS + b',"message":"m"}', [JSON]),
    "number of 5,000 digits alone": Answer(400, MANY_DIGITS, [JSON]),
    "fraction of 5,000 digits": Answer(400, b'{"code":0.' + MANY_DIGITS + b',"message":"m"}', [JSON]),
    "exponent of 5,000 digits": Answer(400, b'{"code":1e' + MANY_DIGITS + b',"message":"m"}', [JSON]),
    "100,000 arrays": Answer(400, DEEP, [JSON]),
    "100,000 objects": Answer(400, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, [JSON]),
    "100,000 arrays in a member": Answer(400, b'{"code":' + DEEP + b',"message":"m"}', [JSON]),
    "200 arrays": Answer(400, b'{"code":' + b"[" * 198 + b"]" * 198 + b',"message":"m"}', [JSON]),
    "lone surrogates": Answer(400, b'{"code":"\\ud800","\\udfff":"\\ud800"}', [JSON]),
    "NaN": Answer(400, b'{"code":NaN,"message":Infinity}', [JSON]),
    "line separator": Answer(400, '{"code":"a\u2028b\u2029c\x85d","message":"\x1e"}'.encode(), [JSON]),
    "not UTF-8": Answer(400, b"\xff\xfe{}", [JSON]),
    "charset of no kind": Answer(400, b"{}", [("Content-Type", 'application/json; charset="\xb2"')]),
    "coding of no kind": Answer(400, b"{}", [JSON, ("Content-Encoding", "\xb2, gzip")]),
}


class Odd(Watched):
    """Takes any task_id, and answers what it refuses in an odd way."""

    def __init__(self, odd: Answer) -> None:
        super().__init__()
        self.odd = odd

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        answer = await super().__call__(request)
        return self.odd if answer.status == 400 else answer

    def missing(self, request: Request, body: dict[str, object], name: str) -> None:
        """Let task_id be missing."""
        if name != "task_id":
            super().missing(request, body, name)


@pytest.mark.parametrize("odd", ANSWERS)
@pytest.mark.parametrize("way", ["local", "live"])
def test_findings_stand_whatever_is_answered(run_verify: Verify, odd: str, way: str) -> None:
    """
    An answer that is hard to read is a finding, or none; it ends no run, and takes nothing from what was found.
    """
    options = ["--treat-as", "live", "--rate", "1000/s"] if way == "live" else []
    with serving(Odd(ANSWERS[odd])) as url:
        outcome = run_verify(url, "--patience", "0.5", "--timeout", "20", "--only", "body.task-id", *options)

    assert "The verifier itself failed" not in outcome.out + outcome.err
    assert outcome.verdict["harness_faults"] == []
    assert outcome.status == 1 or ANSWERS[odd].status == 429
    if way == "local":
        assert outcome.clauses["body.task-id.mandatory-for-debug"]["verdict"] == "violates"


def fail(*_: object) -> Iterator[str]:
    """Fail, as a verifier with a fault does."""
    raise RuntimeError(f"something with {TOKEN} in it")


def fail_at_times(exchange: Exchange, header: str | None, secret: str) -> Iterator[str]:
    """Fail at one field with a number in it."""
    return fail() if b'"task_id":7' in exchange.request.body else iter(leaks(exchange, header, secret))


@pytest.mark.parametrize(("place", "fault"), [("run.session.settle", fail), ("judge.reading.leaks", fail_at_times)])
def test_findings_stand_where_the_verifier_itself_fails(
    run_verify: Verify, monkeypatch: pytest.MonkeyPatch, place: str, fault: Callable[..., object]
) -> None:
    """
    A fault of the verifier is told beside what it has found, without the token, and takes nothing from it.
    """
    monkeypatch.setattr(f"secmaster_contract.{place}", fault)
    with serving(Odd(Answer(400, b"{}", [JSON]))) as url:
        outcome = run_verify(url)

    assert outcome.status == 1
    assert outcome.clauses["body.task-id.mandatory-for-debug"]["verdict"] == "violates"
    assert "something with ${X_AUTH_TOKEN} in it" in str(outcome.verdict["harness_faults"])
    assert "The verifier itself failed" in outcome.out


def test_journal_with_line_separators_is_read(run_verify: Verify) -> None:
    """
    A journal is read line by line where a line feed ends the lines, and nowhere else.
    """
    with serving(Odd(ANSWERS["line separator"])) as url:
        outcome = run_verify(url)

    requests = read_requests(outcome.directory / "journal.jsonl")
    assert len(requests) == outcome.verdict["run"]["requests"]
    assert any("\u2028" in request["received"]["body"] for request in requests)


BROKEN: dict[str, Callable[[str], str]] = {
    "deep": lambda text: "[" * 100_000 + text,
    "deep head": lambda _: '{"journal"' + "[" * 100_000,
    "without numbers": lambda text: text.replace('"n"', '"m"'),
    "number of 5,000 digits": lambda text: f'{text}{{"n":{"9" * 5000}}}\n{{"n":1}}\n',
    "lines of no kind": lambda text: f"{text}7\n{{}}\n",
    "without headers": lambda text: text.replace('"headers"', '"heads"'),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_journal_that_is_none_is_told_in_words(run_verify: Verify, tmp_path: Path, broken: str) -> None:
    """
    A file that holds something else than recorded requests is bad usage, told in a sentence.
    """
    with serving(Watched()) as url:
        outcome = run_verify(url, "--max-requests", "3")
    file = tmp_path / "journal.jsonl"
    text = BROKEN[broken]((outcome.directory / "journal.jsonl").read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(
        replay, [str(file), "--number", "1"], env={"SECMASTER_TOKEN": TOKEN}, catch_exceptions=False
    )

    assert result.exit_code == 2
    assert str(file) in result.output
