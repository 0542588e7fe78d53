"""
The derived forms of the contract. Each says what the hand-written one says, in words that more tools understand; what a
form has no words for is an error, never left out.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

Document = dict[str, Any]

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


FORMS: dict[str, Callable[[Document], Document]] = {"compat31": compat31, "compat30": compat30}


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
    for path in form["paths"].values():
        for operation in path.values():
            body = operation.get("requestBody") if isinstance(operation, dict) else None
            if body:
                body["content"] = {
                    MEDIA_TYPE if name.split(";")[0].strip() == MEDIA_TYPE else name: media
                    for name, media in body["content"].items()
                }


def schemas(document: Document) -> Iterator[tuple[str, Document]]:
    """
    Yields each schema of a document with its pointer, those inside others included.
    """
    yield from _find(document, "")


def _find(node: Any, pointer: str) -> Iterator[tuple[str, Document]]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _find(item, f"{pointer}/{index}")
    elif isinstance(node, dict):
        for name, item in node.items():
            here = f"{pointer}/{name.replace('~', '~0').replace('/', '~1') if isinstance(name, str) else name}"
            if name == "schemas" and pointer == "/components":
                for key, schema in item.items():
                    yield from _inside(schema, f"{here}/{key}")
            elif name == "schema":
                yield from _inside(item, here)
            elif name not in ("example", "examples", "value"):
                yield from _find(item, here)


def _inside(schema: Any, pointer: str) -> Iterator[tuple[str, Document]]:
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for word in ("properties", "patternProperties", "$defs", "dependentSchemas"):
        for name, inner in schema.get(word, {}).items():
            yield from _inside(inner, f"{pointer}/{word}/{name}")
    for word in ("oneOf", "anyOf", "allOf", "prefixItems"):
        for index, inner in enumerate(schema.get(word, ())):
            yield from _inside(inner, f"{pointer}/{word}/{index}")
    for word in ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"):
        yield from _inside(schema.get(word), f"{pointer}/{word}")
