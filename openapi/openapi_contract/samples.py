"""Valid values: the examples of a contract, and values made from a schema where there is none."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from openapi_contract.document import join
from openapi_contract.errors import ContractError, Problem
from openapi_contract.keywords import NUMBER_FORMATS, types_of
from openapi_contract.operations import Command, Contract, Operation, Parameter, Response
from openapi_contract.oracle import Oracle, Standing

FORMATS: Mapping[str, str] = {
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "time": "12:00:00Z",
    "uuid": "b5848121-79a5-11f0-9f91-fa163ed04a7f",
    "uri": "https://host.example/path",
    "email": "someone@host.example",
    "hostname": "host.example",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}
_OTHERS: Mapping[str, str] = {
    "date-time": "2026-01-31T12:00:{}Z",
    "date": "20{}-01-31",
    "time": "12:00:{}Z",
    "uuid": "b5848121-79a5-11f0-9f91-fa163ed04a{}",
    "uri": "https://host.example/path/{}",
    "email": "someone{}@host.example",
    "hostname": "host{}.example",
    "ipv4": "192.0.2.{}",
    "ipv6": "2001:db8::{}",
}
_WORDS = ("example", "text", "a", "A", "0", "1", "x1", "a-b", "a_b", "2026-01-31", "a.b", "A1", "00000000")
_TRIES = 200


class Samples:
    """Makes valid values by one contract; the same ones each time."""

    def __init__(self, contract: Contract, oracle: Oracle | None = None) -> None:
        self.contract = contract
        self.document = contract.document
        self.oracle = oracle or Oracle(contract)
        self._known: dict[tuple[str, bool], Any] = {}

    def value(self, pointer: str, *, full: bool = False) -> Any:
        """Return a valid value of the schema at a pointer; `full` with each property that there can be.

        Raises:
            ContractError: None could be made.
        """
        key = (pointer, full)
        if key not in self._known:
            self._known[key] = self._first(pointer, full=full)
        return self._known[key]

    def _first(self, pointer: str, *, full: bool) -> Any:
        for value in itertools.islice(self.values(pointer, full=full), 1):
            return value
        where = self.document.resolve(pointer)[0]
        what = "no valid value of this schema could be made"
        raise ContractError(
            self.document.file, [Problem(where, what, "Add an example, or mend rules that exclude each other")]
        )

    def values(self, pointer: str, *, full: bool = False, tries: int = _TRIES) -> Iterator[Any]:
        """Yield different valid values of the schema at a pointer, the most natural first."""
        validator = self.oracle.validator(self.document.resolve(pointer)[0])
        seen: set[str] = set()
        for value in itertools.islice(self._candidates(self._merged(pointer), full=full), tries):
            told = repr(value)
            if told not in seen and validator.is_valid(value):
                seen.add(told)
                yield value

    def body(self, operation: Operation, command: Command, *, full: bool = False) -> Any:
        """Return a valid body of a command: its example, or a made one; `full` adds the properties that it lacks.

        Raises:
            ContractError: None could be made.
        """
        value = next(self.examples(operation, command), None)
        if value is None:
            return self.value(str(command.pointer), full=full)
        if not full or not isinstance(value, dict):
            return value
        lacking = {name: member for name, member in command.fields.items() if name not in value}
        whole = self.oracle.validator(str(command.pointer))
        pool = self._pool(operation)
        added: dict[str, Any] = {}
        for name, member in lacking.items():
            own = [given for given in pool.get(name, ()) if self.oracle.validator(member.pointer).is_valid(given)]
            added[name] = own[0] if own else self.value(member.pointer, full=True)
        if whole.is_valid({**value, **added}):
            value = {**value, **added}
        else:
            # Some of them exclude each other: as many as go together.
            for name, item in added.items():
                value = {**value, name: item} if whole.is_valid({**value, name: item}) else value
        return {name: value[name] for name in (*command.fields, *value) if name in value}

    def examples(self, operation: Operation, command: Command) -> Iterator[Any]:
        """Yield the documented bodies that are valid and of a command, those with the fewest fields first."""
        found = [
            value
            for value in (operation.body.examples if operation.body else {}).values()
            if (judged := self.oracle.value(operation, value)).standing is Standing.ACCEPTED
            and judged.command is command
        ]
        yield from sorted(found, key=lambda value: (len(value) if isinstance(value, dict) else 0, repr(value)))

    def _pool(self, operation: Operation) -> dict[str, list[Any]]:
        """The values that documented bodies have for each field, whichever command they are of."""
        pool: dict[str, list[Any]] = {}
        for value in operation.body.examples.values() if operation.body else ():
            for name, item in value.items() if isinstance(value, dict) else ():
                pool.setdefault(name, []).append(item)
        return pool

    def parameter(self, parameter: Parameter) -> Any:
        """Return a valid value of a parameter.

        Raises:
            ContractError: None could be made.
        """
        validator = self.oracle.validator(parameter.schema_pointer)
        valid = [value for value in parameter.examples if validator.is_valid(value)]
        return valid[0] if valid else self.value(parameter.schema_pointer)

    def answer(self, response: Response) -> Any:
        """Return a body of an answer: the documented example, or a made one; None where it has no body.

        Raises:
            ContractError: None could be made.
        """
        if response.schema_pointer is None:
            return None
        for example in response.examples.values():
            return example
        return self.value(response.schema_pointer, full=True)

    # -- making -------------------------------------------------------------------------------------------------------

    def _merged(self, pointer: str) -> dict[str, Any]:
        """Return the schema at a pointer with its `allOf` put together; properties are pointers, not schemas."""
        place, schema = self.document.resolve(pointer)
        merged = {key: value for key, value in schema.items() if key not in {"allOf", "properties", "items"}}
        merged["properties"] = {name: place + join("properties", name) for name in schema.get("properties", {})}
        for word in ("items", "additionalProperties"):
            if isinstance(schema.get(word), dict):
                merged[word] = place + join(word)
        for word in ("oneOf", "anyOf"):
            if word in schema:
                merged[word] = [place + join(word, number) for number in range(len(schema[word]))]
        for number in range(len(schema.get("allOf", ()))):
            merged = _both(merged, self._merged(place + join("allOf", number)))
        return merged

    def _candidates(self, schema: Mapping[str, Any], *, full: bool) -> Iterator[Any]:
        if "const" in schema:
            yield schema["const"]
            return
        yield from schema.get("examples", ())
        if "example" in schema:
            yield schema["example"]
        if "default" in schema:
            yield schema["default"]
        if "enum" in schema:
            yield from schema["enum"]
            return
        for word in ("oneOf", "anyOf"):
            if word in schema:
                rest = {key: value for key, value in schema.items() if key != word}
                # The order of alternatives means nothing: what they say decides which is the usual one.
                ordered = sorted(schema[word], key=lambda p: json.dumps(self.document.at(p), sort_keys=True))
                options = [self._candidates(_both(rest, self._merged(p)), full=full) for p in ordered]
                # A value other than null is the natural one.
                yield from sorted((value for own in options for value in itertools.islice(own, 20)), key=_is_null)
                return
        types = types_of(schema) or ({"object"} if schema["properties"] else {"string"})
        for name in ("object", "array", "string", "integer", "number", "boolean", "null"):
            if name in types:
                yield from self._of_type(name, schema, full=full)

    def _of_type(self, name: str, schema: Mapping[str, Any], *, full: bool) -> Iterator[Any]:
        match name:
            case "object":
                yield from self._objects(schema, full=full)
            case "array":
                yield from self._arrays(schema, full=full)
            case "string":
                yield from _texts(schema)
            case "integer" | "number":
                yield from _numbers(schema, whole=name == "integer")
            case "boolean":
                yield from (True, False)
            case _:
                yield None

    def _objects(self, schema: Mapping[str, Any], *, full: bool) -> Iterator[Any]:
        properties: Mapping[str, str] = schema["properties"]
        required = [name for name in schema.get("required", ()) if name in properties]
        extra = [name for name in schema.get("required", ()) if name not in properties]
        most = schema.get("maxProperties", math.inf)
        wanted = [*required]
        for name in properties:
            room = len(wanted) + len(extra) < most
            if name not in wanted and room and (full or len(wanted) < schema.get("minProperties", 0)):
                wanted.append(name)
        for name in list(wanted):
            for other in schema.get("dependentRequired", {}).get(name, ()):
                wanted += [other] if other not in wanted and other in properties else []
        value = {name: self.value(properties[name], full=full) for name in properties if name in wanted}
        below = schema.get("additionalProperties")
        for number in itertools.count():
            lacking = len(value) < schema.get("minProperties", 0)
            if not extra and not lacking:
                break
            name = extra.pop(0) if extra else f"x{number}"
            value[name] = self.value(below, full=full) if isinstance(below, str) else "x"
        if full and isinstance(below, str) and len(value) < most:
            value.setdefault("x-more", self.value(below, full=full))
        yield value
        for name in value:
            for other in itertools.islice(self.values(properties[name]) if name in properties else (), 1, 5):
                yield {**value, name: other}

    def _arrays(self, schema: Mapping[str, Any], *, full: bool) -> Iterator[Any]:
        least = schema.get("minItems", 0)
        count = max(least, min(1, schema.get("maxItems", 1)))
        below = schema.get("items")
        if not isinstance(below, str):
            yield [f"x{number}" for number in range(count)]
            return
        items = self.distinct(below, count) if schema.get("uniqueItems") else [self.value(below, full=full)] * count
        yield items
        for other in itertools.islice(self.values(below), 1, 5):
            yield [other, *items[1:]]

    def distinct(self, pointer: str, count: int) -> list[Any]:
        """Return so many different values of a schema, or all that can be made."""
        return list(itertools.islice(self.values(pointer, tries=_TRIES + 4 * count), count))


def _is_null(value: Any) -> bool:
    return value is None


def _both(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return one schema that says what two say."""
    both = {**first, **second}
    both["properties"] = {**first.get("properties", {}), **second.get("properties", {})}
    both["required"] = list(dict.fromkeys([*first.get("required", ()), *second.get("required", ())]))
    for keyword, pick in (("min", max), ("max", min), ("exclusiveMin", max), ("exclusiveMax", min)):
        for key in (key for key in both if key.startswith(keyword)):
            if key in first and key in second and not isinstance(first[key], str):
                both[key] = pick(first[key], second[key])
    return both


