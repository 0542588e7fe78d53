"""
What one attempt of a call is doing, known to all that works for it: the network, the log filter.
"""

import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ._raw_answer import RawAnswer
    from ._secret import Secret


class Attempt:
    """
    The state of one attempt.

    Attributes:
        deadline: When it must end, on the monotonic clock.
        connect_timeout: Seconds for one connection to be made.
        secret: The token, to be masked.
        written: Whether a byte of the request may have left.
        answer: The answer as far as it has come, None before its status line and headers.
    """

    __slots__ = ("answer", "connect_timeout", "deadline", "secret", "written")

    def __init__(self, deadline: float, connect_timeout: float, secret: "Secret") -> None:
        self.deadline = deadline
        self.connect_timeout = connect_timeout
        self.secret = secret
        self.written = False
        self.answer: RawAnswer | None = None

    def remaining(self) -> float:
        """
        Seconds until the deadline; not positive once it has passed.
        """
        return self.deadline - time.monotonic()


CURRENT: Final[ContextVar[Attempt]] = ContextVar("secmaster_workflows_attempt")
