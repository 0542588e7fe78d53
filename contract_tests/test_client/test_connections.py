"""Connections: kept when that is safe, never shared across a fork or an event loop, never believed too much."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import httpcore2
import pytest

from secmaster_workflows import (
    AsyncWorkflowsClient,
    ConfigurationError,
    ConnectionFailedError,
    SecMasterError,
    UndocumentedAnswerError,
    WorkflowsClient,
)
from test_client.conftest import IDENTITY, TOKEN, Caller
from test_client.raw_server import SUCCESS, RawServer, Received, answer, hangs, in_turn, says

FAILURE = answer({"success": False, "code": "not this one"})
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b'11\r\n{"success": true}\r\n' + b"0\r\n\r\n"


def two_retries(caller: Caller, server: RawServer, pause: float = 0.0) -> list[Any]:
    """Two calls of one client, one after the other."""
    if caller.kind == "sync":
        with WorkflowsClient(endpoint=server.url, **IDENTITY) as client:
            first = client.retry("1")
            time.sleep(pause)
            return [first, client.retry("2")]

    async def main() -> list[Any]:
        async with AsyncWorkflowsClient(endpoint=server.url, **IDENTITY) as client:
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


TOO_MANY = {
    "a second answer": answer() + FAILURE,
    "half a second answer": answer() + FAILURE[:40],
    "one octet": answer() + b"H",
    "a line break": answer() + b"\r\n",
    "behind chunks": CHUNKED + FAILURE,
    "an octet behind chunks": CHUNKED + b"H",
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


def test_an_answer_too_many_that_comes_at_the_last_moment_is_not_believed(
    caller: Caller, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is looked at once more when the request is about to be written."""
    server = serve()
    unsent = [FAILURE]

    def too_late(_: Any) -> bool:
        if unsent:
            server._open[0].sendall(unsent.pop())
            time.sleep(0.05)
        return False  # as if the pool had looked before

    monkeypatch.setattr(httpcore2.HTTP11Connection, "has_expired", too_late)
    monkeypatch.setattr(httpcore2.AsyncHTTP11Connection, "has_expired", too_late)

    results = two_retries(caller, server)

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


def test_threads_share_one_pool(serve: Callable[..., RawServer]) -> None:
    """However many threads come first, the connections are of one pool."""
    server = serve()
    with WorkflowsClient(endpoint=server.url, max_connections=2, **IDENTITY) as client:
        barrier = threading.Barrier(16)

        def call() -> None:
            barrier.wait()
            client.retry("i")

        threads = [threading.Thread(target=call) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(server.received) == 16
    assert server.connections <= 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")  # the threads are the test's server
def test_a_fork_makes_connections_of_its_own(serve: Callable[..., RawServer]) -> None:
    """A forked child leaves the parent's connection alone, and a lock that a thread held at that moment."""
    server = serve()
    with WorkflowsClient(endpoint=server.url, **IDENTITY) as client:
        client.retry("parent")
        way = client._way
        assert way is not None
        with way._lock:  # type: ignore[union-attr]  # the built-in way to send has a lock
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    code = 0 if client.retry("child").success else 1
                finally:
                    os._exit(code)
        _, status = os.waitpid(child, 0)
        client.retry("parent")

    assert os.waitstatus_to_exitcode(status) == 0
    assert [request.connection for request in server.received] == [1, 2, 1]


LOOPS = """
import asyncio, sys, threading
from secmaster_workflows import AsyncWorkflowsClient

client = AsyncWorkflowsClient(endpoint=sys.argv[1], token="t", project_id="p", workspace_id="w")

async def call():
    first, second = await asyncio.gather(client.retry("1"), client.retry("2"))
    return first.success and second.success

results = [asyncio.run(call()) for _ in range(3)]
threads = [threading.Thread(target=lambda: results.append(asyncio.run(call()))) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
results.append(asyncio.run(call()))
assert results == [True] * 8, results
assert len(client._way._pools) == 1, "loops that have ended are kept"
"""


def test_one_client_serves_many_event_loops(serve: Callable[..., RawServer]) -> None:
    """Each event loop has connections of its own, one loop after the other or several at once."""
    server = serve()

    done = subprocess.run(
        [sys.executable, "-c", LOOPS, server.url], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert len(server.received) == 16


def test_cancellation_passes_and_loses_no_connection(serve: Callable[..., RawServer]) -> None:
    """A cancelled call is cancelled at once; the pool goes on."""
    server = serve(in_turn(hangs, says(answer())))

    async def main() -> bool:
        async with AsyncWorkflowsClient(endpoint=server.url, max_connections=1, **IDENTITY) as client:
            task = asyncio.create_task(client.retry("1"))
            while not server.received:  # noqa: ASYNC110 - the server is a thread
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert TOKEN not in repr(caught.value)
            return (await client.retry("2")).success is True

    assert asyncio.run(main())


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_a_copy_is_a_client_of_its_own(duplicate: Callable[[Any], Any], serve: Callable[..., RawServer]) -> None:
    """A copy has the configuration and the token, and connections of its own."""
    server = serve()
    with WorkflowsClient(endpoint=server.url, timeout=7, **IDENTITY) as client:
        client.retry("1")
        with duplicate(client) as other:
            other.retry("2")
            assert other._settings == client._settings
        client.retry("3")

    assert [request.connection for request in server.received] == [1, 2, 1]


def test_a_pickle_goes_without_the_token(serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickled client takes the token from the environment of where it wakes up."""
    server = serve()
    frozen = pickle.dumps(WorkflowsClient(endpoint=server.url, timeout=7, **IDENTITY))
    client: WorkflowsClient = pickle.loads(frozen)  # noqa: S301 - of this test

    with pytest.raises(ConfigurationError, match="SECMASTER_TOKEN"):
        client.retry("i")
    monkeypatch.setenv("SECMASTER_TOKEN", "another-token")
    client.retry("i")
    client.close()

    assert TOKEN.encode() not in frozen
    assert server.only.header("X-Auth-Token") == "another-token"


def test_a_closed_client_refuses(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A client is not used after its end."""
    server = serve()

    def use(client: Any) -> Any:
        client._closed = True
        return client.retry("i")

    with pytest.raises(SecMasterError, match="closed"):
        caller.run(use, endpoint=server.url)
    assert server.connections == 0
