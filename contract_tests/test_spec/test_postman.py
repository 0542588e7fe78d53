"""The Postman collection is current, of Postman's form, and sends and asserts what the wire vectors say."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import jsonschema
import pytest

from downstream import newman, postman, vectors
from openapi_contract import Operation
from openapi_contract.oracle import Oracle

COLLECTION: dict[str, Any] = json.loads(postman.PATH.read_text(encoding="utf-8"))
ITEMS: dict[str, dict[str, Any]] = {item["name"]: item for folder in COLLECTION["item"] for item in folder["item"]}
VARIABLES: dict[str, str] = {one["key"]: one["value"] for one in COLLECTION["variable"]}
FILE: dict[str, Any] = json.loads(vectors.PATH.read_text("utf-8"))
VECTORS: dict[str, dict[str, Any]] = {one["name"]: one for one in FILE["vectors"]}
DECIDED = ("accepted", "rejected")
TEXT = {"type": "string"}
# What Postman's collection format 2.1.0 states of the parts that are used here.
FORM = {
    "type": "object",
    "required": ["info", "item"],
    "properties": {
        "info": {"type": "object", "required": ["name", "schema"], "properties": {"name": TEXT, "schema": TEXT}},
        "variable": {"type": "array", "items": {"required": ["key", "value"]}},
        "item": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/folder"}},
    },
    "$defs": {
        "folder": {
            "type": "object",
            "required": ["name", "item"],
            "properties": {"item": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/item"}}},
        },
        "item": {
            "type": "object",
            "required": ["name", "request", "event"],
            "properties": {
                "request": {
                    "type": "object",
                    "required": ["method", "url", "header"],
                    "properties": {
                        "method": TEXT,
                        "url": TEXT,
                        "header": {
                            "type": "array",
                            "items": {"required": ["key", "value"], "properties": {"key": TEXT, "value": TEXT}},
                        },
                        "body": {
                            "type": "object",
                            "required": ["mode", "raw"],
                            "properties": {"mode": {"const": "raw"}, "raw": TEXT},
                        },
                    },
                },
                "event": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "required": ["listen", "script"],
                        "properties": {
                            "listen": {"enum": ["test", "prerequest"]},
                            "script": {"properties": {"exec": {"type": "array", "items": TEXT}}},
                        },
                    },
                },
            },
        },
    },
}


def resolved(text: str) -> str:
    """Return a text with the collection's variables put in, as Postman does."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: VARIABLES.get(found[1], found[0]), text)


def sent(item: dict[str, Any]) -> tuple[str, str, list[list[str]], bytes]:
    """Return method, target, headers and body that an item of the collection sends."""
    request = item["request"]
    target = resolved(request["url"]).removeprefix(VARIABLES["base_url"])
    headers = [[header["key"], resolved(header["value"])] for header in request["header"]]
    return request["method"], target, headers, resolved(request.get("body", {}).get("raw", "")).encode()


def told(request: dict[str, Any]) -> tuple[str, str, list[list[str]], bytes]:
    """Return method, target, headers and body as the vectors' own schema says."""
    body = b"".join(
        base64.b64decode(part["base64"]) if "base64" in part else part["text"].encode() * part.get("times", 1)
        for part in request["body"]
    )
    return request["method"], request["target"], request["headers"], body


def script(item: dict[str, Any]) -> str:
    """Return the script that judges the answer."""
    (event,) = item["event"]
    assert event["listen"] == "test"
    return "\n".join(event["script"]["exec"])


def test_collection_is_of_postman_s_form() -> None:
    """The collection names its format and keeps it."""
    jsonschema.validate(COLLECTION, FORM)

    assert COLLECTION["info"]["schema"].endswith("/collection/v2.1.0/collection.json")


