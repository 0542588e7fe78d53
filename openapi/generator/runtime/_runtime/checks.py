"""
Checks JSON values against a schema, keyword by keyword, as the contract's validator does.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import attrs

from .strict_json import read_json

JsonSchema = Mapping[str, Any]
Rule = Callable[[Any], str | None]
"""
Says what is wrong with a value, or None. What is wrong inside the value begins with its place: `[0].name is ...`.
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


def _type(names: str | list[str], _: JsonSchema) -> Rule:
    wanted = [names] if isinstance(names, str) else names
    # Exact types: a subclass may change what it is between the check and the sending, and bool is no number.
    classes = {python for name in wanted for python in _TYPES[name]}
    whole = "integer" in wanted

    def rule(value: object) -> str | None:
        if type(value) in classes or (whole and type(value) is float and value.is_integer()):
            return None
        return f"is of type {' or '.join(wanted)}, not {_kind(value)}"

    return rule


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__


def _key(value: Any) -> Any:
    # Equal for values that JSON Schema calls equal: 1 and 1.0 are, 1 and true are not.
    match value:
        case list():
            return ("list", *map(_key, value))
        case dict():
            return ("dict", frozenset((name, _key(item)) for name, item in value.items()))
        case int() | float() if type(value) is not bool:
            return ("number", value)
        case _:
            return (type(value), value)


def _enum(values: Sequence[Any], _: JsonSchema) -> Rule:
    keys = [_key(value) for value in values]
    wanted = " or ".join(map(repr, values))
    return lambda value: None if _key(value) in keys else f"is {wanted}, not {short(value)}"


def short(value: object) -> str:
    """
    A value as a message shows it: bounded, and without fail.
    """
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a repr is anybody's code; Python's own refuses integers of many digits
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:77]}..."


def _text(wanted: str, holds: Callable[[str], object]) -> Rule:
    return lambda value: None if type(value) is not str or holds(value) else wanted


def _pattern(pattern: str, _: JsonSchema) -> Rule:
    return _text(f"matches {pattern!r}", re.compile(_python(pattern), re.ASCII).search)


_SPACE: Final = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_NO_SPACE: Final = (
    r"\x00-\x08\x0e-\x1f!-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff"
    r"\u3001-\ufefe\uff00-\U0010ffff"
)
_ESCAPES: Final = {
    r"\s": f"[{_SPACE}]",
    r"\S": f"[{_NO_SPACE}]",
    r"\b": r"(?u:\b)",
    r"\B": r"(?u:\B)",
    "$": r"\Z",
    "(?<": "(?P<",
}


def _python(pattern: str) -> str:
    # JSON Schema's patterns are ECMA-262's: `$` is the very end there; Python's also stands before a last line break.
    parts = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?<(?=\w)|.", pattern, re.DOTALL)
    return "".join(_ESCAPES.get(part, _class(part) if part.startswith("[") else part) for part in parts)


def _class(part: str) -> str:
    return re.sub(
        r"\\.", lambda found: {r"\s": _SPACE, r"\S": _NO_SPACE}.get(found[0], found[0]), part, flags=re.DOTALL
    )


def _format(name: str, _: JsonSchema) -> Rule:
    if name in _LIMITS:
        low, high = _LIMITS[name]
        return _number(f"an integer of {name}", lambda value: low <= value <= high)
    from .formats import FORMATS  # noqa: PLC0415 - only for a contract that has formats of text

    article = "an" if name[0] in "aeiou" else "a"
    return _text(f"is {article} {name}", FORMATS[name]) if name in FORMATS else lambda _: None


_LIMITS: Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


def _content(schema: object, _: JsonSchema) -> Rule:
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


def _multiple(step: float, _: JsonSchema) -> Rule:
    # In the decimal numbers that are written, and not in the binary ones nearest to them: 0.07 is a multiple of 0.01.
    exact = _exact(step)
    return _number(f"a multiple of {step}", lambda value: math.isfinite(value) and _exact(value) % exact == 0)


def _exact(value: float) -> Fraction:
    return Fraction(value) if type(value) is int else Fraction(Decimal(repr(value)))


def _size(of: type, wanted: str, holds: Callable[[int], bool]) -> Rule:
    def rule(value: object) -> str | None:
        if type(value) is not of or not isinstance(value, list | dict) or holds(len(value)):
            return None
        return f"{wanted}, not {len(value)}"

    return rule


def _items(schema: JsonSchema, _: JsonSchema) -> Rule:
    inner = rules(schema)

    def rule(value: object) -> str | None:
        for number, item in enumerate(value if type(value) is list else ()):
            if fault := first_fault(inner, item):
                return located(f"[{number}]", fault)
        return None

    return rule


def _unique(wanted: bool, _: JsonSchema) -> Rule:  # noqa: FBT001 - the keyword's value
    def rule(value: object) -> str | None:
        if not wanted or type(value) is not list or len({*map(_key, value)}) == len(value):
            return None
        return "has no item twice"

    return rule


def _properties(schemas: Mapping[str, JsonSchema], _: JsonSchema) -> Rule:
    inner = {name: rules(schema) for name, schema in schemas.items()}

    def rule(value: Any) -> str | None:
        if type(value) is dict:
            for name, own in inner.items():
                if name in value and (fault := first_fault(own, value[name])):
                    return located(f".{name}", fault)
        return None

    return rule


def _required(names: Sequence[str], _: JsonSchema) -> Rule:
    def rule(value: object) -> str | None:
        missing = [name for name in names if name not in value] if type(value) is dict else []
        return located(f".{missing[0]}", "is required") if missing else None

    return rule


