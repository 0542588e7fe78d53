"""A call ends by its deadline, whatever drips."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from attrs import evolve

from secmaster_workflows import CallTimeoutError, ConfigurationError, WorkflowsClient
from test_client.conftest import IDENTITY, Caller
from test_client.raw_server import Behaviour, RawServer, Received, answer, hangs, says

LIMIT = 0.6
SLACK = 1.0  # for a busy machine


def drips(first: bytes, drop: bytes) -> Behaviour:
    """Sends the first part at once, then a drop every 50 ms for ever."""

    def behave(connection: socket.socket, _: Received) -> None:
        connection.sendall(first)
        while True:
            time.sleep(0.05)
            connection.sendall(drop)

    return behave


HEAD = b"HTTP/1.1 200 OK\r\n"
SLOW = {
    "nothing": (hangs, "maybe"),
    "status line": (drips(b"HTTP/1.1 200 ", b"O"), "maybe"),
    "headers": (drips(HEAD, b"X-A: b\r\n"), "maybe"),
    "interim answers": (drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), "maybe"),
    "body": (drips(HEAD + b"Content-Length: 10000\r\n\r\n", b" "), "answered"),
    "chunks": (drips(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"), "answered"),
    "chunk extensions": (drips(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"), "answered"),
}


@contextmanager
def within(seconds: float) -> Generator[None]:
    """The block takes no longer."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


@pytest.mark.parametrize("part", SLOW)
def test_a_call_ends_by_its_deadline(part: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Dripping headers and bodies do not put the deadline off."""
    behave, sent = SLOW[part]
    server = serve(behave)

    with within(LIMIT + SLACK):
        error = caller.error(endpoint=server.url, timeout=LIMIT)

    assert (type(error), error.sent) == (CallTimeoutError, sent)
    assert isinstance(error, TimeoutError)
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_late_body_does_not_hide_the_status(status: int, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The status of a refusal is known before its body has come."""
    server = serve(drips(f"HTTP/1.1 {status} No\r\nContent-Length: 99\r\n\r\n".encode(), b" "))

    with within(LIMIT + SLACK):
        error = caller.error(endpoint=server.url, timeout=LIMIT)

    assert (error.status, error.sent) == (status, "answered")
    assert len(server.received) == 1


@contextmanager
def listening(*, accept: bool) -> Generator[str]:
    """A port where connections are made by the system, but nobody reads."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        filling: list[socket.socket] = []
        if not accept:
            for _ in range(8):  # fills the queue, so that a further connection is not even made
                waiting = socket.socket()
                waiting.setblocking(False)
                with suppress(BlockingIOError):
                    waiting.connect(listener.getsockname())
                filling.append(waiting)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for waiting in filling:
            waiting.close()


def test_connecting_ends_by_the_deadline(caller: Caller) -> None:
    """A connection that is never made is given up; nothing was sent."""
    with listening(accept=False) as url, within(LIMIT + SLACK):
        error = caller.error(endpoint=url, timeout=LIMIT)

    assert (type(error), error.sent) == (CallTimeoutError, "no")


def test_connecting_has_a_limit_of_its_own(caller: Caller) -> None:
    """The connect time-out is shorter than the deadline where it is set so."""
    with listening(accept=False) as url, within(LIMIT + SLACK):
        error = caller.error(endpoint=url, timeout=20, connect_timeout=LIMIT, max_retries=0)

    assert (type(error), error.sent) == (CallTimeoutError, "no")


def test_a_handshake_ends_by_the_deadline(caller: Caller) -> None:
    """A server that accepts and then keeps silent within TLS is given up; nothing was sent."""
    with listening(accept=True) as url, within(LIMIT + SLACK):
        error = caller.error(endpoint=url.replace("http:", "https:"), timeout=LIMIT)

    assert (type(error), error.sent) == (CallTimeoutError, "no")
    gc.collect()  # a connection that was left open would complain now


def test_writing_ends_by_the_deadline(caller: Caller) -> None:
    """A server that does not read a large command is given up."""
    with listening(accept=True) as url, within(LIMIT + SLACK):
        error = caller_debug(caller, url)

    assert (type(error), error.sent) == (CallTimeoutError, "maybe")


def caller_debug(caller: Caller, url: str) -> Any:
    """The error of a debug command with 12 MB of text."""
    text = "x" * 12_000_000
    with pytest.raises(CallTimeoutError) as caught:
        caller.run(lambda client: client.debug("i", task_id="t", input_dataobject=text), endpoint=url, timeout=LIMIT)
    return caught.value


def test_resolving_ends_by_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that takes for ever to resolve is given up; nothing was sent."""
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: release.wait(5) and [])
    client = WorkflowsClient(endpoint="https://slow.example", timeout=LIMIT, **IDENTITY)

    with within(LIMIT + SLACK), pytest.raises(CallTimeoutError) as caught:
        client.retry("i")
    release.set()

    assert caught.value.sent == "no"


def test_waiting_for_a_free_connection_ends_by_the_deadline(serve: Callable[..., RawServer]) -> None:
    """A call that gets no connection from the pool is given up; nothing was sent."""
    release = threading.Event()

    def busy(connection: socket.socket, _: Received) -> None:
        release.wait(10)
        connection.sendall(answer())

    server = serve(busy)
    with WorkflowsClient(endpoint=server.url, max_connections=1, **IDENTITY) as client:
        first = threading.Thread(target=client.retry, args=["1"])
        first.start()
        while not server.received:
            time.sleep(0.01)
        client._settings = evolve(client._settings, timeout=LIMIT)
        with within(LIMIT + SLACK), pytest.raises(CallTimeoutError) as caught:
            client.retry("2")
        release.set()
        first.join()

    assert caught.value.sent == "no"
    assert len(server.received) == 1


def test_a_slow_answer_within_the_deadline_is_read(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A slow answer that is complete in time is a result."""
    whole = answer()
    pieces = [whole[start : start + 20] for start in range(0, len(whole), 20)]
    server = serve(says(*pieces, pause=0.05))

    result = caller.retry(endpoint=server.url, timeout=5)

    assert result.success is True


def test_there_is_a_deadline_without_asking() -> None:
    """The default deadline is finite, and no option makes it infinite."""
    client = WorkflowsClient(endpoint="https://example.test", **IDENTITY)

    assert client._settings.timeout == 30
    for endless in (None, 0, -1, float("inf"), float("nan"), True, "30"):
        with pytest.raises(ConfigurationError, match="timeout"):
            WorkflowsClient(endpoint="https://example.test", timeout=endless, **IDENTITY)  # type: ignore[arg-type]  # on purpose
