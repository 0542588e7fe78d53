"""The embedded server as an ASGI application."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from openapi_contract.oracle import Oracle
from secmaster_contract.mock.answers import Answer, Header
from secmaster_contract.mock.delivery import deliver
from secmaster_contract.mock.exchange import Exchange
from secmaster_contract.mock.request import Request
from secmaster_contract.mock.service import Begun, Service
from secmaster_contract.mock.settings import MockSettings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class BodyTooLargeError(Exception):
    """A body is longer than the limit."""


class ClientGoneError(Exception):
    """The client went away before its request was complete."""


async def read_body(receive: Receive, limit: int) -> bytes:
    """
    Read a request's body.

    Raises:
        BodyTooLargeError: It is longer than `limit` bytes.
        ClientGoneError: The client closed the connection.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGoneError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise BodyTooLargeError
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


class MockApp:
    """Answers the contract's path by the service, reserved paths by the pages, the rest with the gateway's 404."""

    def __init__(self, settings: MockSettings, oracle: Oracle | None = None) -> None:
        """
        Set up the server.

        Raises:
            StateError: The state file cannot be used.
        """
        self.service = Service(settings, oracle)
        self.settings = settings
        self._note: Callable[[Exchange], None] | None = None
        if settings.log or settings.record:
            from secmaster_contract.mock.journal import Journal  # noqa: PLC0415  most servers keep none

            self._note = Journal(settings, self.service.token_header).note
        self._pages: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    def immediate(
        self, method: str, raw_path: bytes, headers: list[Header], body: bytes, target: bytes
    ) -> tuple[Answer, bytes] | None:
        """Answer a complete request at once, with the request id; None where that takes waiting or another part."""
        service = self.service
        match = service.route.match(raw_path)
        if match is None or service.next_fault is not None or not service.serves(method):
            return None
        if len(body) > self.settings.body_limit:
            return None
        started = time.perf_counter()
        request_id = os.urandom(16).hex().encode()
        request = Request.of(method, match, headers, request_id, service.token_header)
        if request.prefer:
            return None
        begun = service.begin(request)
        answer = begun if isinstance(begun, Answer) else service.finish(request, begun, body)
        if self._note:
            self._note(Exchange(method, target, headers, body, answer, request_id, time.perf_counter() - started))
        return answer, request_id

    def close(self) -> None:
        """Let go of the state."""
        self.service.close()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        service = self.service
        started = time.perf_counter()
        request_id = os.urandom(16).hex().encode()
        raw_path: bytes = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
        method: str = scope["method"]
        match = service.route.match(raw_path)
        body = b""
        if match is not None and service.serves(method):
            request = Request.of(method, match, scope["headers"], request_id, service.token_header)
            begun = service.begin(request)
            if isinstance(begun, Begun):
                try:
                    async with asyncio.timeout(self.settings.body_seconds):
                        body = await read_body(receive, self.settings.body_limit)
                    answer = service.finish(request, begun, body)
                except ClientGoneError:
                    return
                except TimeoutError:
                    answer = service.too_slow()
                except BodyTooLargeError:
                    answer = service.too_large(request_id)
            else:
                answer = begun
        elif match is None and self._has_page(method, raw_path):
            await self._show_page(scope, receive, send)
            return
        else:
            answer = service.no_such_api(request_id)
        if self._note:
            target = raw_path + (b"?" + scope["query_string"] if scope.get("query_string") else b"")
            seconds = time.perf_counter() - started
            self._note(Exchange(method, target, scope["headers"], body, answer, request_id, seconds))
        await deliver(answer, request_id, scope, receive, send)

    def _has_page(self, method: str, raw_path: bytes) -> bool:
        return raw_path.startswith(b"/__mock__/") or (
            method in {"GET", "HEAD"} and raw_path in {b"/", b"/healthz", b"/openapi.yaml", b"/openapi.json"}
        )

    async def _show_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._pages is None:
            # Starlette is loaded by the first look at a page: the start of the server does not wait for it.
            from secmaster_contract.mock.pages import create_pages  # noqa: PLC0415  jinja2, once

            self._pages = create_pages(self.service)
        await self._pages(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def create_app(settings: MockSettings | None = None, *, oracle: Oracle | None = None) -> MockApp:
    """
    Return a fresh server, to be called in-process or served by any ASGI server.

    It enforces the shipped contract unless `oracle` brings another.

    Raises:
        StateError: The state file cannot be used.
    """
    return MockApp(settings or MockSettings(), oracle)
