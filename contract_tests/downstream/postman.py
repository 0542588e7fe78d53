"""The wire vectors as a Postman collection: what Postman can send byte for byte, each judged by a script of its own."""

from __future__ import annotations

import json
from typing import Any

from downstream.consumers import ROOT

PATH = ROOT / "openapi" / "vectors.postman_collection.json"
_FORM = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
# Postman takes comments out of a body that it holds to be JSON.
_AS_IT_STANDS = {"raw": {"language": "text"}}
_LONGEST_BODY = 4096
# Sent as told: no encoding of the URL, no body left out of a GET, no header but what HTTP/1.1 itself needs.
_BEHAVIOUR = {
    "disableUrlEncoding": True,
    "disableBodyPruning": True,
    "followRedirects": False,
    "disabledSystemHeaders": dict.fromkeys(
        ("user-agent", "accept", "accept-encoding", "cache-control", "content-type"), True
    ),
}


def collection(document: dict[str, Any]) -> dict[str, Any]:
    """Return a Postman collection 2.1 of the vectors of `openapi/vectors.json`, a folder for each clause."""
    given: dict[str, str] = document["given"]
    folders: dict[str, list[dict[str, Any]]] = {}
    for vector in sendable(document):
        operation = document["operations"][vector["operation"]]
        folders.setdefault(vector["clause"], []).append(_item(vector, given, operation))
    variables = {"base_url": "http://127.0.0.1:8080", **given}
    return {
        "info": {
            "name": "SecMaster workflow instances: wire vectors",
            "description": f"{document['notice']} Set base_url, token and the identifiers to a server's own.",
            "schema": _FORM,
        },
        "protocolProfileBehavior": _BEHAVIOUR,
        "variable": [{"key": name, "value": value} for name, value in variables.items()],
        "item": [{"name": clause, "item": items} for clause, items in folders.items()],
    }


def sendable(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the vectors that Postman can send as they are told."""
    return [vector for vector in document["vectors"] if not {"before", "beside"} & vector.keys() and _is_plain(vector)]


def text(document: dict[str, Any]) -> str:
    """Return the file's text."""
    return json.dumps(collection(document), indent=1) + "\n"


def _is_plain(vector: dict[str, Any]) -> bool:
    request = vector["request"]
    names = [name.lower() for name, _ in request["headers"]]
    return (
        "chunks" not in request
        and all("text" in part for part in request["body"])
        and len(body(request)) <= _LONGEST_BODY
        and len(set(names)) == len(names)
        and all(
            value.isascii() and value.isprintable() and value.strip() == value != "" for _, value in request["headers"]
        )
        and request["method"].isupper()
    )


def body(request: dict[str, Any]) -> str:
    """Return the text of a request's body, put together."""
    return "".join(part["text"] * part.get("times", 1) for part in request["body"])


def _item(vector: dict[str, Any], given: dict[str, str], operation: dict[str, Any]) -> dict[str, Any]:
    def variable(text: str) -> str:
        for name, value in given.items():
            text = text.replace(value, f"{{{{{name}}}}}")
        return text

    request = vector["request"]
    content = body(request)
    return {
        "name": vector["name"],
        "request": {
            "method": request["method"],
            "url": "{{base_url}}" + variable(request["target"]),
            "header": [{"key": name, "value": variable(value)} for name, value in request["headers"]],
            **({"body": {"mode": "raw", "raw": variable(content), "options": _AS_IT_STANDS}} if content else {}),
        },
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": _script(vector, operation)}}],
    }


def _script(vector: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """Return the script that asserts what is expected; vectors.schema.json says what each word means."""
    statuses, done = json.dumps(operation["statuses"]), operation.get("done")
    sound = ["pm.expect(pm.response.code).to.be.within(200, 499)"]
    claims = {
        "accepted": [f"pm.expect(pm.response.code).to.be.oneOf({statuses})"],
        "rejected": [f"pm.expect(pm.response.code).to.be.oneOf({json.dumps(vector.get('statuses'))})"],
        "not accepted": [
            "let done = false",
            f"try {{ done = pm.response.json()[{json.dumps(done['field'])}] === {json.dumps(done['value'])} }}",
            "catch (error) { /* no JSON, not done */ }",
            f"pm.expect({statuses}.includes(pm.response.code) && done).to.be.false",
        ]
        if done
        else sound,
        "any sound answer": sound,
    }
    title = json.dumps(f"{vector['level']} {vector['clause']}: {vector['expected']}")
    return [f"pm.test({title}, () => {{", *(f"  {line}" for line in claims[vector["expected"]]), "})"]
