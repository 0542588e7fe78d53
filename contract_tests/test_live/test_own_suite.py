"""A live system under the pytest of others is as safe as under `verify`, however many workers there are."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from test_live.servers import Gullible, Knowing, LookingFirst, Scripted, Watched
from test_verifier.own_suite import CLAUSES, LIVE, WORKERS, run_pytest
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import Answer, Request, serving

ALONE_AND_SHARED = pytest.mark.parametrize("workers", [(), WORKERS], ids=["alone", "xdist"])


@ALONE_AND_SHARED
def test_accepted_request_ends_the_run_at_once(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    After a server has accepted what it must reject, nothing more is sent, and what was not sent is red.
    """
    server = Gullible()
    with serving(server) as url:
        ended = run_pytest(url, tmp_path, *workers, *LIVE, *CLAUSES)

    assert len(server.carried_out) == 1
    assert ended.status == 1
    assert any("body.task-id.mandatory-for-debug" in line for line in ended.failed.values())
    assert any("was stopped at once" in line for line in ended.failed.values())


@ALONE_AND_SHARED
def test_correct_server_carries_out_nothing(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    A correct server is sent all once, for an instance that does not exist, and never four bad tokens in a row.
    """
    server = Watched()
    with serving(server) as url:
        run_pytest(url, tmp_path, *workers, *LIVE, *CLAUSES)
    rows = "".join("x" if bad else " " for bad in server.unauthenticated).split()

    assert 100 < len(server.seen) < 400
    assert server.carried_out == []
    assert max(map(len, rows)) < 4


@ALONE_AND_SHARED
def test_rejections_are_judged_together(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    A server that tells its rejections apart passes, though it accepts no valid command.
    """
    with serving(Knowing()) as url:
        ended = run_pytest(url, tmp_path, *workers, *LIVE, *CLAUSES, "-k", "mandatory or type")

    assert ended.passed > 10
    assert not ended.failed


@ALONE_AND_SHARED
def test_conforming_live_server_is_green(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    A correct server fails no test of a live run: what only withheld requests would show is skipped.
    """
    with serving(LookingFirst()) as url:
        ended = run_pytest(url, tmp_path, *workers, *LIVE, *CLAUSES)

    assert ended.status == 0
    assert not ended.failed


class Timed(Watched):
    """Notes when each request came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        self.times.append(time.monotonic())
        return await super().__call__(request)


@ALONE_AND_SHARED
def test_rate_is_that_of_one_run(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    All workers together send five requests a second, and only those of the clauses that were chosen.
    """
    server = Timed()
    with serving(server) as url:
        run_pytest(url, tmp_path, *workers, "--contract-treat-as", "live", *CLAUSES, "-k", "task-id.mandatory")
    sent = len(server.times)

    assert 5 < sent < 40
    # Workers at a rate of their own would take a third of the time; a busy machine delays the first request alone.
    assert server.times[-1] - server.times[0] > (sent - 1) / 5 * 0.75


def test_words_of_a_server_are_text(tmp_path: Path) -> None:
    """
    What a server says reaches the output of pytest without the token, and as text that commands no terminal.
    """
    raw = f"HTTP/1.1 200 OK\r\nX \x1b[2J {TOKEN}\r\n\r\n".encode()
    repeated = Answer(400, b'{"a\\n::error::\\u001b[2J":1,"a\\n::error::\\u001b[2J":2}', [("Content-Type", "\x9b2J/x")])
    said = ""
    for answer in (Answer(200, raw=raw), repeated):
        with serving(Scripted(answer)) as url:
            said += run_pytest(
                url, tmp_path, *CLAUSES, "--showlocals", "-k", "task-id or http.json or http.framing"
            ).out

    assert "is not HTTP" in said
    assert "repeats the name" in said
    assert TOKEN not in said
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]|^\\s*::error", said, re.MULTILINE)