def _texts(schema: Mapping[str, Any]) -> Iterator[str]:
    least, most = schema.get("minLength", 0), schema.get("maxLength", math.inf)

    def fitted(text: str) -> str:
        while text and len(text) < least:
            text += text
        return text[: int(min(most, max(len(text), least)))] if most < len(text) or len(text) > least else text

    if schema.get("format") in FORMATS:
        # Each has digits that may be others: as many different values as anybody asks for.
        yield FORMATS[schema["format"]]
        yield from (_OTHERS[schema["format"]].format(number) for number in range(10, 60))
    if schema.get("contentMediaType") == "application/json":
        yield '{"text":"text"}'
    for word in _WORDS:
        text = fitted(word)
        yield text
        yield text[: least or None]
    if "pattern" in schema:
        yield from _matching(schema["pattern"], least, most)
    for number in itertools.count(2):
        yield fitted(f"{number}text")


def _is_new(seen: frozenset[str], least: int, most: float, text: str) -> bool:
    return least <= len(text) <= most and text not in seen


def _matching(pattern: str, least: int, most: float) -> Iterator[str]:
    # ECMA-262 writes a named group without the P of Python.
    pattern = re.sub(r"\(\?<(?![=!])", "(?P<", pattern)
    seen: set[str] = set()
    for length in (0, 1, 2, 3, 5, 8, 13, 21, 34, least):
        text = _match(pattern, frozenset(seen), length, most)
        if text is None:
            continue
        seen.add(text)
        yield text
        lacking = max(least - len(text), 0)
        yield from (text[:at] + text[at] * lacking + text[at:] for at in range(len(text)) if lacking)


