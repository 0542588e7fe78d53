"""A request and what came back for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from secmaster_contract.wire.coding import uncompressed
from secmaster_contract.wire.request import Request


@dataclass(repr=False)
class Exchange:
    """A request and what came back: an answer (`status` is set) or the reason why there is none (`trouble`).

    `framing` names what the answer does against RFC 9112; `seconds` is the time from the first byte out to the last in.
    """

    request: Request
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    trouble: str | None = None
    timed_out: bool = False
    framing: list[str] = field(default_factory=list)
    seconds: float = 0.0
    stale: bool = False

    def __repr__(self) -> str:
        return f"Exchange({self.request}, {self.status})"

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of an answer's header, whatever the case of its name."""
        return tuple(value for header, value in self.headers if header.lower() == name.lower())

    @property
    def content(self) -> bytes:
        """The body as it was before the server compressed it.

        RFC 9110 section 12.5.3: a request that names no coding is content with any.
        """
        codings = ",".join(self.values("Content-Encoding")).lower().split(",")
        return uncompressed(self.body, [name.strip() for name in reversed(codings)])
