"""Values and names that break one rule: what a generator of single faults puts in place of what is right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

# One value of each JSON type, and each container holding what would be right on its own.
RIGHT = object()
_BY_TYPE: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "null": (("null", None),),
    "boolean": (("true", True), ("false", False)),
    "integer": (("zero", 0), ("integer", 7)),
    "number": (("fraction", 1.5),),
    "string": (("text", "7"),),
    "array": (("empty-array", []), ("array-of-right", [RIGHT])),
    "object": (("empty-object", {}), ("object-of-right", {"value": RIGHT})),
}
_IS_ALSO = {"integer": "number"}

# The kinds of fault that single commands are known to get wrong; the others are shared out among the commands.
TELLING_TYPES = frozenset({"null", "integer", "array-of-right", "object-of-right"})
TELLING_NEIGHBOURS = frozenset({"lower-case", "own-word", "own-word-lower-case", "space-behind", "prefix", "ordinal"})


def _filled(value: Any, right: Any) -> Any:
    if value is RIGHT:
        return right
    if isinstance(value, list):
        return [_filled(item, right) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, right) for name, item in value.items()}
    return value


def wrong_types(schema: Mapping[str, Any], right: Any) -> Iterator[tuple[str, Any]]:
    """Yield a name and a value for each JSON type that the schema's `type` leaves out.

    Where text holds JSON, what it holds comes last: the likeliest of all to stand in its place.
    """
    allowed = schema.get("type", list(_BY_TYPE))
    allowed = {allowed} if isinstance(allowed, str) else set(allowed)
    for kind, values in _BY_TYPE.items():
        if kind not in allowed and _IS_ALSO.get(kind) not in allowed:
            for name, value in values:
                yield name, _filled(value, right)
    if schema.get("contentMediaType") == "application/json" and "string" in allowed:
        yield from _parsed(right)


def _parsed(text: str) -> Iterator[tuple[str, Any]]:
    with suppress(ValueError):
        value = json.loads(text)
        if not isinstance(value, str):
            yield "parsed", value


def limit_breakers(schema: Mapping[str, Any], right: Any) -> Iterator[tuple[str, Any]]:
    """Yield values that may break one of the schema's other keywords; the oracle says which do and which rule."""
    if isinstance(right, str):
        lengths = [schema.get("minLength", 1) - 1, schema.get("maxLength", -2) + 1]
        for length in lengths:
            if length >= 0:
                yield f"{length}-characters", (right * (length // max(1, len(right)) + 1))[:length]
        yield from (("space", " "), ("punctuation", "!?"), ("digits", "0123"), ("letters", "abcd"), ("long", right * 2))
        yield "line-break-behind", f"{right}\n"
    if isinstance(right, int | float):
        yield from (("below", schema.get("minimum", 0) - 1), ("above", schema.get("maximum", 0) + 1))


def other_names(name: str) -> Iterator[tuple[str, str]]:
    """Yield names that a reader who is too kind may take for a property's name."""
    words = name.replace("-", "_").split("_")
    camel = words[0] + "".join(word.title() for word in words[1:])
    variants = {
        "camel-case": camel,
        "pascal-case": camel[:1].upper() + camel[1:],
        "upper-case": name.upper(),
        "title-case": name[:1].upper() + name[1:],
        "hyphens": name.replace("_", "-"),
        # The page itself writes input_dataobject so in one place (Table 3, command_type, Constraints).
        "joined": name.replace("_", ""),
        "space-behind": f"{name} ",
        "space-before": f" {name}",
        "last-word": words[-1],
        "first-word": words[0],
    }
    seen = {name}
    for kind, variant in variants.items():
        if variant not in seen:
            seen.add(variant)
            yield kind, variant


def neighbours(value: str, every: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield texts next to a member of an enumeration that are not members."""
    words = _words(value)
    common = [word for word in words if all(word in _words(other) for other in every)]
    own = "".join(word for word in words if word not in common)
    variants = {
        "lower-case": value.lower(),
        "upper-case": value.upper(),
        "first-letter-swapped": value[:1].swapcase() + value[1:],
        "space-before": f" {value}",
        "space-behind": f"{value} ",
        "line-break-behind": f"{value}\n",
        "nul-behind": f"{value}\x00",
        "prefix": value[:-1],
        "longer": f"{value}2",
        "without-first-word": "".join(words[1:]),
        "without-last-word": "".join(words[:-1]),
        "own-word": own,
        "own-word-lower-case": own.lower(),
        "snake-case": "_".join(word.lower() for word in words),
        "ordinal": str(every.index(value)),
        "quoted": json.dumps(value),
        "listed-twice": f"{value},{value}",
        "qualified": f"com.huawei.{value}",
        "accented": value[:-1] + {"d": "ḍ"}.get(value[-1], value[-1] + "\u0301"),
        "homoglyph": value.replace("A", "\u0410").replace("o", "\u043e"),
        "full-width": value[:-1] + chr(ord(value[-1]) + 0xFEE0),
    }
    seen = set(every)
    for kind, variant in variants.items():
        if variant and variant not in seen:
            seen.add(variant)
            yield kind, variant


def strangers(every: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield texts that no member of an enumeration is near to."""
    words = _words(every[0])
    head, tail = words[0], words[-1]
    yield from (
        ("unknown", "Unknown"),
        ("empty", ""),
        ("sibling-pause", f"{head}InstancePause{tail}"),
        ("sibling-delete", f"{head}InstanceDelete{tail}"),
        ("sibling-task", f"{head}TaskRetry{tail}"),
        ("null-text", "null"),
        ("wildcard", "*"),
        ("every-member", "|".join(every)),
        ("long", f"{head}{'x' * 5_000}{tail}"),
        # Every object of JavaScript has a member of this name, a table of commands too.
        ("inherited", "constructor"),
        ("lone-surrogate", f"{head}\ud800{tail}"),
    )


def _words(value: str) -> list[str]:
    words: list[str] = []
    for letter in value:
        if letter.isupper() or not words:
            words.append(letter)
        else:
            words[-1] += letter
    return words
