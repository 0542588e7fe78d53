"""The wire vectors as Specmatic's external examples: what is accepted, and rejections by the documented status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from downstream import postman
from downstream.consumers import ROOT
from openapi_contract import Contract, Operation, Response
from openapi_contract.samples import Samples
from openapi_contract.strict_json import NotJson, read
from secmaster_contract.shipped import shipped_contract
from secmaster_contract.vectors.catalogue import encode

CONTRACT = ROOT / "openapi" / "dist" / "statuses31.yaml"
# Specmatic looks for a specification's examples here by itself.
DIRECTORY = CONTRACT.with_name(f"{CONTRACT.stem}_examples")


def expressible(document: dict[str, Any], contract: Contract | None = None) -> list[dict[str, Any]]:
    """
    Return the vectors that an example can tell as they are, by the contract that they are of.

    An example is one request with one status, on any connection. Specmatic writes the token, the Content-Type and JSON
    in its own way, refuses a header that the contract does not state, leaves out a query, and knows no advice.
    """
    contract = contract or shipped_contract()
    plain = {operation.id: _plain(operation, document["given"]) for operation in contract.operations}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for vector in postman.sendable(document):
        request = vector["request"]
        if (
            vector["level"] == "MUST"
            and _status(vector, document) is not None
            and (request["method"], request["target"], request["headers"]) == plain[vector["operation"]]
            and _survives(postman.body(request))
        ):
            found.setdefault((vector["operation"], postman.body(request)), vector)
    return list(found.values())


def files(document: dict[str, Any], contract: Contract | None = None) -> dict[Path, str]:
    """Return the text of each example, of the vectors of `openapi/vectors.json`, by its path."""
    contract = contract or shipped_contract()
    samples = Samples(contract)
    examples = {
        vector["name"]: _example(vector, document, contract.operation(vector["operation"]), samples)
        for vector in expressible(document, contract)
    }
    return {DIRECTORY / f"{name}.json": json.dumps(example, indent=1) + "\n" for name, example in examples.items()}


def _plain(operation: Operation, given: dict[str, str]) -> tuple[str, str, list[list[str]]] | None:
    """Return method, target and headers of a request that Specmatic writes, None where the path has other values."""
    if not given.keys() >= set(operation.path_names):
        return None
    headers = []
    if operation.security:
        headers.append([operation.security.header, operation.security.value(given["token"])])
    if operation.body:
        headers.append(["Content-Type", operation.body.media_type])
    return operation.method, operation.fill(given), headers


def _status(vector: dict[str, Any], document: dict[str, Any]) -> int | None:
    """Return the one status by which a vector is answered, None where there are several or none is named."""
    accepted = document["operations"][vector["operation"]]["statuses"]
    statuses = set(accepted if vector["expected"] == "accepted" else vector.get("statuses", ()))
    return statuses.pop() if len(statuses) == 1 else None


def _survives(body: str) -> bool:
    """Whether a body arrives as told: Specmatic trims texts, writes JSON anew, even in a string, and drops null."""
    try:
        if read(body.encode()).unclear:
            return False
    except NotJson:
        return body == body.strip()
    value = json.loads(body)
    return not (value is None or isinstance(value, str)) and encode(value) == body.encode()


def _example(vector: dict[str, Any], document: dict[str, Any], operation: Operation, samples: Samples) -> Any:
    request, body, status = vector["request"], postman.body(vector["request"]), _status(vector, document)
    response = operation.response(status or 0)
    return {
        "name": vector["name"],
        "http-request": {
            "method": request["method"],
            "path": request["target"],
            # The token is not among them: Specmatic takes it from the environment, by the name of the security scheme.
            **({"headers": {"Content-Type": operation.body.media_type}} if operation.body else {}),
            **({"body": _value(body)} if body else {}),
        },
        "http-response": {
            "status": status,
            **_answered(response, samples),
        },
    }


def _answered(response: Response | None, samples: Samples) -> dict[str, Any]:
    if response is None or response.media_type is None:
        return {}
    return {"headers": {"Content-Type": response.media_type}, "body": samples.answer(response)}


def _value(body: str) -> Any:
    try:
        read(body.encode())
    except NotJson:
        return body
    return json.loads(body)
