"""The vectors leave no rule of any contract untouched: each is broken, in each command, beside a valid control."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from openapi_contract import Contract, ContractError
from openapi_contract.ledger import Clause, Ledger
from openapi_contract.oracle import Standing
from openapi_contract.rules import GROUPS
from secmaster_contract.shipped import shipped_ledger
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.vectors.coverage import Coverage, alone
from secmaster_contract.vectors.vector import Expected
from test_contract.making import CONTRACTS, FIELD, contract_of, small, with_field
from test_verifier.verifying import target_at

OTHERS = sorted(CONTRACTS.glob("*.yaml"))
SHIPPED = CONTRACTS / "shipped"
of_each_contract = pytest.mark.parametrize("path", [SHIPPED, *OTHERS], ids=lambda path: path.stem)
# Families whose vectors are rejected for more than what the contract says of their bytes.
_BEYOND = {"door", "extension"}
# What any accepted request shows.
_SHOWN = {"operation", "media-type.literal"}


@cache
def catalogue_of(path: Path) -> Catalogue:
    """Return the vectors of a contract."""
    ledger = shipped_ledger() if path == SHIPPED else Ledger.load(Contract.load(path))
    return enumerate_vectors(target_at("http://127.0.0.1:1"), ledger)


@of_each_contract
def test_every_rule_of_a_request_is_broken(path: Path) -> None:
    """For each rule of each command and parameter some vector breaks it, and blames the clause on it."""
    catalogue = catalogue_of(path)
    broken = {
        (vector.operation.id, pointer)
        for vector in catalogue.vectors.values()
        if vector.expected is Expected.REJECTED
        for pointer in {breach.pointer for breach in vector.judgement.breaches}
        if pointer in vector.clause.pointers
    }
    asked = {vector.clause.key for vector in catalogue.vectors.values() if vector.family == "door"}

    assert [
        rule.pointer
        for scope in catalogue.scopes
        for rule in catalogue.rules.of_request(scope.operation)
        if (scope.operation.id, rule.reported) not in broken
        and catalogue.ledger.of_rule(scope.operation, rule).key not in asked
    ] == []


@pytest.mark.parametrize(
    ("schema", "rules"),
    [
        ({"type": "string", "minLength": 2, "maxLength": 4}, {"type", "minLength", "maxLength"}),
        ({"type": "integer", "minimum": 2, "maximum": 4}, {"type", "minimum", "maximum"}),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 1}, {"type", "items/type", "maxItems"}),
    ],
)
def test_rule_that_can_be_broken_alone_is(schema: dict[str, Any], rules: set[str]) -> None:
    """A rule that a value can break without breaking another is broken so."""
    ledger = Ledger.load(contract_of(with_field(schema)))

    found = alone(enumerate_vectors(target_at("http://127.0.0.1:1"), ledger))

    own = {pointer.removeprefix(f"{FIELD}/"): vectors for pointer, vectors in found.items() if FIELD in pointer}
    assert {pointer for pointer, vectors in own.items() if vectors} == rules


def test_rule_that_no_vector_breaks_is_told() -> None:
    """A rule that nothing breaks is an error that names it and asks for what would help."""
    contract = contract_of(with_field({"type": "string", "pattern": r"^[\s\S]*$"}))

    with pytest.raises(ContractError) as refused:
        enumerate_vectors(target_at("http://127.0.0.1:1"), Ledger.load(contract))

    assert [problem.pointer for problem in refused.value.problems] == [f"{FIELD}/pattern"]
    assert "example" in refused.value.problems[0].instead


@of_each_contract
def test_what_a_request_can_break_is_asked(path: Path) -> None:
    """Each clause on a part of a request has vectors; those that every answer is read for are of answers alone."""
    catalogue = catalogue_of(path)
    rows = {row.key: row for row in Coverage(catalogue).clauses}

    assert set(rows) == set(catalogue.ledger.testable)
    read = [catalogue.ledger[key] for key, row in rows.items() if "every answer" in row.kinds]
    assert [clause.key for clause in read if _is_of_requests(clause, catalogue) and clause.role not in _SHOWN] == []


def test_optional_field_that_does_not_fit_beside_the_others_is_sent() -> None:
    """Where not all optional fields may stand together, each is sent all the same."""
    names = ("one", "two", "three")
    properties = {name: {"type": "string"} for name in names}
    schema = {"type": "object", "maxProperties": 2, "properties": properties}

    vectors = enumerate_vectors(target_at("http://127.0.0.1:1"), Ledger.load(contract_of(small(schema)))).vectors

    assert {vectors[f"doThing/{name}/present"].expected for name in names} == {Expected.ACCEPTED}


def _is_of_requests(clause: Clause, catalogue: Catalogue) -> bool:
    prefix = catalogue.ledger.prefixes.get(clause.operation or "", "")
    return clause.group.removeprefix(prefix) in GROUPS.values()


@of_each_contract
def test_every_command_has_all_kinds_of_requests(path: Path) -> None:
    """Each command is sent valid, and with each of its fields left out or of another type."""
    catalogue = catalogue_of(path)
    for scope in catalogue.scopes:
        for command in scope.commands:
            own = [one for one in catalogue.vectors.values() if one.operation is scope.operation]
            kinds = Counter(one.family for one in own if one.command == command.name)
            assert kinds["accepted"], command.name
            if command.required:
                assert kinds["mandatory"], command.name
            if command.fields:
                assert kinds["type"], command.name


@of_each_contract
def test_what_is_expected_follows_from_the_bytes(path: Path) -> None:
    """No vector asks a server to reject what the contract accepts, or to accept what it rejects."""
    for vector in catalogue_of(path).vectors.values():
        if vector.family not in _BEYOND:
            rejected = vector.judgement.standing is Standing.REJECTED
            assert (vector.expected is Expected.REJECTED) == rejected, vector.name
        if vector.expected is Expected.ACCEPTED:
            assert vector.judgement.standing is Standing.ACCEPTED, vector.name


@of_each_contract
def test_every_rejection_has_a_valid_twin(path: Path) -> None:
    """What is to be rejected stands beside a request that is to be accepted."""
    vectors = catalogue_of(path).vectors
    rejected = [vector for vector in vectors.values() if vector.expected is Expected.REJECTED]

    assert [one.name for one in rejected if vectors[str(one.twin)].expected is not Expected.ACCEPTED] == []
