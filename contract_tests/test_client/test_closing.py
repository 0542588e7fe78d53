"""The end of a client: nothing is sent after it, whoever waits is told at once, and no other connection is touched."""

from __future__ import annotations

import asyncio
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from secmaster_workflows import AsyncWorkflowsClient, CallError, ConnectionFailedError, WorkflowsClient
from test_client.conftest import IDENTITY, TOKEN, Caller
from test_client.raw_server import RawServer, answer, hangs, in_turn, says
from test_client.test_deadlines import listening


def closed_amid(caller: Caller, calls: int, ready: Callable[[], bool], **options: Any) -> list[CallError]:
    """The errors of calls that are under way when their client is closed; all end within a second of that."""
    if caller.kind == "sync":
        client = WorkflowsClient(**IDENTITY | options)
        with ThreadPoolExecutor(calls) as threads:
            running: list[Future[Any]] = [threads.submit(client.retry, str(number)) for number in range(calls)]
            wait_until(ready)
            client.close()
            errors = [future.exception(timeout=1) for future in running]
    else:

        async def main() -> list[Any]:
            client = AsyncWorkflowsClient(**IDENTITY | options)
            running = [asyncio.create_task(client.retry(str(number))) for number in range(calls)]
            while not ready():  # noqa: ASYNC110 - the server is a thread
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            await client.aclose()
            async with asyncio.timeout(1):
                return await asyncio.gather(*running, return_exceptions=True)

        errors = asyncio.run(main())
    assert all(isinstance(error, CallError) for error in errors), errors
    return errors  # type: ignore[return-value]  # looked at above


def wait_until(ready: Callable[[], bool]) -> None:
    """Returns when it is so, and a moment later."""
    while not ready():
        time.sleep(0.01)
    time.sleep(0.1)


def test_a_call_that_is_answered_late_ends_with_its_client(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A call whose request has left ends when the client is closed; its outcome is not known."""
    server = serve(hangs)

    (error,) = closed_amid(caller, 1, lambda: bool(server.received), endpoint=server.url)

    assert (type(error), error.sent) == (ConnectionFailedError, "maybe")
    assert "the client was closed" in str(error)


def test_calls_that_queue_for_a_connection_are_not_sent(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Of five calls that share one connection the four that wait end at once; nothing of them was sent."""
    server = serve(in_turn(hangs, says(answer())))

    errors = closed_amid(caller, 5, lambda: bool(server.received), endpoint=server.url, max_connections=1)

    assert sorted(error.sent for error in errors) == ["maybe", "no", "no", "no", "no"]
    assert (len(server.received), server.connections) == (1, 1)


def test_a_call_that_looks_a_name_up_is_not_sent(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up is given up when the client is closed."""
    asked, release = threading.Event(), threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        asked.set()
        release.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    (error,) = closed_amid(caller, 1, asked.is_set, endpoint=f"https://{secrets.token_hex(4)}.example")
    release.set()

    assert (type(error), error.sent) == (ConnectionFailedError, "no")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_is_being_made_is_given_up(scheme: str, caller: Caller) -> None:
    """A call that connects, or shakes hands, ends when the client is closed."""
    with listening(accept=scheme == "https") as url:
        begun = time.monotonic()
        (error,) = closed_amid(
            caller, 1, lambda: time.monotonic() > begun + 0.2, endpoint=url.replace("http:", f"{scheme}:")
        )

    assert (type(error), error.sent) == (ConnectionFailedError, "no")


def test_a_pause_before_another_attempt_ends(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A call that waits to be sent again ends at once with what it was last answered."""
    server = serve(says(answer({}, "429 No", "Retry-After: 20")))

    (error,) = closed_amid(caller, 1, lambda: bool(server.received), endpoint=server.url)

    assert (error.status, error.attempts, len(server.received)) == (429, 1, 1)


def test_a_call_whose_token_is_awaited_is_not_sent(serve: Callable[..., RawServer]) -> None:
    """An async function for the token is cancelled when the client is closed."""
    server, asked = serve(), threading.Event()

    async def token() -> str:
        asked.set()
        await asyncio.sleep(20)
        return TOKEN

    (error,) = closed_amid(Caller("async"), 1, asked.is_set, endpoint=server.url, token=token)

    assert (type(error), error.sent) == (ConnectionFailedError, "no")
    assert server.connections == 0


def test_a_call_whose_token_comes_too_late_is_not_sent(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A function for the token that gives it after the end has given it in vain: no connection is opened."""
    server = serve()
    ends: list[Callable[[], Any]] = []

    def sync_token() -> str:
        ends[0]()
        return TOKEN

    async def async_token() -> str:
        await ends[0]()
        return TOKEN

    def use(client: Any) -> Any:
        ends.append(client.close if caller.kind == "sync" else client.aclose)
        return client.retry("i")

    with pytest.raises(ConnectionFailedError) as caught:
        caller.run(use, endpoint=server.url, token=sync_token if caller.kind == "sync" else async_token)

    assert caught.value.sent == "no"
    assert server.connections == 0


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_busy_connection_is_closed_by_its_own_call(
    scheme: str,
    serve: Callable[..., RawServer],
    server_context: ssl.SSLContext,
    trusting: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While a thread reads from a socket nobody else closes it: its number could be another connection's by then."""
    server = serve(hangs, context=server_context if scheme == "https" else None)
    closers: list[str] = []
    close = socket.socket.close

    def note(own: socket.socket) -> None:
        if own.fileno() >= 0 and own.family == socket.AF_INET and own.getsockname()[1] != server.port:
            closers.append(threading.current_thread().name)
        close(own)

    monkeypatch.setattr(socket.socket, "close", note)
    client = WorkflowsClient(endpoint=server.url, ssl_context=trusting, **IDENTITY)
    errors: list[CallError] = []

    def call() -> None:
        with pytest.raises(CallError) as caught:
            client.retry("i")
        errors.append(caught.value)

    thread = threading.Thread(target=call, name="the call")
    thread.start()
    wait_until(lambda: bool(server.received))
    client.close()
    thread.join(timeout=1)

    assert [error.sent for error in errors] == ["maybe"]
    assert closers == ["the call"]


def test_a_client_of_another_loop_is_closed_from_here(serve: Callable[..., RawServer]) -> None:
    """Calls that run in another thread's event loop end, too."""
    server = serve(hangs)
    client = AsyncWorkflowsClient(endpoint=server.url, **IDENTITY)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(lambda: asyncio.run(client.retry("i")))
        wait_until(lambda: bool(server.received))
        asyncio.run(client.aclose())
        error = running.exception(timeout=1)

    assert isinstance(error, ConnectionFailedError)
    assert error.sent == "maybe"
