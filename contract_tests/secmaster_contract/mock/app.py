"""The embedded server as an ASGI application."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from secmaster_contract.harness.oracle import load_oracle
from secmaster_contract.mock import codes
from secmaster_contract.mock.answers import Answer, Answers
from secmaster_contract.mock.gate import Gate
from secmaster_contract.mock.route import Match, Route
from secmaster_contract.mock.settings import MockSettings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class TooLarge(Exception):
    """A body is longer than the limit."""


class Gone(Exception):
    """The client went away before its request was complete."""


async def read_body(receive: Receive, limit: int) -> bytes:
    """
    Read a request's body.

    Raises:
        TooLarge: It is longer than `limit` bytes.
        Gone: The client closed the connection.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise TooLarge
        if not message.get("more_body", False):
            return b"".join(chunks) + chunk if chunks else chunk
        chunks.append(chunk)


class MockApp:
    """Answers the contract's operation; every other method and path gets the gateway's 404."""

    def __init__(self, settings: MockSettings) -> None:
        oracle = load_oracle()
        self.settings = settings
        self._spec = oracle.spec
        self._answers = Answers(oracle.spec)
        self._gate = Gate(oracle, self._answers, settings)
        self._route = Route(oracle.spec)
        self._token_header = oracle.spec.token_header.lower().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            request_id = os.urandom(16).hex().encode()
            try:
                answer = await self._answer(scope, receive, request_id)
            except Gone:
                return
            await deliver(answer, request_id, send)

    async def _answer(self, scope: Scope, receive: Receive, request_id: bytes) -> Answer:
        match = self._route.match(scope["raw_path"].partition(b"?")[0])
        if match is None or scope["method"] != self._spec.method:
            return self._answers.gateway(404, "no-such-api", request_id)
        tokens: list[str] = []
        content_types: list[str] = []
        encodings: list[str] = []
        length = b"0"
        for name, value in scope["headers"]:
            if name == self._token_header:
                tokens.append(value.decode("latin-1"))
            elif name == b"content-type":
                content_types.append(value.decode("latin-1"))
            elif name == b"content-encoding":
                encodings.append(value.decode("latin-1"))
            elif name == b"content-length":
                length = value
        refusal = self._gate.refuse_token(tokens, request_id)
        if refusal is not None:
            return refusal
        try:
            if length.isdigit() and int(length) > self.settings.body_limit:
                raise TooLarge
            body = await read_body(receive, self.settings.body_limit)
        except TooLarge:
            return self._answers.gateway(413, "too-large", request_id)
        return self._judge(match, tuple(content_types), tuple(encodings), body, request_id)

    def _judge(
        self, match: Match, content_types: tuple[str, ...], encodings: tuple[str, ...], body: bytes, request_id: bytes
    ) -> Answer:
        if match.malformed:
            sentence = f"Invalid parameter: {match.malformed} in the path is not text."
            return self._answers.refusal(codes.INVALID_PARAMETER, sentence)
        refusal = self._gate.refuse_headers(content_types, encodings)
        if refusal is not None:
            return refusal
        admitted = self._gate.admit(body)
        if isinstance(admitted, Answer):
            return admitted
        return self._answers.success.answer(request_id)


async def deliver(answer: Answer, request_id: bytes, send: Send) -> None:
    """Send an answer whole, with its length."""
    headers = [
        (b"content-type", answer.media_type),
        (b"content-length", b"%d" % len(answer.body)),
        (b"x-request-id", request_id),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def create_app(settings: MockSettings | None = None) -> MockApp:
    """Return a fresh server to be called in-process or served by any ASGI server."""
    return MockApp(settings or MockSettings())
