"""Schemas of every keyword that is derived, and values near them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from openapi_contract import Contract, ContractError
from openapi_contract.document import Document

FORMATS = {
    "date-time": ["2026-01-31T12:00:00Z", "2026-02-29T12:00:00Z", "2026-12-31T23:59:60Z", "2026-01-31T12:00:00"],
    "date": ["2026-01-31", "2024-02-29", "2023-02-29", "2026-1-1"],
    "time": ["12:00:00Z", "12:00:00", "23:59:60+00:00"],
    "uuid": ["b5848121-79a5-11f0-9f91-fa163ed04a7f", "b5848121"],
    "uri": ["https://host.example/a?b#c", "/a", "a:b", "http://[::1]", "http://a b"],
    "email": ["a@host.example", "a", '"a b"@c', "a@[127.0.0.1]", "a.@b"],
    "hostname": ["host.example", "-a", "a_b", "xn--bcher-kva.example"],
    "ipv4": ["192.0.2.1", "256.0.0.1", "1.2.3"],
    "ipv6": ["2001:db8::1", "::", "1::2::3"],
}
PATTERNS = [r"^[a-z]+$", r"\d", r"^\S+$", r"^(?:a|b)*$", r"\bx", r"^[^\s]{2,3}$", r"a.b", r"^$"]
NAMES = ["a", "b", "c"]
_texts = st.sampled_from(["", "a", "b", "x", "ab", "a b", "abc", "a\n", "1", "é", "٣", "😀😀", " "])
_numbers = st.sampled_from(
    [0, 1, -1, 2, 3, 1.0, 1.5, 0.1, 0.3, 0.07, -0.5, 1e22, 2**31, 2**31 - 1, -(2**63), 2**63, 10**30]
)
_scalars = st.none() | st.booleans() | _numbers | _texts
VALUES = st.recursive(
    _scalars | st.sampled_from([text for texts in FORMATS.values() for text in texts]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*NAMES, "d"]), inner, max_size=4),
    max_leaves=8,
)
_sizes = st.integers(0, 3)
_limits = st.sampled_from([-1, 0, 1, 1.5, 2, 0.3])
_steps = st.sampled_from([1, 2, 3, 0.1, 0.01, 0.5, 1.5])
_OWN: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "string": {
        "minLength": _sizes,
        "maxLength": _sizes,
        "pattern": st.sampled_from(PATTERNS),
        "format": st.sampled_from([*FORMATS, "password"]),
    },
    "integer": {
        "minimum": _limits,
        "maximum": _limits,
        "exclusiveMinimum": _limits,
        "exclusiveMaximum": _limits,
        "multipleOf": _steps,
        "format": st.sampled_from(["int32", "int64"]),
    },
    "number": {"minimum": _limits, "exclusiveMaximum": _limits, "multipleOf": _steps},
    "array": {"minItems": _sizes, "maxItems": _sizes, "uniqueItems": st.booleans()},
    "object": {
        "minProperties": _sizes,
        "maxProperties": _sizes,
        "dependentRequired": st.dictionaries(
            st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), unique=True), max_size=2
        ),
    },
    "boolean": {},
    "null": {},
}


@st.composite
def schemas(draw: st.DrawFn, depth: int = 3) -> dict[str, Any]:
    """A schema that a contract may have."""
    match draw(st.sampled_from(["typed", "typed", "typed", "values", "combined"] if depth else ["typed", "values"])):
        case "values":
            values = draw(st.lists(_scalars, min_size=1, max_size=4, unique_by=repr))
            return {"const": values[0]} if len(values) == 1 else {"enum": values}
        case "combined":
            word = draw(st.sampled_from(["oneOf", "anyOf", "allOf"]))
            return {word: draw(st.lists(schemas(depth - 1), min_size=1, max_size=3))}
        case _:
            return draw(_typed(depth))


@st.composite
def _typed(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    kind = draw(st.sampled_from([kind for kind in _OWN if depth or kind not in {"array", "object"}]))
    nullable = draw(st.booleans()) and kind != "null" and draw(st.booleans())
    schema: dict[str, Any] = {"type": [kind, "null"] if nullable else kind}
    for word, values in _OWN[kind].items():
        if draw(st.integers(0, 3)) == 0:
            schema[word] = draw(values)
    if kind == "array":
        schema["items"] = draw(schemas(depth - 1))
    if kind == "object":
        names = draw(st.lists(st.sampled_from(NAMES), unique=True))
        schema["properties"] = {name: draw(schemas(depth - 1)) for name in names}
        schema["required"] = [name for name in names if draw(st.booleans())]
        below = draw(st.none() | st.booleans() | schemas(depth - 1))
        if below is not None:
            schema["additionalProperties"] = below
    return schema


def contract_of(schema: dict[str, Any]) -> Contract | None:
    """A contract whose one operation has the schema as its body; None where the schema is refused."""
    root = {
        "openapi": "3.1.0",
        "info": {"title": "Drawn", "version": "1"},
        "paths": {
            "/things": {
                "post": {
                    "operationId": "addThing",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
                    "responses": {"204": {"description": "It is there."}},
                }
            }
        },
    }
    try:
        return Contract.of(Document("drawn.yaml", root))
    except ContractError:
        return None
