"""Another contract than the shipped one: verified, listed, reported and drafted, with nothing of SecMaster needed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from openapi_contract.operations import Contract
from secmaster_contract.commands.clauses import clauses
from secmaster_contract.commands.coverage import coverage
from secmaster_contract.commands.draft import draft
from secmaster_contract.commands.verify import verify
from secmaster_contract.mock.server import running

LOANS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Loans", "version": "1.0.0"},
    "paths": {
        "/loans": {
            "get": {
                "operationId": "listLoans",
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9}}],
                "responses": {
                    "200": {"description": "A list.", "content": {"application/json": {"schema": {"type": "array"}}}},
                    "400": {"description": "Rejected."},
                },
            }
        },
        "/loans/{loan}": {
            "put": {
                "operationId": "extendLoan",
                "parameters": [{"name": "loan", "in": "path", "required": True, "schema": {"type": "string"}}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["days"],
                                "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 30}},
                            }
                        }
                    },
                },
                "responses": {"204": {"description": "Extended."}, "400": {"description": "Rejected."}},
            },
        },
    },
}
RULE = "extend-loan.body.days.maximum"


@dataclass(frozen=True)
class Bench:
    """A server of a contract, and a stricter contract that it does not keep."""

    url: str
    contract: Path
    strict: Path


def written(directory: Path, name: str, document: dict[str, Any]) -> Path:
    """Write a contract down."""
    file = directory / name
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    return file


def stricter() -> dict[str, Any]:
    """The contract with a smaller limit."""
    document: dict[str, Any] = json.loads(json.dumps(LOANS))
    body = document["paths"]["/loans/{loan}"]["put"]["requestBody"]["content"]["application/json"]
    body["schema"]["properties"]["days"]["maximum"] = 20
    return document


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    directory = tmp_path_factory.mktemp("contracts")
    contract = written(directory, "loans.yaml", LOANS)
    with running(contract=Contract.load(contract)) as server:
        yield Bench(server.url, contract, written(directory, "strict.yaml", stricter()))


def run(command: click.Command, *arguments: str | Path) -> Result:
    """Run a command as somebody who has set nothing up."""
    unset = {name: None for name in os.environ if name.startswith(("SECMASTER_", "GITHUB_"))}
    asked = [str(argument) for argument in arguments]
    return CliRunner().invoke(command, asked, env={**unset, "COLUMNS": "300"}, catch_exceptions=False)


def test_server_of_another_contract_conforms(bench: Bench, tmp_path: Path) -> None:
    """
    A server that keeps its contract conforms to it, without a token where the contract asks for none.
    """
    file = tmp_path / "verdict.json"
    result = run(verify, bench.url, "--contract", bench.contract, "--json", file)
    verdict = json.loads(file.read_text(encoding="utf-8"))

    assert result.exit_code == 0, result.output
    assert verdict["contract"] == {
        "title": "Loans 1.0.0",
        "file": "loans.yaml",
        "contract_sha256": hashlib.sha256(bench.contract.read_bytes()).hexdigest(),
        "ledger_sha256": None,
    }
    assert {clause["derived"] for clause in verdict["clauses"] if clause["operation"]} == {True}


@pytest.fixture(scope="module")
def broken(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The reports of a server that does not keep a rule."""
    directory = tmp_path_factory.mktemp("report")
    return directory, run(verify, bench.url, "--contract", bench.strict, "--report", directory)


def test_broken_rule_is_blamed_under_its_operation(broken: tuple[Path, Result]) -> None:
    """
    Clauses stand by operation, then by place, and the rule that the server does not keep is violated there.
    """
    _, result = broken
    lines = [line for line in result.stdout.splitlines() if line]
    order = ("listLoans: GET /loans", "extendLoan: PUT /loans/{loan}", f"  ✗ violates     {RULE}", "Every operation")
    places = [next(number for number, line in enumerate(lines) if line.startswith(start)) for start in order]

    assert result.exit_code == 1
    assert places == sorted(places)
    assert result.stdout.count("✗ violates") == 1


def test_page_says_what_is_derived(broken: tuple[Path, Result]) -> None:
    """
    The page has a heading an operation, and marks the clauses that no row states.
    """
    text = (broken[0] / "index.html").read_text(encoding="utf-8")

    assert '<h2 class="operation">extendLoan: PUT /loans/{loan}</h2>' in text
    assert f'<code>{RULE}</code> <span class="level">MUST</span> <span class="level">derived</span>' in text
    assert "none: every clause is derived" in text


