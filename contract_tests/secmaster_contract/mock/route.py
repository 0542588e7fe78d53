"""Finds the operations that a request line means, from the target's bytes as they came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from secmaster_contract.mock.service import Door

_NOT_TEXT = re.compile("[\x00-\x1f\x7f\ufffd]")
_REMEMBERED = 1024
_REMEMBERED_PATH = 512  # bytes; longer paths are matched anew each time
ADMIN = "/__mock__"
PAGES = frozenset({b"/", b"/healthz", b"/openapi.yaml", b"/openapi.json"})


@dataclass(frozen=True, eq=False)
class Match:
    """The ways in to a path by method, and its parameters, decoded.

    `malformed` names the first parameter whose bytes are no text: not UTF-8, or control characters. `unfit` has what is
    wrong with the parameters by operationId, filled by whoever judges them.
    """

    doors: Mapping[str, Door]
    parameters: Mapping[str, str]
    malformed: str | None = None
    unfit: dict[str, str | None] = field(default_factory=dict[str, "str | None"])

    @property
    def name(self) -> str:
        """What a scenario calls the thing that the path names: its last parameter."""
        return ("", *self.parameters.values())[-1]


class Routes:
    """The path templates of operations; a literal segment goes before a parameter."""

    def __init__(self, doors: Iterable[Door]) -> None:
        found: dict[str, dict[str, Door]] = {}
        for door in doors:
            found.setdefault(door.operation.path, {})[door.operation.method] = door
        self._templates = [
            (_segments(path), {**({"HEAD": methods["GET"]} if "GET" in methods else {}), **methods})
            for path, methods in sorted(
                found.items(), key=lambda item: [text.startswith("{") for text in item[0].split("/")]
            )
        ]
        self._literal = {path.encode() for path in found if "{" not in path}
        self._remembered = lru_cache(_REMEMBERED)(self._match)

    def match(self, raw_path: bytes) -> Match | None:
        """Match a path without its query; None where it is another path, or a page of this server.

        Segments are split before they are decoded (RFC 3986 section 2.4), so an encoded slash stays in its segment.
        """
        return self._remembered(raw_path) if len(raw_path) <= _REMEMBERED_PATH else self._match(raw_path)

    def _match(self, raw_path: bytes) -> Match | None:
        if is_page(raw_path) and raw_path not in self._literal:
            return None
        given = raw_path.split(b"/")
        for segments, doors in self._templates:
            if len(given) == len(segments) and (match := _fit(given, segments, doors)):
                return match
        return None


def is_page(raw_path: bytes) -> bool:
    """Say whether a path is one of this server's own pages."""
    return raw_path in PAGES or raw_path.startswith(f"{ADMIN}/".encode())


def _segments(path: str) -> list[tuple[str | None, bytes]]:
    return [
        (segment[1:-1], b"") if segment.startswith("{") else (None, segment.encode()) for segment in path.split("/")
    ]


def _fit(given: list[bytes], segments: list[tuple[str | None, bytes]], doors: Mapping[str, Door]) -> Match | None:
    parameters: dict[str, str] = {}
    malformed = None
    for (name, literal), segment in zip(segments, given, strict=True):
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
    return Match(doors, parameters, malformed)
