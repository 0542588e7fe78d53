"""A TCP server in a thread, for what no HTTP server does: drip, refuse a handshake, stand between."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket], None]


def hang_up(link: socket.socket) -> None:
    """Close the connection without a word."""
    link.close()


@dataclass
class Listener:
    """Where the server is, and how many connections it has had."""

    port: int
    connections: int = 0
    heads: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"


def read_request(link: socket.socket) -> str:
    """Read a request with a Content-Length, and return its head."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = link.recv(65536)
        if not part:
            return data.decode("latin-1")
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
    )
    while len(body) < length:
        body += link.recv(65536)
    return head.decode("latin-1")


@contextmanager
def listening(behave: Behaviour, context: ssl.SSLContext | None = None) -> Generator[Listener]:
    """Let each connection be served by a behaviour, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Listener(listener.getsockname()[1])
    links: list[socket.socket] = []

    def serve(link: socket.socket) -> None:
        with suppress(OSError), link:
            if context is None:
                behave(link)
                return
            with context.wrap_socket(link, server_side=True) as secured:
                links.append(secured)
                behave(secured)

    def accept() -> None:
        with suppress(OSError):
            while True:
                link, _ = listener.accept()
                server.connections += 1
                links.append(link)
                threading.Thread(target=serve, args=(link,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for link in links:
            link.close()
        thread.join(5)


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
