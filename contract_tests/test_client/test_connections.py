"""Connections: kept when that is safe, and never believed too much."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from secmaster_workflows import (
    AsyncWorkflowsClient,
    ConnectionFailedError,
    UndocumentedAnswerError,
    WorkflowsClient,
)
from test_client.conftest import IDENTITY, Caller
from test_client.raw_server import SUCCESS, RawServer, Received, answer, in_turn, says

FAILURE = answer({"success": False, "code": "not this one"})
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b'11\r\n{"success": true}\r\n' + b"0\r\n\r\n"


def two_retries(caller: Caller, server: RawServer, pause: float = 0.0, **options: Any) -> list[Any]:
    """Two calls of one client, one after the other."""
    if caller.kind == "sync":
        with WorkflowsClient(endpoint=server.url, **IDENTITY, **options) as client:
            first = client.retry("1")
            time.sleep(pause)
            return [first, client.retry("2")]

    async def main() -> list[Any]:
        async with AsyncWorkflowsClient(endpoint=server.url, **IDENTITY, **options) as client:
            first = await client.retry("1")
            await asyncio.sleep(pause)
            return [first, await client.retry("2")]

    return asyncio.run(main())


@pytest.mark.parametrize("whole", [answer(), CHUNKED], ids=["length", "chunked"])
def test_a_connection_is_kept(whole: bytes, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The second call uses the connection of the first."""
    server = serve(says(whole))

    two_retries(caller, server)

    assert [request.connection for request in server.received] == [1, 1]


ANSWER = answer()
TOO_MANY = {
    "a second answer": answer() + FAILURE,
    "half a second answer": answer() + FAILURE[:40],
    "one octet": answer() + b"H",
    "a line break": answer() + b"\r\n",
    "behind chunks": CHUNKED + FAILURE,
    "an octet behind chunks": CHUNKED + b"H",
    # The parser takes bare line feeds too (RFC 9112, 2.2), so the first CRLF CRLF here is the second answer's.
    "a second answer behind bare line feeds": ANSWER.replace(b"\r\n", b"\n") + ANSWER,
}


@pytest.mark.parametrize("form", TOO_MANY)
def test_an_answer_too_many_is_not_believed(form: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """What follows an answer is never taken for the next (RFC 9112, 6.3); its connection is given up."""
    server = serve(in_turn(says(TOO_MANY[form]), says(answer())))

    results = two_retries(caller, server)

    assert [result.success for result in results] == [True, True]
    assert [request.connection for request in server.received] == [1, 2]


def test_an_answer_too_many_that_comes_late_is_not_believed(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """An answer that arrives while the connection is idle is no answer to the next request."""

    def late(connection: socket.socket, _: Received) -> None:
        connection.sendall(answer())
        threading.Timer(0.05, connection.sendall, [FAILURE]).start()

    server = serve(in_turn(late, says(answer())))

    results = two_retries(caller, server, pause=0.3)

    assert [result.success for result in results] == [True, True]
    assert [request.connection for request in server.received] == [1, 2]


def test_a_connection_closed_while_idle_is_replaced(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A server may close idle connections; the next call makes another."""
    server = serve(in_turn(says(answer(), close=True), says(answer())))

    results = two_retries(caller, server, pause=0.1)

    assert len(results) == 2
    assert [request.connection for request in server.received] == [1, 2]


def test_a_connection_that_dies_under_a_request_is_not_used_to_repeat_it(
    caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """A command that may have been received is not sent again."""
    server = serve(in_turn(says(answer()), says(close=True), says(answer())))

    with pytest.raises(ConnectionFailedError) as caught:
        two_retries(caller, server)

    assert caught.value.sent == "maybe"
    assert len(server.received) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(status: int, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The token goes to no place that an answer names."""
    elsewhere = serve()
    server = serve(says(answer(b"", f"{status} Moved", f"Location: {elsewhere.url}/")))

    error = caller.error(endpoint=server.url)

    assert (type(error), error.status, elsewhere.connections) == (UndocumentedAnswerError, status, 0)
    assert error.headers["location"] == f"{elsewhere.url}/"


def test_keep_alive_can_be_turned_off(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """With `keepalive_expiry=0` each request has a connection of its own, and says so."""
    server = serve()

    for result in two_retries(caller, server, keepalive_expiry=0):
        assert result.success is True

    assert [(request.connection, request.header("Connection")) for request in server.received] == [
        (1, "close"),
        (2, "close"),
    ]


def test_keep_alive_is_on_by_default(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Calls that follow each other share a connection."""
    server = serve()

    two_retries(caller, server)

    assert [(request.connection, "Connection" in dict(request.headers)) for request in server.received] == [
        (1, False),
        (1, False),
    ]


def test_a_cookie_is_never_kept(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """What an answer sets is not sent back."""
    server = serve(says(answer(SUCCESS, "200 OK", "Set-Cookie: a=b")))

    two_retries(caller, server)

    assert not any(name.lower() == "cookie" for request in server.received for name, _ in request.headers)


def test_the_environment_names_no_proxy(
    caller: Caller, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy is used only when the client is given one."""
    proxy, server = serve(), serve()
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)

    caller.retry(endpoint=server.url)

    assert (proxy.connections, len(server.received)) == (0, 1)
