"""The vectors leave no rule untouched: each is broken alone, under each command."""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from openapi_contract.operations import Command
from openapi_contract.oracle import Standing
from secmaster_contract.commands.coverage import coverage
from secmaster_contract.shipped import shipped_contract, shipped_ledger
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.vectors.coverage import Coverage, alone
from secmaster_contract.vectors.vector import Expected
from test_verifier.verifying import target_at

CATALOGUE = enumerate_vectors(target_at("http://127.0.0.1:1"), shipped_ledger())
(OPERATION,) = shipped_contract().operations
LOANS = """
openapi: 3.1.0
info: {title: Loans, version: 1.0.0}
paths:
  /loans:
    get:
      operationId: listLoans
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 9}}]
      responses: {"200": {description: A list.}, "400": {description: Rejected.}}
  /loans/{loan}:
    delete:
      operationId: endLoan
      parameters: [{name: loan, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: Ended.}}
"""


def test_every_rule_is_broken_alone() -> None:
    """
    For each rule of the requests some vector breaks it and nothing else.
    """
    never = [pointer for pointer, vectors in alone(CATALOGUE).items() if not vectors]

    assert not never


def test_rule_that_no_vector_breaks_is_told() -> None:
    """
    A rule whose vectors are not there shows in the table.
    """
    rule = "/components/schemas/TaskId/type"
    catalogue = enumerate_vectors(target_at("http://127.0.0.1:1"), shipped_ledger())
    for name, vector in list(catalogue.vectors.items()):
        if {breach.pointer for breach in vector.judgement.breaches} == {rule}:
            del catalogue.vectors[name]

    assert [pointer for pointer, vectors in alone(catalogue).items() if not vectors] == [rule]


def test_every_clause_is_covered() -> None:
    """
    Each testable clause has vectors, or every answer is read for it.
    """
    rows = {row.key: row for row in Coverage(CATALOGUE).clauses}

    assert set(rows) == set(shipped_ledger().testable)
    assert all(row.kinds for row in rows.values())


@pytest.mark.parametrize("command", OPERATION.commands, ids=lambda command: command.name)
def test_every_command_has_all_kinds_of_faults(command: Command) -> None:
    """
    Under each command its own fields are left out, of other types, and its name misspelt.
    """
    kinds = Counter(vector.family for vector in CATALOGUE.vectors.values() if vector.command == command.name)

    assert {"accepted", "mandatory", "type", "range", "circumstance", "equivalence", "stateless"} <= set(kinds)


def test_what_is_expected_follows_from_the_bytes() -> None:
    """
    No vector expects a server to reject what the contract accepts, or to accept what it rejects.
    """
    for vector in CATALOGUE.vectors.values():
        if vector.family not in {"door", "extension"}:
            is_rejected = vector.judgement.standing is Standing.REJECTED
            assert (vector.expected is Expected.REJECTED) == is_rejected, vector.name
        if vector.expected is Expected.ACCEPTED:
            assert vector.judgement.standing is Standing.ACCEPTED, vector.name


def test_every_rejection_has_a_control() -> None:
    """
    What is to be rejected stands beside a command that is to be accepted.
    """
    rejected = [vector for vector in CATALOGUE.vectors.values() if vector.expected is Expected.REJECTED]

    assert all(CATALOGUE.vectors[str(vector.twin)].expected is Expected.ACCEPTED for vector in rejected)


def test_table_is_of_the_contract_in_use(tmp_path: Path) -> None:
    """
    The table of another contract has its clauses, commands and rules, and none of the shipped one's.
    """
    contract = tmp_path / "loans.yaml"
    contract.write_text(LOANS)
    result = CliRunner().invoke(coverage, ["--contract", str(contract)], catch_exceptions=False)

    assert result.exit_code == 0
    assert "list-loans.query.limit.maximum" in result.output
    assert "end-loan" in result.output.splitlines()[0]
    assert "rules never broken alone: 0" in result.output
    assert "task-id" not in result.output
