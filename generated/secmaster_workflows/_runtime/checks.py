# Copied from openapi/generator/runtime/_runtime/checks.py by `make generate`; do not edit.
"""
Checks a value against the JSON Schema keywords of its field, which the generator writes beside the field.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from .strict_json import read_json

JsonSchema = Mapping[str, Any]
Rule = Callable[[Any], str | None]
"""
Says what is wrong with a value, or None.
"""

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def _type(names: str | list[str]) -> Rule:
    wanted = [names] if isinstance(names, str) else names
    # Exact types: a subclass may change what it is between the check and the sending, and bool is no number.
    classes = {python for name in wanted for python in _TYPES[name]}
    return lambda value: None if type(value) in classes else f"is of type {' or '.join(wanted)}, not {_kind(value)}"


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__


def _enum(values: list[Any]) -> Rule:
    return lambda value: (
        None
        if any(type(value) is type(allowed) and value == allowed for allowed in values)
        else f"is {' or '.join(map(repr, values))}, not {short(value)}"
    )


def short(value: object) -> str:
    """
    A value as a message shows it: bounded, and without fail.
    """
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a repr is anybody's code; Python's own refuses integers of many digits
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:77]}..."


def _pattern(pattern: str) -> Rule:
    search = re.compile(_ecma(pattern), re.ASCII).search
    return lambda value: None if type(value) is not str or search(value) else f"matches {pattern!r}"


def _ecma(pattern: str) -> str:
    # JSON Schema's patterns are ECMA-262's: `$` is the very end there; Python's also stands before a last line break.
    parts = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
    return "".join(r"\Z" if part == "$" else part for part in parts)


def _at_least(length: int) -> Rule:
    return lambda value: None if type(value) is not str or len(value) >= length else f"has at least {length} characters"


def _at_most(length: int) -> Rule:
    return lambda value: None if type(value) is not str or len(value) <= length else f"has at most {length} characters"


def _content(schema: object) -> Rule:
    if schema not in (True, {}):
        raise ValueError("contentSchema is supported as `true` or `{}` only: the text is JSON")

    def rule(value: object) -> str | None:
        if type(value) is not str:
            return None
        try:
            read_json(value)
        except ValueError as error:
            return f"is JSON text: {error}"
        return None

    return rule


def _number(wanted: str, holds: Callable[[Any], bool]) -> Rule:
    return lambda value: None if type(value) not in (int, float) or holds(value) else f"is {wanted}, not {short(value)}"


RULES: Final[dict[str, Callable[[Any], Rule]]] = {
    "type": _type,
    "const": lambda value: _enum([value]),
    "enum": _enum,
    "pattern": _pattern,
    "minLength": _at_least,
    "maxLength": _at_most,
    "contentSchema": _content,
    "minimum": lambda limit: _number(f"at least {limit}", lambda value: value >= limit),
    "maximum": lambda limit: _number(f"at most {limit}", lambda value: value <= limit),
    "exclusiveMinimum": lambda limit: _number(f"more than {limit}", lambda value: value > limit),
    "exclusiveMaximum": lambda limit: _number(f"less than {limit}", lambda value: value < limit),
    "multipleOf": lambda step: _number(f"a multiple of {step}", lambda value: math.remainder(value, step) == 0),
}
"""
The keywords that are checked. The generator refuses a schema that uses another.
"""


def _encodable(value: object) -> str | None:
    if type(value) is str and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return "has no lone surrogates, which UTF-8 cannot carry"
    return None


def rules(schema: JsonSchema) -> tuple[Rule, ...]:
    """
    The rules of a field, the type first.
    """
    return (*(RULES[keyword](schema[keyword]) for keyword in RULES if keyword in schema), _encodable)


def check_fields(instance: Any) -> None:
    """
    Runs the validator of each field, whatever the switch of attrs that turns all validators off says.
    """
    for field in attrs.fields(type(instance)):
        if field.validator is not None:
            field.validator(instance, field, getattr(instance, field.name))


class Checked:
    """
    The base of attrs classes whose fields are checked when they are built, even with validators switched off.
    """

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        if attrs.validators.get_disabled():
            check_fields(self)
