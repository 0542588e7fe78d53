"""
The derived forms of the contract. Each says what the hand-written one says, in words that more tools understand; what a
form has no words for is an error, never left out.
"""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from schemas import Document, schemas

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
# OpenAPI 3.1 alone has these in the root object.
ROOT_31 = frozenset({"jsonSchemaDialect", "webhooks"})


class FormError(Exception):
    """
    The contract says something that a derived form cannot say.
    """


def compat31(document: Document) -> Document:
    """
    OpenAPI 3.1 for generators that stumble over a discriminator, a lone `const`, or parameters in a media type.
    """
    form = _titled(document, "compat31")
    _shorten_media_types(form)
    for _, schema in schemas(form):
        schema.pop("discriminator", None)
        if "const" in schema:
            _set_after(schema, "const", "enum", [schema["const"]])
    return form


def compat30(document: Document) -> Document:
    """
    OpenAPI 3.0.3 for tools that read no 3.1.

    Raises:
        FormError: A keyword of the contract has no counterpart in 3.0.
    """
    form = _titled(document, "compat30")
    for word in ROOT_31 & form.keys():
        raise FormError(f"compat30: OpenAPI 3.0 has no {word}")
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


def statuses31(document: Document) -> Document:
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


FORMS: dict[str, Callable[[Document], Document]] = {
    "compat31": compat31,
    "compat30": compat30,
    "statuses31": statuses31,
}


def arazzo(workflows: Document) -> Document:
    """
    The Arazzo workflows on compat31, for runners that send a payload as JSON for the bare media type alone.

    Raises:
        FormError: They describe more sources than the contract.
    """
    form = _titled(workflows, "compat31")
    if len(form["sourceDescriptions"]) != 1:
        raise FormError("the workflows: the contract is not their only source")
    form["sourceDescriptions"][0]["url"] = "./compat31.yaml"
    for workflow in form["workflows"]:
        for step in workflow["steps"]:
            body = step.get("requestBody", {})
            if "contentType" in body:
                body["contentType"] = _shortened(body["contentType"])
    return form


def _titled(document: Document, name: str) -> Document:
    form = copy.deepcopy(document)
    form["info"]["x-form"] = name
    return form


def _to_30(pointer: str, schema: Document) -> None:
    if "const" in schema:
        if "enum" in schema:
            raise FormError(f"compat30: {pointer} has both const and enum")
        _set_after(schema, "const", "enum", [schema["const"]])
        del schema["const"]
    for word in ANNOTATIONS_31 & schema.keys():
        schema[f"x-{word}"] = schema.pop(word)
    unknown = {word for word in schema if word not in SCHEMA_30 and not word.startswith("x-")}
    if unknown:
        raise FormError(f"compat30: OpenAPI 3.0 has no {', '.join(sorted(unknown))} at {pointer}")
    if "$ref" in schema and len(schema) > 1:
        raise FormError(f"compat30: OpenAPI 3.0 ignores what stands beside $ref at {pointer}")
    if not isinstance(schema.get("type", ""), str) or schema.get("type") == "null":
        raise FormError(f"compat30: OpenAPI 3.0 has no such type as {schema['type']} at {pointer}")
    for word in ("exclusiveMinimum", "exclusiveMaximum"):
        if word in schema and not isinstance(schema[word], bool):
            raise FormError(f"compat30: OpenAPI 3.0 has no numeric {word} at {pointer}")


def _set_after(schema: Document, word: str, new: str, value: Any) -> None:
    """
    Puts a keyword behind another, so that the derived text reads as the source does.
    """
    items = list(schema.items())
    schema.clear()
    for name, item in items:
        schema[name] = item
        if name == word:
            schema[new] = value


def _shorten_media_types(form: Document) -> None:
    for operation in _operations(form):
        if body := operation.get("requestBody"):
            body["content"] = {_shortened(name): media for name, media in body["content"].items()}


def _shortened(media_type: str) -> str:
    return MEDIA_TYPE if media_type.split(";", maxsplit=1)[0].strip() == MEDIA_TYPE else media_type


def _operations(form: Document) -> Iterator[Document]:
    for path in form["paths"].values():
        yield from (entry for entry in path.values() if isinstance(entry, dict) and "responses" in entry)


def _statuses(key: str) -> list[str]:
    return [f"{key[0]}{number:02}" for number in range(100)] if re.fullmatch("[1-5]XX", key) else [key]
