"""Values that break one rule, and values just on its right side. The oracle says of each whether it does."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openapi_contract.keywords import NUMBER_FORMATS, types_of
from openapi_contract.operations import words
from openapi_contract.rules import Rule
from openapi_contract.samples import Samples

Named = Iterator[tuple[str, Any]]

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
TELLING = frozenset(
    {
        "null",
        "integer",
        "array-of-right",
        "object-of-right",
        "lower-case",
        "own-word",
        "own-word-lower-case",
        "space-behind",
        "prefix",
        "ordinal",
    }
)
_BAD_FORMATS: Mapping[str, tuple[str, ...]] = {
    "date-time": ("2026-01-31", "2026-01-31 12:00", "2026-02-30T12:00:00Z", "1769860800", "2026-01-31T12:00:00"),
    "date": ("2026-02-30", "31.01.2026", "20260131", "2026-1-31", "2026-01-31T12:00:00Z"),
    "time": ("25:00:00Z", "12:00", "noon"),
    "uuid": ("b5848121-79a5-11f0-9f91", "b584812179a511f09f91fa163ed04a7f", "g5848121-79a5-11f0-9f91-fa163ed04a7f"),
    "uri": ("/path", "host.example", "http://a b"),
    "email": ("someone", "@host.example", "a b@host.example"),
    "hostname": ("-host", "a..b", "host_name!"),
    "ipv4": ("192.0.2", "192.0.2.256", "::1"),
    "ipv6": ("192.0.2.1", "2001:db8", ":::"),
}


@dataclass(frozen=True)
class _Case:
    """A rule, the schema it stands in, a valid value of it, and what makes others."""

    rule: Rule
    schema: Mapping[str, Any]
    right: Any
    samples: Samples

    @property
    def limit(self) -> Any:
        """The value of the keyword."""
        return self.rule.value

    @property
    def is_whole(self) -> bool:
        """Whether the numbers of the schema have no fraction."""
        return "number" not in (types_of(self.schema) or {"number"})


def breakers(rule: Rule, schema: Mapping[str, Any], right: Any, samples: Samples) -> Named:
    """Yield values that may break a rule of a schema, made from a valid value of it; the telling ones first."""
    for number, value in enumerate(schema.get("x-rejected-examples", ())):
        yield f"documented-{number + 1}", value
    make = _BREAKERS.get(rule.keyword)
    if make:
        yield from make(_Case(rule, schema, right, samples))


def boundaries(rule: Rule, schema: Mapping[str, Any], right: Any, samples: Samples) -> Named:
    """Yield values just on the right side of a rule."""
    make = _BOUNDARIES.get(rule.keyword)
    if make:
        yield from make(_Case(rule, schema, right, samples))


# -- on the right side ------------------------------------------------------------------------------------------------


def _each_type(case: _Case) -> Named:
    types = [case.limit] if isinstance(case.limit, str) else list(case.limit)
    for name in types if len(types) > 1 else ():
        values = case.samples.values(case.rule.schema_pointer)
        yield f"of-type-{name}", next((own for own in values if _is_of(own, name)), _first_of(name))


def _each_member(case: _Case) -> Named:
    for number, member in enumerate(case.limit):
        yield f"member-{member if isinstance(member, str) else number + 1}", member


def _exact_length(case: _Case) -> Named:
    # What counts are characters, not bytes or UTF-16 units (JSON Schema Validation, section 6.3.1).
    for kind, filler in (("", "x"), ("-astral", "\U0001f6e1"), ("-accented", "é")):
        if isinstance(case.right, str):
            yield f"{case.limit}-characters{kind}", _sized(case.right, int(case.limit), filler)


def _other_matches(case: _Case) -> Named:
    for number, value in enumerate(itertools.islice(case.samples.values(case.rule.schema_pointer), 3)):
        yield f"match-{number + 1}", value


def _format_limits(case: _Case) -> Named:
    if case.limit in NUMBER_FORMATS:
        yield from zip(("least", "most"), NUMBER_FORMATS[case.limit], strict=True)


def _next_to_limit(case: _Case) -> Named:
    up = case.rule.keyword == "exclusiveMinimum"
    yield f"next-to-{case.limit}", math.floor(case.limit) + 1 if up else math.ceil(case.limit) - 1
    if not case.is_whole:
        yield f"just-beyond-{case.limit}", float(Decimal(str(case.limit)) + Decimal(1 if up else -1) / 1000)


def _neighbouring_multiples(case: _Case) -> Named:
    if isinstance(case.right, int | float):
        yield from (("another-multiple", case.right + case.limit), ("one-less", case.right - case.limit))


def _exact_items(case: _Case) -> Named:
    if isinstance(case.right, list):
        yield f"{case.limit}-items", _with_items(case, int(case.limit))


def _exact_members(case: _Case) -> Named:
    if isinstance(case.right, dict):
        yield f"{case.limit}-properties", _with_members(case.right, int(case.limit), case.schema)


def _each_alternative(case: _Case) -> Named:
    for number in range(len(case.limit)):
        yield f"alternative-{number + 1}", case.samples.value(f"{case.rule.pointer}/{number}")


_BOUNDARIES: Mapping[str, Callable[[_Case], Named]] = {
    "type": _each_type,
    "enum": _each_member,
    "minLength": _exact_length,
    "maxLength": _exact_length,
    "pattern": _other_matches,
    "format": _format_limits,
    "minimum": lambda case: iter([(f"exactly-{case.limit}", case.limit)]),
    "maximum": lambda case: iter([(f"exactly-{case.limit}", case.limit)]),
    "exclusiveMinimum": _next_to_limit,
    "exclusiveMaximum": _next_to_limit,
    "multipleOf": _neighbouring_multiples,
    "minItems": _exact_items,
    "maxItems": _exact_items,
    "minProperties": _exact_members,
    "maxProperties": _exact_members,
    "oneOf": _each_alternative,
    "anyOf": _each_alternative,
}


# -- on the wrong side ------------------------------------------------------------------------------------------------


def _filled(value: Any, right: Any) -> Any:
    if value is RIGHT:
        return right
    if isinstance(value, list):
        return [_filled(item, right) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, right) for name, item in value.items()}
    return value


def wrong_types(schema: Mapping[str, Any], right: Any) -> Named:
    """Yield a value for each JSON type that the schema leaves out.

    Where text holds JSON, what it holds comes last: the likeliest of all to stand in its place.
    """
    allowed = types_of(schema)
    allowed = set(_BY_TYPE) if allowed is None else allowed
    for kind, values in _BY_TYPE.items():
        if kind not in allowed and _IS_ALSO.get(kind) not in allowed:
            for name, value in values:
                yield name, _filled(value, right)
    if "string" not in allowed and isinstance(right, int | float):
        yield "quoted", json.dumps(right)
    if schema.get("contentMediaType") == "application/json" and isinstance(right, str):
        yield from _parsed(right)


def _parsed(text: str) -> Named:
    with suppress(ValueError):
        value = json.loads(text)
        if not isinstance(value, str):
            yield "parsed", value


def _is_of(value: Any, name: str) -> bool:
    return types_of({"const": value}) == {name} or (name == "number" and types_of({"const": value}) == {"integer"})


def _first_of(name: str) -> Any:
    return _filled(_BY_TYPE[name][0][1], None)


def _outside(members: list[Any], right: Any) -> Named:
    texts = tuple(member for member in members if isinstance(member, str))
    for text in dict.fromkeys((right, *texts)) if texts and isinstance(right, str) else ():
        yield from ((kind if text == right else f"{kind}-of-{text}", value) for kind, value in neighbours(text, texts))
    if texts:
        yield from (("unknown", "Unknown"), ("empty", ""))
    numbers = [member for member in members if isinstance(member, int | float) and not isinstance(member, bool)]
    if numbers:
        yield from (("above", max(numbers) + 1), ("below", min(numbers) - 1))
    yield from (("other-boolean", True), ("other-boolean-false", False), ("null", None), ("unknown", "Unknown"))


def _sized(text: str, length: int, filler: str = "x") -> str:
    return text[:length] + filler * (length - len(text))


def _short_text(case: _Case) -> Named:
    limit, right = int(case.limit), case.right
    if isinstance(right, str):
        for length in dict.fromkeys((limit - 1, limit // 2, 0)):
            yield f"{length}-characters", right[:length] if len(right) >= length else "x" * length
        yield f"{limit - 1}-astral-characters", "\U0001f6e1" * (limit - 1)


def _long_text(case: _Case) -> Named:
    limit, right = int(case.limit), case.right
    if not isinstance(right, str):
        return
    repeated = (right or "x") * (limit // max(1, len(right)) + 2)
    for length in (limit + 1, limit * 2 + 1, limit + 1000):
        yield f"{length}-characters", repeated[:length] if len(repeated) >= length else _sized(repeated, length)
        yield f"{length}-characters-filled", _sized(right, length)
    yield f"{limit + 1}-characters-spaced", _sized(right, limit + 1, " ")


def _unlike(case: _Case) -> Named:
    right = case.right
    if not isinstance(right, str):
        return
    yield from (
        ("punctuation-behind", f"{right}!"),
        ("punctuation-before", f"!{right}"),
        ("line-break-behind", f"{right}\n"),
        ("line-before", f"x\n{right}"),
        ("space-behind", f"{right} "),
        ("prefix", right[:-1]),
        ("doubled", right * 2),
        ("upper-case", right.upper()),
        ("lower-case", right.lower()),
        ("empty", ""),
        ("space", " "),
        ("punctuation", "!?"),
        ("digits", "0123"),
        ("letters", "abcd"),
        ("full-width", "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in right)),
        ("same-length", "!" * len(right)),
    )


def _malformed(case: _Case) -> Named:
    name, right = str(case.limit), case.right
    if name in NUMBER_FORMATS:
        low, high = NUMBER_FORMATS[name]
        yield from (("above", high + 1), ("below", low - 1))
        return
    for number, text in enumerate(_BAD_FORMATS.get(name, ()), 1):
        yield f"malformed-{number}", text
    if isinstance(right, str):
        yield from (("text", "text"), ("empty", ""), ("truncated", right[:-1]), ("space-behind", f"{right} "))


def _beyond(case: _Case) -> Named:
    limit = case.limit
    away = 1 if case.rule.keyword in {"maximum", "exclusiveMaximum"} else -1
    if case.rule.keyword.startswith("exclusive"):
        yield "the-limit-itself", limit
    yield "next", math.floor(limit) + 1 if away > 0 else math.ceil(limit) - 1
    if not case.is_whole:
        yield "just-beyond", float(Decimal(str(limit)) + Decimal(away) / 1000)
    yield "far", int(limit) + away * 1_000_000_000
    yield "very-far", away * 10**30


def _between(case: _Case) -> Named:
    right, step = case.right, case.limit
    if isinstance(right, int | float):
        yield from (("one-more", right + 1), ("one-less", right - 1))
        if not case.is_whole:
            yield "half-a-step", float(Decimal(str(right)) + Decimal(str(step)) / 2)
            yield "a-tenth", float(Decimal(str(right)) + Decimal(str(step)) / 10)


def _items(case: _Case, count: int) -> list[Any]:
    if "items" not in case.schema:
        return [f"x{number}" for number in range(count)]
    pointer = f"{case.rule.schema_pointer}/items"
    found = case.samples.distinct(pointer, count)
    if len(found) < count and not case.schema.get("uniqueItems"):
        found += [case.samples.value(pointer)] * (count - len(found))
    return found


def _with_items(case: _Case, count: int) -> list[Any]:
    right: list[Any] = case.right
    filled = right + [item for item in _items(case, count + len(right)) if item not in right]
    if len(filled) < count and right and not case.schema.get("uniqueItems"):
        filled += right[:1] * (count - len(filled))
    return filled[:count]


def _few_items(case: _Case) -> Named:
    if isinstance(case.right, list):
        for count in dict.fromkeys((int(case.limit) - 1, 0)):
            yield f"{count}-items", case.right[:count]


def _many_items(case: _Case) -> Named:
    if isinstance(case.right, list):
        for count in (int(case.limit) + 1, int(case.limit) * 2 + 1):
            yield f"{count}-items", _with_items(case, count)
        # Where there are not so many different ones, some stand twice.
        yield "repeated-items", (case.right or _items(case, 1)) * (int(case.limit) + 1)


def _equal_items(case: _Case) -> Named:
    if not isinstance(case.right, list):
        return
    first = case.right[0] if case.right else next(iter(_items(case, 1)), "x")
    yield "one-twice", [first, *(case.right or [first]), first][-max(2, len(case.right)) :]
    yield "alone-twice", [first, first]
    if isinstance(first, dict):
        yield "in-another-order", [first, dict(reversed(first.items()))]


def _with_members(right: Mapping[str, Any], count: int, schema: Mapping[str, Any]) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    ordered = sorted(right, key=lambda name: name not in required)
    value = {name: right[name] for name in ordered[:count]}
    for number in range(count - len(value)):
        value[f"x-{number}"] = next(iter(right.values()), "x")
    return value


def _unknown_members(case: _Case) -> Named:
    if not isinstance(case.right, dict):
        return
    yield "unknown", {**case.right, "x-unknown": "x"}
    for name in sorted(case.schema.get("properties", ()))[:1]:
        yield f"{name}-in-upper-case", {**case.right, name.upper(): case.right.get(name, "x")}
    yield "null", {**case.right, "x-unknown": None}


def _few_members(case: _Case) -> Named:
    if isinstance(case.right, dict):
        yield "one-less", _with_members(case.right, int(case.limit) - 1, case.schema)
        yield "empty", {}


def _many_members(case: _Case) -> Named:
    if isinstance(case.right, dict):
        yield "one-more", _with_members(case.right, int(case.limit) + 1, case.schema)
        yield "many", _with_members(case.right, int(case.limit) * 2 + 5, case.schema)


def _no_alternative(case: _Case) -> Named:
    yield from wrong_types({"type": []}, case.right)
    yield from (("unknown", "Unknown"), ("two-at-once", _all_at_once(case.rule, case.samples)))


def _all_at_once(rule: Rule, samples: Samples) -> Any:
    """What several alternatives describe, in one value: they exclude each other by `oneOf`."""
    values = [samples.value(f"{rule.pointer}/{number}", full=True) for number in range(len(rule.value))]
    objects = [value for value in values if isinstance(value, dict)]
    return {name: item for value in objects for name, item in value.items()} if objects else [values]


_BREAKERS: Mapping[str, Callable[[_Case], Named]] = {
    "type": lambda case: wrong_types(case.schema, case.right),
    "enum": lambda case: _outside(list(case.limit), case.right),
    "const": lambda case: _outside([case.limit], case.right),
    "minLength": _short_text,
    "maxLength": _long_text,
    "pattern": _unlike,
    "format": _malformed,
    "minimum": _beyond,
    "maximum": _beyond,
    "exclusiveMinimum": _beyond,
    "exclusiveMaximum": _beyond,
    "multipleOf": _between,
    "minItems": _few_items,
    "maxItems": _many_items,
    "uniqueItems": _equal_items,
    "additionalProperties": _unknown_members,
    "minProperties": _few_members,
    "maxProperties": _many_members,
    "oneOf": _no_alternative,
    "anyOf": _no_alternative,
}


# -- names and words --------------------------------------------------------------------------------------------------


def other_names(name: str) -> Iterator[tuple[str, str]]:
    """Yield names that a reader who is too kind may take for a property's name."""
    parts = name.replace("-", "_").split("_")
    camel = parts[0] + "".join(part.title() for part in parts[1:])
    variants = {
        "camel-case": camel,
        "pascal-case": camel[:1].upper() + camel[1:],
        "upper-case": name.upper(),
        "title-case": name[:1].upper() + name[1:],
        "hyphens": name.replace("_", "-"),
        # The source page itself writes a name so in one place (Table 3, command_type, Constraints).
        "joined": name.replace("_", ""),
        "space-behind": f"{name} ",
        "space-before": f" {name}",
        "last-word": parts[-1],
        "first-word": parts[0],
    }
    yield from _different(variants, {name})


