"""Requests as they go over the wire: every byte is ours, so that a request can break any rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

Header = tuple[str, str]

# Logs of the server tell the run's requests apart by it; firewalls let few requests through that have none.
USER_AGENT: Header = ("User-Agent", "secmaster-contract")


@dataclass(frozen=True, repr=False)
class Request:
    """One HTTP/1.1 request.

    `target` is the request target as sent (path and query, already encoded); `pieces`, when given, are the sizes in
    bytes of the chunks that the body travels in (the last size repeats).
    """

    method: str
    target: str
    headers: tuple[Header, ...]
    body: bytes = b""
    pieces: tuple[int, ...] = ()
    halves: bool = False

    def __repr__(self) -> str:
        # Any part of a request may hold the token; pytest shows local variables to whoever asks for them.
        return f"Request({self.method}, ...)"

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a header, whatever the case of its name."""
        return tuple(value for header, value in self.headers if header.lower() == name.lower())

    def with_header(self, name: str, *values: str) -> Request:
        """Return the request with exactly these values of a header; with none, without it."""
        kept = tuple(header for header in self.headers if header[0].lower() != name.lower())
        return replace(self, headers=(*kept, *((name, value) for value in values)))

    def with_body(self, body: bytes) -> Request:
        """Return the request with another body."""
        return replace(self, body=body)

    def named(self) -> Request:
        """Return the request with the name of this program in it, where it names none."""
        return self if self.values(USER_AGENT[0]) else replace(self, headers=(*self.headers, USER_AGENT))

    def wire(self, host: str) -> bytes:
        """Return the bytes of the whole request, Host and framing added."""
        framing = ("Transfer-Encoding", "chunked") if self.pieces else ("Content-Length", str(len(self.body)))
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in (*self.headers, framing)]
        head = "\r\n".join(lines).encode("latin-1", "backslashreplace") + b"\r\n\r\n"
        return head + (_chunked(self.body, self.pieces) if self.pieces else self.body)


def _chunked(body: bytes, pieces: Sequence[int]) -> bytes:
    parts, position, index = [], 0, 0
    while position < len(body):
        part = body[position : position + pieces[min(index, len(pieces) - 1)]]
        parts.append(b"%x\r\n%s\r\n" % (len(part), part))
        position += len(part)
        index += 1
    return b"".join([*parts, b"0\r\n\r\n"])
