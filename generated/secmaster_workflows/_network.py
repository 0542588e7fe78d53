# Copied from openapi/generator/runtime/_network.py by `make generate`; do not edit.
"""
Sockets under httpcore2's connection pools: each operation ends by the deadline of the call, and each connection keeps
the record that decides whether it is used again.
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import httpcore2

from ._attempt import CURRENT
from ._guard import AnswerGuard
from ._nested_tls import NestedTLSStream

SLICE: Final = 16 * 1024  # what is written between two looks at the clock


class GuardedStream(httpcore2.NetworkStream):
    """
    A connection whose reads and writes end by the deadline.
    """

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner
        self._held = b""
        self.guard = AnswerGuard()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline decides
        self._send()
        data = self._inner.read(max_bytes, _remaining(httpcore2.ReadTimeout))
        self.guard.receiving(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline decides
        # Head and body come one after the other, and an empty buffer at the end; they leave together.
        if buffer and len(self._held) + len(buffer) <= SLICE:
            self._held += buffer
        else:
            self._send(buffer)

    def _send(self, rest: bytes = b"") -> None:
        held, self._held = self._held, b""
        if not held and not rest:
            return
        if self.guard.sending() and self._inner.get_extra_info("is_readable"):
            raise httpcore2.ConnectionNotAvailable  # the pool takes another connection
        mark_written(held or rest)
        room = SLICE - len(held)
        self._inner.write(held + rest[:room], _remaining(httpcore2.WriteTimeout))
        for start in range(room, len(rest), SLICE):
            self._inner.write(rest[start : start + SLICE], _remaining(httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
    ) -> httpcore2.NetworkStream:
        limit = min(CURRENT.get().connect_timeout, _remaining(httpcore2.ConnectTimeout))
        if self._inner.get_extra_info("ssl_object") is not None:
            return GuardedStream(NestedTLSStream(self._inner, ssl_context, server_hostname, limit))
        return GuardedStream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:
        # The pool drops an idle connection that is readable; so is one that must not be used again.
        if info == "is_readable" and not self.guard.reusable:
            return True
        return self._inner.get_extra_info(info)


class DeadlineBackend(httpcore2.NetworkBackend):
    """
    Connects by the deadline, the look-up of the name included.
    """

    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        connect_by = time.monotonic() + min(CURRENT.get().connect_timeout, _remaining(httpcore2.ConnectTimeout))
        addresses = _resolve(host, port, connect_by - time.monotonic())
        for position, address in enumerate(addresses, start=1):
            left = connect_by - time.monotonic()
            if left <= 0:
                raise httpcore2.ConnectTimeout("the time for connecting is over")
            share = left / (len(addresses) - position + 1)
            try:
                return GuardedStream(self._inner.connect_tcp(address, port, share, local_address, socket_options))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if position == len(addresses):
                    raise
        raise httpcore2.ConnectError(f"{host} has no address")


def _remaining(error: type[Exception]) -> float:
    remaining = CURRENT.get().remaining()
    if remaining <= 0:
        raise error("the deadline of the call has passed")
    return remaining


def mark_written(buffer: bytes) -> None:
    """
    Bytes of a connection are about to leave.
    """
    # What opens a tunnel through a proxy is not yet the request.
    if not buffer.startswith(b"CONNECT "):
        CURRENT.get().written = True


def _resolve(host: str, port: int, limit: float) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    # getaddrinfo() takes no time-out; left in a thread of its own it can be given up.
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, name=f"look-up of {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=max(limit, 0))
    except queue.Empty:
        raise httpcore2.ConnectTimeout(f"the name {host} was not resolved in time") from None
    if isinstance(answer, Exception):
        raise httpcore2.ConnectError(f"the name {host} cannot be resolved: {answer}")
    return answer
