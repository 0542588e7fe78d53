"""What the YAML's form owes its readers: a description everywhere, true examples, and nothing that the page lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi_contract import Spec, join
from test_spec.rules import ANNOTATIONS, VALIDATORS, Document

# The keywords by which the YAML says what the page's tables say: rows, Mandatory, Type, Range of command_type.
STATED = frozenset({"properties", "required", "type", "const", "oneOf", "$ref"})
_DESCRIBED = ("schemas", "parameters", "headers", "responses", "securitySchemes")


def elements(document: Document) -> Iterator[tuple[str, Any]]:
    """Yield each element that a reader can look at, with its pointer; references are left to what they name."""
    yield "/info", document["info"]
    yield "/externalDocs", document["externalDocs"]
    for kind in ("servers", "tags"):
        for index, element in enumerate(document[kind]):
            yield f"/{kind}/{index}", element
            for name, variable in element.get("variables", {}).items():
                yield f"/{kind}/{index}{join('variables', name)}", variable
    for path, item in document["paths"].items():
        yield join("paths", path), item
        for method in item.keys() & {"get", "put", "post", "delete", "patch", "head", "options", "trace"}:
            yield from _operation(join("paths", path, method), item[method])
    for kind in _DESCRIBED:
        for name, element in document["components"].get(kind, {}).items():
            yield from _element(join("components", kind, name), element)


def _operation(pointer: str, operation: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield pointer, operation
    for index, parameter in enumerate(operation.get("parameters", ())):
        yield from _element(f"{pointer}/parameters/{index}", parameter)
    yield from _element(f"{pointer}/requestBody", operation["requestBody"])
    for status, response in operation["responses"].items():
        yield from _element(f"{pointer}{join('responses', status)}", response)


def _element(pointer: str, element: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if "$ref" in element:
        return
    yield pointer, element
    for name, inner in element.get("properties", {}).items():
        yield from _element(f"{pointer}{join('properties', name)}", inner)
    for name, header in element.get("headers", {}).items():
        yield from _element(f"{pointer}{join('headers', name)}", header)
    for media_type, media in element.get("content", {}).items():
        for name, example in media.get("examples", {}).items():
            yield f"{pointer}{join('content', media_type, 'examples', name)}", example


def undescribed(document: Document) -> list[str]:
    """Return the pointers of elements without a sentence (an example has a summary instead)."""
    return [
        pointer
        for pointer, element in elements(document)
        if not str(element.get("summary" if "/examples/" in pointer else "description", "")).strip().endswith(".")
    ]


def untrue_examples(document: Document) -> list[str]:
    """Return the pointers of the examples that their schema refuses."""
    faults = []
    for pointer, _ in elements(document):
        if "/examples/" not in pointer:
            continue
        media = f"{pointer.rsplit('/examples/', 1)[0]}/schema"
        schema = Spec(document).at(media)
        accepts = VALIDATORS["jsonschema"](document, schema["$ref"].removeprefix("#"))
        if not accepts(Spec(document).at(pointer)["value"]):
            faults.append(pointer)
    return faults


def inventions(document: Document, outline: dict[str, Any]) -> list[str]:
    """Return what the YAML states, unmarked as platform knowledge, and the page's outline has no place for."""
    spec = Spec(document)
    statuses = {place.split(", ")[1] for place in outline["sections"] if place.startswith("Status Codes, ")}
    faults = [f"status {status}" for status in map(str, spec.page_statuses) if status not in statuses]
    for status, table in (("200", "Table 4"), ("400", "Table 5")):
        faults += _invented_in(spec, spec.response_schema(int(status)) or "", outline["tables"][table])
        for name, header in spec.responses[status].get("headers", {}).items():
            if spec.resolve(header).get("x-origin") != "platform":
                faults.append(f"header {name} of status {status}")
    for command in spec.commands:
        faults += _invented_in(spec, command.pointer, outline["tables"]["Table 3"])
    faults += [f"{spec.body_pointer}/{word}" for word in set(spec.at(spec.body_pointer)) - STATED - ANNOTATIONS]
    named = [spec.resolve(parameter) for parameter in spec.operation["parameters"]]
    rows = outline["tables"]["Table 1"]
    faults += [f"parameter {parameter['name']}" for parameter in named if parameter["name"] not in rows]
    for parameter in named:
        faults += [f"{parameter['name']}: {word}" for word in set(parameter["schema"]) - {"type"}]
    faults += [f"media type {name}" for name in list(spec.operation["requestBody"]["content"])[1:]]
    return faults


def _invented_in(spec: Spec, pointer: str, rows: dict[str, Any]) -> list[str]:
    schema = spec.at(pointer)
    faults = [f"{pointer}/{word}" for word in set(schema) - STATED - ANNOTATIONS]
    for name, element in schema["properties"].items():
        here = f"{pointer}{join('properties', name)}"
        allowed = STATED | ANNOTATIONS if "Range" in rows.get(name, {}).get("stated", ()) else {"type"} | ANNOTATIONS
        faults += [f"{here}/{word}" for word in set(element) - allowed]
        if name not in rows:
            faults.append(here)
    may_require = {name for name, row in rows.items() if "Mandatory" in row["stated"]}
    return faults + [f"{pointer}/required: {name}" for name in schema.get("required", ()) if name not in may_require]
