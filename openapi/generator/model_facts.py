"""
What the templates need to know of the models: their fields, with the keywords that are checked.
"""

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spec_reading import UnsupportedSpecError, resolve

# Keywords that describe and do not check. Those that check are the keys of RULES in runtime/_runtime/checks.py.
ANNOTATIONS = frozenset(
    {"title", "description", "examples", "example", "deprecated", "default", "format", "contentMediaType", "$comment"}
)
PYTHON_TYPES = {
    "string": "str",
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "array": "list[Any]",
    "object": "dict[str, Any]",
    "null": "None",
}


@dataclass(frozen=True)
class Field:
    """
    A field of a model.
    """

    name: str
    attribute: str
    annotation: str
    required: bool
    checks: dict[str, Any]
    description: str
    constant: str | None
    json_text: bool


def fields(spec: Mapping[str, Any], name: str, supported: frozenset[str]) -> list[Field]:
    """
    The fields of an object schema, in the order of the contract.
    """
    schema = spec["components"]["schemas"][name]
    _refuse_unknown(f"schema {name}", schema, {"type", "required", "properties", "additionalProperties"})
    required = schema.get("required", [])
    return [
        _field(name, field, resolve(spec, property_), required=field in required, supported=supported)
        for field, property_ in schema.get("properties", {}).items()
    ]


def _refuse_unknown(place: str, schema: Mapping[str, Any], supported: set[str] | frozenset[str]) -> None:
    unknown = [word for word in schema if word not in supported | ANNOTATIONS and not word.startswith("x-")]
    if unknown:
        raise UnsupportedSpecError(f"{place} uses {', '.join(unknown)}, which the generated client would not check")


def _field(model: str, name: str, schema: Mapping[str, Any], *, required: bool, supported: frozenset[str]) -> Field:
    _refuse_unknown(f"field {name} of schema {model}", schema, supported)
    checks = {word: value for word, value in schema.items() if word in supported}
    constant = schema.get("const")
    allowed = [constant] if constant is not None else schema.get("enum", [])
    if allowed and all(isinstance(value, str) for value in allowed):
        annotation = f"Literal[{', '.join(map(repr, allowed))}]"
    else:
        types = schema.get("type", list(PYTHON_TYPES))
        annotation = " | ".join(PYTHON_TYPES[word] for word in ([types] if isinstance(types, str) else types))
    attribute = re.sub(r"\W", "_", name)
    return Field(
        name=name,
        attribute=f"{attribute}_" if keyword.iskeyword(attribute) else attribute,
        annotation=annotation,
        required=required,
        checks=checks,
        description=schema.get("description", ""),
        constant=constant if isinstance(constant, str) else None,
        json_text=schema.get("contentMediaType") == "application/json",
    )


def object_schemas(spec: Mapping[str, Any]) -> list[str]:
    """
    The component schemas that a model must stand for.
    """
    return [name for name, schema in spec["components"]["schemas"].items() if "properties" in schema]
