"""Each edit of the shipped contract through mock and verifier: the new mock conforms, a server of the old is blamed."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from openapi_contract.ledger import Ledger
from secmaster_contract.judge.verdicts import ExitStatus, Verdict
from secmaster_contract.mock.server import Running
from secmaster_contract.run.preflight import NotReady
from secmaster_contract.shipped import shipped_ledger
from test_contract.chain import keys, mock_of, reference, session_on, verdicts, verified
from test_contract.edits import DERIVED, PERMUTED, Edit

# Clauses on answers that no request has to be answered with: none of a correct server may ever show them.
UNOWED = {
    "a GET beside the PUT": {"show-workflow-instance.error.status"},
    "an answer 202": {f"answer-202.{name}" for name in ("type", "due.required", "due.type", "due.format")},
}


@pytest.fixture(scope="module")
def old_mock() -> Generator[Running]:
    """The mock of the contract as it is shipped."""
    with mock_of(shipped_ledger()) as server:
        yield server


@pytest.fixture(scope="module")
def by_hand() -> Generator[Running]:
    """The server of the shipped contract that shares no code with the mock."""
    with reference() as server:
        yield server


def blames(server: Running, ledger: Ledger, edit: Edit) -> set[str]:
    """Return the clauses that a server of the old contract breaks under the edited one."""
    session = session_on(server, ledger)
    if edit.unready:
        with pytest.raises(NotReady):
            session.run()
        return set()
    report = session.run()
    assert not report.harness_faults
    assert keys(report, Verdict.ADVISES) == set(edit.advised)
    return keys(report, Verdict.VIOLATES)


@pytest.mark.parametrize("edit", DERIVED, ids=lambda edit: edit.id)
def test_the_mock_of_an_edited_contract_conforms(edit: Edit, tmp_path: Path) -> None:
    """
    The mock of an edited contract keeps every clause of it, and the new ones are judged.
    """
    ledger = edit.read(tmp_path)

    with mock_of(ledger) as server:
        report = verified(server, ledger)

    unowed = UNOWED.get(edit.name, set())
    assert keys(report, Verdict.CONFORMS) == set(verdicts(report)) - unowed
    assert set(edit.clauses) <= set(verdicts(report))
    assert report.exit_status is ExitStatus.CONFORMS


@pytest.mark.parametrize("edit", DERIVED, ids=lambda edit: edit.id)
def test_the_mock_of_the_old_contract_is_blamed(edit: Edit, old_mock: Running, tmp_path: Path) -> None:
    """
    The mock of the contract as it was breaks just the clauses that the edit adds or changes.
    """
    assert blames(old_mock, edit.read(tmp_path), edit) == set(edit.blamed)


@pytest.mark.parametrize("edit", DERIVED, ids=lambda edit: edit.id)
def test_the_server_written_by_hand_is_blamed(edit: Edit, by_hand: Running, tmp_path: Path) -> None:
    """
    A server of the old contract that shares no code with the mock breaks the same clauses.
    """
    expected = edit.blamed if edit.by_hand is None else edit.by_hand

    assert blames(by_hand, edit.read(tmp_path), edit) == set(expected)


@pytest.mark.parametrize("edit", PERMUTED, ids=lambda edit: edit.id)
def test_another_order_gives_the_same_verdicts(edit: Edit, old_mock: Running, tmp_path: Path) -> None:
    """
    Another order of the contract gives the same clauses, the same vectors and the same verdicts.
    """
    ledger = edit.read(tmp_path)
    plain, permuted = session_on(old_mock, shipped_ledger()), session_on(old_mock, ledger)
    assert set(plain.catalogue.vectors) == set(permuted.catalogue.vectors)

    assert verdicts(permuted.run()) == dict.fromkeys(shipped_ledger().testable, Verdict.CONFORMS)
