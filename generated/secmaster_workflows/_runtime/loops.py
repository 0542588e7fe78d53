# Copied from openapi/generator/runtime/_runtime/loops.py by `make generate`; do not edit.
"""
What calls for asyncio wait and send with; `threads.py` has the same for blocking ones.
"""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from inspect import isawaitable
from types import TracebackType
from typing import Any, Final, TypeAlias

from secmaster_workflows.errors import ConfigurationError

from .answer import Fault
from .names import Wakeable
from .secret import AsyncTokenSource, ReadToken, TokenSource, read_token
from .threads import PORTION, RawSocket, fault_of, left

_BURST: Final = 16  # so often a socket may have something at once before others have their turn

Place: TypeAlias = tuple[int, asyncio.AbstractEventLoop]


def this_place() -> Place:
    """
    Where connections may be shared: this event loop in this process.

    Raises:
        ConfigurationError: No event loop of asyncio's kind is running.
    """
    try:
        return os.getpid(), asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError("The client runs under asyncio; no event loop of its kind is running.") from None


def is_over(place: Place) -> bool:
    """
    Whether no call can be made there any more.
    """
    process, loop = place
    return process != os.getpid() or loop.is_closed()


class AsyncTimeLimit:
    """
    Cancels its block at a time on the monotonic clock, or when it is set.

    Raises:
        Fault: The block was cancelled.
    """

    def __init__(self, until: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._scope = asyncio.timeout(until - time.monotonic())

    async def __aenter__(self) -> None:
        await self._scope.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        try:
            await self._scope.__aexit__(kind, error, frames)
        except TimeoutError:
            raise Fault("the deadline passed", timed_out=True) from None

    def set(self) -> None:
        """
        Ends the block at once.
        """
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        with suppress(RuntimeError):  # it has ended
            self._scope.reschedule(self._loop.time())


class AsyncWake:
    """
    Lets one task wait until somebody wakes it, from whatever thread.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def set(self) -> None:
        """
        Ends the wait, or the next one.
        """
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, _: float) -> bool:
        """
        Returns when it is woken. A time limit ends it.
        """
        await self._event.wait()
        self._event.clear()
        return True


async def ask_for_token(
    source: TokenSource | AsyncTokenSource, until: float, expect: Callable[[Wakeable], None]
) -> ReadToken:
    """
    What the function for the token gives. Nothing is raised once it is known: a traceback from here would show it.

    Args:
        source: The function.
        until: When it must have given it, on the monotonic clock.
        expect: Is told what to wake when the client is closed.
    """
    given = source()
    if not isawaitable(given):
        return read_token(given)
    limit = AsyncTimeLimit(until)
    expect(limit)
    async with limit:
        return read_token(await given)


class AsyncSocket(RawSocket):
    """
    A socket for asyncio. A time limit cancels what takes too long.
    """

    def __init__(self, family: int) -> None:
        super().__init__(family)
        self._loop = asyncio.get_running_loop()
        self._portions = 0

    async def connect(self, address: Any, until: float) -> None:
        """
        Connects.
        """
        try:
            await self._loop.sock_connect(self._raw, address)
        except OSError as error:
            raise fault_of("no connection could be made", error, until) from error

    async def send(self, data: memoryview, until: float) -> None:
        """
        Sends it all.
        """
        try:
            await self._loop.sock_sendall(self._raw, data)
        except OSError as error:
            raise fault_of("the connection broke while writing", error, until) from error

    async def receive(self, until: float) -> bytes:
        """
        What has come, b"" at the end.
        """
        left(until)
        self._portions += 1
        if self._portions % _BURST == 0:
            await asyncio.sleep(0)
        try:
            return await self._loop.sock_recv(self._raw, PORTION)
        except OSError as error:
            raise fault_of("the connection broke while reading", error, until) from error
