"""One request as the server's parts read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from secmaster_contract.mock.answers import Header
from secmaster_contract.mock.route import Match


@dataclass(slots=True)
class Request:
    """A request to an operation, its headers sorted by what they are for.

    `length` is what Content-Length announces, 0 where it announces nothing.
    """

    match: Match
    target: bytes
    headers: Iterable[Header]
    request_id: bytes
    tokens: tuple[str, ...]
    content_types: tuple[str, ...]
    encodings: tuple[str, ...]
    prefer: tuple[str, ...]
    length: int

    @classmethod
    def of(
        cls, match: Match, target: bytes, headers: Iterable[Header], request_id: bytes, token_header: bytes
    ) -> Request:
        """Sort the headers, whose names are in lower case as ASGI has them."""
        tokens: tuple[str, ...] = ()
        content_types: tuple[str, ...] = ()
        encodings: tuple[str, ...] = ()
        prefer: tuple[str, ...] = ()
        length = 0
        for name, value in headers:
            if name == token_header:
                tokens += (value.decode("latin-1"),)
            elif name == b"content-type":
                content_types += (value.decode("latin-1"),)
            elif name == b"content-encoding":
                encodings += (value.decode("latin-1"),)
            elif name == b"prefer":
                prefer += (value.decode("latin-1"),)
            elif name == b"content-length" and value.isdigit():
                # Longer numbers than any body are as good as the largest that is told apart.
                length = int(value[:18])
        return cls(match, target, headers, request_id, tokens, content_types, encodings, prefer, length)