def _different(variants: Mapping[str, str], seen: set[str]) -> Iterator[tuple[str, str]]:
    for kind, variant in variants.items():
        if variant and variant not in seen:
            seen.add(variant)
            yield kind, variant


def neighbours(value: str, every: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield texts next to a member of an enumeration that are not members."""
    own = _words(value)
    common = [word for word in own if all(word in _words(other) for other in every)] if len(every) > 1 else []
    named = "".join(word for word in own if word not in common)
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
        "without-first-word": "".join(own[1:]),
        "without-last-word": "".join(own[:-1]),
        "own-word": named,
        "own-word-lower-case": named.lower(),
        "snake-case": "_".join(word.lower() for word in own),
        "ordinal": str(sorted(every).index(value) if value in every else 0),
        "quoted": json.dumps(value),
        "listed-twice": f"{value},{value}",
        "qualified": f"com.example.{value}",
        "accented": value[:-1] + {"d": "ḍ"}.get(value[-1:], value[-1:] + "\u0301"),
        "homoglyph": value.replace("A", "\u0410").replace("o", "\u043e"),
        "full-width": value[:-1] + "".join(chr(ord(c) + 0xFEE0) for c in value[-1:] if "!" <= c <= "~"),
    }
    yield from _different(variants, set(every))


def strangers(every: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield texts that no member of an enumeration is near to."""
    split = [_words(member) for member in sorted(every)]
    head = "".join(_shared(split))
    tail = "".join(reversed(_shared([list(reversed(own)) for own in split])))
    variants = {
        "unknown": "Unknown",
        "sibling-pause": f"{head}Pause{tail}",
        "sibling-delete": f"{head}Delete{tail}",
        "sibling-task": f"{split[0][0]}TaskRetry{split[0][-1]}",
        "null-text": "null",
        "wildcard": "*",
        "every-member": "|".join(every),
        "long": f"{split[0][0]}{'x' * 5_000}{split[0][-1]}",
        # Every object of JavaScript has a member of this name, a table of commands too.
        "inherited": "constructor",
        "lone-surrogate": f"{split[0][0]}\ud800{split[0][-1]}",
    }
    yield from _different(variants, set(every))
    yield "empty", ""


def _shared(split: list[list[str]]) -> list[str]:
    shared: list[str] = []
    for group in zip(*split, strict=False):
        if len(set(group)) > 1:
            break
        shared.append(group[0])
    return shared if len(split) > 1 else split[0][:1]


def _words(value: str) -> list[str]:
    return words(value) or [value]
