"""Reads JSON as RFC 8259 states it, and says what is wrong or unclear about a text that is not plainly JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

# RFC 8259 section 9 lets a parser bound depth; none of the contract's values nests deeper than an object.
MAX_DEPTH = 200
_LARGEST = 400  # decimal digits; no rule of a contract needs more, and validators fail at some thousand
_BOM = b"\xef\xbb\xbf"
# The closing quote is optional: a string without one is scanned once, and not again from each quote inside it.
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_EXTREME = re.compile(r"\d{300}|[eE][+-]?\d{3}", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class NotJson(Exception):
    """The bytes are not one JSON value in UTF-8."""

    reason: str
    # True where RFC 8259 section 9 lets a parser take the text all the same (an extension of the grammar).
    tolerable: bool = False

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class Reading:
    """A JSON text as parsed: `value` by the last of repeated names, `first` by the first of them.

    `unclear` names what RFC 8259 leaves to the parser: repeated names, lone surrogates, depth. `rounded` is true where
    a number is beyond what parsers keep (RFC 8259 section 6) and stands in `value` as another one.
    """

    value: Any
    first: Any
    unclear: tuple[str, ...] = ()
    rounded: bool = False


class _Pairs:
    """Collects objects under both readings of repeated names."""

    def __init__(self, *, last: bool) -> None:
        self.last = last
        self.repeated: list[str] = []

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, value in pairs:
            if name in members:
                self.repeated.append(name)
                if not self.last:
                    continue
            members[name] = value
        return members


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) < _LARGEST else _number(text)


def _no_constant(name: str) -> NoReturn:
    raise NotJson(f"holds {name}, which JSON does not have", tolerable=True)


def _parse(text: str, pairs: _Pairs) -> Any:
    return _decoder(pairs).decode(text)


def _decoder(pairs: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=pairs, parse_constant=_no_constant, parse_int=_integer, parse_float=_number
    )


class _RepeatedError(Exception):
    """An object repeats a name."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedError
    return members


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:  # the exponent is beyond even this type
        value = Decimal(f"{'-' * text.startswith('-')}1E{'-' if 'e-' in text.lower() else '+'}{_LARGEST}")
    if value and abs(value.adjusted()) >= _LARGEST:
        return Decimal(1).scaleb(_LARGEST if value.adjusted() > 0 else -_LARGEST).copy_sign(value)
    return value


def _nests_too_deeply(text: str) -> bool:
    depth = 0
    for token in _STRUCTURE.finditer(text):
        depth += _STEPS.get(token[0], 0)
        if depth > MAX_DEPTH:
            return True
    return False


# Most texts repeat no name and are read once.
_PLAIN = _decoder(_unique)


def read(data: bytes) -> Reading:
    """Read one JSON value from UTF-8 bytes.

    Raises:
        NotJson: The bytes are not UTF-8, not one JSON value, or hold an extension such as NaN or a byte order mark.
    """
    if data.startswith(_BOM):
        # RFC 8259 section 8.1: not to be added, but a parser may ignore it.
        raise NotJson("begins with a byte order mark", tolerable=True)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"is not UTF-8 at byte {error.start}", tolerable=_encodes_surrogates(data)) from None
    if not text.strip(" \t\n\r"):
        raise NotJson("is empty" if not text else "holds white space alone")
    unclear: list[str] = []
    if text.count("[") + text.count("{") > MAX_DEPTH and _nests_too_deeply(text):
        raise NotJson(f"nests deeper than {MAX_DEPTH}", tolerable=True)
    last, first = _Pairs(last=True), _Pairs(last=False)
    try:
        try:
            value = earliest = _PLAIN.decode(text)
        except _RepeatedError:
            value, earliest = _parse(text, last), _parse(text, first)
    except json.JSONDecodeError as error:
        raise NotJson(f"is not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise NotJson("nests too deeply", tolerable=True) from None
    if last.repeated:
        names = ", ".join(sorted(set(last.repeated)))
        unclear.append(f"repeats the name {names}")
    if "\\u" in text and _SURROGATE.search(json.dumps(value, ensure_ascii=False, default=str)):
        unclear.append("escapes a lone surrogate")
        value, earliest = without_surrogates(value), without_surrogates(earliest)
    return Reading(value, earliest, tuple(unclear), rounded=bool(_EXTREME.search(text)) and _is_rounded(value))


def _is_rounded(value: Any) -> bool:
    """Whether a value holds a number that stands for one beyond the limit."""
    match value:
        case Decimal():
            return bool(value) and abs(value.adjusted()) >= _LARGEST
        case list():
            return any(map(_is_rounded, value))
        case dict():
            return any(map(_is_rounded, value.values()))
        case _:
            return False


def _encodes_surrogates(data: bytes) -> bool:
    """Whether surrogates in three bytes each (CESU-8) are all that is wrong; several parsers take them."""
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def without_surrogates(value: Any) -> Any:
    """Return the value with each lone surrogate replaced, since validators take only well-formed text."""
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case list():
            return [without_surrogates(item) for item in value]
        case dict():
            return {without_surrogates(name): without_surrogates(item) for name, item in value.items()}
        case _:
            return value
