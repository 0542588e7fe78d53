"""
The derived forms of the contract. Each says what the hand-written one says, in words that more tools understand; what a
form has no words for is an error, never left out.
"""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from openapi_contract import Contract
from openapi_contract.document import join
from openapi_contract.keywords import METHODS

Form = dict[str, Any]
MEDIA_TYPE = "application/json"
# OpenAPI 3.0.3, Schema Object: all its keywords.
# fmt: off  one keyword a line would fill a page
SCHEMA_30 = frozenset(
    {
        "$ref",
        "title",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxProperties",
        "minProperties",
        "required",
        "enum",
        "type",
        "allOf",
        "oneOf",
        "anyOf",
        "not",
        "items",
        "properties",
        "additionalProperties",
        "description",
        "format",
        "default",
        "nullable",
        "discriminator",
        "readOnly",
        "writeOnly",
        "xml",
        "externalDocs",
        "example",
        "deprecated",
    }
)
# fmt: on
# Keywords of 3.1 that assert nothing; 3.0 keeps them as extensions.
ANNOTATIONS_31 = frozenset({"contentMediaType", "contentEncoding"})


class FormError(Exception):
    """
    The contract says something that a derived form cannot say: where, what, and what to write instead.
    """

    def __init__(self, pointer: str, what: str, instead: str) -> None:
        super().__init__(what)
        self.pointer = pointer
        self.what = what
        self.instead = instead


def compat31(contract: Contract) -> Form:
    """
    OpenAPI 3.1 for generators that stumble over a discriminator, a lone `const`, or parameters in a media type.
    """
    form = _titled(contract.document.root, "compat31")
    _shorten_media_types(form)
    for _, schema in schemas(form):
        schema.pop("discriminator", None)
        if "const" in schema:
            _set_after(schema, "const", "enum", [schema["const"]])
    return form


def compat30(contract: Contract) -> Form:
    """
    OpenAPI 3.0.3 for tools that read no 3.1.

    Raises:
        FormError: A keyword of the contract has no counterpart in 3.0.
    """
    form = _titled(contract.document.root, "compat30")
    form["openapi"] = "3.0.3"
    _shorten_media_types(form)
    info = form["info"]
    summary = info.pop("summary", None)
    if summary:
        info["description"] = f"{summary} {info.get('description', '')}".strip()
    identifier = info.get("license", {}).pop("identifier", None)
    if identifier:
        info["license"]["url"] = f"https://spdx.org/licenses/{identifier}"
    for pointer, schema in schemas(form):
        _to_30(pointer, schema)
    return form


def statuses31(contract: Contract) -> Form:
    """
    OpenAPI 3.1 as it is written, for tools that know no range of statuses: `5XX` becomes the hundred that it means.
    """
    form = _titled(contract.document.root, "statuses31")
    for operation in _operations(form):
        written = operation["responses"]
        operation["responses"] = {
            status: response
            for key, response in written.items()
            for status in _statuses(key)
            if status == key or status not in written  # OpenAPI 3.1.0, Responses Object: the status wins over its range
        }
    return form


FORMS: dict[str, Callable[[Contract], Form]] = {
    "compat31": compat31,
    "compat30": compat30,
    "statuses31": statuses31,
}


def arazzo(workflows: Form) -> Form:
    """
    The Arazzo workflows on compat31, for runners that send a payload as JSON for the bare media type alone.

    Raises:
        FormError: They describe more sources than the contract.
    """
    form = _titled(workflows, "compat31")
    if not isinstance(form.get("sourceDescriptions"), list) or len(form["sourceDescriptions"]) != 1:
        raise FormError("/sourceDescriptions", "the contract is not the only source of the workflows", "Name it alone")
    form["sourceDescriptions"][0]["url"] = "./compat31.yaml"
    for workflow in form["workflows"]:
        for step in workflow["steps"]:
            body = step.get("requestBody", {})
            if "contentType" in body:
                body["contentType"] = _shortened(body["contentType"])
    return form


