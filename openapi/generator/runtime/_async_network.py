"""
Sockets under httpcore2's connection pools, for asyncio: see _network, which is for threads.
"""

import asyncio
import selectors
import socket
import ssl
from collections.abc import Iterable
from typing import Any, Final, cast

import httpcore2

from ._attempt import CURRENT
from ._guard import AnswerGuard
from ._network import SLICE, mark_written

_Selector: Final = getattr(selectors, "PollSelector", selectors.SelectSelector)  # no descriptor of its own to open


class AsyncGuardedStream(httpcore2.AsyncNetworkStream):
    """
    A connection that the call's own time-out cancels where something takes too long.
    """

    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self._inner = inner
        self._facts: dict[str, Any] = {}
        self._held = b""
        self.guard = AnswerGuard()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - see above
        await self._send()
        data = await self._inner.read(max_bytes)
        self.guard.receiving(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - see above
        # See GuardedStream.
        if buffer and len(self._held) + len(buffer) <= SLICE:
            self._held += buffer
        else:
            await self._send(buffer)

    async def _send(self, rest: bytes = b"") -> None:
        data, self._held = self._held + rest, b""
        if not data:
            return
        if self.guard.sending() and self._is_readable():
            raise httpcore2.ConnectionNotAvailable  # the pool takes another connection
        mark_written(data)
        await self._inner.write(data)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the attempt knows it
    ) -> httpcore2.AsyncNetworkStream:
        limit = CURRENT.get().connect_timeout
        try:
            return AsyncGuardedStream(await self._inner.start_tls(ssl_context, server_hostname, limit))
        except asyncio.CancelledError:
            await self._inner.aclose()  # httpcore2 closes it for every other end of a handshake
            raise

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return not self.guard.reusable or self._is_readable()
        if info not in self._facts:  # anyio takes its time over each look, and nothing of this changes
            self._facts[info] = self._inner.get_extra_info(info)
        return self._facts[info]

    def _is_readable(self) -> bool:
        connection: socket.socket = self.get_extra_info("socket")
        if connection.fileno() < 0:
            return True  # closed: what would be read is the end
        with _Selector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            return bool(selector.select(0))


class AsyncDeadlineBackend(httpcore2.AsyncNetworkBackend):
    """
    Connects within the connect time-out.
    """

    def __init__(self) -> None:
        self._inner = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the attempt knows it
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        limit = CURRENT.get().connect_timeout
        return AsyncGuardedStream(await self._inner.connect_tcp(host, port, limit, local_address, socket_options))
