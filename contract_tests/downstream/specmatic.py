"""The wire vectors as Specmatic's external examples: commands that are taken, and refusals by the documented status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from downstream import postman
from downstream.consumers import ROOT
from secmaster_contract.mock import codes
from secmaster_contract.vectors.catalogue import encode
from openapi_contract.ledger import Ledger
from openapi_contract import Spec, load_spec
from openapi_contract.strict_json import NotJson, read

CONTRACT = ROOT / "openapi" / "dist" / "statuses31.yaml"
# Specmatic looks for a specification's examples here by itself.
DIRECTORY = CONTRACT.with_name(f"{CONTRACT.stem}_examples")


def expressible(document: dict[str, Any]) -> list[dict[str, Any]]:
    """
    Return the vectors that an example can tell as they are.

    An example is one request with one status, on any connection. Specmatic writes the token, the Content-Type and JSON
    in its own way, refuses a header that the contract does not state, leaves out a query, and knows no advice.
    """
    spec = load_spec()
    path = spec.path.format(**document["given"])
    headers = [[spec.token_header, document["given"]["token"]], ["Content-Type", spec.media_type]]
    found: dict[str, dict[str, Any]] = {}
    for vector in postman.sendable(document):
        request = vector["request"]
        if (
            vector["level"] == "MUST"
            and _status(vector, document) is not None
            and (request["method"], request["target"], request["headers"]) == (spec.method, path, headers)
            and _survives(postman.body(request))
        ):
            found.setdefault(postman.body(request), vector)
    return list(found.values())


def files(document: dict[str, Any]) -> dict[Path, str]:
    """Return the text of each example, of the vectors of `openapi/vectors.json`, by its path."""
    spec, ledger = load_spec(), Ledger.load()
    examples = {vector["name"]: _example(vector, document, spec, ledger) for vector in expressible(document)}
    return {DIRECTORY / f"{name}.json": json.dumps(example, indent=1) + "\n" for name, example in examples.items()}


def _status(vector: dict[str, Any], document: dict[str, Any]) -> int | None:
    """Return the one status by which a vector is answered, None where there are several or none is named."""
    statuses = {document["taken_status"]} if vector["due"] == "taken" else set(vector.get("statuses", ()))
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


def _example(vector: dict[str, Any], document: dict[str, Any], spec: Spec, ledger: Ledger) -> dict[str, Any]:
    request, body, status = vector["request"], postman.body(vector["request"]), _status(vector, document)
    return {
        "name": vector["name"],
        "http-request": {
            "method": request["method"],
            "path": request["target"],
            # The token is not among them: Specmatic takes it from the environment, by the name of the security scheme.
            "headers": {"Content-Type": spec.media_type},
            **({"body": _value(body)} if body else {}),
        },
        "http-response": {
            "status": status,
            "headers": {"Content-Type": "application/json"},
            "body": _taken(spec)
            if status == document["taken_status"]
            else {"code": codes.INVALID_PARAMETER, "message": ledger[vector["clause"]].text},
        },
    }


def _value(body: str) -> Any:
    try:
        read(body.encode())
    except NotJson:
        return body
    return json.loads(body)


def _taken(spec: Spec) -> Any:
    """Return the contract's example of a command that was taken."""
    (media,) = spec.responses[str(spec.success_status)]["content"].values()
    return next(iter(media["examples"].values()))["value"]
