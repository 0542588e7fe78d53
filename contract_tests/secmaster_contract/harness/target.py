"""The server under test: where it is, who we are to it, and how requests reach it."""

from __future__ import annotations

import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from secmaster_contract.harness.connection import Connection, Exchange
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.spec import Spec


@dataclass(frozen=True)
class Target:
    """A base URL, the identifiers of an instance there, a token, and how long to wait.

    `seconds` bounds one exchange from the connection to the last byte; `patience` is how many seconds in all a run may
    wait for a server that throttles. The token is in no repr.
    """

    url: str
    token: str = field(repr=False)
    identifiers: Mapping[str, str]
    task_id: str | None = None
    input_dataobject: str | None = None
    seconds: float = 10.0
    patience: float = 30.0
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @cached_property
    def origin(self) -> SplitResult:
        """The base URL in its parts."""
        return urlsplit(self.url)

    @cached_property
    def prefix(self) -> str:
        """The path of the base URL, which every request's path is put behind."""
        return self.origin.path.rstrip("/")

    @cached_property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine."""
        host = self.origin.hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    def path(self, spec: Spec, **identifiers: str) -> str:
        """Return the operation's path at this target, some identifiers replaced."""
        return self.prefix + spec.fill({**self.identifiers, **identifiers})

    def connection(self) -> Connection:
        """Return a new connection, not yet open."""
        tls = (self.tls or ssl.create_default_context()) if self.origin.scheme == "https" else None
        return Connection(self.origin, tls, self.seconds)


class Sender:
    """Sends requests, one kept connection a thread, and waits where the server asks for it."""

    def __init__(self, target: Target, sleep: Callable[[float], None] = time.sleep) -> None:
        self.target = target
        self._sleep = sleep
        self._local = threading.local()
        self._open: list[Connection] = []
        self._lock = threading.Lock()
        self._patience = target.patience
        self.sent = 0
        self.serial = False

    def _kept(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self.fresh()
        return connection

    def fresh(self) -> Connection:
        """Return a connection that nothing has been sent on.

        A server that serves one connection at a time (`serial`) is left no other one open.
        """
        if self.serial:
            self.close()
        connection = self.target.connection()
        with self._lock:
            self._open.append(connection)
        return connection

    def send(self, request: Request, connection: Connection | None = None) -> Exchange:
        """Send a request and return the exchange; a throttled one is sent again while patience lasts.

        Raises:
            ConnectionFailed: The server cannot be reached.
        """
        connection = connection or self._kept()
        while True:
            exchange = connection.exchange(request)
            with self._lock:
                self.sent += 1
                pause = retry_after(exchange)
                if pause is None or pause > self._patience:
                    return exchange
                self._patience -= pause
            self._sleep(pause)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._open:
            connection.close()
        self._open = [connection for connection in self._open if connection is getattr(self._local, "connection", None)]


def retry_after(exchange: Exchange) -> float | None:
    """Return the seconds that a throttled answer asks to wait, 1 where it names none, None for any other answer."""
    if exchange.status != 429:
        return None
    values = exchange.values("Retry-After")
    return max(0.05, float(values[0])) if values and values[0].strip().isdigit() else 1.0
