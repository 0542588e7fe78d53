"""What the verifier needs of the contract and of the ledger, found out when they are read: each fault has a place."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_DEEPEST = 100  # no document of this kind nests so deeply; the validator stops at 255


@dataclass(frozen=True)
class Fault:
    """A place, as a JSON pointer, and what is wrong there."""

    pointer: str
    what: str

    def __str__(self) -> str:
        return f"{self.pointer or 'the whole document'}: {self.what}"


def pointer_of(*tokens: str | int) -> str:
    """Build a JSON pointer from its unescaped tokens (RFC 6901 section 3)."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)


# -- JSON -------------------------------------------------------------------------------------------------------------


def no_json(value: Any, pointer: str = "", depth: int = 0) -> Iterator[Fault]:
    """Yield what of a value that YAML holds no JSON can hold."""
    if depth > _DEEPEST:
        yield Fault(pointer[:200], "nests too deeply, or refers to itself")
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str):
                yield from no_json(item, pointer + pointer_of(key), depth + 1)
            else:
                yield Fault(pointer, f"the key {key} is not text; put it into quotes")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from no_json(item, pointer + pointer_of(number), depth + 1)
    elif not isinstance(value, str | int | float | None) or (isinstance(value, float) and not math.isfinite(value)):
        yield Fault(pointer, f"{value!r} is no JSON; put it into quotes")


