# Copied from openapi/generator/runtime/_raw_answer.py by `make generate`; do not edit.
"""
An answer as it came, before it is said what it means.
"""

import time
import zlib
from collections.abc import Sequence
from typing import Final

from attrs import evolve, field, frozen

from ._secret import Secret
from .errors import Sent

_FOREVER: Final = 1e9  # seconds; a longer wait ends nobody's waiting, and time.sleep() may refuse it


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
    hopeless: bool = False  # trying again cannot help
    status: None = None


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
    return evolve(
        answer,
        headers=_masked_headers(answer, secret),
        body=secret.mask_bytes(answer.body),
    )


def _masked_headers(answer: RawAnswer, secret: Secret) -> dict[str, str]:
    return {secret.mask(name): secret.mask(value) for name, value in answer.headers.items()}


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
