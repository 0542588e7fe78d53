"""The embedded server as an ASGI application."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from openapi_contract import Contract
from openapi_contract.ledger import Ledger
from secmaster_contract.mock.answers import Answer, Header
from secmaster_contract.mock.delivery import deliver
from secmaster_contract.mock.exchange import Exchange
from secmaster_contract.mock.request import Request
from secmaster_contract.mock.route import is_page
from secmaster_contract.mock.service import Begun, Door, Service
from secmaster_contract.mock.settings import MockSettings
from secmaster_contract.shipped import shipped_contract, shipped_ledger

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class BodyTooLargeError(Exception):
    """A body is longer than the limit."""


class ClientGoneError(Exception):
    """The client went away before its request was complete."""


async def read_body(receive: Receive, limit: int) -> bytes:
    """Read a request's body.

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
    """Answers the contract's operations by the service, reserved paths by the pages, the rest as the gateway would."""

    def __init__(self, settings: MockSettings, contract: Contract, ledger: Ledger) -> None:
        """Set up the server.

        Raises:
            ContractError: No valid answer, or no valid request, can be made.
            StateError: The state file cannot be used.
        """
        self.service = Service(settings, contract, ledger)
        self.settings = settings
        self._note: Callable[[Exchange], None] | None = None
        if settings.log or settings.record:
            from secmaster_contract.mock.journal import Journal  # noqa: PLC0415  most servers keep none

            self._note = Journal(settings, {door.gate.token_header for door in self.service.doors.values()}).note
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
        match = service.routes.match(raw_path)
        if match is None or service.next_fault is not None or len(body) > self.settings.body_limit:
            return None
        door = match.doors.get(method)
        if door is None or method == "HEAD":
            return None
        started = time.perf_counter()
        request_id = os.urandom(16).hex().encode()
        request = Request.of(match, target, headers, request_id, door.gate.token_header)
        if request.prefer:
            return None
        begun = door.begin(request)
        answer = begun if isinstance(begun, Answer) else door.finish(request, begun, body)
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
        query: bytes = scope.get("query_string") or b""
        method: str = scope["method"]
        target = raw_path + (b"?" + query if query else b"")
        match = service.routes.match(raw_path)
        door = match.doors.get(method) if match is not None else None
        body = b""
        if match is not None and door is not None:
            request = Request.of(match, target, scope["headers"], request_id, door.gate.token_header)
            try:
                answer, body = await self._ask(door, request, receive)
            except ClientGoneError:
                return
        elif match is None and is_page(raw_path) and (method in {"GET", "HEAD"} or raw_path.startswith(b"/__mock__/")):
            await self._show_page(scope, receive, send)
            return
        else:
            answer = service.unknown(match, method).answer(request_id)
        if self._note:
            seconds = time.perf_counter() - started
            self._note(Exchange(method, target, scope["headers"], body, answer, request_id, seconds))
        await deliver(answer, request_id, scope, receive, send)

    async def _ask(self, door: Door, request: Request, receive: Receive) -> tuple[Answer, bytes]:
        """Return the answer to a request, and its body."""
        begun = door.begin(request)
        if not isinstance(begun, Begun):
            return begun, b""
        try:
            async with asyncio.timeout(self.settings.body_seconds):
                body = await read_body(receive, self.settings.body_limit)
        except TimeoutError:
            return door.too_slow().answer(request.request_id), b""
        except BodyTooLargeError:
            return door.too_large().answer(request.request_id), b""
        return door.finish(request, begun, body), body

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


def create_app(
    settings: MockSettings | None = None, *, contract: Contract | None = None, ledger: Ledger | None = None
) -> MockApp:
    """Return a fresh server, to be called in-process or served by any ASGI server.

    It enforces the shipped contract unless `contract` brings another; without a ledger the clauses of that are derived.

    Raises:
        ContractError: The contract cannot be used.
        StateError: The state file cannot be used.
    """
    if ledger is None:
        ledger = shipped_ledger() if contract is None else Ledger.load(contract)
    return MockApp(settings or MockSettings(), contract or shipped_contract(), ledger)
