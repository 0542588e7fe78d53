"""Specmatic's examples are current, and say of each request what the wire vector of that name says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from downstream import postman, specmatic, specmatic_run, vectors
from openapi_contract import Contract, Operation
from openapi_contract.oracle import Oracle

DOCUMENT: dict[str, Any] = json.loads(vectors.PATH.read_text(encoding="utf-8"))
VECTORS: dict[str, dict[str, Any]] = {one["name"]: one for one in DOCUMENT["vectors"]}
EXAMPLES: dict[str, dict[str, Any]] = {
    path.relative_to(specmatic.DIRECTORY).with_suffix("").as_posix(): json.loads(path.read_text(encoding="utf-8"))
    for path in specmatic.DIRECTORY.rglob("*.json")
}
DECIDED = ("accepted", "rejected")


def ordered(body: str) -> Any:
    """Return the value of a JSON text with its fields in their order, or the text itself where it is no JSON."""
    try:
        return json.loads(body, object_pairs_hook=tuple)
    except ValueError:
        return body


def test_edited_missing_and_foreign_examples_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each example that is not what the enumeration gives is named, and the repair leaves what it gives alone."""
    monkeypatch.setattr(specmatic, "DIRECTORY", tmp_path / "examples")
    monkeypatch.setattr(vectors, "ROOT", tmp_path)
    monkeypatch.setattr(vectors, "files", lambda: specmatic.files(DOCUMENT))
    monkeypatch.setattr("sys.argv", ["vectors"])
    assert vectors.main() == 0
    (tmp_path / "examples" / "body" / "none.json").write_text("{}", encoding="utf-8")
    (tmp_path / "examples" / "body" / "number.json").unlink()
    (tmp_path / "examples" / "by-hand.json").write_text("{}", encoding="utf-8")

    monkeypatch.setattr("sys.argv", ["vectors", "--check"])
    assert vectors.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "stale or edited: examples/body/none.json",
        "stale or edited: examples/body/number.json",
        "not derived: examples/by-hand.json",
        "Repair with: make bundle",
    ]

    monkeypatch.setattr("sys.argv", ["vectors"])
    assert vectors.main() == 0
    monkeypatch.setattr("sys.argv", ["vectors", "--check"])
    assert vectors.main() == 0


def test_examples_lie_where_specmatic_looks() -> None:
    """The directory bears the name of the form beside it, and each example the name of its vector."""
    assert specmatic.DIRECTORY.parent == specmatic.CONTRACT.parent
    assert specmatic.DIRECTORY.name == f"{specmatic.CONTRACT.stem}_examples"
    assert [name for name, example in EXAMPLES.items() if example["name"] != name] == []
    assert EXAMPLES.keys() <= VECTORS.keys()


def test_requests_say_what_the_vectors_say(contract: Contract) -> None:
    """Method, target, Content-Type and the value of the body are the vector's, in the order of its fields."""
    for name, example in EXAMPLES.items():
        request, told = example["http-request"], VECTORS[name]["request"]
        body = request.get("body", "")
        text = body if isinstance(body, str) else json.dumps(body)

        assert (request["method"], request["path"]) == (told["method"], told["target"])
        stated = contract.operation(VECTORS[name]["operation"]).body
        assert request.get("headers") == ({"Content-Type": stated.media_type} if stated else None)
        assert ordered(text) == ordered(postman.body(told)), name


def test_statuses_are_what_is_expected() -> None:
    """What is to be accepted gets the status of success, what is to be rejected the only one that is told."""
    expected = {
        name: {*DOCUMENT["operations"][one["operation"]]["statuses"]}
        if one["expected"] == "accepted"
        else {*one.get("statuses", ())}
        for name, one in VECTORS.items()
    }

    assert [name for name, one in EXAMPLES.items() if {one["http-response"]["status"]} != expected[name]] == []
    assert {VECTORS[name]["level"] for name in EXAMPLES} == {"MUST"}


def test_answers_are_the_contract_s(contract: Contract, oracle: Oracle) -> None:
    """Each answer's body fits the schema of its status."""
    for name, example in EXAMPLES.items():
        answer = example["http-response"]
        response = contract.operation(VECTORS[name]["operation"]).response(answer["status"])
        assert response is not None, name
        if response.schema_pointer is None:
            assert "body" not in answer, name
        else:
            assert oracle.validator(response.schema_pointer).is_valid(answer["body"]), name


