"""One HTTP/1.1 connection: our bytes out, h11's strict reading of the answer, a deadline that nothing stretches."""

from __future__ import annotations

import re
import select
import socket
import time
from contextlib import suppress
from dataclasses import replace

import h11

from secmaster_contract.wire.dial import ConnectionFailed, Route
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request

__all__ = ["Connection", "ConnectionFailed", "Exchange"]

_CAP = 8 * 1024 * 1024  # bytes of a body that are read; no documented answer comes near
_CHUNK = 65536
_MOMENT = 0.02
_HEAD = re.compile(rb".*?\n\r?\n", re.DOTALL)
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)  # Linux alone has it


class Connection:
    """A connection to one origin, kept open as long as the server allows."""

    def __init__(self, route: Route, seconds: float) -> None:
        self._route = route
        self.seconds = seconds
        self._socket: socket.socket | None = None
        self._last: Exchange | None = None
        self.host = route.origin.netloc.rpartition("@")[2]

    def close(self) -> None:
        """Close the connection, if it is open."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._last = None

    def exchange(self, request: Request) -> Exchange:
        """Send a request and read its answer.

        Where a kept connection turns out to have been closed in the meantime, before any byte of an answer, the
        exchange is `stale`: sent once more it comes over a new connection.

        Raises:
            ConnectionFailed: The server cannot be reached.
        """
        kept = self._kept()
        result = self._attempt(request)
        if kept and result.status is None and not result.timed_out and not result.framing:
            self.close()
            result.stale = True
        return result

    def _kept(self) -> bool:
        """Say whether an open connection is at hand; bytes that nobody asked for are held against the last answer."""
        if self._socket is None:
            return False
        readable, _, _ = select.select([self._socket], [], [], 0)
        if readable:
            try:
                stray = self._socket.recv(_CHUNK)
            except OSError:
                stray = b""
            if stray and self._last is not None:
                self._last.framing.append(f"{len(stray)} bytes follow the answer")
            self.close()
            return False
        return True

    def _routed(self, request: Request) -> Request:
        if not self._route.prefix:
            return request
        target = self._route.prefix + request.target
        return replace(request, target=target, headers=(*request.headers, *self._route.headers))

    def abort(self) -> None:
        """End an exchange that another thread is in the middle of."""
        link = self._socket
        if link is not None:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def _attempt(self, request: Request) -> Exchange:
        result = self._last = Exchange(request)
        started = time.monotonic()
        deadline = started + self.seconds
        link = self._socket = self._socket or self._route.open(deadline)
        reader = _reader(request)
        try:
            data = self._routed(request).wire(self.host)
            if request.halves:
                middle = len(data) - len(request.body) // 2
                self._write(link, data[:middle], deadline)
                time.sleep(_MOMENT)  # what is under test is a reader that takes what has come for all there is
                data = data[middle:]
            self._write(link, data, deadline)
            body = bytearray()
            try:
                self._read(link, reader, result, body, deadline)
            finally:
                result.body = bytes(body[:_CAP])
        except TimeoutError:
            result.trouble, result.timed_out = f"no complete answer within {self.seconds:g} s", True
        except h11.RemoteProtocolError as error:
            result.trouble = f"the answer is not HTTP: {error}"
            result.framing.append(str(error))
        except OSError as error:
            result.trouble = f"the connection broke: {error.strerror or error}"
        result.seconds = time.monotonic() - started
        if result.trouble or result.framing or not _reusable(reader):
            self.close()
            self._last = result
        return result

    def _write(self, link: socket.socket, data: bytes, deadline: float) -> None:
        """Send all; a server may answer and close before it has read a long body, so a broken pipe is no fault."""
        view = memoryview(data)
        while view:
            link.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                sent = link.send(view[: 1 << 18])
            except (BrokenPipeError, ConnectionResetError):
                return
            view = view[sent:]

    def _read(
        self, link: socket.socket, reader: h11.Connection, result: Exchange, body: bytearray, deadline: float
    ) -> None:
        head = b""
        while True:
            event = reader.next_event()
            if event is h11.NEED_DATA:
                data = _receive(link, deadline)
                head += data if result.status is None else b""
                if not data and reader.their_state is h11.SEND_RESPONSE:
                    result.trouble = "the connection was closed without an answer"
                    if reader.trailing_data[0]:
                        result.framing.append("the connection was closed before the head of an answer was complete")
                    return
                reader.receive_data(data)
            elif isinstance(event, h11.Response):
                _take_head(event, result, head)
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > _CAP:
                    result.trouble = f"the answer is longer than {_CAP} bytes"
                    return
            elif isinstance(event, h11.EndOfMessage):
                _note_trailing(reader, result)
                return
            elif not isinstance(event, h11.InformationalResponse):
                return


def _note_trailing(reader: h11.Connection, result: Exchange) -> None:
    trailing, _ = reader.trailing_data
    if trailing:
        result.framing.append(f"{len(trailing)} bytes follow the answer")


def _receive(link: socket.socket, deadline: float) -> bytes:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    link.settimeout(left)
    if _QUICK_ACK is not None:
        # A server that writes head and body apart waits for our acknowledgement in between, 40 ms if it is delayed.
        link.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
    return link.recv(_CHUNK)


def _take_head(event: h11.Response, result: Exchange, head: bytes) -> None:
    result.status = event.status_code
    result.headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in event.headers)
    if result.values("Transfer-Encoding") and result.values("Content-Length"):
        result.framing.append("both Transfer-Encoding and Content-Length are sent (RFC 9112 section 6.2)")
    lines = _HEAD.match(head)
    if lines and _BARE_LINE_FEED.search(lines[0]):
        # h11 reads on, as RFC 9112 section 2.2 allows; other clients do not.
        result.framing.append("a line of the head ends in LF without CR (RFC 9112 section 2.1)")


def _reader(request: Request) -> h11.Connection:
    """Return h11 in the state of one who has sent such a request; h11 would refuse to send what we send."""
    reader = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 17)
    # Whoever asks for the end of a connection must send nothing more on it (RFC 9112 section 9.6).
    last = [("Connection", "close")] if "close" in request.values("Connection") else []
    reader.send(h11.Request(method=request.method, target="/", headers=[("Host", "h"), *last]))
    reader.send(h11.EndOfMessage())
    return reader


def _reusable(reader: h11.Connection) -> bool:
    return reader.our_state is h11.DONE and reader.their_state is h11.DONE
