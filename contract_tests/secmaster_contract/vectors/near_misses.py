"""Tokens that differ from the right one in one character: what a comparison of a part, a hash or a length takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def _changed(token: str, at: int) -> str:
    return token[:at] + ("A" if token[at : at + 1] != "A" else "B") + token[at + 1 :]


NEAR_MISSES: Mapping[str, Callable[[str], str]] = {
    "changed-head": lambda token: _changed(token, 0),
    "changed-middle": lambda token: _changed(token, len(token) // 2),
    "changed-tail": lambda token: _changed(token, len(token) - 1),
}
