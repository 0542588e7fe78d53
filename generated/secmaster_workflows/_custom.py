# Copied from openapi/generator/runtime/_custom.py by `make generate`; do not edit.
"""
Sends over an httpx2 transport that the user gives, for tests or for networks of another kind.
"""

import asyncio
from typing import Final

import httpx2

from ._attempt import CURRENT, Attempt
from ._exchange import Headers, expired, failed, read_body, read_body_async
from ._raw_answer import Failure, RawAnswer, gather_headers
from ._target import Target

_UNSENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)


def _request(target: Target, headers: Headers, body: bytes, attempt: Attempt) -> httpx2.Request:
    url = httpx2.URL(scheme=target.endpoint.scheme, host=target.host, port=target.port, raw_path=target.path.encode())
    left = attempt.remaining()
    timeout = httpx2.Timeout(left, connect=min(left, attempt.connect_timeout)).as_dict()
    return httpx2.Request(target.method, url, headers=headers, content=body, extensions={"timeout": timeout})


def _failed(error: Exception, attempt: Attempt) -> Failure:
    attempt.written = not isinstance(error, _UNSENT)
    return failed(error, attempt)


class SyncTransport:
    """
    An httpx2 transport as a way to send. How exactly it keeps to the deadline is its own affair.
    """

    def __init__(self, transport: httpx2.BaseTransport, max_answer_bytes: int) -> None:
        self._transport = transport
        self._limit = max_answer_bytes

    def close(self) -> None:
        """
        Closes the transport.
        """
        self._transport.close()

    def exchange(self, target: Target, headers: Headers, body: bytes) -> RawAnswer | Failure:
        """
        One request, one answer.
        """
        attempt = CURRENT.get()
        try:
            response = self._transport.handle_request(_request(target, headers, body, attempt))
        except Exception as error:  # noqa: BLE001 - every fault of the transport ends in one typed error
            return _failed(error, attempt)
        attempt.written = True
        try:
            head = RawAnswer(response.status_code, gather_headers(response.headers.raw), b"")
            if not isinstance(response.stream, httpx2.SyncByteStream):
                return failed(TypeError("the transport answers with a stream that is only for asyncio"), attempt)
            return read_body(head, response.stream, attempt, self._limit)
        finally:
            response.close()


class AsyncTransport:
    """
    The same for asyncio, cancelled at the deadline.
    """

    def __init__(self, transport: httpx2.AsyncBaseTransport, max_answer_bytes: int) -> None:
        self._transport = transport
        self._limit = max_answer_bytes

    async def aclose(self) -> None:
        """
        Closes the transport.
        """
        await self._transport.aclose()

    async def exchange(self, target: Target, headers: Headers, body: bytes) -> RawAnswer | Failure:
        """
        One request, one answer.
        """
        attempt = CURRENT.get()
        try:
            async with asyncio.timeout(attempt.remaining()):
                return await self._exchange(target, headers, body)
        except TimeoutError:
            attempt.written = True
            return expired(attempt)

    async def _exchange(self, target: Target, headers: Headers, body: bytes) -> RawAnswer | Failure:
        attempt = CURRENT.get()
        try:
            response = await self._transport.handle_async_request(_request(target, headers, body, attempt))
        except Exception as error:  # noqa: BLE001 - every fault of the transport ends in one typed error
            return _failed(error, attempt)
        attempt.written = True
        try:
            head = attempt.answer = RawAnswer(response.status_code, gather_headers(response.headers.raw), b"")
            if not isinstance(response.stream, httpx2.AsyncByteStream):
                return failed(TypeError("the transport answers with a stream that is not for asyncio"), attempt)
            return await read_body_async(head, response.stream, attempt, self._limit)
        finally:
            await response.aclose()
