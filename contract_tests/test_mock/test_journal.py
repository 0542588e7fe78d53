"""The log and the recording: complete, and without a token."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from secmaster_contract.mock.server import Running
from secmaster_contract.mock.settings import MockSettings
from test_mock.wire import PATH, RETRY, TOKEN_HEADER, TYPE_LINE, ask, message

PLANTED = "planted-token-4711"
FOREIGN = "somebody-elses-token"


def traffic(url: str) -> None:
    """Send requests with tokens in every place where one could stand."""
    for token in (PLANTED, FOREIGN):
        lines = [TYPE_LINE, (TOKEN_HEADER, token)]
        body = json.dumps({"command_type": "ActionInstanceRetryCommand", "x": token}).encode()
        for data in (
            message(headers=lines),
            message(body, headers=lines),
            message(headers=lines, target=f"{PATH}?X-Auth-Token={token}"),
            message(headers=lines, target=PATH[:-1] + token),
            message(headers=lines, extra=[("Authorization", f"Bearer {token}"), ("Cookie", token), ("X-Y", token)]),
            message(headers=lines, extra=[("Prefer", "code=429")]),
            message(headers=lines, method="POST"),
        ):
            assert token not in ask(url, data).body.decode()


def test_no_token_is_written_anywhere(serve: Callable[..., Running], capfd: pytest.CaptureFixture[str]) -> None:
    """
    Neither the log nor the recording nor the process's own output holds a token, wherever it stood in a request.
    """
    log, record = io.StringIO(), io.StringIO()
    traffic(serve(tokens=(PLANTED,), log=log, record=record).url)
    written = log.getvalue() + record.getvalue()
    printed = capfd.readouterr()

    # The control: the search finds what was written, and the mask stands where a token stood.
    assert "ActionInstanceRetryCommand" in written
    assert "***" in log.getvalue()
    assert "***" in record.getvalue()
    for token in (PLANTED, FOREIGN):
        assert token not in written
        assert token not in printed.out + printed.err


@pytest.mark.parametrize(
    "header", ["Authorization", "Cookie", "Proxy-Authorization", "X-Security-Token", "X-Subject-Token"]
)
def test_a_credential_of_another_kind_is_not_written(serve: Callable[..., Running], header: str) -> None:
    """
    What stands in a header for credentials is in neither the recording nor the log, there or elsewhere.
    """
    log, record = io.StringIO(), io.StringIO()
    server = serve(log=log, record=record)
    body = json.dumps({"command_type": "ActionInstanceRetryCommand", "x": FOREIGN}).encode()
    ask(server.url, message(body, target=PATH[:-1] + FOREIGN, extra=[(header, FOREIGN)]))

    assert header.lower() in record.getvalue()
    assert FOREIGN not in log.getvalue() + record.getvalue()


def test_a_token_that_begins_like_another_is_masked_whole(serve: Callable[..., Running]) -> None:
    """
    No end of the longer token is left beside the mask of the shorter one.
    """
    record = io.StringIO()
    server = serve(tokens=tuple(PLANTED[:length] for length in range(8, len(PLANTED))), record=record)
    ask(server.url, message(extra=[("X-Y", PLANTED[:-1])]))

    assert ["x-y", "***"] in json.loads(record.getvalue())["request"]["headers"]


def test_the_search_would_find_a_token(serve: Callable[..., Running]) -> None:
    """
    A token that nobody presented as one is text like any other, and stands in the recording.
    """
    record = io.StringIO()
    server = serve(record=record)
    ask(server.url, message(extra=[("X-Y", PLANTED)]))

    assert PLANTED in record.getvalue()


def test_settings_and_servers_show_no_token(server: Running) -> None:
    """
    No repr holds a token.
    """
    assert PLANTED not in repr(MockSettings(tokens=(PLANTED,)))
    assert server.token not in repr(server)


def test_a_line_of_the_log_says_what_happened(serve: Callable[..., Running]) -> None:
    """
    Each request is one line: when, what, how it ended, how long it took.
    """
    log = io.StringIO()
    server = serve(log=log)
    reply = ask(server.url, message())
    ask(server.url, message(extra=[("Prefer", "code=429")]))
    ask(server.url, message(target="/nowhere?secret=1"))
    first, second, third = (json.loads(line) for line in log.getvalue().splitlines())

    assert first["request_id"] == reply.headers["x-request-id"]
    assert (first["method"], first["path"], first["status"]) == ("PUT", PATH, 200)
    assert (first["received"], first["sent"]) == (len(RETRY), len(reply.body))
    assert first["milliseconds"] > 0
    assert (second["status"], second["fault"]) == (429, "prefer")
    assert (third["path"], third["query"], third["status"]) == ("/nowhere", "***", 404)


def test_a_recording_can_be_sent_again(serve: Callable[..., Running]) -> None:
    """
    With a token put in place of the mask, a recorded request gets the recorded answer.
    """
    record = io.StringIO()
    server = serve(record=record)
    odd = b'{"command_type": "ActionInstanceRetryCommand", "x": "\xff"}'
    for body in (RETRY, odd, b"{}"):
        ask(server.url, message(body))
    lines = record.getvalue().splitlines()
    for line in lines:
        kept = json.loads(line)
        skipped = {"host", "content-length"}
        headers = [
            (name, server.token if name == TOKEN_HEADER.lower() else value)
            for name, value in kept["request"]["headers"]
            if name not in skipped
        ]
        again = ask(server.url, message(kept["request"]["body"].encode("latin-1"), headers=headers))

        assert again.status == kept["response"]["status"]
    assert len(lines) == 3


def test_files_of_the_journal_are_private(tmp_path: Path) -> None:
    """
    What users send is readable by the owner of the file alone.
    """
    from contextlib import ExitStack  # noqa: PLC0415  used here alone

    from secmaster_contract.mock.command import _append  # noqa: PLC0415  as above

    with ExitStack() as stack:
        _append(tmp_path / "log", stack)

    assert (tmp_path / "log").stat().st_mode & 0o077 == 0
