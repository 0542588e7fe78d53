"""What a run may cost its server: a budget, a rate, failed authentications, waiting."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from secmaster_contract.run.gate import Gate, Limits, Withheld
from secmaster_contract.run.sender import retry_after
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request
from test_live.conftest import Verify
from test_live.servers import Scripted, Watched, gateway
from test_verifier.servers.wire import Answer, serving
from test_verifier.servers.wire import Request as Received

REQUEST = Request("PUT", "/", ())


def answered(status: int, *headers: tuple[str, str]) -> Exchange:
    """An exchange with a status."""
    return Exchange(REQUEST, status, headers)


def test_budget_is_never_overdrawn(run_verify: Verify) -> None:
    """
    A run sends as many requests as --max-requests says and not one more; what is left is not sent, for that reason.
    """
    server = Watched()
    with serving(server) as url:
        outcome = run_verify(url, "--max-requests", "50")

    assert len(server.seen) == 50
    assert outcome.status == 3
    assert "the budget of 50 requests is spent" in outcome.out


def test_rate_spaces_requests() -> None:
    """
    A rate of 50 a second admits ten requests in no less than 180 ms.
    """
    gate = Gate(Limits(rate=50))
    started = time.monotonic()
    for _ in range(10):
        gate.admit(REQUEST)

    assert time.monotonic() - started >= 0.18


@pytest.mark.parametrize("rate", ["0/s", "-1", "5/day", "fast", "inf", "nan"])
def test_rate_that_is_none_is_refused(run_verify: Verify, rate: str) -> None:
    """
    A rate that is none is bad usage, told in a sentence.
    """
    outcome = run_verify("http://127.0.0.1:1", "--rate", rate)

    assert outcome.status == 2
    assert f"{rate} is no rate" in outcome.err


def test_failed_authentications_in_a_row_are_capped(run_verify: Verify) -> None:
    """
    With --max-failed-auth 2 no server sees three invalid tokens in a row.
    """
    server = Watched()
    with serving(server) as url:
        run_verify(url, "--max-failed-auth", "2", "--workers", "1")
    rows = "".join("x" if bad else " " for bad in server.unauthenticated).split()

    assert sum(server.unauthenticated) > 20
    assert max(map(len, rows)) == 2


class Locking(Watched):
    """Locks the key at the third failed authentication in a row."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = 0

    async def __call__(self, request: Received) -> Answer:
        """Answer a request."""
        if self.failed >= 3:
            self.seen.append(request)
            return gateway(401, "APIGW.0301")
        answer = await super().__call__(request)
        self.failed = self.failed + 1 if answer.status == 401 else 0
        return answer


def test_locked_key_ends_the_run(run_verify: Verify) -> None:
    """
    A gateway that refuses the valid token as well after some invalid ones is asked no more.
    """
    server = Locking()
    with serving(server) as url:
        outcome = run_verify(url, "--max-failed-auth", "3", "--workers", "1")

    assert "it may have locked the key" in outcome.out
    assert outcome.verdict["run"]["requests"] == len(server.seen) < 300


class Throttling(Watched):
    """Throttles one request, and notes when the next one comes."""

    def __init__(self, after: int, wait: str) -> None:
        super().__init__()
        self.after = after
        self.wait = wait
        self.times: list[float] = []

    async def __call__(self, request: Received) -> Answer:
        """Answer a request."""
        self.times.append(time.monotonic())
        if len(self.times) == self.after:
            return gateway(429, "APIGW.0308", Retry_After=self.wait)
        return await super().__call__(request)


def test_retry_after_is_honoured(live: Verify) -> None:
    """
    After a 429 with Retry-After: 1 no request comes for a second, and then the throttled one again.
    """
    server = Throttling(5, "1")
    with serving(server) as url:
        outcome = live(url)

    assert server.times[5] - server.times[4] >= 1
    assert len(server.times) > 100
    assert outcome.status == 0


def test_longer_wait_than_patience_ends_a_live_run(live: Verify) -> None:
    """
    A live server that asks for a longer wait than --patience allows is asked no more.
    """
    server = Throttling(5, "3600")
    with serving(server) as url:
        outcome = live(url, "--patience", "2")

    assert len(server.times) == 5
    assert outcome.status == 3
    assert "longer than --patience allows" in outcome.out


def test_retry_after_may_be_a_date() -> None:
    """
    A Retry-After in the form of a date is waited for until then.
    """
    exchange = answered(429, ("Retry-After", formatdate(1_000_030, usegmt=True)))

    assert retry_after(exchange, lambda: 1_000_000.0) == 30


@pytest.mark.parametrize("value", ["soon", "", "-5", "99999999999999999999-01-01"])
def test_retry_after_that_says_nothing_is_a_second(value: str) -> None:
    """
    A Retry-After that cannot be read counts as one second.
    """
    assert retry_after(answered(429, ("Retry-After", value))) == 1


def test_stopped_gate_admits_nothing() -> None:
    """
    A gate that was stopped lets nothing out any more, and keeps the first reason.
    """
    gate = Gate()
    gate.stop("enough")
    gate.stop("later")

    with pytest.raises(Withheld, match="enough"):
        gate.admit(REQUEST)


def test_throttled_run_is_inconclusive(run_verify: Verify) -> None:
    """
    A server that throttles everything is inconclusive, never at fault.
    """
    with serving(Scripted(gateway(429, "APIGW.0308", Retry_After="9999"))) as url:
        outcome = run_verify(url)

    assert outcome.status == 3
    assert "throttled" in outcome.err