def at(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer leads to.

    Raises:
        LookupError: It leads nowhere.
    """
    node = document
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(name)] if isinstance(node, list) else node[name]
        except (ValueError, TypeError) as error:
            raise KeyError(name) from error
    return node


# -- contract ---------------------------------------------------------------------------------------------------------

_OBJECTS: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "object"}}
_FILLED: dict[str, Any] = {**_OBJECTS, "minProperties": 1}
_EXAMPLES: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"type": "object", "required": ["value"], "properties": {"value": {"type": "object"}}},
}
_CONTENT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["schema"],
        "properties": {"schema": {"type": "object"}, "examples": _EXAMPLES},
    },
}
_OPERATION: dict[str, Any] = {
    "type": "object",
    "required": ["security", "requestBody", "responses"],
    "properties": {
        "security": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "minProperties": 1, "maxProperties": 1},
        },
        "parameters": {"type": "array", "items": {"type": "object"}},
        "requestBody": {
            "type": "object",
            "required": ["content"],
            "properties": {"content": {**_CONTENT, "minProperties": 1}},
        },
        "responses": _FILLED,
    },
}
_RESPONSE: dict[str, Any] = {
    "type": "object",
    "properties": {"headers": _OBJECTS, "content": _CONTENT, "description": {"type": "string"}},
}
_UNION: dict[str, Any] = {
    "type": "object",
    "required": ["oneOf", "discriminator"],
    "properties": {
        "oneOf": {
            "type": "array",
            "minItems": 2,
            "uniqueItems": True,
            "items": {"type": "object", "required": ["$ref"]},
        },
        "discriminator": {
            "type": "object",
            "required": ["propertyName"],
            "properties": {
                "propertyName": {"type": "string"},
                "mapping": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
    },
}
_COMMAND: dict[str, Any] = {
    "type": "object",
    "required": ["type", "required", "properties"],
    "properties": {
        "type": {"const": "object"},
        "required": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
        "properties": _FILLED,
    },
}
_DOCUMENT: dict[str, Any] = {
    "type": "object",
    "required": ["paths", "components"],
    "properties": {
        "info": {"type": "object"},
        "paths": {
            **_FILLED,
            "additionalProperties": {"type": "object", "properties": dict.fromkeys(METHODS, _OPERATION)},
        },
        "components": {
            "type": "object",
            "required": ["schemas", "securitySchemes"],
            "properties": {
                "schemas": _FILLED,
                "responses": {"type": "object", "additionalProperties": _RESPONSE},
                "headers": _OBJECTS,
                "parameters": _OBJECTS,
                "securitySchemes": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string", "pattern": "^[A-Za-z0-9-]+$"}},
                    },
                },
            },
        },
    },
}


def faults_of_contract(document: Any, identifiers: Collection[str]) -> Iterator[Fault]:
    """Yield what makes a document unusable as the contract; `identifiers` are the path parameters that a target has.

    What is found first may be the reason for what would be found behind it, so that a stage with faults is the last.
    """
    stages: tuple[Callable[[], Iterator[Fault]], ...] = (
        lambda: no_json(document),
        lambda: _of_form(_DOCUMENT, document),
        lambda: _references(document, document),
        lambda: _of_schemas(document),
        lambda: _of_operation(document, identifiers),
        lambda: _of_responses(document),
        lambda: _of_commands(document),
    )
    for stage in stages:
        faults = list(stage())
        if faults:
            yield from faults
            return


def _of_form(form: dict[str, Any], value: Any, pointer: str = "") -> Iterator[Fault]:
    for error in jsonschema_rs.Draft202012Validator(form).iter_errors(value):
        yield Fault(pointer + pointer_of(*error.instance_path), _cut(error.message))


def _cut(message: str) -> str:
    return message if len(message) <= 200 else f"{message[:150]} ... {message[-40:]}"


def _references(document: Any, node: Any, pointer: str = "") -> Iterator[Fault]:
    """Find each `$ref` that leads out of the document, nowhere, or round and round."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in children:
        place = pointer + pointer_of(name)
        is_property = pointer.endswith(("/properties", "/value"))
        if name == "$ref" and not is_property:
            what = _astray(document, child)
            if what:
                yield Fault(place, what)
        yield from _references(document, child, place)


def _astray(document: Any, reference: Any) -> str | None:
    seen = set[str]()
    while True:
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return f"{reference!r} is no place in this document"
        if reference in seen:
            return f"{reference} refers to itself"
        seen.add(reference)
        try:
            node = at(document, reference[1:])
        except LookupError:
            return f"{reference} leads nowhere"
        if not isinstance(node, dict) or "$ref" not in node:
            return None if isinstance(node, dict) else f"{reference} leads to what is no object"
        reference = node["$ref"]


def _of_schemas(document: Any) -> Iterator[Fault]:
    schemas = document["components"]["schemas"]
    for name in schemas:
        root = pointer_of("components", "schemas", name)
        try:
            jsonschema_rs.Draft202012Validator({"$ref": f"#{root}", "components": {"schemas": schemas}})
        except jsonschema_rs.ValidationError as error:
            yield Fault(pointer_of(*error.instance_path) or root, _cut(error.message))
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            yield Fault(root, _cut(str(error)))


def _operation(document: Any) -> tuple[str, str, Any]:
    path, item = next(iter(document["paths"].items()))
    method = next((name for name in METHODS if name in item), "")
    return path, method, item.get(method)


def _of_operation(document: Any, identifiers: Collection[str]) -> Iterator[Fault]:
    path, method, operation = _operation(document)
    place = pointer_of("paths", path)
    if len(document["paths"]) > 1:
        yield Fault("/paths", f"there are {len(document['paths'])} paths; the verifier is made for one")
    unknown = sorted(set(re.findall(r"{([^}]+)}", path)) - set(identifiers))
    if unknown:
        yield Fault(place, f"the verifier has no value for {', '.join(unknown)}; it has {', '.join(identifiers)}")
    if not path.startswith("/"):
        yield Fault(place, "a path begins with /")
    if not method:
        yield Fault(place, f"there is no operation; one of {', '.join(METHODS)} is needed")
        return
    place += pointer_of(method)
    (scheme,) = operation["security"][0]
    if scheme not in document["components"]["securitySchemes"]:
        yield Fault(f"{place}/security/0", f"/components/securitySchemes has no {scheme}")
    media_type = next(iter(operation["requestBody"]["content"]))
    if not re.fullmatch(r"[!-~]+/[!-~]+(?:[ -~]*[!-~])?", media_type):
        yield Fault(place + pointer_of("requestBody", "content", media_type), "the key is no media type")


def _of_responses(document: Any) -> Iterator[Fault]:
    path, method, operation = _operation(document)
    place = pointer_of("paths", path, method, "responses")
    listed = list[int]()
    for status in operation["responses"]:
        own, response = place + pointer_of(status), operation["responses"][status]
        if not re.fullmatch(r"[1-5](?:\d\d|XX)", status, re.ASCII):
            yield Fault(own, "the key is no status such as 200 or 5XX")
            continue
        while "$ref" in response:
            own = response["$ref"].removeprefix("#")
            response = at(document, own)
        yield from _of_form(_RESPONSE, response, own)
        schemas = [media.get("schema", {}) for media in _dicts(response.get("content")) if isinstance(media, dict)]
        stated = next((schema["$ref"] for schema in schemas if isinstance(schema, dict) and "$ref" in schema), "")
        if stated and not stated.startswith("#/components/schemas/"):
            yield Fault(own, f"its schema, {stated}, does not stand in /components/schemas")
        if response.get("x-origin") == "platform":
            continue
        if status.endswith("XX"):
            yield Fault(own, "a range of statuses needs `x-origin: platform`; the page lists single ones")
            continue
        listed.append(int(status))
        if not stated:
            yield Fault(own, "the schema of its body is missing: a `$ref` into /components/schemas")
    for words, low, high in (("success", 200, 300), ("refusal", 400, 500)):
        if not any(low <= status < high for status in listed):
            yield Fault(place, f"no status of {words} ({low} to {high - 1}) is listed without `x-origin: platform`")


def _dicts(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []


def _of_commands(document: Any) -> Iterator[Fault]:
    path, method, operation = _operation(document)
    content = operation["requestBody"]["content"]
    media_type, media = next(iter(content.items()))
    place = pointer_of("paths", path, method, "requestBody", "content", media_type)
    union = f"{place}/schema"
    if "$ref" in media["schema"]:
        union = media["schema"]["$ref"].removeprefix("#")
    faults = list(_of_form(_UNION, at(document, union), union))
    if faults:
        yield from faults
        return
    discriminator = at(document, union)["discriminator"]
    name = discriminator["propertyName"]
    selectors = {pointer: value for value, pointer in discriminator.get("mapping", {}).items()}
    members: dict[str, str] = {}
    for number, member in enumerate(at(document, union)["oneOf"]):
        pointer = member["$ref"].removeprefix("#")
        own = list(_of_form(_COMMAND, at(document, pointer), pointer))
        if not pointer.startswith("/components/schemas/"):
            own.append(Fault(f"{union}/oneOf/{number}", "a command is a schema of /components/schemas"))
        yield from own
        if not own:
            members[pointer] = selectors.get(member["$ref"], pointer.rpartition("/")[2])
            yield from _of_command(at(document, pointer), pointer, name, members[pointer])
    if len(set(members.values())) < len(members):
        yield Fault(f"{union}/discriminator/mapping", "two commands are selected by the same value")
    if not faults and members:
        yield from _of_examples(document, media, place, name, members)


def _of_command(schema: Any, pointer: str, name: str, selector: str) -> Iterator[Fault]:
    properties = schema["properties"]
    if name not in schema["required"] or name not in properties:
        yield Fault(pointer, f"{name}, which selects the command, has to stand in `required` and in `properties`")
    elif properties[name].get("const") != selector:
        yield Fault(f"{pointer}/properties/{name}", f"`const` has to be {selector}, which selects this command")
    for missing in [field for field in schema["required"] if field not in properties]:
        yield Fault(f"{pointer}/required", f"{missing} does not stand in `properties`")


def _of_examples(document: Any, media: Any, place: str, name: str, members: Mapping[str, str]) -> Iterator[Fault]:
    """Each command has an example that it accepts, and each field stands in one."""
    examples = {key: example["value"] for key, example in media.get("examples", {}).items()}
    schemas = document["components"]["schemas"]
    pool = {field for value in examples.values() for field in value}
    for pointer, selector in members.items():
        own = {key: value for key, value in examples.items() if value.get(name) == selector}
        if not own:
            yield Fault(f"{place}/examples", f"there is no example of {selector}; add one")
        form = {"$ref": f"#{pointer}", "components": {"schemas": schemas}}
        for key, value in own.items():
            yield from _of_form(form, value, f"{place}/examples{pointer_of(key)}/value")
        for field in at(document, pointer)["properties"]:
            if field not in pool:
                yield Fault(f"{place}/examples", f"{field}, a field of {selector}, stands in no example; add it to one")


# -- ledger -----------------------------------------------------------------------------------------------------------

_TEXTS: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}],
}
_LEDGER: dict[str, Any] = {
    "type": "object",
    "required": ["groups", "clauses"],
    "properties": {
        "groups": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
        "clauses": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": r"^[a-z0-9-]+(?:\.[A-Za-z0-9-]+)+$"},
            "additionalProperties": {
                "type": "object",
                "required": ["level", "text", "where", "pointer"],
                "additionalProperties": False,
                "properties": {
                    "level": {"enum": ["MUST", "SHOULD", "MAY"]},
                    "text": {"type": "string", "minLength": 1},
                    "where": _TEXTS,
                    "pointer": _TEXTS,
                    "refusal": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "integer", "minimum": 400, "maximum": 599},
                    },
                    "untested": {"type": "string", "minLength": 1},
                },
            },
        },
    },
}


def missing_row(key: str) -> Fault:
    """Return the fault of a ledger that lacks a row which a check reports on."""
    return Fault("/clauses", f"the row {key} is missing; a check reports on it")


def faults_of_ledger(document: Any, needed: Collection[str]) -> Iterator[Fault]:
    """Yield what makes a document unusable as the ledger; `needed` are the clauses that checks report on by name."""
    faults = [*no_json(document)] or [*_of_form(_LEDGER, document)]
    yield from faults
    if faults:
        return
    rows = document["clauses"]
    for key in rows:
        if key.partition(".")[0] not in document["groups"]:
            yield Fault(f"/clauses{pointer_of(key)}", f"its group, {key.partition('.')[0]}, does not stand in /groups")
    for key in sorted(needed):
        if key not in rows:
            yield missing_row(key)
        elif "untested" in rows[key]:
            yield Fault(f"/clauses{pointer_of(key)}/untested", "a check reports on this clause, so it is tested")
