"""A server made of sockets that does to each request whatever the test says, right or wrong."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

SUCCESS: dict[str, Any] = {"code": "00000000", "message": "", "request_id": "", "success": True}


@dataclass(frozen=True)
class Received:
    """A request as it arrived, and the connection it arrived on."""

    head: bytes
    body: bytes
    connection: int

    @property
    def target(self) -> str:
        """The request target."""
        return self.head.split(b" ", 2)[1].decode("latin-1")

    @property
    def method(self) -> str:
        """The method."""
        return self.head.split(b" ", 1)[0].decode()

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The header fields in their order."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines if line)]

    def header(self, name: str) -> str:
        """One header field."""
        (value,) = [value for known, value in self.headers if known.lower() == name.lower()]
        return value


Behaviour = Callable[[socket.socket, Received], object]
"""Answers one request. The connection stays open unless the behaviour closes it or returns False."""


def answer(body: Any = SUCCESS, status: str = "200 OK", *fields: str) -> bytes:
    """A well-formed answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(content)}", *fields]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def says(*parts: bytes, pause: float = 0.0, close: bool = False) -> Behaviour:
    """Sends the parts, with a pause before each but the first."""

    def behave(connection: socket.socket, _: Received) -> bool:
        for position, part in enumerate(parts):
            if position and pause:
                time.sleep(pause)
            connection.sendall(part)
        return not close

    return behave


def at_once(*parts: bytes) -> Behaviour:
    """Sends the parts so that they arrive together, each a TLS record of its own where there is TLS."""

    def behave(connection: socket.socket, _: Received) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        for part in parts:
            connection.sendall(part)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One behaviour for each request, the last one for all that follow."""
    remaining, lock = list(behaviours), threading.Lock()

    def behave(connection: socket.socket, received: Received) -> object:
        with lock:
            following = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        return following(connection, received)

    return behave


def hangs(connection: socket.socket, _: Received) -> bool:
    """Answers nothing until the client gives up."""
    connection.settimeout(30)
    connection.recv(1)
    return False


def resets(connection: socket.socket, _: Received) -> bool:
    """Breaks the connection off with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    return False


@dataclass
class RawServer:
    """The server: what it was sent, and how often it was connected to."""

    behave: Behaviour = field(default_factory=lambda: says(answer()))
    context: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    octets: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """Where to send."""
        return f"{'http' if self.context is None else 'https'}://localhost:{self.port}"

    @property
    def only(self) -> Received:
        """The one request that was received."""
        (request,) = self.received
        return request

    @contextmanager
    def running(self) -> Generator[RawServer]:
        """Serves until the test is over."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                number = self.connections
                self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError, ValueError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            buffer = b""
            while True:
                request, buffer = self._read(connection, buffer, number)
                if request is None:
                    break
                with self._lock:
                    self.received.append(request)
                if self.behave(connection, request) is False:
                    break
        connection.close()

    def _read(self, connection: socket.socket, buffer: bytes, number: int) -> tuple[Received | None, bytes]:
        while b"\r\n\r\n" not in buffer:
            if not (data := connection.recv(65536)):
                return None, b""
            self.octets += len(data)
            buffer += data
        head, _, rest = buffer.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(rest) < length:
            if not (data := connection.recv(65536)):
                return None, b""
            self.octets += len(data)
            rest += data
        return Received(head, rest[:length], number), rest[length:]