def test_sarif_points_into_the_contract_in_use(broken: tuple[Path, Result], bench: Bench) -> None:
    """
    A result stands at the line of the contract that was verified.
    """
    results = json.loads((broken[0] / "verdict.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    place = results[0]["locations"][0]["physicalLocation"]

    assert place["artifactLocation"] == {"uri": bench.strict.as_uri()}
    assert bench.strict.read_text().splitlines()[place["region"]["startLine"] - 1].strip() == "maximum: 20"


def test_failure_can_be_shown_again(broken: tuple[Path, Result], bench: Bench) -> None:
    """
    The pytest file of a failure fails on the server, and carries the contract beside it.
    """
    directory = broken[0] / "reproduce"
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(directory), str(directory)]
    env = {**os.environ, "X_AUTH_TOKEN": "none", "X_TARGET": bench.url, "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    assert " failed in " in ended.stdout.splitlines()[-1]
    assert "AssertionError" in ended.stdout
    assert (directory / "contract.yaml").read_bytes() == bench.strict.read_bytes()


def test_one_operation_has_no_heading(bench: Bench) -> None:
    """
    With one operation its heading is left out, and only its clauses are judged.
    """
    result = run(verify, bench.url, "--contract", bench.contract, "--operations", "listLoans")

    assert result.exit_code == 0
    assert "listLoans: GET" not in result.stdout
    assert "extend-loan" not in result.stdout


def test_values_come_by_name(bench: Bench) -> None:
    """
    The values of a path, a query and a body are those of --param.
    """
    listed = run(verify, "--contract", bench.contract, "--list", "--param", "loan=mine", "--param", "limit=3")

    assert "GET /loans?limit=3" in listed.stdout
    assert "PUT /loans/mine" in listed.stdout


def test_permission_names_the_parameter_of_the_contract(bench: Bench) -> None:
    """
    What a live system may be sent, and what it lacks for it, is told in the names of the contract.
    """
    live = (bench.url, "--contract", bench.contract, "--treat-as", "live", "--rate", "1000/s")
    told = run(verify, *live)
    missing = run(verify, *live, "--allow", "extend-loan")
    unknown = run(verify, *live, "--allow", "retry")

    assert "With --allow extend-loan --param extend-loan:loan=ID conclusive: " in told.stdout
    assert "--allow extend-loan needs what it may touch: --param extend-loan:loan=ID" in missing.stderr
    assert "--allow retry: the commands are extend-loan" in unknown.stderr
    assert (missing.exit_code, unknown.exit_code) == (2, 2)


def test_allowed_command_goes_to_its_own_resource(bench: Bench, tmp_path: Path) -> None:
    """
    On a live system a command is sent to the resource that is named for it.
    """
    file = tmp_path / "journal.jsonl"
    options = ("--contract", bench.contract, "--treat-as", "live", "--rate", "1000/s", "--journal", file)
    run(verify, bench.url, *options, "--allow", "extend-loan", "--param", "extend-loan:loan=mine")

    assert '"target": "/loans/mine"' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [verify, clauses, coverage, draft], ids=lambda command: command.name)
def test_unusable_contract_is_told_a_line_a_problem(command: click.Command, tmp_path: Path) -> None:
    """
    Every command tells all that is wrong with a contract, each on a line with file and pointer, and ends with 2.
    """
    document = json.loads(json.dumps(LOANS))
    document["paths"]["/loans"]["get"] |= {"callbacks": {}}
    document["paths"]["/loans/{loan}"]["put"]["requestBody"]["content"] |= {"text/plain": {"schema": {}}}
    file = written(tmp_path, "refused.yaml", document)
    more = {"verify": ["http://127.0.0.1:1"], "draft": ["--to", str(tmp_path / "drafts")]}.get(str(command.name), [])
    result = run(command, "--contract", file, *more)
    lines = result.stderr.splitlines()

    assert result.exit_code == 2
    assert any(line.startswith(f"{file}#/paths/~1loans/get/callbacks: ") for line in lines)
    assert any(line.startswith(f"{file}#/paths/~1loans~1{{loan}}/put/requestBody/content") for line in lines)
    assert result.stdout == ""


def test_list_of_clauses_says_what_is_derived(bench: Bench) -> None:
    """
    The list of clauses has those of the contract by operation, each with the place that it is derived from.
    """
    result = run(clauses, "--contract", bench.contract)

    assert result.exit_code == 0
    assert "\nextendLoan: PUT /loans/{loan}\n" in result.output
    assert f"  {RULE}" in result.output
    assert "derived from /paths/~1loans~1{loan}/put/requestBody" in result.output


def test_rows_still_to_be_written_are_listed(bench: Bench) -> None:
    """
    The rules without a row are listed by themselves, the clauses of standards not among them, and that is no failure.
    """
    result = run(clauses, "--contract", bench.contract, "--unwritten")

    assert result.exit_code == 0
    assert RULE in result.output
    assert "http.json" not in result.output


def test_draft_is_a_ledger(bench: Bench, tmp_path: Path) -> None:
    """
    The drafted rows, used as the ledger, state every rule, and a server conforms to them as before.
    """
    run(draft, "--contract", bench.contract, "--to", tmp_path)
    rows = ("--contract", bench.contract, "--ledger", tmp_path / "clauses.yaml")
    left, verified = run(clauses, *rows, "--unwritten"), run(verify, bench.url, *rows)

    assert "Every rule has its row in the ledger." in left.output
    assert verified.exit_code == 0, verified.output


@pytest.mark.parametrize(("kind", "days"), [("rejected", 31), ("accepted", 30)])
def test_draft_has_bodies(bench: Bench, tmp_path: Path, kind: str, days: int) -> None:
    """
    For a rule of a body there is a draft of one that breaks it alone, and one just on its right side.
    """
    run(draft, "--contract", bench.contract, "--to", tmp_path)
    file = tmp_path / "examples" / kind / f"{RULE.replace('.', '-')}.json"

    assert json.loads(file.read_text(encoding="utf-8")) == {"days": days}


def test_ledger_that_lacks_nothing_has_no_draft(tmp_path: Path) -> None:
    """
    The shipped ledger has a row for every rule, so there is nothing to draft.
    """
    result = run(draft, "--to", tmp_path / "drafts")

    assert "Every rule has its row in the ledger." in result.output
    assert not (tmp_path / "drafts").exists()
