"""The token stays in this process: what is written or shown has a placeholder in its place, however it was spelled.

Requests made from the token keep their meaning: `${X_AUTH_TOKEN|reversed}` says how the original was derived, so that a
recorded request can be sent again by whoever has the token.
"""

from __future__ import annotations

import base64
import html
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from secmaster_contract.vectors.near_misses import NEAR_MISSES

NAME = "X_AUTH_TOKEN"
PLAIN = f"${{{NAME}}}"
_SHORTEST = 8  # characters; forms derived from a shorter token would match ordinary text
TELLING = 24  # characters of a good token that are as bad to show as all of it
_WITHHELD = "[withheld: it holds the token in another spelling]"
_MOST_UNPACKED = 1 << 24  # bytes that a compressed body is unpacked to in the search for the token

# How requests of the catalogue spell the token, longest first where one holds another.
_FORMS: Mapping[str, Callable[[str], str]] = {
    "percent": lambda token: "".join(f"%{byte:02x}" for byte in token.encode("utf-8", "surrogateescape")),
    "quoted": lambda token: quote(token, safe=""),
    "in-json": lambda token: json.dumps(token)[1:-1],
    "in-html": html.escape,
    "reversed": lambda token: token[::-1],
    "swapped": str.swapcase,
    "shorter": lambda token: token[:-1],
    **NEAR_MISSES,
}


def placeholder(form: str = "") -> str:
    """Return what stands for the token, or for a text derived from it."""
    return f"${{{NAME}|{form}}}" if form else PLAIN


class Redactor:
    """Takes one token out of texts, bytes and JSON values, and puts it back into recorded requests."""

    def __init__(self, token: str) -> None:
        self._token = token
        forms = {PLAIN: token} if token else {}
        if len(token) >= _SHORTEST:
            for name, spell in _FORMS.items():
                if spell(token) not in forms.values():
                    forms[placeholder(name)] = spell(token)
        self._forms = forms
        self._needles = tuple(_needles(token)) if len(token) >= _SHORTEST else ()

    def __repr__(self) -> str:
        return "Redactor(...)"

    def text(self, text: str) -> str:
        """Return a text without the token; one that hides it in an encoding is withheld as a whole."""
        for mark, form in self._forms.items():
            if form in text:
                text = text.replace(form, mark)
        return _WITHHELD if self._hides(text) else text

    def value(self, value: Any) -> Any:
        """Return a JSON value, each of its texts without the token."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(str(key)): self.value(item) for key, item in value.items()}
            case list() | tuple():
                return [self.value(item) for item in value]
            case _:
                return value

    def body(self, body: bytes, encoding: str = "") -> dict[str, str]:
        """Return a body as `body` (text), as `body_base64` where it is not UTF-8, or `body_withheld` with the reason.

        `encoding` is the message's Content-Encoding: what cannot be unpacked cannot be searched, and is withheld.
        """
        try:
            return {"body": self.text(body.decode("utf-8"))}
        except UnicodeDecodeError:
            pass
        marked = body
        for mark, form in self._forms.items():
            marked = marked.replace(form.encode("utf-8", "surrogateescape"), mark.encode())
        if encoding.strip().lower() not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            return {"body_withheld": f"its Content-Encoding, {encoding}, cannot be searched for the token"}
        if any(self._shows(view) for view in _views(marked)):
            return {"body_withheld": "it holds the token in another spelling"}
        return {"body_base64": base64.b64encode(marked).decode("ascii")}

    def restore(self, text: str) -> str:
        """Put the token back where a placeholder stands."""
        for name in ("", *_FORMS):
            mark = placeholder(name)
            if mark in text:
                text = text.replace(mark, _FORMS[name](self._token) if name else self._token)
        return text

    def restore_bytes(self, data: bytes) -> bytes:
        """Put the token back into bytes."""
        return self.restore(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _shows(self, text: str) -> bool:
        plain = any(form in text for form in self._forms.values())
        return plain or self._hides(text)

    def _hides(self, text: str) -> bool:
        if not self._needles:
            return False
        if any(needle in text for needle in self._needles):
            return True
        lower = text.lower()
        if self._token.encode("utf-8", "surrogateescape").hex() in lower:
            return True
        return any(self._token in view for view in _unescaped(text))


def _needles(token: str) -> Iterator[str]:
    """Yield the token in another case, its ends, and the inner part of its base64.

    Base64 differs by the place, of three, that the token begins at, and by its alphabet, of two.
    """
    yield from {token.upper(), token.lower(), token[:TELLING], token[-TELLING:]} - {token}
    data = token.encode("utf-8", "surrogateescape")
    for shift in range(3):
        encoded = base64.b64encode(b"\x00" * shift + data + b"\x00" * 3).decode()
        whole = (shift + len(data)) * 8 // 6
        inner = encoded[-(-shift * 8 // 6) : whole]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")


def _unescaped(text: str) -> Iterator[str]:
    """Yield a text with the escapes of JSON, URLs and HTML undone, alone and one upon the other."""
    views = [text]
    if "\\" in text:
        views.append(_without_backslashes(text))
    views += [unquote(view, errors="replace") for view in tuple(views) if "%" in view]
    views += [html.unescape(view) for view in tuple(views) if "&" in view]
    yield from views[1:]


def _without_backslashes(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else match[3]

    return re.sub(r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", character, text)


def _views(body: bytes) -> Iterator[str]:
    """Yield bytes as the texts that they may be: as they are, in UTF-16, unpacked."""
    yield body.decode("latin-1")
    yield body.decode("utf-16-le", "replace")
    yield body.decode("utf-16-be", "replace")
    for bits in (31, 15, -15):
        unpack = zlib.decompressobj(bits)
        try:
            unpacked = unpack.decompress(body, _MOST_UNPACKED)
        except zlib.error:
            continue
        if unpacked:
            yield unpacked.decode("utf-8", "replace")
