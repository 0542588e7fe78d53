"""What a run may send: its budget, its rate, its failed authentications, and the end of it all when harm shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from secmaster_contract.run.patience import Patience
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request


class Withheld(Exception):
    """A request is not sent; the text says why."""


@dataclass(frozen=True)
class Limits:
    """What a run may cost its server.

    `requests` is the budget of the whole run; `rate` is in requests a second; `refusals` are the failed
    authentications in a row after which a request with the valid token comes first (gateways lock keys); `patience`
    bounds, in seconds, the waiting that a throttling server may ask for in all. None sets no limit.
    """

    requests: int | None = None
    rate: float | None = None
    refusals: int | None = None
    patience: float | None = None


# Gateways of the platform lock a key after more than five failed authentications in a row.
LIVE_LIMITS = Limits(rate=5.0, refusals=4)


def read_rate(text: str) -> float:
    """Read `5/s`, `30/min` or a number of requests a second; return requests a second.

    Raises:
        ValueError: It is no rate.
    """
    number, _slash, unit = text.partition("/")
    seconds = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600}.get(unit.strip())
    try:
        rate = float(number) / (seconds or 0)
    except (ValueError, ZeroDivisionError):
        rate = 0.0
    if not 0 < rate < float("inf"):
        message = f"{text} is no rate; it looks like 5/s or 30/min"
        raise ValueError(message)
    return rate


class Gate:
    """Admits requests one by one; safe under threads.

    `harm` says of an exchange what a correct server would not have done, `forbidden` of a request why it may not go.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        forbidden: Callable[[Request], str | None] = lambda _: None,
        harm: Callable[[Exchange], str | None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or Limits()
        self.forbidden = forbidden
        self.harm = harm
        self.stopped: str | None = None
        self.harmed = False
        self.interrupted = False
        self.hurry: Callable[[], None] = lambda: None
        self.admitted = 0
        self.refusals = 0
        self._clock = clock
        self._next = 0.0
        self._patience = None if self.limits.patience is None else Patience(self.limits.patience)
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def stop(self, reason: str) -> None:
        """Admit nothing more; the first reason stays."""
        self.stopped = self.stopped or reason
        self._ended.set()

    def interrupt(self, reason: str) -> None:
        """Admit nothing more and end what is under way; safe to call from a signal handler."""
        self.interrupted = True
        self.stop(reason)
        self.hurry()

    def admit(self, request: Request) -> None:
        """Return when the request may go out.

        Raises:
            Withheld: It may not.
        """
        reason = self.forbidden(request)
        if reason:
            raise Withheld(reason)
        with self._lock:
            self._check()
            if self.limits.requests is not None and self.admitted >= self.limits.requests:
                self.stop(f"the budget of {self.limits.requests} requests is spent; see --max-requests")
                self._check()
            self.admitted += 1
            now = self._clock()
            begin = max(now, self._next)
            self._next = begin + (1 / self.limits.rate if self.limits.rate else 0.0)
        if begin > now and self._ended.wait(begin - now):
            self._check()

    def _check(self) -> None:
        if self.stopped:
            raise Withheld(self.stopped)

    def wait(self, seconds: float) -> None:
        """Wait as a throttling server asks for, unless the run ends before.

        Raises:
            Withheld: The run has ended.
        """
        if self._ended.wait(seconds):
            self._check()

    @property
    def needs_control(self) -> bool:
        """Whether so many authentications have failed in a row that one must succeed before the next is tried."""
        return self.limits.refusals is not None and self.refusals >= self.limits.refusals

    def observe(self, exchange: Exchange, pause: float | None) -> None:
        """Take note of an answer; `pause` is what a throttling one asks for."""
        with self._lock:
            if exchange.status in (401, 403):
                self.refusals += 1
            elif exchange.status is not None:
                self.refusals = 0
            if pause is not None:
                self._hold(pause)
        done = self.harm(exchange)
        if done:
            self.harmed = True
            self.stop(done)

    def _hold(self, pause: float) -> None:
        """Hold every request back for as long as the server asks, or end the run where that is too long."""
        if self._patience is None:
            return
        if not self._patience.lasts(pause):
            self.stop(f"the server throttles (429) and {self._patience.spent}")
            return
        self._next = max(self._next, self._clock() + pause)
