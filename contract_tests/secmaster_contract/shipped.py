"""The contract that this distribution ships: in a checkout beside this package, in an installed wheel inside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from openapi_contract import Contract
from openapi_contract.errors import ContractError, Problem
from openapi_contract.ledger import Ledger

PACKAGE = Path(__file__).resolve().parent
CONTRACT, LEDGER = "secmaster-workflows.yaml", "clauses.yaml"


@cache
def openapi_directory() -> Path:
    """Return the directory that holds the contract, its ledger and its examples.

    Raises:
        ContractError: The installation is incomplete.
    """
    candidates = (PACKAGE.parents[1] / "openapi", PACKAGE / "_openapi")
    for candidate in candidates:
        if (candidate / CONTRACT).is_file():
            return candidate
    what = "the contract's files are missing from this installation"
    raise ContractError(str(candidates[1]), [Problem("", what, "Install it again")])


def shipped_contract() -> Contract:
    """Return the contract of SecMaster's workflow instances.

    Raises:
        ContractError: It cannot be used.
    """
    return _contract(openapi_directory() / CONTRACT)


def shipped_ledger() -> Ledger:
    """Return its ledger.

    Raises:
        ContractError: It cannot be used.
    """
    return _ledger(openapi_directory() / LEDGER)


def choose(contract: Path | None, ledger: Path | None) -> tuple[Contract, Ledger]:
    """Return the contract and the ledger of two files; the shipped ones, or derived clauses, where none is named.

    Raises:
        ContractError: One of them cannot be used.
    """
    if contract is None:
        own = shipped_contract()
        return own, shipped_ledger() if ledger is None else Ledger.load(own, ledger)
    own = Contract.load(contract)
    return own, Ledger.load(own, ledger)


@cache
def _contract(path: Path) -> Contract:
    return Contract.load(path)


@cache
def _ledger(path: Path) -> Ledger:
    return Ledger.load(shipped_contract(), path)
