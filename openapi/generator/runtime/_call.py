"""
One call: the request, the attempts to have it answered, and who is told of them.
"""

import logging
import random
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

from attrs import frozen

from ._answer import no_answer
from ._attempt import Attempt
from ._options import AttemptRecord, Settings
from ._raw_answer import Failure, RawAnswer, decode_body, retry_after
from ._secret import Secret
from ._target import Target
from .errors import CallError

_LOGGER: Final = logging.getLogger("secmaster_workflows")
_REPEATABLE: Final = frozenset({429, 503})  # refused for now: RFC 6585, 4 and RFC 9110, 15.6.4
_FIRST_WAIT: Final = 0.25
_LONGEST_WAIT: Final = 5.0


@frozen
class Prepared:
    """
    A checked request that waits for its token. `deadline` is when the call must end, on the monotonic clock.
    """

    target: Target
    command: str
    body: bytes
    deadline: float


class Call:
    """
    The state of one call.
    """

    __slots__ = ("_settings", "_started", "attempts", "body", "command", "deadline", "secret", "target")

    def __init__(self, prepared: Prepared, secret: Secret, settings: Settings) -> None:
        self.target = prepared.target
        self.command = prepared.command
        self.body = prepared.body
        self.secret = secret
        self.deadline = prepared.deadline
        self.attempts = 0
        self._settings = settings
        self._started = 0.0

    def attempt(self) -> Attempt:
        """
        The next attempt.
        """
        self.attempts += 1
        self._started = time.monotonic()
        return Attempt(self.deadline, self._settings.connect_timeout, self.secret)

    def next_wait(self, outcome: RawAnswer | Failure) -> float | None:
        """
        Seconds until the request may be sent again, None if it must not be. Observers are told.
        """
        wait = self._wait(outcome)
        record = AttemptRecord(
            command=self.command,
            method=self.target.method,
            url=self.target.url,
            number=self.attempts,
            sent=outcome.sent,
            status=outcome.status,
            fault=outcome.defect,
            elapsed=time.monotonic() - self._started,
            wait=wait,
        )
        if _LOGGER.isEnabledFor(logging.DEBUG):
            _LOGGER.debug("%s", _sentence(record))
        if self._settings.on_attempt is not None:
            try:
                self._settings.on_attempt(record)
            except Exception:  # an observer's fault must not hide how the call ended
                _LOGGER.exception("on_attempt failed")
        return wait

    def _wait(self, outcome: RawAnswer | Failure) -> float | None:
        if self.attempts > self._settings.max_retries:
            return None
        asked: float | None = None
        if isinstance(outcome, Failure):
            if outcome.sent != "no" or outcome.hopeless:
                return None
        else:
            if outcome.status not in _REPEATABLE or outcome.timed_out:
                return None
            asked = retry_after(outcome.headers)
        longest = min(_FIRST_WAIT * 2.0 ** (self.attempts - 1), _LONGEST_WAIT)
        jitter = random.uniform(0.5, 1.0) * longest  # noqa: S311 - spreads clients in time; not a secret
        wait = jitter if asked is None else asked + jitter
        return wait if wait < self.deadline - time.monotonic() else None

    def settle(self, outcome: RawAnswer | Failure) -> RawAnswer:
        """
        The answer, decoded.

        Raises:
            CallError: There is none.
        """
        if isinstance(outcome, Failure):
            raise no_answer(outcome, self.attempts)
        return decode_body(outcome, self._settings.max_answer_bytes, self.secret)


def _sentence(record: AttemptRecord) -> str:
    outcome = record.fault if record.status is None else f"HTTP {record.status}"
    following = "" if record.wait is None else f"; again in {record.wait:.2f} s"
    place = f"{record.method} {record.url} {record.command}"
    return f"{place}, attempt {record.number}: {outcome} after {record.elapsed:.3f} s{following}"


_tracer: Any = None


def _find_tracer() -> Any:
    global _tracer  # noqa: PLW0603 - looked up once, when the first call is made
    if _tracer is None:
        try:
            from opentelemetry import trace  # noqa: PLC0415 - optional
        except ImportError:
            _tracer = False
        else:
            _tracer = trace.get_tracer("secmaster_workflows")
    return _tracer


@contextmanager
def traced(call: Call) -> Generator[None]:
    """
    An OpenTelemetry client span around the call, if opentelemetry is installed.
    """
    tracer = _find_tracer()
    if not tracer:
        yield
        return
    from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415 - optional

    attributes = {
        "http.request.method": call.target.method,
        "server.address": call.target.host,
        "server.port": call.target.port,
        "url.full": call.target.url,
        "secmaster.command": call.command,
    }
    with tracer.start_as_current_span(
        f"{call.target.method} {call.command}",
        kind=SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
            span.set_attribute("http.response.status_code", 200)
        except CallError as error:
            span.set_attribute("error.type", type(error).__name__)
            if error.status is not None:
                span.set_attribute("http.response.status_code", error.status)
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            span.set_attribute("http.request.resend_count", max(call.attempts - 1, 0))
