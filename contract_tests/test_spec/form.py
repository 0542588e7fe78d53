"""What the YAML's form owes its readers: a description everywhere, true examples, and nothing that the page lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi_contract import Contract
from openapi_contract.document import join
from openapi_contract.operations import fields
from test_spec.rules import Root

# The keywords by which the YAML says what the page's tables say: rows, Mandatory, Type, Range of command_type.
STATED = frozenset({"properties", "required", "type", "const", "oneOf"})
_MEANING = frozenset({"title", "description", "summary", "contentMediaType", "discriminator"})
_DESCRIBED = ("schemas", "parameters", "headers", "responses", "securitySchemes")


def elements(document: Root) -> Iterator[tuple[str, Any]]:
    """Yield each element that a reader can look at, with its pointer; references are left to what they name."""
    yield "/info", document["info"]
    for kind in ("servers", "tags"):
        for index, element in enumerate(document.get(kind, ())):
            yield f"/{kind}/{index}", element
            for name, variable in element.get("variables", {}).items():
                yield f"/{kind}/{index}{join('variables', name)}", variable
    for path, item in document["paths"].items():
        yield join("paths", path), item
        for method in item.keys() & {"get", "put", "post", "delete", "patch", "head", "options", "trace"}:
            yield from _operation(join("paths", path, method), item[method])
    for kind in _DESCRIBED:
        for name, element in document.get("components", {}).get(kind, {}).items():
            yield from _element(join("components", kind, name), element)


def _operation(pointer: str, operation: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield pointer, operation
    for index, parameter in enumerate(operation.get("parameters", ())):
        yield from _element(f"{pointer}/parameters/{index}", parameter)
    if "requestBody" in operation:
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


def undescribed(document: Root) -> list[str]:
    """Return the pointers of elements without a sentence (an example has a summary instead)."""
    return [
        pointer
        for pointer, element in elements(document)
        if not str(element.get("summary" if "/examples/" in pointer else "description", "")).strip().endswith(".")
    ]


def inventions(contract: Contract, outline: dict[str, Any]) -> list[str]:
    """Return what the contract states, unmarked as platform knowledge, and the page's outline has no place for."""
    document, operation = contract.document, contract.operation("updateWorkflowInstance")
    statuses = {place.split(", ")[1] for place in outline["sections"] if place.startswith("Status Codes, ")}
    own = [response for response in operation.responses.values() if not response.is_platform]
    faults = [f"status {response.key}" for response in own if response.key not in statuses]
    for response, table in zip(own, ("Table 4", "Table 5"), strict=False):
        faults += _invented_in(contract, str(response.schema_pointer), outline["tables"][table])
        for name, header in response.headers.items():
            if header.origin != "platform":
                faults.append(f"header {name} of status {response.key}")
    for command in operation.commands:
        faults += _invented_in(contract, str(command.pointer), outline["tables"]["Table 3"])
    if operation.body:
        where = operation.body.schema_pointer
        faults += [f"{where}/{word}" for word in _words(document.at(where)) - STATED]
    rows = outline["tables"]["Table 1"]
    faults += [f"parameter {own.name}" for own in operation.parameters if own.name not in rows]
    for parameter in operation.parameters:
        faults += [f"{parameter.name}: {word}" for word in _words(parameter.schema) - {"type"}]
    others = [one.id for one in contract.operations if one is not operation and not one.is_platform]
    return faults + [f"operation {name}" for name in others]


def _invented_in(contract: Contract, pointer: str, rows: dict[str, Any]) -> list[str]:
    schema = contract.document.at(pointer)
    faults = [f"{pointer}/{word}" for word in _words(schema) - STATED]
    for name, member in fields(contract.document, pointer).items():
        ranged = "Range" in rows.get(name, {}).get("stated", ())
        faults += [f"{member.pointer}/{word}" for word in _words(member.schema) - (STATED if ranged else {"type"})]
        if name not in rows:
            faults.append(member.site)
    may_require = {name for name, row in rows.items() if "Mandatory" in row["stated"]}
    return faults + [f"{pointer}/required: {name}" for name in schema.get("required", ()) if name not in may_require]


def _words(schema: Any) -> set[str]:
    """Return the keywords of a schema that say more than what a value means; an example or a default is more."""
    return {word for word in schema if word not in _MEANING and not word.startswith("x-")}
