"""
uvicorn's HTTP protocol, with a short way for requests that need no waiting.

A request to the contract's path whose bytes are all there is answered in the parser's callback, without a task.
Everything else takes uvicorn's own way through ASGI. A test sends the same requests both ways.
"""

from __future__ import annotations

import os
import re
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from secmaster_contract.mock.delivery import TRANSPORT, head

_LONGEST_HELD = 65536  # bytes of body; longer ones take the usual way with its flow control
_MALFORMED = "Invalid parameter: the request is not HTTP/1.1."


_OFFER = re.compile(rb"\r\nUpgrade:", re.IGNORECASE)


def _without_offers(data: bytes) -> bytes:
    """Rename an offer to upgrade, which a server may ignore (RFC 9110 section 7.8); the parser would drop the body.

    Java's HttpClient offers HTTP/2 so with every request.
    """
    if b"pgrade" not in data:
        return data
    end = data.find(b"\r\n\r\n")
    return data if end < 0 else _OFFER.sub(b"\r\nX-Offered:", data[:end]) + data[end:]


class MockProtocol(HttpToolsProtocol):
    """One connection."""

    _held: bytes | None = None
    _between = True  # requests: what comes next is the head of one

    def data_received(self, data: bytes) -> None:
        """Feed the parser; hand a request that is still incomplete to uvicorn."""
        super().data_received(_without_offers(data) if self._between else data)
        if self._held is not None:
            self._take_usual_way()

    def on_message_begin(self) -> None:
        """Begin a request; the usual way begins anew, with a scope."""
        self._between = False
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        """Hold the request until its body is there, unless another one is still being answered."""
        # Untyped: uvicorn declares neither as None, and both are before the first request and after the last.
        cycle, parser = cast("Any", self.cycle), cast("Any", self.parser)
        busy = cycle is not None and not cycle.response_complete
        if busy or self.expect_100_continue or self.flow.write_paused or parser.should_upgrade():
            self._begin_usual_way()
        else:
            self._held = b""

    def on_body(self, body: bytes) -> None:
        """Collect the body of a held request."""
        if self._held is None:
            super().on_body(body)
            return
        self._held += body
        if len(self._held) > _LONGEST_HELD:
            self._take_usual_way()

    def on_message_complete(self) -> None:
        """Answer a held request."""
        self._between = True
        if self._held is None:
            super().on_message_complete()
            return
        if not self._answer_at_once(self._held):
            self._take_usual_way()
            super().on_message_complete()

    def _take_usual_way(self) -> None:
        body, self._held = self._held, None
        self._begin_usual_way()
        if body:
            super().on_body(body)

    def _begin_usual_way(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        # The faults that break a connection need it.
        scope: Any = self.scope
        scope["extensions"] = {TRANSPORT: self.transport}
        super().on_headers_complete()

    def _answer_at_once(self, body: bytes) -> bool:
        url: Any = httptools.parse_url(self.url)
        app: Any = self.config.app
        parser = cast("Any", self.parser)
        try:
            answered = app.immediate(parser.get_method().decode("ascii"), url.path, self.headers, body, self.url)
        except Exception:  # noqa: BLE001  a fault of ours: on the usual way it is answered and reported as one
            return False
        if answered is None:
            return False
        self._held = None
        answer, request_id = answered
        keep_alive = parser.get_http_version() != "1.0" and parser.should_keep_alive()
        lines = [STATUS_LINE[answer.status]]
        for name, value in (*self.server_state.default_headers, *head(answer, request_id)):
            lines += (name, b": ", value, b"\r\n")
        lines += (b"\r\n" if keep_alive else b"connection: close\r\n\r\n", answer.body)
        self.transport.write(b"".join(lines))
        if not keep_alive:
            self.transport.close()
        self.on_response_complete()
        return True

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's text; the service's error body says the same
        """Reject what is not HTTP in the error body of the service, where it has one for all its operations."""
        app: Any = self.config.app
        request_id = os.urandom(16).hex().encode()
        answer = app.service.malformed(_MALFORMED).answer(request_id)
        lines = [STATUS_LINE[400]]
        for name, value in head(answer, request_id):
            lines += (name, b": ", value, b"\r\n")
        lines += (b"connection: close\r\n\r\n", answer.body)
        self.transport.write(b"".join(lines))
        self.transport.close()
