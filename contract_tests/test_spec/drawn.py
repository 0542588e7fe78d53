"""A contract of these tests' own, and bodies drawn near and far from its commands."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from openapi_contract import Contract
from openapi_contract.document import Document, join

_SCHEMAS: dict[str, Any] = {
    "Command": {
        "oneOf": [{"$ref": "#/components/schemas/Stop"}, {"$ref": "#/components/schemas/Turn"}],
        "discriminator": {"propertyName": "kind"},
    },
    "Stop": {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"type": "string", "const": "stop"},
            "note": {"$ref": "#/components/schemas/Note"},
            "labels": {"type": "array", "items": {"type": "string", "enum": ["red", "green"]}, "minItems": 1},
        },
    },
    "Turn": {
        "type": "object",
        "required": ["kind", "angle"],
        "properties": {
            "kind": {"type": "string", "const": "turn"},
            "note": {"$ref": "#/components/schemas/Note"},
            "angle": {"type": "number", "minimum": 0, "exclusiveMaximum": 360},
            "step": {"type": ["integer", "null"], "multipleOf": 5},
            "back": {"type": "boolean"},
        },
        "dependentRequired": {"step": ["back"]},
    },
    "Note": {"type": "string", "minLength": 2, "maxLength": 4},
}
_ANSWERS: dict[str, Any] = {"200": {"description": "Done."}, "5XX": {"description": "Failed."}}
ROOT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "A robot", "summary": "It turns.", "version": "1"},
    "paths": {
        "/robot": {
            "put": {
                "operationId": "moveRobot",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json;charset=UTF-8": {
                            "schema": {"$ref": "#/components/schemas/Command"},
                            "examples": {"turn": {"value": {"kind": "turn", "angle": 90}}},
                        }
                    },
                },
                "responses": _ANSWERS,
            }
        }
    },
    "components": {"schemas": _SCHEMAS},
}
POINTER = "/components/schemas/Command"
CONTRACT = Contract.of(Document("robot.yaml", ROOT))
OPERATION = CONTRACT.operations[0]
# Rules of several kinds that a body is drawn to break.
RULES = (
    join("components", "schemas", "Turn", "required", "angle"),
    join("components", "schemas", "Note", "type"),
    join("components", "schemas", "Note", "minLength"),
    join("components", "schemas", "Turn", "properties", "angle", "type"),
    join("components", "schemas", "Stop", "properties", "labels", "items"),
)

SELECTORS = [str(command.selector) for command in OPERATION.commands]
_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=5
)
_near: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from([*SELECTORS, *SELECTORS, *(selector.upper() for selector in SELECTORS)]),
    "note": st.text(max_size=6),
    "labels": st.lists(st.sampled_from(["red", "green", "blue"]), max_size=2),
    "angle": st.sampled_from([0, 90, 359.5, 360, -1]),
    "step": st.sampled_from([5, 10, 3, None]),
    "back": st.booleans(),
}
# Three times in four a field has a value that is right or nearly so.
_fields = {name: st.one_of(near, near, near, _values) for name, near in _near.items()}
_others = st.dictionaries(st.sampled_from([name.upper() for name in _near]), _values, max_size=1)
_commands = st.builds(
    lambda extra, body: {**extra, **body},
    _others,
    st.fixed_dictionaries({"kind": _fields.pop("kind")}, optional=_fields),
)
bodies = _commands | _others | _values
