"""The verdict file: its schema, what it must hold, and that a failure in it can be sent again byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from secmaster_contract.commands.replay import request_of
from secmaster_contract.report.files import SCHEMA_FILE, UnreadableFile, read_verdict
from secmaster_contract.run.secret import Redactor
from secmaster_contract.shipped import shipped_ledger
from test_reports.conftest import Made, invoke
from test_reports.servers import Recording
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import serving


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return value


@pytest.mark.parametrize("made", ["faulty", "correct"])
def test_verdict_file_is_valid(schema: dict[str, Any], request: pytest.FixtureRequest, made: str) -> None:
    """
    A verdict file is valid under its schema, by a validator that the verifier does not use.
    """
    validator = jsonschema.Draft202012Validator(schema)

    assert [error.message for error in validator.iter_errors(request.getfixturevalue(made).verdict)] == []


def test_schema_describes_no_field_that_no_file_has(schema: dict[str, Any], faulty: Made) -> None:
    """
    Every required field of the schema is one that files have, and every field of a file is in the schema.
    """
    assert set(faulty.verdict) == set(schema["required"]) == set(schema["properties"])
    for name in ("clause", "failure", "vector", "operation"):
        rows = {
            "clause": faulty.verdict["clauses"],
            "vector": faulty.verdict["vectors"],
            "operation": faulty.verdict["operations"],
        }
        found = rows.get(name, [failure for _, failure in faulty.failures])
        assert {field for row in found for field in row} <= set(schema["$defs"][name]["properties"])


def test_every_clause_stands_once(faulty: Made) -> None:
    """
    Each clause that can be tested has one row.
    """
    assert [clause["key"] for clause in faulty.verdict["clauses"]] == list(shipped_ledger().testable)


def test_faults_of_the_server_are_violations(faulty: Made) -> None:
    """
    The clauses that the faulty server breaks are the ones that the file says are violated.
    """
    broken = {clause["key"] for clause in faulty.verdict["clauses"] if clause["verdict"] == "violates"}

    assert broken == {
        "headers.x-auth-token.user-token",
        "body.task-id.mandatory-for-debug",
        "http.media-type",
        "guard.no-server-error",
    }
    assert faulty.verdict["exit_status"] == 1


def test_recorded_request_is_the_one_that_was_sent(faulty: Made) -> None:
    """
    Each failure, the token put back, is byte for byte a request that the server has seen.
    """
    redactor = Redactor(TOKEN)
    seen = set(faulty.server.seen)
    recorded = [request_of(failure["sent"], redactor) for _, failure in faulty.failures]
    sent = [(r.method, r.target, tuple((n.lower(), v) for n, v in r.headers), r.body) for r in recorded]

    assert len(sent) > 20
    assert any("body_base64" in failure["sent"] for _, failure in faulty.failures)
    assert [one for one in sent if one not in seen] == []


def test_unwritable_file_is_found_before_the_run(tmp_path: Path) -> None:
    """
    A file that cannot be written is bad usage before anything is sent.
    """
    server = Recording()
    with serving(server) as url:
        result = invoke(url, "--json", str(tmp_path / "missing" / "verdict.json"))

    assert result.exit_code == 2
    assert "cannot write" in result.stderr
    assert server.seen == []


def test_file_in_place_of_the_directory_is_found_before_the_run(tmp_path: Path) -> None:
    """
    A file where --report wants its directory is bad usage, told in a sentence.
    """
    (tmp_path / "report").write_text("")
    result = invoke("http://127.0.0.1:1", "--report", str(tmp_path / "report"))

    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


def test_file_of_the_first_version_is_told_so(tmp_path: Path) -> None:
    """
    A verdict file of version 1 is refused in a sentence that says what to do.
    """
    file = tmp_path / "old.json"
    file.write_text('{"schema": "secmaster-contract/verdict/1"}')

    with pytest.raises(UnreadableFile, match=r"old\.json is a verdict file of version 1.*verify the server again"):
        read_verdict(file)


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"schema": "secmaster-contract/verdict/2"}', '{"schema": "other/1"}']
)
def test_what_is_no_verdict_file_is_refused(tmp_path: Path, text: str) -> None:
    """
    A file that is no verdict file is refused in words that name it.
    """
    file = tmp_path / "some.json"
    file.write_text(text)

    with pytest.raises(UnreadableFile, match=r"some\.json"):
        read_verdict(file)
