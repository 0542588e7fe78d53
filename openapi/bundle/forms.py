"""
The derived forms of the contract. Each says what the hand-written one says, in words that more tools understand.

What the contract may say at all is decided in openapi_contract/keywords.py; each form has words for all of it.
"""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from openapi_contract.document import Document
from schemas import Node, schemas

MEDIA_TYPE = "application/json"
# Keywords that assert nothing and that OpenAPI 3.0 does not have; it keeps them as extensions.
ANNOTATIONS_31 = ("contentMediaType", "contentSchema", "$comment")


def compat31(document: Node) -> Node:
    """
    OpenAPI 3.1 for generators that stumble over a discriminator, a lone `const`, or parameters in a media type.
    """
    form = _titled(document, "compat31")
    _shorten_media_types(form)
    for schema in schemas(form):
        schema.pop("discriminator", None)
        if "const" in schema:
            _set_after(schema, "const", "enum", [schema["const"]])
    return form


def compat30(document: Node) -> Node:
    """
    OpenAPI 3.0.3 for tools that read no 3.1.
    """
    form = _titled(document, "compat30")
    form["openapi"] = "3.0.3"
    _shorten_media_types(form)
    info = form["info"]
    summary = info.pop("summary", None)
    if summary:
        info["description"] = f"{summary} {info.get('description', '')}".strip()
    identifier = info.get("license", {}).pop("identifier", None)
    if identifier:
        info["license"]["url"] = f"https://spdx.org/licenses/{identifier}"
    for schema in schemas(form):
        _to_30(schema)
    return form


def statuses31(document: Node) -> Node:
    """
    OpenAPI 3.1 as it is written, for tools that know no range of statuses: `5XX` becomes the hundred that it means.
    """
    form = _titled(document, "statuses31")
    for operation in _operations(form):
        written = operation["responses"]
        operation["responses"] = {
            status: response
            for key, response in written.items()
            for status in _statuses(key)
            if status == key or status not in written  # OpenAPI 3.1.0, Responses Object: the status wins over its range
        }
    return form


FORMS: dict[str, Callable[[Node], Node]] = {
    "compat31": compat31,
    "compat30": compat30,
    "statuses31": statuses31,
}


def arazzo(workflows: Document) -> Node:
    """
    The Arazzo workflows on compat31, for runners that send a payload as JSON for the bare media type alone.

    Raises:
        ContractError: They describe more sources than the contract.
    """
    form = _titled(dict(workflows.root), "compat31")
    if len(form["sourceDescriptions"]) != 1:
        raise workflows.error("/sourceDescriptions", "the contract is not the only source", "Name it alone")
    form["sourceDescriptions"][0]["url"] = "./compat31.yaml"
    for workflow in form["workflows"]:
        for step in workflow["steps"]:
            body = step.get("requestBody", {})
            if "contentType" in body:
                body["contentType"] = _shortened(body["contentType"])
    return form


def _titled(document: Node, name: str) -> Node:
    form = copy.deepcopy(document)
    form["info"]["x-form"] = name
    return form


def _to_30(schema: Node) -> None:
    """
    Says in place, in the words of 3.0.3, what a schema says in those of 3.1.
    """
    if "const" in schema:
        _set_after(schema, "const", "enum", [schema["const"]])
        del schema["const"]
    if "$ref" in schema and len(schema) > 1:
        # 3.0 ignores what stands beside it.
        _also(schema, {"$ref": schema.pop("$ref")})
    for word in ANNOTATIONS_31:
        if word in schema:
            schema[f"x-{word.removeprefix('$')}"] = schema.pop(word)
    if examples := schema.pop("examples", None):
        schema.setdefault("example", examples[0])
    _limits_to_30(schema)
    for name, others in schema.pop("dependentRequired", {}).items():
        if others:
            _also(schema, {"anyOf": [{"not": {"required": [name]}}, {"required": [name, *others]}]})
    _types_to_30(schema)


def _limits_to_30(schema: Node) -> None:
    for limit, exclusive, tighter in (("minimum", "exclusiveMinimum", max), ("maximum", "exclusiveMaximum", min)):
        if exclusive in schema:
            value = schema.pop(exclusive)
            if value == tighter(value, schema.get(limit, value)):
                schema[limit], schema[exclusive] = value, True


def _types_to_30(schema: Node) -> None:
    stated = schema.get("type", [])
    types = [stated] if isinstance(stated, str) else list(stated)
    if "null" in types:
        types.remove("null")
        schema["nullable"] = True
        if not types:
            # No type but null: 3.0 has no such type, so that null alone is listed of another one.
            schema["enum"] = [None]
            types = ["object"]
    if len(types) == 1:
        schema["type"] = types[0]
    elif types:
        del schema["type"]
        if schema.pop("nullable", False):
            _also(schema, {"anyOf": [{"type": name, "nullable": True} for name in types]})
        else:
            _also(schema, {"anyOf": [{"type": name} for name in types]})
    if "array" in types:
        # 3.0 asks for the items of an array, be they of any kind.
        schema.setdefault("items", {})


def _also(schema: Node, rule: Node) -> None:
    schema["allOf"] = [*schema.get("allOf", ()), rule]


def _set_after(schema: Node, word: str, new: str, value: Any) -> None:
    """
    Puts a keyword behind another, so that the derived text reads as the source does.
    """
    items = [(name, item) for name, item in schema.items() if name != new]
    schema.clear()
    for name, item in items:
        schema[name] = item
        if name == word:
            schema[new] = value


def _shorten_media_types(form: Node) -> None:
    bodies = [operation.get("requestBody", {}) for operation in _operations(form)]
    for body in (*bodies, *form.get("components", {}).get("requestBodies", {}).values()):
        if "content" in body:
            body["content"] = {_shortened(name): media for name, media in body["content"].items()}


def _shortened(media_type: str) -> str:
    return MEDIA_TYPE if media_type.split(";", maxsplit=1)[0].strip().lower() == MEDIA_TYPE else media_type


def _operations(form: Node) -> Iterator[Node]:
    for path in form["paths"].values():
        yield from (entry for entry in path.values() if isinstance(entry, dict) and "responses" in entry)


def _statuses(key: str) -> list[str]:
    return [f"{key[0]}{number:02}" for number in range(100)] if re.fullmatch("[1-5]XX", key) else [key]
