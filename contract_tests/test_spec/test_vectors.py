"""The wire vectors for other languages are current, well-formed, and mean what the verifier means."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from downstream import vectors
from openapi_contract import Contract, Operation
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle, Standing
from secmaster_contract.mock.server import Running, running
from secmaster_contract.mock.settings import MockSettings
from secmaster_contract.run.session import chosen
from secmaster_contract.run.target import Target
from secmaster_contract.shipped import openapi_directory
from secmaster_contract.vectors import enumerate_vectors
from test_contract.making import small

FILE: dict[str, Any] = json.loads(vectors.PATH.read_text(encoding="utf-8"))
VECTORS: list[dict[str, Any]] = FILE["vectors"]
SCHEMA: dict[str, Any] = json.loads((openapi_directory() / "vectors.schema.json").read_text(encoding="utf-8"))


def faults(document: Any) -> list[str]:
    """Return where a document breaks the schema of the vectors."""
    return [error.json_path for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)]


def body(request: dict[str, Any]) -> bytes:
    """Return the bytes of a body, as a reader of the file alone would put them together."""
    return b"".join(
        base64.b64decode(part["base64"]) if "base64" in part else part["text"].encode() * part.get("times", 1)
        for part in request["body"]
    )


def test_vectors_are_current() -> None:
    """The file is what the enumeration gives (repair: make bundle)."""
    assert vectors.PATH.read_text(encoding="utf-8") == vectors.text(vectors.document())


@pytest.mark.parametrize("edit", [("ActionInstanceRetryCommand", "Retry"), ("", "")])
def test_edited_or_missing_file_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], edit: tuple[str, str]
) -> None:
    """A file that was edited or removed is named, with the command that repairs it."""
    path = tmp_path / "vectors.json"
    if all(edit):
        path.write_text(vectors.PATH.read_text(encoding="utf-8").replace(*edit), encoding="utf-8")
    monkeypatch.setattr(vectors, "PATH", path)
    monkeypatch.setattr(vectors, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["vectors", "--check"])

    assert vectors.main() == 1
    assert capsys.readouterr().err == "stale or edited: vectors.json\nRepair with: make bundle\n"


def test_vectors_keep_their_schema() -> None:
    """Each vector is valid by the published schema, which is one."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    assert faults(FILE) == []


@pytest.mark.parametrize(
    "change",
    [
        {"expected": "taken"},
        {"expected": "accepted", "statuses": [400]},
        {"expected": "rejected"},
        {"operation": ""},
        {"clause": "Body Rule"},
        {"request": {"method": "PUT"}},
        {"note": "by hand"},
    ],
)
def test_vector_of_another_form_is_found(change: dict[str, Any]) -> None:
    """A vector with a wrong or a missing field is invalid."""
    altered = {name: value for name, value in VECTORS[0].items() if name != "statuses"} | change

    assert faults({**FILE, "vectors": [altered]})


def test_names_are_unique_and_clauses_known(ledger: Ledger) -> None:
    """Each vector has a name of its own and blames a row of the ledger."""
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)
    assert {vector["clause"] for vector in VECTORS} <= set(ledger.clauses)


def test_bodies_read_back_as_the_verifier_s(ledger: Ledger) -> None:
    """A body put together from its parts has the very bytes that the verifier sends."""
    given = {name: value for name, value in FILE["given"].items() if name != "token"}
    target = Target("http://127.0.0.1:1", FILE["given"]["token"], given)
    sent = enumerate_vectors(target, ledger, chosen(ledger.contract)).vectors

    assert {vector["name"]: body(vector["request"]) for vector in VECTORS} == {
        name: vector.request.body for name, vector in sent.items()
    }


def test_every_command_is_accepted_and_rejected(operation: Operation, oracle: Oracle) -> None:
    """The vectors hold commands of each kind that are expected to be accepted and to be rejected."""

    def judged(expected: str) -> list[Any]:
        wanted = (operation.id, expected)
        own = [vector["request"] for vector in VECTORS if (vector["operation"], vector["expected"]) == wanted]
        return [oracle.body(operation, body(request)) for request in own]

    for command in operation.commands:
        for expected in ("accepted", "rejected"):
            assert any(judgement.command is command for judgement in judged(expected))
    assert {judgement.standing for judgement in judged("accepted")} == {Standing.ACCEPTED}


