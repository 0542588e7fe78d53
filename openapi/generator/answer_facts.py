"""
What the templates need to know of the answers.
"""

import re
from collections.abc import Mapping
from typing import Any

from spec_reading import UnsupportedSpecError, operations, resolve

# How the fields of an error body are told apart.
FIELD_PATTERNS = {"code": "(.*_)?code", "message": "(.*_)?(message|msg)", "request_id": "request_id"}


def response_models(spec: Mapping[str, Any]) -> list[tuple[int, int, list[str]]]:
    """
    Lowest and highest status, and the schemas that a body of it may have.
    """
    _, _, operation = next(operations(spec))
    rows = []
    for status, response in operation["responses"].items():
        content = resolve(spec, response).get("content", {})
        names = [name for media in content.values() for name in _object_schemas(spec, media["schema"])]
        text = str(status)
        low, high = (0, 999) if text == "default" else (int(text.replace("XX", "00")), int(text.replace("XX", "99")))
        rows.append((low, high, names))
    return sorted(rows, key=lambda row: (row[1] - row[0], row[0]))


def _object_schemas(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    resolved = resolve(spec, schema)
    for word in ("anyOf", "oneOf"):
        if word in resolved:
            return [name for member in resolved[word] for name in _object_schemas(spec, member)]
    return [schema["$ref"].rsplit("/", 1)[-1]]


def error_fields(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """
    The names that the error bodies have for code, message and request ID.
    """
    found: dict[str, list[str]] = {"code": [], "message": [], "request_id": []}
    for name in error_schemas(spec):
        properties = spec["components"]["schemas"][name]["properties"]
        for kind, pattern in {
            "code": "(.*_)?code",
            "message": "(.*_)?(message|msg)",
            "request_id": "request_id",
        }.items():
            names = [field for field in properties if re.fullmatch(pattern, field)]
            if len(names) != 1 and kind != "request_id":
                raise UnsupportedSpecError(f"schema {name} has no field that is plainly its {kind}")
            found[kind] += [field for field in names if field not in found[kind]]
    return found


def error_schemas(spec: Mapping[str, Any]) -> list[str]:
    """
    The schemas of error bodies.
    """
    names = (name for low, _, names in response_models(spec) if low >= 400 for name in names)
    return list(dict.fromkeys(names))


def gateway_schemas(spec: Mapping[str, Any]) -> list[str]:
    """
    Those of them that the service itself does not use: `x-origin: platform`.
    """
    schemas = spec["components"]["schemas"]
    return [name for name in error_schemas(spec) if schemas[name].get("x-origin") == "platform"]


def answer_names(spec: Mapping[str, Any]) -> list[str]:
    """
    The names that stand in documented answers: of fields, and of headers in lower case.
    """
    _, _, operation = next(operations(spec))
    models = (name for _, _, names in response_models(spec) for name in names)
    fields = {field for name in models for field in spec["components"]["schemas"][name].get("properties", {})}
    responses = [resolve(spec, response) for response in operation["responses"].values()]
    return sorted(fields | {name.lower() for response in responses for name in response.get("headers", {})})


def request_id_header(spec: Mapping[str, Any]) -> str:
    """
    The header of answers that names the request.
    """
    _, _, operation = next(operations(spec))
    names = {
        name
        for response in operation["responses"].values()
        for name in resolve(spec, response).get("headers", {})
        if name.lower().endswith("request-id")
    }
    if len(names) != 1:
        raise UnsupportedSpecError(f"the answers have {len(names)} headers that name the request")
    return str(names.pop())


def answer_examples(spec: Mapping[str, Any]) -> dict[str, Any]:
    """
    The examples of answers, as "<status> <name>".
    """
    _, _, operation = next(operations(spec))
    return {
        f"{status} {name}": resolve(spec, example)["value"]
        for status, response in operation["responses"].items()
        for media in resolve(spec, response).get("content", {}).values()
        for name, example in media.get("examples", {}).items()
    }
