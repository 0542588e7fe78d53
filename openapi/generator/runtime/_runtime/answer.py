"""
An answer as it came, before it is said what it means; or why there is none.
"""

import time
import zlib
from collections.abc import Sequence
from typing import Final

from attrs import evolve, field, frozen

from secmaster_workflows.errors import Sent

from .request import Attempt
from .secret import Secret

_FOREVER: Final = 1e9  # seconds; a longer wait ends nobody's waiting, and time.sleep() may refuse it


class Fault(Exception):
    """
    What keeps a request from being sent or an answer from coming: the network's fault, nobody else's.

    Attributes:
        timed_out: Whether it is that the time is over.
        hopeless: Whether trying again cannot help.
    """

    def __init__(self, reason: str, *, timed_out: bool = False, hopeless: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out
        self.hopeless = hopeless


@frozen
class RawAnswer:
    """
    An answer as it came. `defect` says why the body is not all that was sent, "" if it is.
    """

    status: int
    headers: dict[str, str] = field(repr=False)  # they and the body may echo the token
    body: bytes = field(repr=False)
    defect: str = ""
    timed_out: bool = False
    sent: Sent = "answered"


@frozen
class Failure:
    """
    No answer came; `defect` says why.
    """

    defect: str
    sent: Sent
    timed_out: bool = False
    hopeless: bool = False
    status: None = None


def received(attempt: Attempt, limit: int, fault: Fault | None = None) -> RawAnswer | Failure:
    """
    What an attempt has come to, by a fault or without one.
    """
    reason = "" if fault is None else attempt.secret.mask(str(fault))
    timed_out = fault is not None and fault.timed_out
    if not attempt.status:
        sent: Sent = "maybe" if attempt.written else "no"
        return Failure(reason, sent, timed_out, hopeless=fault is not None and fault.hopeless)
    if len(attempt.content) > limit:
        reason, timed_out = f"it is larger than {limit} bytes", False
    elif timed_out:
        reason = "it did not arrive by the deadline"
    elif reason:
        reason = f"it broke off: {reason}"
    body = bytes(memoryview(attempt.content)[:limit])
    return RawAnswer(attempt.status, attempt.headers, body, reason, timed_out)


def gather_headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """
    Header fields by lower-case name; repeated ones are joined (RFC 9110, 5.3).
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def decode_body(answer: RawAnswer, limit: int, secret: Secret) -> RawAnswer:
    """
    The answer with its content coding undone, within the limit.

    None is asked for; some servers use gzip all the same.
    """
    stated = answer.headers.get("content-encoding", "identity").strip()
    coding = stated.lower()
    if coding in {"identity", ""}:
        return answer
    if coding not in {"gzip", "x-gzip", "deflate"}:
        return evolve(answer, body=b"", defect=secret.mask(f"its content coding {stated!r} is not known"))
    decompressor = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        body = decompressor.decompress(answer.body, limit + 1)
    except zlib.error:
        return evolve(answer, body=b"", defect=f"it is not {coding} as it says")
    defect = answer.defect
    if len(body) > limit:
        defect = f"it is larger than {limit} bytes"
    elif not decompressor.eof or decompressor.unused_data:
        defect = defect or f"it is not {coding} as it says"
    return evolve(answer, body=body[:limit], defect=defect)


def masked(answer: RawAnswer, secret: Secret) -> RawAnswer:
    """
    The answer without the token that it may echo.
    """
    headers = {secret.mask_name(name): secret.mask(value) for name, value in answer.headers.items()}
    return evolve(answer, headers=headers, body=secret.mask_bytes(answer.body))


def retry_after(headers: dict[str, str]) -> float | None:
    """
    Seconds to wait, from Retry-After in either of its forms (RFC 9110, 10.2.3).
    """
    value = headers.get("retry-after", "").strip()
    repeated = [part.strip() for part in value.split(",")]
    if value.isascii() and all(part.isdecimal() for part in repeated):
        return min(max(float(part) for part in repeated), _FOREVER)
    if not value:
        return None
    import email.utils  # noqa: PLC0415 - slow, and hardly ever needed

    try:
        seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
    except (ValueError, OverflowError, OSError):
        return None
    return min(max(0.0, seconds), _FOREVER)
