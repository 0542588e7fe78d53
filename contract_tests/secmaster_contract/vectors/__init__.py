"""What is asked: requests with what is expected of their answers, derived from the contract."""

from __future__ import annotations

from collections.abc import Iterable

from openapi_contract import ContractError
from openapi_contract.ledger import Ledger
from openapi_contract.operations import Operation
from secmaster_contract.run.target import Target
from secmaster_contract.vectors import (
    bodies,
    circumstances,
    commands,
    doors,
    forms,
    headers,
    parameters,
    rules,
    sequences,
    texts,
)
from secmaster_contract.vectors.catalogue import Catalogue


def enumerate_vectors(
    target: Target, ledger: Ledger, operations: Iterable[Operation] | None = None, *, sentinel: str | None = None
) -> Catalogue:
    """Return every enumerated vector for a target, of all operations unless some are named.

    What acts is addressed to `sentinel`, where one is named, in the last place of its path.

    Raises:
        ContractError: No valid request can be made, or none that breaks some rule.
    """
    chosen = ledger.contract.operations if operations is None else tuple(operations)
    catalogue = Catalogue(target, ledger, sorted(chosen, key=lambda operation: operation.id), sentinel)
    for scope in catalogue.scopes:
        for module in (commands, parameters, rules, headers, bodies, circumstances, forms, texts, doors, sequences):
            module.enumerate_into(scope)
    if catalogue.problems:
        raise ContractError(ledger.contract.document.file, catalogue.problems)
    return catalogue
