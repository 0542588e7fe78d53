"""HTTP/1.1 on asyncio, by hand, so that a server can break any rule of the wire."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 400: "Bad Request", 404: "Not Found"}


@dataclass
class Peer:
    """A connection, as the server knows it: what came on it, and what a server may foolishly keep there."""

    requests: int = 0
    authenticated: bool = False
    taken: int = 0
    refused: int = 0


@dataclass
class Request:
    """A request as it came in; header names are in lower case, `raw_names` as they were sent.

    `padded` is true where a value has more white space around it than the usual space before it.
    """

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes
    peer: Peer
    chunked: bool = False
    raw_names: list[str] = field(default_factory=list)
    padded: bool = False

    def values(self, name: str) -> list[str]:
        """Return the values of a header."""
        return [value for header, value in self.headers if header == name.lower()]


@dataclass
class Answer:
    """An answer; `raw`, when given, is sent instead of it byte for byte, and `close` ends the connection behind it."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    chunked: bool = False
    close: bool = False
    raw: bytes | None = None
    tail: bytes = b""
    length: int | None = None

    def wire(self, method: str) -> bytes:
        """Return the bytes of the answer to a request of some method."""
        if self.raw is not None:
            return self.raw
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Answer')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        body = b"" if method == "HEAD" else self.body
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
            parts = [self.body[i : i + 7] for i in range(0, len(self.body), 7)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        elif self.status != 204:
            lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}")
        if self.close:
            lines.append("Connection: close")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body + self.tail


class Handler(Protocol):
    """Answers requests; one that is not patient takes what has come of a body for all of it."""

    patient: bool

    def __call__(self, request: Request, /) -> Awaitable[Answer]:
        """Answer."""
        ...


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return bytes(body)


async def _read(reader: asyncio.StreamReader, peer: Peer, *, patient: bool) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head[:-4].split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = [(name, value.strip(" \t")) for name, _, value in (line.partition(":") for line in rest)]
    padded = any(len(line) > len(f"{name}: {value}") for line, (name, value) in zip(rest, pairs, strict=True))
    headers = [(name.lower(), value) for name, value in pairs]
    known = dict(headers)
    chunked = known.get("transfer-encoding", "").lower() == "chunked"
    length = int(known.get("content-length", "0"))
    if chunked:
        body = await _chunks(reader)
    else:
        body = await (reader.readexactly(length) if patient or length > 1 << 16 else reader.read(length))
    path, _, query = target.partition("?")
    return Request(method, path, query, headers, body, peer, chunked, [name for name, _ in pairs], padded)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler) -> None:
    peer = Peer()
    # Ends of connections that the other side chose, and the end of the server, are no fault of a test.
    with suppress(asyncio.CancelledError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError):
        while True:
            request = await _read(reader, peer, patient=handler.patient)
            answer = await handler(request)
            peer.requests += 1
            writer.write(answer.wire(request.method))
            await writer.drain()
            if answer.close or answer.raw is not None or "close" in request.values("Connection"):
                break
    writer.close()


@contextmanager
def serving(handler: Handler) -> Generator[str]:
    """Serve on a free port of the loopback interface, in a thread; gives the base URL."""
    ready = threading.Event()
    port: list[int] = []
    loop = asyncio.new_event_loop()
    finish = asyncio.Event()
    # The loop alone does not keep a task that waits for what nobody else knows of, as that of a hanging server does.
    kept: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept.add(asyncio.current_task())
        await _serve(reader, writer, handler)
        kept.discard(asyncio.current_task())

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 17)
        port.append(server.sockets[0].getsockname()[1])
        ready.set()
        await finish.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(main())
        loop.close()

    thread = threading.Thread(target=work, name="server under test")
    thread.start()
    ready.wait()
    try:
        yield f"http://127.0.0.1:{port[0]}"
    finally:
        loop.call_soon_threadsafe(finish.set)
        thread.join()
