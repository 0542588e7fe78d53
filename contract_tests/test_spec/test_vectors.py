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
from secmaster_contract.vectors import enumerate_vectors
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle, Standing
from secmaster_contract.shipped import openapi_directory
from openapi_contract import Spec
from secmaster_contract.run.target import Target
from secmaster_contract.mock.server import Running, running
from secmaster_contract.mock.settings import MockSettings

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
    assert vectors.PATH.read_text(encoding="utf-8") == vectors.text()


@pytest.mark.parametrize("edit", [("ActionInstanceRetryCommand", "Retry"), ("", "")])
def test_edited_or_missing_file_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], edit: tuple[str, str]
) -> None:
    """A file that was edited or removed is named, with the command that repairs it."""
    path = tmp_path / "vectors.json"
    if all(edit):
        path.write_text(vectors.text().replace(*edit), encoding="utf-8")
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
        {"due": "accepted"},
        {"due": "taken", "statuses": [400]},
        {"due": "refused"},
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


def test_bodies_read_back_as_the_verifier_s() -> None:
    """A body put together from its parts has the very bytes that the verifier sends."""
    spec = Oracle().spec
    identifiers = {name: FILE["given"][name] for name in spec.path_parameters}
    target = Target("http://127.0.0.1:1", FILE["given"]["token"], identifiers)
    sent = enumerate_vectors(target, spec).vectors

    assert {vector["name"]: body(vector["request"]) for vector in VECTORS} == {
        name: vector.request.body for name, vector in sent.items()
    }


def test_every_command_is_taken_and_refused(spec: Spec, oracle: Oracle) -> None:
    """The vectors hold commands of each kind that are due to be taken and to be refused."""
    for command in spec.commands:
        for due in ("taken", "refused"):
            judged = [oracle.judge_body(body(vector["request"])) for vector in VECTORS if vector["due"] == due]
            assert any(judgement.command == command for judgement in judged)
    taken = [oracle.judge_body(body(vector["request"])) for vector in VECTORS if vector["due"] == "taken"]
    assert {judgement.standing for judgement in taken} == {Standing.ACCEPTED}


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


def is_due(vector: dict[str, Any], status: int, content: bytes) -> bool:
    """Whether an answer is what a vector says is due."""
    match vector["due"]:
        case "taken":
            return bool(status == FILE["taken_status"])
        case "refused":
            return status in vector["statuses"]
        case "not taken":
            return not (status == FILE["taken_status"] and json.loads(content or b"{}").get("success") is True)
        case _:
            return 200 <= status < 500


@pytest.mark.parametrize(
    ("due", "status", "content"),
    [("taken", 400, b"{}"), ("refused", 200, b"{}"), ("not taken", 200, b'{"success":true}'), ("any", 500, b"")],
)
def test_wrong_answer_is_not_what_is_due(due: str, status: int, content: bytes) -> None:
    """Each kind of due has an answer that fails it."""
    assert not is_due({"due": due, "statuses": [400]}, status, content)


def test_embedded_server_gives_what_is_due(mock: Running) -> None:
    """The embedded server gives each MUST vector what the file says is due."""
    wrong = {
        vector["name"]: answer
        for vector in VECTORS
        if vector["level"] == "MUST" and "beside" not in vector
        if not is_due(vector, *(answer := answered(mock, vector)))
    }

    assert wrong == {}


def test_committed_path_is_in_the_contract_s_folder() -> None:
    """The file and its schema lie beside the contract."""
    assert vectors.PATH.parent == Path(openapi_directory())
