# Copied from openapi/generator/runtime/_guard.py by `make generate`; do not edit.
"""
Decides whether a connection may carry another request.

An answer too many, or bytes behind an answer, would be taken for the answer to the next request (RFC 9112, 6.3). So
what was received for a request is compared with the one answer that was read from it; only an exact fit is used again.
"""

import re
import ssl
from typing import Any, Final

import h11

_RECORDED: Final = 256 * 1024  # an answer larger than this costs its connection, not the memory for its record
_END_OF_HEAD: Final = re.compile(rb"\n\r?\n")  # as h11 finds it: bare line feeds count (RFC 9112, 2.2)


class AnswerGuard:
    """
    The record of one connection.
    """

    __slots__ = ("_finished", "_received", "reusable")

    def __init__(self) -> None:
        self._received = bytearray()
        self._finished = True
        self.reusable = False

    def sending(self) -> bool:
        """
        Bytes of a request are about to be written; true if they are the first of a request that is not the first here.
        """
        again = self.reusable
        self.reusable = False
        if self._finished:
            self._received.clear()
            self._finished = False
        return again

    def receiving(self, data: bytes) -> None:
        """
        Bytes have been read.
        """
        if len(self._received) <= _RECORDED:
            self._received += data

    def finish(self, body: bytes, ssl_object: Any) -> None:
        """
        The answer has been read to its end, `body` being its content.
        """
        self._finished = True
        self.reusable = (
            len(self._received) <= _RECORDED
            and (self._fits(body) or not _has_more(bytes(self._received)))
            and not _pending(ssl_object)
        )

    def _fits(self, body: bytes) -> bool:
        # The common answer: one header section, then a body of the stated length, then nothing.
        head = _END_OF_HEAD.search(self._received)
        return head is not None and head.end() + len(body) == len(self._received) and self._received.endswith(body)


def _has_more(received: bytes) -> bool:
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="PUT", target="/", headers=[("Host", ""), ("Content-Length", "0")]))
    parser.send(h11.EndOfMessage())
    parser.receive_data(received)
    try:
        while True:
            event = parser.next_event()
            if isinstance(event, h11.EndOfMessage):
                return bool(parser.trailing_data[0])
            if event is h11.NEED_DATA or event is h11.PAUSED:
                return True
    except h11.RemoteProtocolError:
        return True


def _pending(ssl_object: Any) -> bool:
    # Records that TLS has taken from the socket but not handed on: the socket does not look readable for them.
    if ssl_object is None:
        return False
    if ssl_object.pending():
        return True
    if not isinstance(ssl_object, ssl.SSLObject):
        return False
    try:
        ssl_object.read(1)
    except ssl.SSLWantReadError:
        return False
    except OSError:
        return True
    return True
