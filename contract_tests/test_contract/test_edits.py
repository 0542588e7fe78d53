"""What comes of each edit of the shipped contract, as far as the contract alone says it."""

import json
from pathlib import Path

import pytest

from openapi_contract import Contract, ContractError
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle, Standing
from openapi_contract.samples import Samples
from test_contract.edits import DERIVED, EDITS, PERMUTED, REFUSED, Edit, shipped
from test_contract.making import SHIPPED_LEDGER


def test_there_are_enough_edits() -> None:
    """
    The table has at least forty edits, each with a name of its own.
    """
    assert len(EDITS) >= 40
    assert len({edit.id for edit in EDITS}) == len(EDITS)


@pytest.mark.parametrize("edit", DERIVED, ids=lambda edit: edit.id)
def test_an_edit_is_derived(edit: Edit, tmp_path: Path) -> None:
    """
    Each new rule has a clause of the right name, and nothing else is lost.
    """
    before = set(Ledger.load(shipped(), SHIPPED_LEDGER).clauses)

    after = set(edit.read(tmp_path).clauses)

    assert set(edit.clauses) <= after - before
    assert set(edit.gone) <= before - after
    assert set(edit.blamed) <= after
    if not edit.rows:
        assert before <= after


@pytest.mark.parametrize("edit", [*DERIVED, *PERMUTED], ids=lambda edit: edit.id)
def test_an_edited_contract_needs_no_ledger(edit: Edit) -> None:
    """
    Without a ledger every rule has a derived clause.
    """
    contract = Contract.of(edit.document())
    ledger = Ledger.load(contract)

    assert all(ledger.groups[clause.group] for clause in ledger.clauses.values())
    assert not any(clause.written for clause in ledger.clauses.values() if clause.operation)


@pytest.mark.parametrize("edit", [*DERIVED, *PERMUTED], ids=lambda edit: edit.id)
def test_an_edited_contract_has_valid_requests(edit: Edit) -> None:
    """
    For each command of each operation there is a body, with and without optional fields, that the oracle accepts.
    """
    contract = Contract.of(edit.document())
    samples, oracle = Samples(contract), Oracle(contract)

    for operation in contract.operations:
        for parameter in operation.parameters:
            assert oracle.validator(parameter.schema_pointer).is_valid(samples.parameter(parameter))
        for response in operation.responses.values():
            answer = samples.answer(response)
            assert response.schema_pointer is None or oracle.validator(response.schema_pointer).is_valid(answer)
        for command in operation.commands if operation.body else ():
            for full in (False, True):
                body = samples.body(operation, command, full=full)
                judged = oracle.body(operation, json.dumps(body).encode())
                assert judged.standing is Standing.ACCEPTED, judged
                assert judged.command is command


@pytest.mark.parametrize("edit", PERMUTED, ids=lambda edit: edit.id)
def test_order_means_nothing(edit: Edit, tmp_path: Path) -> None:
    """
    Another order gives the same clauses with the same words, and the same samples.
    """
    plain, other = shipped(), Contract.of(edit.document())
    before, after = Ledger.load(plain, SHIPPED_LEDGER), edit.read(tmp_path)

    assert before.clauses == after.clauses
    assert Ledger.load(plain).clauses == Ledger.load(other).clauses
    for mine, theirs in zip(plain.operations, other.operations, strict=True):
        assert mine.gentlest.name == theirs.gentlest.name
        assert mine.fullest.name == theirs.fullest.name
        assert Samples(plain).body(mine, mine.fullest) == Samples(other).body(theirs, theirs.fullest)


@pytest.mark.parametrize("edit", REFUSED, ids=lambda edit: edit.id)
def test_an_edit_is_refused_at_its_place(edit: Edit) -> None:
    """
    What is not derived is refused with its pointer and what to write instead.
    """
    with pytest.raises(ContractError) as caught:
        Contract.of(edit.document())

    told = {problem.pointer: problem.instead for problem in caught.value.problems}
    assert edit.refused in told
    assert all(told.values())


def test_rows_that_lost_their_rule_are_named(tmp_path: Path) -> None:
    """
    An edit that takes rules away names every row of the ledger that has to go with them.
    """
    edit = next(edit for edit in DERIVED if edit.name == "no token")
    with pytest.raises(ContractError) as caught:
        Ledger.load(Contract.of(edit.document()), SHIPPED_LEDGER)

    rows = {problem.pointer.split("/")[4] for problem in caught.value.problems}
    assert rows == {
        "headers.x-auth-token.mandatory",
        "headers.x-auth-token.user-token",
        "headers.x-auth-token.in-header",
    }
    assert not rows & set(edit.read(tmp_path).clauses)
