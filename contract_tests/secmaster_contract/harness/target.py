"""The server under test: where it is, who we are to it, and how requests reach it."""

from __future__ import annotations

import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from secmaster_contract.harness.connection import Connection, ConnectionFailed
from secmaster_contract.harness.dial import Route, proxy_of
from secmaster_contract.harness.exchange import Exchange
from secmaster_contract.harness.gate import Gate, Withheld
from secmaster_contract.harness.journal import Journal
from secmaster_contract.harness.patience import Patience
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.secret import Redactor
from secmaster_contract.harness.spec import Spec


@dataclass(frozen=True)
class Target:
    """A base URL, the identifiers of an instance there, a token, and how long to wait.

    `seconds` bounds one exchange from the connection to the last byte; `patience` is how many seconds in all a run may
    wait for a server that throttles; `label` says what people cannot read off the URL. The token is in no repr.
    """

    url: str
    token: str = field(repr=False)
    identifiers: Mapping[str, str]
    task_id: str | None = None
    input_dataobject: str | None = None
    seconds: float = 10.0
    patience: float = 30.0
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    label: str = ""

    @property
    def name(self) -> str:
        """What people are told that this server is."""
        return f"{self.url} ({self.label})" if self.label else self.url

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

    @cached_property
    def route(self) -> Route:
        """The way to the server: TLS verified unless `tls` says otherwise, by the proxy that the environment names."""
        secure = self.origin.scheme == "https"
        tls = (self.tls or ssl.create_default_context()) if secure else None
        proxy = None if self.is_loopback else self.proxy or proxy_of(self.origin)
        return Route(self.origin, tls, proxy, near=self.is_loopback)

    def connection(self) -> Connection:
        """Return a new connection, not yet open."""
        return Connection(self.route, self.seconds)


# A server that has hung so often has shown it; to wait the whole time for each further answer would take minutes.
_HANGS = 4
_SECONDS_AFTER_HANGS = 2.0


class Sender:
    """Sends requests, one kept connection a thread, through the gate and into the journal.

    `once` opens a connection for each request, so that none is ever sent twice because a kept connection had gone.
    """

    def __init__(
        self,
        target: Target,
        sleep: Callable[[float], None] | None = None,
        *,
        gate: Gate | None = None,
        journal: Journal | None = None,
        once: bool = False,
    ) -> None:
        self.target = target
        self.gate = gate or Gate()
        self.gate.hurry = self.abort
        self.journal = journal or Journal(Redactor(target.token), keep=False)
        self.control: Request | None = None
        self.heard: Callable[[str, Exchange], None] = lambda *_: None
        self._once = once
        self._sleep = sleep or self.gate.wait
        self._local = threading.local()
        self._open: list[Connection] = []
        self._lock = threading.Lock()
        self.patience = Patience(target.patience)
        self.sent = 0
        self.serial = False
        self._hangs = 0

    def _kept(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is not None and self._once:
            connection.close()
        if connection is None or self._once:
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

    def send(self, request: Request, connection: Connection | None = None, about: str = "") -> Exchange:
        """Send a request and return the exchange; a throttled one is sent again while patience lasts.

        `about` is the name of the vector that the request belongs to.

        Raises:
            ConnectionFailed: The server cannot be reached.
            Withheld: The gate does not let the request out, or the run was ended while it was under way.
        """
        if self.gate.needs_control and self.control is not None and request != self.control:
            self._authenticate(self.control)
        connection = connection or self._kept()
        while True:
            exchange = self._exchange(request, connection, about)
            pause = retry_after(exchange)
            if pause is None or not self.patience.lasts(pause):
                return exchange
            self._sleep(pause)

    def _exchange(self, request: Request, connection: Connection, about: str) -> Exchange:
        self.gate.admit(request)
        sent = request.named()
        number = self.journal.sent(sent, about)
        if self._hangs >= _HANGS:
            connection.seconds = min(connection.seconds, _SECONDS_AFTER_HANGS)
        try:
            exchange = connection.exchange(sent)
        except ConnectionFailed as error:
            self.journal.failed(number, str(error))
            raise
        self.journal.received(number, exchange)
        with self._lock:
            self.sent += 1
            self._hangs += exchange.timed_out
        if self.gate.stopped and exchange.trouble:
            raise Withheld(self.gate.stopped)
        if exchange.stale and not self._once:
            return self._exchange(request, connection, about)
        self.gate.observe(exchange, retry_after(exchange))
        self.heard(about, exchange)
        return exchange

    def _authenticate(self, control: Request) -> None:
        """Have the valid token taken once more before the next invalid one is tried."""
        exchange = self._exchange(control, self._kept(), "control")
        if self.gate.needs_control:
            self.gate.stop(
                f"the server refuses the valid token too ({exchange.status}), after {self.gate.refusals} failed "
                "authentications in a row: it may have locked the key"
            )

    def abort(self) -> None:
        """End every exchange that is under way; safe to call from a signal handler."""
        for connection in tuple(self._open):
            connection.abort()

    def close(self) -> None:
        """Close every connection."""
        for connection in self._open:
            connection.close()
        self._open = [connection for connection in self._open if connection is getattr(self._local, "connection", None)]


def retry_after(exchange: Exchange, now: Callable[[], float] = time.time) -> float | None:
    """Return the seconds that a throttled answer asks to wait, 1 where it names none, None for any other answer."""
    if exchange.status != 429:
        return None
    value = next(iter(exchange.values("Retry-After")), "").strip()
    if value.isascii() and value.isdigit():
        return max(0.05, float(value))
    try:
        return max(0.05, parsedate_to_datetime(value).timestamp() - now())
    except (ValueError, OverflowError, OSError):
        return 1.0
