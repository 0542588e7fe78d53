"""Every clause that can be tested is tested, and has a server that is blamed for breaking it."""

from secmaster_contract.run.session import Session
from secmaster_contract.shipped import shipped_ledger
from test_verifier.servers.benign import BENIGN
from test_verifier.servers.broken import FAULTS
from test_verifier.servers.stacks import STACKS
from test_verifier.verifying import target_at


def test_every_testable_clause_has_a_broken_server() -> None:
    """
    For each testable row of the ledger some server breaks it.
    """
    blamed = {clause for fault in FAULTS.values() for clause in fault.clauses}

    assert set(shipped_ledger().testable) - blamed == set()


def test_broken_servers_break_clauses_that_exist() -> None:
    """
    What a server is to be blamed for stands in the ledger and can be tested.
    """
    named = {clause for fault in FAULTS.values() for clause in fault.clauses | fault.advice}

    assert named <= set(shipped_ledger().testable)


def test_every_testable_clause_has_a_check() -> None:
    """
    The checks speak for exactly the testable rows of the ledger.
    """
    session = Session(target_at("http://127.0.0.1:1"))
    asked = {vector.clause.key for vector in session.vectors} | {clause.key for clause in session.readings}

    assert asked == set(shipped_ledger().testable)


def test_there_are_enough_of_both_kinds() -> None:
    """
    The proof stands on hundreds of faults and dozens of correct servers.
    """
    assert len(FAULTS) >= 250
    assert len(BENIGN) + len(STACKS) >= 45
