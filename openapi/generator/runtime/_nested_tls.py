"""
TLS within TLS: an https:// endpoint behind an https:// proxy.

httpcore2 has this too, but there each octet of a record may take the whole time-out anew.
"""

import ssl
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import httpcore2

_RECORD: Final = 16 * 1024  # RFC 8446, 5.1
T = TypeVar("T")


class NestedTLSStream(httpcore2.NetworkStream):
    """
    A TLS connection over another; each operation ends within its time-out.

    Raises:
        httpcore2.ConnectError: The handshake failed.
        httpcore2.ConnectTimeout: It took too long.
    """

    def __init__(
        self, outer: httpcore2.NetworkStream, context: ssl.SSLContext, server_hostname: str | None, timeout: float
    ) -> None:
        self._outer = outer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        try:
            self._run(self._tls.do_handshake, timeout)
        except BaseException as error:
            self.close()
            if isinstance(error, httpcore2.TimeoutException):
                raise httpcore2.ConnectTimeout(str(error)) from error
            if isinstance(error, OSError):
                raise httpcore2.ConnectError(error) from error
            raise

    def _run(self, step: Callable[[], T], timeout: float) -> T:
        deadline = time.monotonic() + timeout
        while True:
            try:
                done = [step()]
            except ssl.SSLWantReadError:
                done = []
            if ready := self._outgoing.read():
                self._outer.write(ready, _left(deadline))
            if done:
                return done[0]
            if data := self._outer.read(_RECORD, _left(deadline)):
                self._incoming.write(data)
            else:
                self._incoming.write_eof()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._run(lambda: self._tls.read(max_bytes), timeout or 0)
        except OSError as error:
            raise httpcore2.ReadError(error) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._run(lambda: self._tls.write(buffer), timeout or 0)
        except OSError as error:
            raise httpcore2.WriteError(error) from error

    def close(self) -> None:
        self._outer.close()

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else self._outer.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the deadline of the call has passed")
    return left
