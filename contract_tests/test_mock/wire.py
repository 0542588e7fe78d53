"""Requests by hand: over a raw socket, and into the ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from openapi_contract.samples import Samples
from secmaster_contract.mock.app import MockApp
from secmaster_contract.shipped import shipped_contract

CONTRACT = shipped_contract()
(OPERATION,) = CONTRACT.operations
PATH = OPERATION.fill(dict.fromkeys(OPERATION.path_names, "i"))
COMMANDS = {command.name: Samples(CONTRACT).body(OPERATION, command) for command in OPERATION.commands}
TERMINATE, RETRY, DEBUG = (
    json.dumps(COMMANDS[f"ActionInstance{name}Command"]).encode() for name in ("Terminate", "Retry", "Debug")
)
assert OPERATION.security is not None
assert OPERATION.body is not None
TOKEN_HEADER, MEDIA_TYPE = OPERATION.security.header, OPERATION.body.media_type
TOKEN_LINE = (TOKEN_HEADER, "mock-token")
TYPE_LINE = ("Content-Type", MEDIA_TYPE)


@dataclass(frozen=True)
class Reply:
    """An answer as it came: headers by lower-case name, body as bytes; `clean` is false where the connection broke."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    clean: bool = True

    def json(self) -> Any:
        """Return the body's value."""
        return json.loads(self.body)


def message(
    body: bytes = RETRY,
    *,
    method: str = OPERATION.method,
    target: str = PATH,
    headers: Iterable[tuple[str, str]] = (TOKEN_LINE, TYPE_LINE),
    extra: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Write a request with a length."""
    lines = [f"{method} {target} HTTP/1.1", "Host: mock", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (*headers, *extra)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class Wire:
    """One connection."""

    def __init__(self, url: str, seconds: float = 10) -> None:
        """Connect to the server at a URL."""
        host, _, port = url.removeprefix("http://").rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=seconds)
        self._seen = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes; a server that has hung up already may still have answered."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def _more(self) -> bool:
        try:
            piece = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        self._seen += piece
        return bool(piece)

    def read(self, *, head_only: bool = False) -> Reply | None:
        """Read one final answer; None where the connection ends without one."""
        while True:
            while b"\r\n\r\n" not in self._seen:
                if not self._more():
                    return None
            head, _, self._seen = self._seen.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            status = int(first.split()[1])
            if status >= 200:
                break
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = 0 if head_only else int(headers.get("content-length", 0))
        while len(self._seen) < length:
            if not self._more():
                return Reply(status, headers, self._seen, clean=False)
        body, self._seen = self._seen[:length], self._seen[length:]
        return Reply(status, headers, body)

    def answer(self, *, head_only: bool = False) -> Reply:
        """Read one final answer."""
        reply = self.read(head_only=head_only)
        assert reply is not None, "the connection ended without an answer"
        return reply

    def ended(self) -> bool:
        """Wait for the server to end the connection; false where it sends something else first."""
        return not self._more()


def ask(url: str, data: bytes, *, head_only: bool = False) -> Reply:
    """Send one message on a connection of its own and read the answer."""
    with Wire(url) as wire:
        wire.send(data)
        return wire.answer(head_only=head_only)


def call(
    app: MockApp,
    body: bytes = RETRY,
    *,
    method: str = OPERATION.method,
    raw_path: bytes = PATH.encode(),
    query: bytes = b"",
    headers: Iterable[tuple[bytes, bytes]] | None = None,
) -> Reply:
    """Send a request through ASGI, in this thread."""
    if headers is None:
        headers = [(name.lower().encode(), value.encode()) for name, value in (TOKEN_LINE, TYPE_LINE)]
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {
        "type": "http",
        "method": method,
        "raw_path": raw_path,
        "path": raw_path.decode("latin-1"),
        "query_string": query,
        "headers": list(headers),
    }
    asyncio.run(app(scope, receive, send))
    start, *rest = sent
    names = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Reply(start["status"], names, b"".join(event.get("body", b"") for event in rest))