def test_no_example_holds_a_token() -> None:
    """The token is the user's, by the environment."""
    assert DOCUMENT["given"]["token"] not in json.dumps(EXAMPLES)


def test_every_command_is_accepted_and_rejected(operation: Operation, oracle: Oracle) -> None:
    """What Specmatic cannot say leaves requests of each command that are to be accepted and to be rejected."""
    judged = [
        (VECTORS[name]["expected"], oracle.body(operation, postman.body(VECTORS[name]["request"]).encode()).command)
        for name in EXAMPLES
        if VECTORS[name]["operation"] == operation.id
    ]

    assert [
        (expected, command.name)
        for command in operation.commands
        for expected in DECIDED
        if (expected, command) not in judged
    ] == []


RETRY = VECTORS["accepted/ActionInstanceRetryCommand/example"]
REJECTED = VECTORS["ActionInstanceDebugCommand/task_id/absent"]


def altered(vector: dict[str, Any], **request: Any) -> dict[str, Any]:
    """Return a vector with something else in its request."""
    return vector | {"request": vector["request"] | request}


@pytest.mark.parametrize(
    "vector",
    [
        RETRY | {"level": "SHOULD"},
        RETRY | {"expected": "any sound answer"},
        REJECTED | {"statuses": [400, 415]},
        altered(RETRY, method="POST"),
        altered(RETRY, target=RETRY["request"]["target"] + "?a=b"),
        altered(RETRY, headers=[*RETRY["request"]["headers"], ["Accept", "*/*"]]),
        altered(RETRY, headers=RETRY["request"]["headers"][:1]),
        altered(RETRY, headers=RETRY["request"]["headers"][::-1]),
        altered(RETRY, headers=[[name.lower(), value] for name, value in RETRY["request"]["headers"]]),
        altered(RETRY, headers=[RETRY["request"]["headers"][0], ["Content-Type", "application/json"]]),
        altered(RETRY, body=[{"text": '{"command_type" : "ActionInstanceRetryCommand"}'}]),
        altered(RETRY, body=[{"text": '{"command_type":"A","command_type":"B"}'}]),
        altered(REJECTED, body=[{"text": r'{"command_type":"\ud83d"}'}]),
        altered(REJECTED, body=[{"text": "null"}]),
        altered(REJECTED, body=[{"text": '"text"'}]),
        altered(REJECTED, body=[{"text": "{ "}]),
        RETRY | {"name": "accepted/first-on-a-connection"},
    ],
)
def test_what_specmatic_cannot_say_is_left_out(vector: dict[str, Any]) -> None:
    """A request that Specmatic would send or judge otherwise makes no example."""
    whole = DOCUMENT | {"vectors": [RETRY, REJECTED, vector]}

    assert specmatic.expressible(whole) == [RETRY, REJECTED]


def exchange(status: int = 200, **altered: Any) -> dict[str, Any]:
    """Return what a mock records of the retry command as Specmatic writes it, with some of the request altered."""
    request = {
        "method": RETRY["request"]["method"],
        "target": RETRY["request"]["target"],
        "headers": [["content-type", "application/json; charset=UTF-8"]],
        "body": json.dumps({"command_type": "ActionInstanceRetryCommand"}, indent=4),
    }
    return {"request": request | altered, "response": {"status": status}}


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (exchange(method="POST"), "method"),
        (exchange(target="/"), "target"),
        (exchange(body="{}"), "body"),
        (exchange(headers=[["content-type", "application/json"]]), "Content-Type"),
        (exchange(headers=[]), "Content-Type"),
        (exchange(status=401), "token"),
    ],
)
def test_request_that_arrives_otherwise_is_told(other: dict[str, Any], what: str) -> None:
    """The run by Specmatic names what arrived otherwise than a vector tells; as told, it names nothing."""
    assert list(specmatic_run.differences([RETRY["request"]], [exchange()])) == []
    assert any(f"another {what}" in line for line in specmatic_run.differences([RETRY["request"]], [other]))
    assert list(specmatic_run.differences([RETRY["request"]], [])) == ["0 of 1 requests arrived"]
