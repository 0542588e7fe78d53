"""Enumerates the vectors: no draw, no chance, each derived from the contract."""

from __future__ import annotations

from secmaster_contract.harness.catalogue import Catalogue
from secmaster_contract.harness.enumeration import (
    circumstances,
    doors,
    forms,
    headers,
    rules,
    sequences,
    texts,
    wire,
)
from secmaster_contract.harness.ledger import Ledger
from secmaster_contract.harness.oracle import Oracle
from secmaster_contract.harness.spec import Spec
from secmaster_contract.harness.target import Target


def enumerate_vectors(target: Target, spec: Spec) -> Catalogue:
    """Return the catalogue of every enumerated vector for a target."""
    catalogue = Catalogue(target, spec, Ledger.load(spec), Oracle(spec))
    for module in (rules, headers, wire, circumstances, forms, texts, doors, sequences):
        module.enumerate_into(catalogue)
    return catalogue
