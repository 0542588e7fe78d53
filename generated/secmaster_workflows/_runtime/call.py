# Copied from openapi/generator/runtime/_runtime/call.py by `make generate`; do not edit.
"""
One call: the attempts to have its request answered, and when there is another.
"""

import random
import time
from typing import Final

from .answer import Failure, RawAnswer, decode_body, retry_after
from .meaning import no_answer
from .options import AttemptRecord, Settings
from .request import Attempt, Request
from .secret import Secret
from .watch import Watch

_THROTTLED: Final = 429  # not carried out (RFC 6585, 4); of another status that is for the user to say
_UNAUTHORIZED: Final = 401
_FIRST_WAIT: Final = 0.25
_LONGEST_WAIT: Final = 5.0


class Call:
    """
    The state of one call. `begun` and `deadline` are when it began and must end, on the monotonic clock.
    """

    __slots__ = (
        "_elapsed",
        "_renewed",
        "_settings",
        "_started",
        "attempts",
        "begun",
        "deadline",
        "request",
        "secret",
        "watch",
    )

    def __init__(self, request: Request, secret: Secret, settings: Settings, begun: float) -> None:
        self.request = request
        self.secret = secret
        self.begun = begun
        self.deadline = begun + settings.timeout
        self.watch = Watch(request, settings)
        self.attempts = 0
        self._settings = settings
        self._started = self._elapsed = 0.0
        self._renewed: bool | None = None  # whether the token was just renewed; it is once at most

    def attempt(self) -> Attempt:
        """
        The next attempt.
        """
        self.attempts += 1
        self._started = time.monotonic()
        return Attempt(self.request, self.secret, self.deadline, self._settings)

    def end_attempt(self, outcome: RawAnswer | Failure) -> bool:
        """
        Notes that the attempt is over. Whether another token may help.
        """
        self._elapsed = time.monotonic() - self._started
        refused = outcome.status == _UNAUTHORIZED and self.request.token is not None
        return refused and self._renewed is None and self.attempts <= self._settings.max_retries

    def renew(self, secret: Secret) -> None:
        """
        Uses another token from now on.
        """
        self._renewed = not secret.is_same(self.secret)
        self.secret = self.secret.followed_by(secret)

    def next_wait(self, outcome: RawAnswer | Failure) -> float | None:
        """
        Seconds until the request may be sent again, None if it must not be. Observers are told.
        """
        wait = self._wait(outcome)
        record = AttemptRecord(
            command=self.request.name,
            method=self.request.method,
            url=self.request.url,
            number=self.attempts,
            sent=outcome.sent,
            status=outcome.status,
            fault=outcome.defect,
            elapsed=self._elapsed,
            wait=wait,
        )
        self.watch.tell(record)
        return wait

    def _wait(self, outcome: RawAnswer | Failure) -> float | None:
        if self.attempts > self._settings.max_retries:
            return None
        if self._renewed:
            self._renewed = False
            return 0.0 if time.monotonic() < self.deadline else None
        asked: float | None = None
        if isinstance(outcome, Failure):
            if outcome.hopeless or (outcome.sent != "no" and not self.request.repeatable):
                return None
        else:
            repeatable = outcome.status == _THROTTLED or outcome.status in self._settings.retry_on
            if not repeatable or outcome.timed_out:
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
