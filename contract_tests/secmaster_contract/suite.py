"""The clauses as tests: `pytest --pyargs secmaster_contract.suite --contract-target URL`, an item a clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secmaster_contract.pytest_session import ContractSession


def test_clause(contract_clause: str, contract_session: ContractSession) -> None:
    """
    The server keeps the clause.
    """
    contract_session.check(contract_clause)
