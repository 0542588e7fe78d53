"""A request leaves in as few pieces as it fits into: each is a packet, and a record where there is TLS."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpcore2
import pytest

from secmaster_workflows._async_network import AsyncGuardedStream
from secmaster_workflows._attempt import CURRENT, Attempt
from secmaster_workflows._network import SLICE, GuardedStream
from secmaster_workflows._secret import Secret
from test_client.test_import import modules_after

HEAD = b"PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"


class Line(httpcore2.NetworkStream):
    """Keeps what is written."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  the base's signature
        """Keep it."""
        self.written.append(buffer)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  the base's signature
        """Read the end."""
        return b""


class AsyncLine(httpcore2.AsyncNetworkStream):
    """The same for asyncio; it notes how often it was asked for its socket."""

    def __init__(self, own: socket.socket | None = None) -> None:
        self.written: list[bytes] = []
        self.asked = 0
        self.socket = own

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109  see above
        """Keep it."""
        self.written.append(buffer)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109  see above
        """Read the end."""
        return b""

    def get_extra_info(self, info: str) -> Any:
        """Return the socket."""
        self.asked += 1
        return self.socket if info == "socket" else None


@pytest.fixture(autouse=True)
def attempt() -> Iterator[Attempt]:
    """An attempt with a minute left."""
    current = Attempt(time.monotonic() + 60, 60, Secret("token"))
    reset = CURRENT.set(current)
    yield current
    CURRENT.reset(reset)


@pytest.mark.parametrize("size", [1, SLICE - len(HEAD), SLICE, 3 * SLICE])
def test_head_and_body_leave_together(size: int, attempt: Attempt) -> None:
    """Nothing has left before the body is there; then all does, the head with as much of the body as fits."""
    line, body = Line(), b"x" * size
    stream = GuardedStream(line)

    stream.write(HEAD)
    assert (line.written, attempt.written) == ([], False)
    stream.write(body)
    stream.write(b"")

    assert b"".join(line.written) == HEAD + body
    assert len(line.written[0]) == min(SLICE, len(HEAD) + size)
    assert max(map(len, line.written)) <= SLICE
    assert attempt.written


@pytest.mark.parametrize("size", [1, SLICE, 3 * SLICE])
def test_head_and_body_leave_together_under_asyncio(size: int, attempt: Attempt) -> None:
    """The whole request is one write: asyncio cuts it up."""
    line, body = AsyncLine(), b"x" * size

    async def send() -> None:
        stream = AsyncGuardedStream(line)
        await stream.write(HEAD)
        assert (line.written, attempt.written) == ([], False)
        await stream.write(body)
        await stream.write(b"")

    asyncio.run(send())

    assert line.written == [HEAD + body]
    assert attempt.written


def test_what_is_held_leaves_before_anything_is_read() -> None:
    """An answer is waited for only once its request has left, whatever the end of a request looks like."""
    line, awaited = Line(), AsyncLine()

    async def read() -> None:
        stream = AsyncGuardedStream(awaited)
        await stream.write(HEAD)
        await stream.read(1)

    stream = GuardedStream(line)
    stream.write(HEAD)
    stream.read(1)
    asyncio.run(read())

    assert line.written == awaited.written == [HEAD]


def test_socket_is_looked_up_once() -> None:
    """A kept connection counts as readable once something has come or it is closed; its socket is asked for once."""
    own, peer = socket.socketpair()
    with own, peer:
        line = AsyncLine(own)
        stream = AsyncGuardedStream(line)
        stream.guard.reusable = True

        seen = [stream.get_extra_info("is_readable")]
        peer.send(b"x")
        seen.append(stream.get_extra_info("is_readable"))
        own.close()
        seen.append(stream.get_extra_info("is_readable"))

    assert seen == [False, True, True]
    assert line.asked == 1


def test_blocking_calls_load_no_asyncio() -> None:
    """What the blocking client's first call loads has no asyncio in it, which takes time."""
    assert "asyncio" not in modules_after("; import secmaster_workflows._pool")
    assert "asyncio" in modules_after("; import secmaster_workflows._async_pool")
