"""Every clause that can be tested is tested, and has a server that is blamed for breaking it."""

from openapi_contract.ledger import load_ledger
from secmaster_contract.run.session import checked_clauses
from test_verifier.servers.benign import BENIGN
from test_verifier.servers.broken import FAULTS
from test_verifier.servers.stacks import STACKS


def test_every_testable_clause_has_a_broken_server() -> None:
    """
    For each testable row of the ledger some server breaks it.
    """
    blamed = {clause for fault in FAULTS.values() for clause in fault.clauses}

    assert set(load_ledger().testable) - blamed == set()


def test_broken_servers_break_clauses_that_exist() -> None:
    """
    What a server is to be blamed for stands in the ledger and can be tested.
    """
    named = {clause for fault in FAULTS.values() for clause in fault.clauses | fault.advice}

    assert named <= set(load_ledger().testable)


def test_every_testable_clause_has_a_check() -> None:
    """
    The checks speak for exactly the testable rows of the ledger.
    """
    assert checked_clauses() == set(load_ledger().testable)


def test_there_are_enough_of_both_kinds() -> None:
    """
    The proof stands on hundreds of faults and dozens of correct servers.
    """
    assert len(FAULTS) >= 250
    assert len(BENIGN) + len(STACKS) >= 45