def test_edited_collection_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A collection that differs from what the enumeration gives is named, with the command that repairs it."""
    monkeypatch.setattr("sys.argv", ["vectors", "--check"])
    assert vectors.main() == 0
    monkeypatch.setattr(postman, "_AS_IT_STANDS", {})

    assert vectors.main() == 1
    assert capsys.readouterr().err == (
        "stale or edited: openapi/vectors.postman_collection.json\nRepair with: make bundle\n"
    )


def test_requests_are_the_vectors_byte_for_byte() -> None:
    """Each item sends the bytes of the vector whose name it bears."""
    assert {name: sent(item) for name, item in ITEMS.items()} == {
        name: told(VECTORS[name]["request"]) for name in ITEMS
    }


def test_items_lie_in_the_folder_of_their_clause() -> None:
    """A folder is a clause, and holds its vectors alone."""
    for folder in COLLECTION["item"]:
        assert {VECTORS[item["name"]]["clause"] for item in folder["item"]} == {folder["name"]}


def test_token_and_identifiers_are_variables(operation: Operation) -> None:
    """No request holds a given value itself, so that setting the variables is all that another server needs."""
    given = {VARIABLES[name] for name in ("token", *operation.path_names)}
    text = json.dumps(COLLECTION["item"])

    assert [value for value in given if value in text] == []


def claim(vector: dict[str, Any]) -> str:
    """Return the assertion that is expected, as vectors.schema.json words it, in Postman's language."""
    operation = FILE["operations"][vector["operation"]]
    statuses, sound = operation["statuses"], "pm.expect(pm.response.code).to.be.within(200, 499)"
    return {
        "accepted": f"pm.expect(pm.response.code).to.be.oneOf({statuses})",
        "rejected": f"pm.expect(pm.response.code).to.be.oneOf({vector.get('statuses')})",
        "not accepted": f"pm.expect({statuses}.includes(pm.response.code) && done).to.be.false"
        if "done" in operation
        else sound,
        "any sound answer": sound,
    }[str(vector["expected"])]


def test_scripts_assert_what_is_expected() -> None:
    """The script of each item expects what the vector does, and is called by its level and clause."""
    titles = {name: f'"{one["level"]} {one["clause"]}: {one["expected"]}"' for name, one in VECTORS.items()}

    assert [name for name, item in ITEMS.items() if titles[name] not in script(item)] == []
    assert [name for name, item in ITEMS.items() if claim(VECTORS[name]) not in script(item)] == []


def test_operation_that_tells_nothing_is_not_asked_for_it() -> None:
    """Where no field of an answer says that a request was carried out, a script asks for a sound answer alone."""
    name, vector = next((name, one) for name, one in VECTORS.items() if one["expected"] == "not accepted")
    silent = {key: value for key, value in FILE["operations"][vector["operation"]].items() if key != "done"}
    whole = FILE | {"operations": {vector["operation"]: silent}, "vectors": [vector]}

    (folder,) = postman.collection(whole)["item"]

    assert [item["name"] for item in folder["item"]] == [name]
    assert "within(200, 499)" in script(folder["item"][0])


def test_every_command_is_accepted_and_rejected(operation: Operation, oracle: Oracle) -> None:
    """What Postman cannot send leaves requests of each command that are to be accepted and to be rejected."""
    judged = [
        (VECTORS[name]["expected"], oracle.body(operation, sent(item)[3]).command)
        for name, item in ITEMS.items()
        if VECTORS[name]["operation"] == operation.id
    ]

    assert [
        (expected, command.name)
        for command in operation.commands
        for expected in DECIDED
        if (expected, command) not in judged
    ] == []


COMMAND = VECTORS["accepted/ActionInstanceRetryCommand/example"]["request"]


def exchange(**altered: Any) -> dict[str, Any]:
    """Return what a mock records of a command, with some of the request altered."""
    method, target, headers, body = told(COMMAND)
    request = {"method": method, "target": target, "headers": headers, "body": body.decode("latin-1")}
    return {"request": request | altered, "response": {"status": 200}}


@pytest.mark.parametrize(
    ("altered", "what"),
    [
        ({"method": "POST"}, "method"),
        ({"target": "/"}, "target"),
        ({"body": "{}"}, "body"),
        ({"headers": [["content-type", "text/plain"]]}, "headers"),
        ({"headers": []}, "Content-Type"),
    ],
)
def test_request_that_arrives_otherwise_is_told(altered: dict[str, Any], what: str) -> None:
    """The run by newman names what arrived otherwise than a vector tells; as told, it names nothing."""
    assert list(newman.differences([COMMAND], [exchange()])) == []
    assert any(what in line for line in newman.differences([COMMAND], [exchange(**altered)]))
    assert list(newman.differences([COMMAND], [])) == ["0 of 1 requests arrived"]