def test_value_that_a_path_does_not_take_is_not_given(tmp_path: Path) -> None:
    """A path parameter with a rule has the contract's own value, which no reader of the file replaces."""
    path = tmp_path / "things.yaml"
    root = small(parameters=[{"name": "thing", "in": "path", "required": True, "schema": {"type": "integer"}}])
    root["paths"] = {"/things/{thing}": root["paths"]["/things"]}
    path.write_text(json.dumps(root), encoding="utf-8")

    whole = vectors.document(Ledger.load(Contract.load(path)))

    assert whole["given"] == {"token": vectors.TOKEN}
    assert faults(whole) == []
    assert {vector["operation"] for vector in whole["vectors"]} == {"doThing"}
    assert "example-thing" not in json.dumps(whole["vectors"])


@pytest.fixture(scope="module")
def mock() -> Iterator[Running]:
    """An embedded server that takes the token of the vectors."""
    with running(MockSettings(tokens=(FILE["given"]["token"],))) as server:
        yield server


def wire(told: dict[str, Any], host: str) -> bytes:
    """Return the bytes of a request by what the file and its schema say, without the verifier's own writer."""
    content, sizes = body(told), list(told.get("chunks", ()))
    framing = "Transfer-Encoding: chunked" if sizes else f"Content-Length: {len(content)}"
    lines = [f"{told['method']} {told['target']} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in told["headers"]]
    head = "\r\n".join([*lines, framing, "", ""]).encode("latin-1", "backslashreplace")
    if not sizes:
        return head + content
    chunks = []
    while content:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        chunks.append(b"%x\r\n%s\r\n" % (len(content[:size]), content[:size]))
        content = content[size:]
    return head + b"".join(chunks) + b"0\r\n\r\n"


def answered(mock: Running, vector: dict[str, Any]) -> tuple[int, bytes]:
    """Send a vector as the file tells it, after what is sent before it; return the status and the body."""
    host = mock.url.removeprefix("http://")
    name, _, port = host.rpartition(":")
    status, content = 0, b""
    with socket.create_connection((name, int(port)), timeout=30) as connection:
        for told in [*vector.get("before", ()), vector["request"]]:
            connection.sendall(wire(told, host))
            answer = HTTPResponse(connection, method=told["method"])
            answer.begin()
            status, content = answer.status, answer.read()
    return status, content


def is_expected(vector: dict[str, Any], status: int, content: bytes) -> bool:
    """Whether an answer is what a vector expects."""
    operation = FILE["operations"][vector["operation"]]
    match vector["expected"]:
        case "accepted":
            return status in operation["statuses"]
        case "rejected":
            return status in vector["statuses"]
        case "not accepted":
            if "done" not in operation:
                return 200 <= status < 500
            done = operation["done"]
            said = json.loads(content or b"{}").get(done["field"])
            return not (status in operation["statuses"] and said is done["value"])
        case _:
            return 200 <= status < 500


@pytest.mark.parametrize(
    ("expected", "status", "content"),
    [
        ("accepted", 400, b"{}"),
        ("rejected", 200, b"{}"),
        ("not accepted", 200, b'{"success":true}'),
        ("any", 500, b""),
    ],
)
def test_wrong_answer_is_not_what_is_expected(expected: str, status: int, content: bytes) -> None:
    """Each kind of expectation has an answer that fails it."""
    vector = {"operation": "updateWorkflowInstance", "expected": expected, "statuses": [400]}

    assert not is_expected(vector, status, content)


def test_embedded_server_gives_what_is_expected(mock: Running) -> None:
    """The embedded server gives each MUST vector what the file says is expected."""
    wrong = {
        vector["name"]: answer
        for vector in VECTORS
        if vector["level"] == "MUST" and "beside" not in vector
        if not is_expected(vector, *(answer := answered(mock, vector)))
    }

    assert wrong == {}


def test_committed_path_is_in_the_contract_s_folder() -> None:
    """The file and its schema lie beside the contract."""
    assert vectors.PATH.parent == Path(openapi_directory())
