"""The rules that the YAML's schemas state, one JSON pointer each, and copies of the YAML with one rule more or less."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema
import jsonschema_rs

from openapi_contract import Spec, join

Document = dict[str, Any]

# Keywords that describe and assert nothing (JSON Schema 2020-12 and OpenAPI 3.1).
ANNOTATIONS = frozenset({"title", "description", "summary", "contentMediaType", "discriminator", "x-origin"})


def rules(document: Document, pointer: str) -> Iterator[str]:
    """Yield the pointer of each rule that binds a value of the schema at a pointer, `$ref` followed.

    A member of `required` is a rule of its own; so is any keyword that is no annotation, known or not.
    """
    schema = Spec(document).at(pointer)
    for keyword, value in schema.items():
        here = f"{pointer}{join(keyword)}"
        if keyword in ANNOTATIONS:
            continue
        if keyword == "$ref":
            yield from rules(document, value.removeprefix("#"))
        elif keyword == "properties":
            for name in value:
                yield from rules(document, f"{here}{join(name)}")
        elif keyword == "required":
            yield from (f"{here}/{index}" for index in range(len(value)))
        else:
            yield here
            if keyword in ("oneOf", "anyOf", "allOf"):
                for index in range(len(value)):
                    yield from rules(document, f"{here}/{index}")


def is_implied(document: Document, pointer: str) -> bool:
    """Whether a `type` rule stands beside a `const` of that type, so that nothing can break it alone."""
    parent, _, keyword = pointer.rpartition("/")
    schema = Spec(document).at(parent)
    if keyword != "type" or "const" not in schema:
        return False
    return bool(jsonschema.Draft202012Validator({"type": schema["type"]}).is_valid(schema["const"]))


def without(document: Document, pointer: str) -> Document:
    """Return a copy of the YAML that lacks what the pointer leads to."""
    altered = copy.deepcopy(document)
    parent, _, token = pointer.rpartition("/")
    node = Spec(altered).at(parent)
    if isinstance(node, list):
        del node[int(token)]
    else:
        del node[token.replace("~1", "/").replace("~0", "~")]
    return altered


def with_value(document: Document, pointer: str, value: Any) -> Document:
    """Return a copy of the YAML that has a value at the pointer; its parent must be there."""
    altered = copy.deepcopy(document)
    parent, _, token = pointer.rpartition("/")
    node = Spec(altered).at(parent)
    if isinstance(node, list):
        node[int(token)] = value
    else:
        node[token.replace("~1", "/").replace("~0", "~")] = value
    return altered


def invented(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield copies of the YAML, each with one limit on commands that the page does not state, and what it is."""
    spec = Spec(document)
    for command in spec.commands:
        for name, schema in command.properties.items():
            if "const" in schema:
                continue
            limits = {"minLength": 1, "maxLength": 64, "pattern": "^[!-~]*$", "enum": ["[]"]}
            if "contentMediaType" in schema:
                limits["maxLength"] = 512
            for keyword, limit in limits.items():
                pointer = f"{command.pointer}{join('properties', name, keyword)}"
                yield pointer, with_value(document, pointer, limit)
        for name in command.optional:
            pointer = f"{command.pointer}/required"
            yield f"{pointer}: {name}", with_value(document, pointer, [*command.required, name])
        pointer = f"{command.pointer}/additionalProperties"
        yield pointer, with_value(document, pointer, value=False)
        pointer = f"{command.pointer}/maxProperties"
        yield pointer, with_value(document, pointer, 3)


def _wrapped(document: Document, pointer: str) -> Document:
    return {"$ref": f"#{pointer}", "components": document["components"]}


def jsonschema_accepts(document: Document, pointer: str) -> Callable[[Any], bool]:
    """Return the verdict of the reference validator, python-jsonschema."""
    accepts: Callable[[Any], bool] = jsonschema.Draft202012Validator(_wrapped(document, pointer)).is_valid
    return accepts


def jsonschema_rs_accepts(document: Document, pointer: str) -> Callable[[Any], bool]:
    """Return the verdict of jsonschema-rs, which the oracle is built on."""
    return jsonschema_rs.Draft202012Validator(_wrapped(document, pointer)).is_valid


VALIDATORS: Mapping[str, Callable[[Document, str], Callable[[Any], bool]]] = {
    "jsonschema": jsonschema_accepts,
    "jsonschema-rs": jsonschema_rs_accepts,
}


def broken(document: Document, command: str, value: Any) -> frozenset[str]:
    """Return the pointers of the rules of one command's schema that a value breaks, by python-jsonschema.

    A broken `type` hides the `const` beside it: a value of another type cannot be the constant.
    """
    found: set[str] = set()
    for error in jsonschema.Draft202012Validator(_wrapped(document, command)).iter_errors(value):
        place = command + join(*error.absolute_schema_path)  # the library leaves the wrapper's `$ref` out of the path
        if error.validator == "required":
            names = list(error.validator_value)
            found |= {f"{place}/{at}" for at, name in enumerate(names) if name not in error.instance}
        else:
            found.add(place)
    return frozenset(found - {f"{place.removesuffix('/type')}/const" for place in found if place.endswith("/type")})
