"""How requests reach the target: through the gate, on kept connections, into the journal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from secmaster_contract.run.gate import Gate, Withheld
from secmaster_contract.run.journal import Journal
from secmaster_contract.run.patience import Patience
from secmaster_contract.run.secret import Redactor
from secmaster_contract.run.target import Target
from secmaster_contract.wire.connection import Connection, ConnectionFailed
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request

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
