"""Finds the operation that a request line means, from the target's bytes as they came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from openapi_contract import Spec

_NOT_TEXT = re.compile("[\x00-\x1f\x7f\ufffd]")
_REMEMBERED = 1024
_REMEMBERED_PATH = 512  # bytes; longer paths are matched anew each time


@dataclass(frozen=True)
class Match:
    """
    The path parameters of a request, decoded.

    `malformed` names the first parameter whose bytes are no text: not UTF-8, or control characters.
    """

    parameters: Mapping[str, str]
    malformed: str | None = None


class Route:
    """The path template of the contract's operation."""

    def __init__(self, spec: Spec) -> None:
        self._segments = tuple(
            (segment[1:-1], b"") if segment.startswith("{") else (None, segment.encode())
            for segment in spec.path.split("/")
        )
        self._remembered = lru_cache(_REMEMBERED)(self._match)

    def match(self, raw_path: bytes) -> Match | None:
        """
        Match a path without its query; None where it is another path.

        Segments are split before they are decoded (RFC 3986 section 2.4), so an encoded slash stays in its segment.
        """
        return self._remembered(raw_path) if len(raw_path) <= _REMEMBERED_PATH else self._match(raw_path)

    def _match(self, raw_path: bytes) -> Match | None:
        given = raw_path.split(b"/")
        if len(given) != len(self._segments):
            return None
        parameters: dict[str, str] = {}
        malformed = None
        for (name, literal), segment in zip(self._segments, given, strict=True):
            decoded = unquote_to_bytes(segment)
            if name is None:
                if decoded != literal:
                    return None
                continue
            # RFC 3986 section 6.2.2.3: dot segments are removed before a path means anything.
            if decoded in {b"", b".", b".."}:
                return None
            text = decoded.decode("utf-8", "replace")
            if malformed is None and _NOT_TEXT.search(text):
                malformed = name
            parameters[name] = text
        return Match(parameters, malformed)