def _titled(root: Any, name: str) -> Form:
    form: Form = copy.deepcopy(dict(root))
    form["info"]["x-form"] = name
    return form


def _to_30(pointer: str, schema: Form) -> None:
    if "const" in schema:
        if "enum" in schema:
            raise FormError(pointer, "OpenAPI 3.0 has no const beside an enum", "Write one of them")
        _set_after(schema, "const", "enum", [schema["const"]])
        del schema["const"]
    for word in ANNOTATIONS_31 & schema.keys():
        schema[f"x-{word}"] = schema.pop(word)
    _to_one_type(pointer, schema)
    for word, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if word in schema:
            if limit in schema:
                raise FormError(pointer + join(word), f"OpenAPI 3.0 has no {word} beside {limit}", "Write one of them")
            _set_after(schema, word, limit, schema[word])
            schema[word] = True
    unknown = sorted(word for word in schema if word not in SCHEMA_30 and not word.startswith("x-"))
    if unknown:
        raise FormError(pointer + join(unknown[0]), f"OpenAPI 3.0 has no {unknown[0]}", "Do without it")
    if "$ref" in schema and len(schema) > 1:
        raise FormError(pointer, "OpenAPI 3.0 ignores what stands beside $ref", "Use allOf")


def _to_one_type(pointer: str, schema: Form) -> None:
    stated = schema.get("type")
    types = stated if isinstance(stated, list) else [stated]
    others = [name for name in types if name != "null"]
    if len(others) != 1:
        raise FormError(pointer + "/type", f"OpenAPI 3.0 has no such type as {stated}", "Use anyOf, or one type")
    if "null" in types:
        _set_after(schema, "type", "nullable", value=True)
        schema["type"] = others[0]


def _set_after(schema: Form, word: str, new: str, value: Any) -> None:
    """
    Puts a keyword behind another, so that the derived text reads as the source does.
    """
    items = list(schema.items())
    schema.clear()
    for name, item in items:
        schema[name] = item
        if name == word:
            schema[new] = value


def _shorten_media_types(form: Form) -> None:
    bodies = [operation["requestBody"] for operation in _operations(form) if "requestBody" in operation]
    bodies += form.get("components", {}).get("requestBodies", {}).values()
    for body in bodies:
        if "content" in body:
            body["content"] = {_shortened(name): media for name, media in body["content"].items()}


def _shortened(media_type: str) -> str:
    return MEDIA_TYPE if media_type.split(";", maxsplit=1)[0].strip() == MEDIA_TYPE else media_type


def _operations(form: Form) -> Iterator[Form]:
    for path in form["paths"].values():
        yield from (path[method] for method in METHODS if method in path)


def schemas(form: Form) -> Iterator[tuple[str, Form]]:
    """
    Yields each schema of a form with its pointer, those inside others included.
    """
    yield from _find(form, "")


def _find(node: Any, pointer: str) -> Iterator[tuple[str, Form]]:
    for name, item in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        here = pointer + join(name)
        if here == "/components/schemas":
            for key, schema in item.items():
                yield from _inside(schema, here + join(key))
        elif name == "schema":
            yield from _inside(item, here)
        elif name not in ("example", "examples", "value"):
            yield from _find(item, here)


def _inside(schema: Any, pointer: str) -> Iterator[tuple[str, Form]]:
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for name, inner in schema.get("properties", {}).items():
        yield from _inside(inner, pointer + join("properties", name))
    for word in ("oneOf", "anyOf", "allOf"):
        for index, inner in enumerate(schema.get(word, ())):
            yield from _inside(inner, pointer + join(word, index))
    for word in ("items", "additionalProperties"):
        yield from _inside(schema.get(word), pointer + join(word))


def _statuses(key: str) -> list[str]:
    return [f"{key[0]}{number:02}" for number in range(100)] if re.fullmatch("[1-5]XX", key) else [key]
