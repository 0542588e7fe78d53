# Copied from openapi/generator/runtime/_async_pool.py by `make generate`; do not edit.
"""
The built-in way to send under asyncio: httpcore2's connection pools, one for each event loop.
"""

import asyncio
import threading

import httpcore2

from ._async_network import AsyncDeadlineBackend, AsyncGuardedStream
from ._attempt import CURRENT
from ._exchange import Headers, expired, failed, read_body_async
from ._options import Settings
from ._pool import POOLS, pool_options, request_of
from ._raw_answer import Failure, RawAnswer, gather_headers
from ._target import Target


class AsyncPool:
    """
    The connections of one client, a pool for each event loop that uses it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pools: dict[asyncio.AbstractEventLoop, httpcore2.AsyncConnectionPool] = {}
        self._lock = threading.Lock()
        POOLS.add(self)

    def forget(self) -> None:
        """
        In a forked child: the connections are the parent's, and so may be the lock.
        """
        self._pools, self._lock = {}, threading.Lock()

    async def aclose(self) -> None:
        """
        Closes the connections of the running event loop, and lets go of the others.
        """
        with self._lock:
            pool = self._pools.pop(asyncio.get_running_loop(), None)
            self._pools.clear()
        if pool is not None:
            await pool.aclose()

    def _opened(self, target: Target) -> httpcore2.AsyncConnectionPool:
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is None:
            backend = AsyncDeadlineBackend()
            options = pool_options(self._settings, target.endpoint.scheme)
            pool = httpcore2.AsyncConnectionPool(**options, network_backend=backend)
            with self._lock:
                # A pool holds its loop, so that neither would ever go by itself.
                self._pools = {known: kept for known, kept in self._pools.items() if not known.is_closed()}
                self._pools[loop] = pool
        return pool

    async def exchange(self, target: Target, headers: Headers, body: bytes) -> RawAnswer | Failure:
        """
        One request, one answer; cancelled at the deadline.
        """
        attempt = CURRENT.get()
        try:
            async with asyncio.timeout(attempt.remaining()):
                return await self._exchange(target, headers, body)
        except TimeoutError:
            return expired(attempt)

    async def _exchange(self, target: Target, headers: Headers, body: bytes) -> RawAnswer | Failure:
        attempt = CURRENT.get()
        try:
            response = await self._opened(target).handle_async_request(request_of(target, headers, body))
        except Exception as error:  # noqa: BLE001 - every fault of the network ends in one typed error
            return failed(error, attempt)
        try:
            head = attempt.answer = RawAnswer(response.status, gather_headers(response.headers), b"")
            answer = await read_body_async(head, response.aiter_stream(), attempt, self._settings.max_answer_bytes)
            stream = response.extensions.get("network_stream")
            if isinstance(stream, AsyncGuardedStream) and not answer.defect:
                stream.guard.finish(answer.body, stream.get_extra_info("ssl_object"))
        finally:
            await response.aclose()
        return answer