def _additional(below: "bool | JsonSchema", schema: JsonSchema) -> Rule:
    known = schema.get("properties", {})
    inner = None if isinstance(below, bool) else rules(below)

    def rule(value: Any) -> str | None:
        for name in value if type(value) is dict and below is not True else ():
            if name in known:
                continue
            if inner is None:
                return f"has no field {short(name)}; its fields are {', '.join(known)}"
            if fault := first_fault(inner, value[name]):
                return located(f".{name}", fault)
        return None

    return rule


def _dependent(needs: Mapping[str, Sequence[str]], _: JsonSchema) -> Rule:
    def rule(value: object) -> str | None:
        for name, others in needs.items():
            for other in others:
                if type(value) is dict and name in value and other not in value:
                    return f"has {other} where it has {name}"
        return None

    return rule


def _all(schemas: Sequence[JsonSchema], _: JsonSchema) -> Rule:
    inner = [rule for schema in schemas for rule in rules(schema)]
    return lambda value: first_fault(inner, value)


def _alternatives(enough: Callable[[int], bool], wanted: str) -> Callable[[Sequence[JsonSchema], JsonSchema], Rule]:
    def build(schemas: Sequence[JsonSchema], _: JsonSchema) -> Rule:
        inner = [rules(schema) for schema in schemas]

        def rule(value: object) -> str | None:
            faults = [fault for own in inner if (fault := first_fault(own, value))]
            if enough(len(inner) - len(faults)):
                return None
            told = "it fits more" if len(faults) < len(inner) else "; ".join(dict.fromkeys(faults))
            return f"fits {wanted} of {len(inner)} alternatives ({told})"

        return rule

    return build


RULES: Final[dict[str, Callable[[Any, JsonSchema], Rule]]] = {
    "type": _type,
    "const": lambda value, schema: _enum([value], schema),
    "enum": _enum,
    "pattern": _pattern,
    "minLength": lambda least, _: _text(f"has at least {least} characters", lambda text: len(text) >= least),
    "maxLength": lambda most, _: _text(f"has at most {most} characters", lambda text: len(text) <= most),
    "format": _format,
    "contentSchema": _content,
    "minimum": lambda limit, _: _number(f"at least {limit}", lambda value: value >= limit),
    "maximum": lambda limit, _: _number(f"at most {limit}", lambda value: value <= limit),
    "exclusiveMinimum": lambda limit, _: _number(f"more than {limit}", lambda value: value > limit),
    "exclusiveMaximum": lambda limit, _: _number(f"less than {limit}", lambda value: value < limit),
    "multipleOf": _multiple,
    "minItems": lambda least, _: _size(list, f"has at least {least} items", lambda count: count >= least),
    "maxItems": lambda most, _: _size(list, f"has at most {most} items", lambda count: count <= most),
    "uniqueItems": _unique,
    "items": _items,
    "minProperties": lambda least, _: _size(dict, f"has at least {least} fields", lambda count: count >= least),
    "maxProperties": lambda most, _: _size(dict, f"has at most {most} fields", lambda count: count <= most),
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "dependentRequired": _dependent,
    "allOf": _all,
    "oneOf": _alternatives(lambda fitting: fitting == 1, "exactly one"),
    "anyOf": _alternatives(lambda fitting: fitting > 0, "one or more"),
}
"""
The keywords that are checked. A discriminator is none: it says how to tell the members of a oneOf apart.
"""


def rules(schema: JsonSchema) -> tuple[Rule, ...]:
    """
    The rules of a schema, the type first.
    """
    return tuple(RULES[keyword](schema[keyword], schema) for keyword in RULES if keyword in schema)


def value_rules(schema: JsonSchema) -> tuple[Rule, ...]:
    """
    The rules of a value that is to be written: those of its schema, and that JSON has it.
    """
    own = rules(schema)
    return (*own[:1], writable, *own[1:]) if "type" in schema else (writable, *own)


def first_fault(checks: Iterable[Rule], value: Any) -> str | None:
    """
    What is wrong with a value, None if nothing is.
    """
    try:
        for rule in checks:
            if fault := rule(value):
                return fault
    except RecursionError:
        return "is nested less deeply"
    return None


def located(place: str, fault: str) -> str:
    """
    A fault with the place where it is.
    """
    return f"{place}{fault}" if fault[0] in ".[" else f"{place} {fault}"


_WRITABLE_BITS: Final = 13_288


def writable(value: Any) -> str | None:
    """
    What keeps a value from being written as JSON.
    """
    match value:
        case str():
            fault = _encodable(value)
        case float():
            fault = None if math.isfinite(value) else f"is a number, and JSON has no {value}"
        case int():
            # Python writes no integer of thousands of digits.
            fault = None if value.bit_length() < _WRITABLE_BITS else "has at most 4000 digits"
        case list() | dict():
            fault = _writable_inside(value)
        case _:
            fault = None
    if type(value) not in _PYTHON_TYPES:
        return f"is a value of JSON, not {type(value).__name__}"
    return fault


_PYTHON_TYPES: Final = frozenset(python for kinds in _TYPES.values() for python in kinds)


def _writable_inside(value: "list[Any] | dict[Any, Any]") -> str | None:
    if isinstance(value, list):
        return next((located(f"[{at}]", fault) for at, item in enumerate(value) if (fault := writable(item))), None)
    for name, item in value.items():
        if type(name) is not str or _encodable(name):
            return f"has names that are text which UTF-8 can carry, not {short(name)}"
        if fault := writable(item):
            return located(f".{name}", fault)
    return None


def _encodable(text: str) -> str | None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "has no lone surrogates, which UTF-8 cannot carry"
    return None


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
