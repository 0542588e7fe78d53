# Copied from openapi/generator/runtime/_exchange.py by `make generate`; do not edit.
"""
What the ways to send have in common: the request without its secret, the body read within its limit, faults named.
"""

import ssl
import sys
from collections.abc import AsyncIterable, Iterable
from typing import Final

import httpcore2
from attrs import evolve

from ._attempt import Attempt
from ._raw_answer import Failure, RawAnswer

_TIMEOUTS: Final = (httpcore2.TimeoutException, TimeoutError)
_LATE: Final = "it did not arrive by the deadline"

Headers = list[tuple[bytes, bytes]]


def _is_timeout(error: Exception | None) -> bool:
    # Only a transport of the user's raises httpx2's own, and it has loaded httpx2, which takes time and memory.
    httpx2 = sys.modules.get("httpx2")
    return isinstance(error, _TIMEOUTS) or (httpx2 is not None and isinstance(error, httpx2.TimeoutException))


def _reason(error: BaseException) -> str:
    # anyio's faults have no text, but a cause that has; httpcore2's errors hold theirs as argument.
    if text := str(error):
        return text
    held = (argument for argument in error.args if isinstance(argument, BaseException))
    cause = error.__cause__ or next(held, None)
    return "" if cause is None else _reason(cause)


def failed(error: Exception, attempt: Attempt) -> Failure:
    """
    The fault that kept an answer from coming.
    """
    reason = _reason(error)
    return Failure(
        defect=attempt.secret.mask(f"{type(error).__name__}: {reason}" if reason else type(error).__name__),
        sent="maybe" if attempt.written else "no",
        timed_out=_is_timeout(error),
        hopeless=any(isinstance(reason, ssl.SSLError) for reason in error.args),  # httpcore2's errors hold their cause
    )


def expired(attempt: Attempt) -> RawAnswer | Failure:
    """
    What there is when the deadline cancels an attempt.
    """
    if attempt.answer is not None:
        return evolve(attempt.answer, defect=_LATE, timed_out=True)
    return Failure("the deadline passed", "maybe" if attempt.written else "no", timed_out=True)


class _Collected:
    # The body of an answer as it grows.
    def __init__(self, attempt: Attempt, limit: int) -> None:
        self.attempt = attempt
        self.limit = limit
        self.content = bytearray()  # no list of parts: a chunk of one octet would cost fifty

    def add(self, chunk: bytes) -> bool:
        """
        Whether to go on.
        """
        self.content += chunk
        return len(self.content) <= self.limit and self.attempt.remaining() > 0

    def answer(self, head: RawAnswer, error: Exception | None = None) -> RawAnswer:
        """
        The whole answer.
        """
        body = bytes(memoryview(self.content)[: self.limit])
        if len(self.content) > self.limit:
            return evolve(head, body=body, defect=f"it is larger than {self.limit} bytes")
        if _is_timeout(error) or self.attempt.remaining() <= 0:
            return evolve(head, body=body, defect=_LATE, timed_out=True)
        return evolve(head, body=body, defect=self._fault(error))

    def _fault(self, error: Exception | None) -> str:
        return "" if error is None else self.attempt.secret.mask(f"it broke off: {_reason(error) or 'no reason known'}")


def read_body(head: RawAnswer, chunks: Iterable[bytes], attempt: Attempt, limit: int) -> RawAnswer:
    """
    The answer with its body, read no further than the limit.
    """
    collected = _Collected(attempt, limit)
    try:
        for chunk in chunks:
            if not collected.add(chunk):
                break
    except Exception as error:  # noqa: BLE001 - every fault of the network ends in one typed error
        return collected.answer(head, error)
    return collected.answer(head)


async def read_body_async(head: RawAnswer, chunks: AsyncIterable[bytes], attempt: Attempt, limit: int) -> RawAnswer:
    """
    The same for asyncio.
    """
    collected = _Collected(attempt, limit)
    try:
        async for chunk in chunks:
            if not collected.add(chunk):
                break
    except Exception as error:  # noqa: BLE001 - every fault of the network ends in one typed error
        return collected.answer(head, error)
    return collected.answer(head)
