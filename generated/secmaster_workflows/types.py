# Copied from openapi/generator/runtime/types.py by `make generate`; do not edit.
"""
Types that the generated modules share.
"""

from collections.abc import Mapping
from typing import Final, Generic, Literal, TypeVar, final

from attrs import frozen

T = TypeVar("T")


@final
class Unset:
    """
    The type of `UNSET`, which stands for a field that is absent. It is false.
    """

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


@frozen
class Response(Generic[T]):
    """
    An answer as it came, whatever its status.

    Attributes:
        status_code: The HTTP status.
        headers: The headers, names in lower case, repeated ones joined by ", ".
        content: The body, at most as long as the client's `max_answer_bytes`.
        parsed: The documented shape of this status, or None if the body has another.
        fault: Why the body is not all that was sent, "" if it is.
        late: Whether that is because the deadline passed.
    """

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    parsed: T | None
    fault: str = ""
    late: bool = False
