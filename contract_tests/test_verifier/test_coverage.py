"""The vectors leave no rule untouched: each is broken alone, with its own branch selected, under each command."""

import copy
from collections import Counter

import pytest

from openapi_contract import Spec, load_spec
from openapi_contract.ledger import load_ledger
from openapi_contract.oracle import Standing
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.vectors.coverage import by_clause, keywords
from secmaster_contract.vectors.vector import Due
from test_verifier.verifying import target_at

CATALOGUE = enumerate_vectors(target_at("http://127.0.0.1:1"), load_spec())


def test_every_rule_of_the_body_is_broken_alone() -> None:
    """
    For each keyword of each command's schema some vector breaks it and nothing else.
    """
    never = [pointer for pointer, vectors in keywords(CATALOGUE).items() if not vectors]

    assert not never


def test_rule_that_no_vector_breaks_is_told() -> None:
    """
    A keyword that the enumeration cannot break shows in the table.
    """
    document = copy.deepcopy(dict(load_spec().document))
    document["components"]["schemas"]["ActionInstanceDebugCommand"]["properties"]["task_id"]["pattern"] = "^(?s:.*)$"
    catalogue = enumerate_vectors(target_at("http://127.0.0.1:1"), Spec(document))

    never = [pointer for pointer, vectors in keywords(catalogue).items() if not vectors]

    assert never == ["/components/schemas/ActionInstanceDebugCommand/properties/task_id/pattern"]


def test_every_clause_is_covered() -> None:
    """
    Each testable clause has vectors, or every answer is read for it.
    """
    rows = {row.key: row for row in by_clause(CATALOGUE)}

    assert set(rows) == set(load_ledger().testable)
    assert all(row.kinds for row in rows.values())


@pytest.mark.parametrize("command", load_spec().commands, ids=lambda command: command.name)
def test_every_command_has_all_kinds_of_faults(command: object) -> None:
    """
    Under each command its own fields are left out, of other types, and its name misspelt.
    """
    name = getattr(command, "name")  # noqa: B009  pytest's ids want an untyped parameter
    kinds = Counter(vector.family for vector in CATALOGUE.vectors.values() if vector.command == name)

    assert {"taken", "mandatory", "type", "range", "circumstance", "equivalence", "stateless"} <= set(kinds)


def test_what_is_due_follows_from_the_bytes() -> None:
    """
    No vector asks a server to refuse what the contract accepts, or to take what it refuses.
    """
    for vector in CATALOGUE.vectors.values():
        if vector.family not in {"door", "extension"}:
            assert (vector.due is Due.REFUSED) == (vector.judgement.standing is Standing.REFUSED), vector.name
        if vector.due is Due.TAKEN:
            assert vector.judgement.standing is Standing.ACCEPTED, vector.name


def test_every_refusal_has_a_valid_twin() -> None:
    """
    What is to be refused stands beside a command that is to be taken.
    """
    refused = [vector for vector in CATALOGUE.vectors.values() if vector.due is Due.REFUSED]

    assert all(CATALOGUE.vectors[str(vector.twin)].due is Due.TAKEN for vector in refused)
