"""
What the templates need to know of the answers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model_facts import Models, inlined
from openapi_contract import Contract, Operation
from openapi_contract.samples import Samples
from parsing import Parsed, Type, type_of

# How the fields of an error body are told apart.
FIELD_PATTERNS = {"code": "(.*_)?code", "message": "(.*_)?(message|msg|detail|title)", "request_id": "request_?id"}


@dataclass(frozen=True)
class Answer:
    """
    The body of a range of statuses; `type` is None where there is none.
    """

    low: int
    high: int
    type: Type | None
    schema: dict[str, Any]
    is_success: bool


def answers(contract: Contract, parsed: Parsed, operation: Operation) -> list[Answer]:
    """
    The documented answers of an operation, the narrowest range first.
    """
    found = []
    types = {own.status_code.pattern: type_of(own.prop) for own in parsed.endpoints[operation.id].responses}
    for key, response in operation.responses.items():
        low, high = (0, 999) if key == "default" else (int(key.replace("XX", "00")), int(key.replace("XX", "99")))
        pointer = response.schema_pointer
        has_body = pointer is not None and operation.method != "HEAD"
        type_ = types[key] if has_body else None
        # A class checks itself.
        alone = type_ is not None and type_.reader == type_.annotation
        schema = {} if pointer is None or alone else inlined(contract.document, pointer)
        found.append(Answer(low, high, type_, schema, is_success=key.startswith("2")))
    return sorted(found, key=lambda own: (own.high - own.low, own.low))


def error_models(contract: Contract, parsed: Parsed, models: Models) -> list[str]:
    """
    The classes of error bodies.
    """
    found = [
        name
        for operation in contract.operations
        for answer in answers(contract, parsed, operation)
        if not answer.is_success and answer.type
        for name in sorted(answer.type.classes)
        if models.by_name[name].fields
    ]
    return list(dict.fromkeys(found))


def error_fields(contract: Contract, parsed: Parsed, models: Models) -> dict[str, list[str]]:
    """
    The names that the error bodies have for code, message and request ID.
    """
    found: dict[str, list[str]] = {kind: [] for kind in FIELD_PATTERNS}
    for name in error_models(contract, parsed, models):
        for kind, pattern in FIELD_PATTERNS.items():
            names = [own.name for own in models.by_name[name].fields if re.fullmatch(pattern, own.name, re.IGNORECASE)]
            found[kind] += [own for own in names if own not in found[kind]]
    return found


def gateway_models(contract: Contract, parsed: Parsed, models: Models) -> list[str]:
    """
    Those of them that the service itself does not use: `x-origin: platform`.
    """
    return [
        name
        for name in error_models(contract, parsed, models)
        if contract.document.at(parsed.place(name)).get("x-origin") == "platform"
    ]


def request_id_headers(contract: Contract) -> list[str]:
    """
    The headers of answers that name the request.
    """
    found = {
        name.lower()
        for operation in contract.operations
        for response in operation.responses.values()
        for name in response.headers
        if name.lower().endswith("request-id")
    }
    return sorted(found)


def answer_names(contract: Contract) -> list[str]:
    """
    The names that stand in documented answers: of fields, and of headers in lower case.
    """
    responses = [response for operation in contract.operations for response in operation.responses.values()]
    found = {name.lower() for response in responses for name in response.headers}
    for response in responses:
        if response.schema_pointer is not None:
            found |= set(_field_names(inlined(contract.document, response.schema_pointer)))
    return sorted(found)


def _field_names(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for own in schema:
            yield from _field_names(own)
    elif isinstance(schema, dict):
        properties = schema.get("properties", {})
        yield from properties
        for own in (*properties.values(), *(schema.get(word) for word in ("items", "additionalProperties"))):
            yield from _field_names(own)
        for word in ("allOf", "anyOf", "oneOf"):
            yield from _field_names(schema.get(word))


def answer_examples(contract: Contract) -> dict[str, dict[str, Any]]:
    """
    The examples of answers by operation, as "<status> <name>"; one is made where a success has none.
    """
    return {operation.id: dict(_examples(contract, operation)) for operation in contract.operations}


def _examples(contract: Contract, operation: Operation) -> Iterator[tuple[str, Any]]:
    samples = Samples(contract)
    for key, response in operation.responses.items():
        if response.schema_pointer is None:
            yield f"{key} empty", None
        elif response.examples:
            yield from ((f"{key} {name}", value) for name, value in response.examples.items())
        elif key.startswith("2"):
            yield f"{key} made", samples.answer(response)