@lru_cache(4096)
def _match(pattern: str, seen: frozenset[str], least: int, most: float) -> str | None:
    """Return a text that matches and is none of those seen; it costs more than all else that is made of a contract."""
    from random import Random  # noqa: PLC0415  only a contract with patterns needs these

    from hypothesis import HealthCheck, Phase, find, settings  # noqa: PLC0415  see above
    from hypothesis.errors import HypothesisException  # noqa: PLC0415  see above
    from hypothesis.strategies import from_regex  # noqa: PLC0415  see above

    quiet = settings(
        database=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
        phases=[Phase.generate],
        max_examples=100,
    )
    fits = partial(_is_new, seen, least, most)
    try:
        return find(from_regex(pattern), fits, settings=quiet, random=Random(0))  # noqa: S311  a sample, no secret
    except (HypothesisException, re.error):
        return None


def _numbers(schema: Mapping[str, Any], *, whole: bool) -> Iterator[int | float]:
    lowest, highest = NUMBER_FORMATS.get(str(schema.get("format")), (-math.inf, math.inf))
    low = max(schema.get("minimum", lowest), schema.get("exclusiveMinimum", lowest))
    high = min(schema.get("maximum", highest), schema.get("exclusiveMaximum", highest))
    step = schema.get("multipleOf", 1)
    start = 0 if low <= 0 <= high else low if math.isfinite(low) else high
    first = math.ceil(start / step) * step if start == low else math.floor(start / step) * step
    middle = [(low + high) / 2] if not whole and math.isfinite(low) and math.isfinite(high) else []
    steps = (first + number * step for size in itertools.count(1) for number in (size, -size))
    near = itertools.chain([start, first, 1], itertools.islice(steps, 98), middle, steps)
    for value in near:
        yield int(value) if value == int(value) else value
