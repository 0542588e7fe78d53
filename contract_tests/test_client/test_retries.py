"""What is sent again, and what never is."""

from __future__ import annotations

import email.utils
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest

from secmaster_workflows import AttemptRecord, CallTimeoutError, ConnectionFailedError, GatewayError, ThrottledError
from test_client.conftest import Caller
from test_client.raw_server import RawServer, answer, hangs, in_turn, resets, says

THROTTLED = answer({"error_code": "APIGW.0308", "error_msg": "slow down"}, "429 Too Many Requests")
UNAVAILABLE = answer(b"", "503 Service Unavailable")


def asking(seconds: str, status: str = "429 No") -> bytes:
    """A refusal that says when to come back."""
    return answer(b"{}", status, f"Retry-After: {seconds}")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits a hundredth of the usual time."""
    monkeypatch.setattr("secmaster_workflows._runtime.call._FIRST_WAIT", 0.0025)


@contextmanager
def nobody() -> Generator[str]:
    """The URL of a port that refuses connections."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("refusal", [THROTTLED, asking("0")], ids=["429", "429 at once"])
def test_a_throttled_command_is_sent_again(refusal: bytes, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """429 says that the command was not carried out: it is sent again."""
    server = serve(in_turn(says(refusal), says(refusal), says(answer())))

    result = caller.retry(endpoint=server.url)

    assert result.success is True
    assert len(server.received) == 3
    assert len({request.body for request in server.received}) == 1


@pytest.mark.usefixtures("quick")
def test_a_connection_that_was_never_made_is_tried_again(caller: Caller) -> None:
    """Nothing left, so it is tried again, as often as is allowed."""
    records: list[AttemptRecord] = []
    with nobody() as url:
        error = caller.error(endpoint=url, max_retries=3, on_attempt=records.append)

    assert (type(error), error.sent, error.attempts) == (ConnectionFailedError, "no", 4)
    assert [record.sent for record in records] == ["no"] * 4


NEVER = {
    "400": says(answer({}, "400 No")),
    "401": says(answer({}, "401 No")),
    "404": says(answer({}, "404 No")),
    "408": says(answer({}, "408 No")),
    "425": says(answer({}, "425 No")),
    "500": says(answer({}, "500 No")),
    "502": says(answer({}, "502 No")),
    "503": says(UNAVAILABLE),
    "503 with Retry-After": says(asking("0", "503 No")),
    "504": says(answer({}, "504 No")),
    "500 with Retry-After": says(asking("0", "500 No")),
    "307": says(answer({}, "307 No")),
    "200 of another shape": says(answer({})),
    "200 failed": says(answer({"success": False})),
    "reset": resets,
    "closed": says(close=True),
    "no answer": hangs,
}


@pytest.mark.parametrize("case", NEVER)
def test_what_may_have_been_carried_out_is_sent_once(
    case: str, caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """Only a certain "not carried out" is a reason to send again."""
    server = serve(NEVER[case])

    error = caller.error(endpoint=server.url, max_retries=5, timeout=1)

    assert error.attempts == 1
    assert len(server.received) == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("refusal", [UNAVAILABLE, asking("0", "503 No"), THROTTLED], ids=["503", "503 at once", "429"])
def test_a_status_of_retry_on_is_sent_again(refusal: bytes, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """`retry_on` names the statuses that are sent again beside 429."""
    server = serve(in_turn(says(refusal), says(refusal), says(answer())))

    result = caller.retry(endpoint=server.url, retry_on={503})

    assert result.success is True
    assert len(server.received) == 3


@pytest.mark.parametrize("status", ["429", "502", "503", "504"])
def test_a_5xx_says_that_the_outcome_is_not_known(status: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A proxy may answer 502, 503 or 504 after the command was carried out; 429 comes before it."""
    server = serve(says(answer({}, f"{status} No")))

    error = caller.error(endpoint=server.url, max_retries=0)

    assert ("is not known" in str(error)) is (status != "429")


def test_a_4xx_of_the_gateway_says_that_nothing_was_carried_out(
    caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """The gateway refuses a request with 4xx before the service gets it."""
    server = serve(says(answer({"error_code": "APIGW.0201", "error_msg": "too large"}, "413 No")))

    error = caller.error(endpoint=server.url)

    assert type(error) is GatewayError
    assert "the command was not carried out" in str(error)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("retries", "requests"), [(0, 1), (1, 2), (4, 5)])
def test_the_number_of_retries_is_an_option(
    retries: int, requests: int, caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """`max_retries` is a cap; 0 turns it off."""
    server = serve(says(asking("0")))

    error = caller.error(endpoint=server.url, max_retries=retries)

    assert type(error) is ThrottledError
    assert (error.attempts, len(server.received)) == (requests, requests)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(form: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The next attempt is not made before the time that the answer names."""
    value = "1" if form == "seconds" else email.utils.formatdate(time.time() + 2, usegmt=True)
    arrivals: list[float] = []
    server = serve(in_turn(says(asking(value)), says(answer())))

    caller.retry(endpoint=server.url, on_attempt=lambda _: arrivals.append(time.monotonic()))

    assert arrivals[1] - arrivals[0] >= 1.0


@pytest.mark.parametrize("value", ["60", "9999999999", "9" * 400, "0, 60", "Sun, 06 Nov 2994 08:49:37 GMT"])
def test_a_wait_beyond_the_deadline_is_not_begun(value: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """If the time named is past the deadline, the refusal is told at once."""
    server = serve(says(asking(value)))
    begun = time.monotonic()

    error = caller.error(endpoint=server.url, timeout=20)

    assert time.monotonic() - begun < 2
    assert type(error) is ThrottledError
    assert error.retry_after is not None
    assert len(server.received) == 1


def test_waits_are_spread_and_grow(serve: Callable[..., RawServer]) -> None:
    """Waits are drawn at random, from a range that doubles."""
    server = serve(says(THROTTLED))
    draws: list[list[float]] = []
    for _ in range(4):
        records: list[AttemptRecord] = []
        Caller("sync").error(endpoint=server.url, max_retries=2, on_attempt=records.append)
        draws.append([record.wait for record in records if record.wait is not None])

    assert len({first for first, _ in draws}) > 1
    assert all(0.1 <= first <= 0.25 <= second <= 0.5 for first, second in draws)


def test_the_deadline_covers_all_attempts(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Repetitions do not prolong a call."""
    server = serve(in_turn(says(asking("0")), hangs))
    begun = time.monotonic()

    error = caller.error(endpoint=server.url, timeout=1)

    assert time.monotonic() - begun < 1.5
    assert (type(error), error.attempts, error.sent) == (CallTimeoutError, 2, "maybe")


def test_a_client_closed_while_it_waits_sends_nothing_more(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The wait before a repetition ends with the refusal once the client is closed."""
    server = serve(says(THROTTLED))

    def use(client: Any) -> Any:
        client._settings = attrs.evolve(client._settings, on_attempt=lambda _: setattr(client._shared, "closed", True))
        return client.retry("i")

    with pytest.raises(ThrottledError):
        caller.run(use, endpoint=server.url)
    assert len(server.received) == 1


def test_the_last_refusal_is_told(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """When the attempts are used up, the error is that of the last answer."""
    server = serve(in_turn(says(THROTTLED), says(UNAVAILABLE)))

    error = caller.error(endpoint=server.url, max_retries=1)

    assert (type(error), error.status, error.attempts) == (GatewayError, 503, 2)


def test_a_certificate_that_is_not_trusted_is_not_tried_again(caller: Caller, tls_server: RawServer) -> None:
    """A TLS fault does not heal by itself; nothing was sent."""
    error = caller.error(endpoint=tls_server.url, max_retries=5)

    assert (type(error), error.sent, error.attempts) == (ConnectionFailedError, "no", 1)
    assert tls_server.received == []
