"""Answers every request on every connection with one canned success; prints its port when it listens."""

from __future__ import annotations

import asyncio
import sys

BODY = b'{"code":"00000000","message":"","request_id":"","success":true}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nDate: Mon, 02 Feb 2026 08:00:00 GMT\r\nContent-Type: application/json\r\n"
    b"X-Request-Id: 3c2f1f6b0a8d4e0fb1a1b9ad0d8d9a10\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY
LENGTH = b"\ncontent-length:"


class Canned(asyncio.Protocol):
    """One connection. Requests have a Content-Length; nothing else of them is looked at."""

    def __init__(self) -> None:
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  asyncio's types do not say so
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (head := self.received.find(b"\r\n\r\n")) >= 0:
            _, named, rest = self.received[:head].lower().partition(LENGTH)
            end = head + 4 + (int(rest.partition(b"\r\n")[0]) if named else 0)
            if len(self.received) < end:
                return
            self.received = self.received[end:]
            self.transport.write(ANSWER)


async def main() -> None:
    """Serve until the standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Canned, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
