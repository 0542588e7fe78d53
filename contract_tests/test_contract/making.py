"""A small contract of the tests' own, and what is said of changed copies of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openapi_contract import Contract, ContractError
from openapi_contract.document import Document, join
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Judgement, Oracle
from openapi_contract.samples import Samples

FILE = "small.yaml"
MEDIA_TYPE = "application/json"
BODY = join("paths", "/things", "post", "requestBody", "content", MEDIA_TYPE, "schema")
FIELD = f"{BODY}/properties/field"
ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "openapi" / "secmaster-workflows.yaml"
SHIPPED_LEDGER = ROOT / "openapi" / "clauses.yaml"
CONTRACTS = ROOT / "contract_tests" / "data" / "contracts"


def small(schema: Any = None, **changes: Any) -> dict[str, Any]:
    """Return a contract of one operation whose body has a schema, by default an object with one free text field.

    `changes` replace keys of the operation.
    """
    body = {"type": "object", "properties": {"field": {"type": "string"}}} if schema is None else schema
    operation = {
        "operationId": "doThing",
        "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": body}}},
        "responses": {
            "200": {"description": "Done.", "content": {MEDIA_TYPE: {"schema": {"type": "object"}}}},
            "400": {"description": "Rejected."},
        },
    }
    info = {"title": "Small", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/things": {"post": {**operation, **changes}}}}


def with_field(schema: Any, *, required: bool = False) -> dict[str, Any]:
    """Return a contract whose body has the property `field` with a schema."""
    body: dict[str, Any] = {"type": "object", "properties": {"field": schema}}
    return small(body | {"required": ["field"]} if required else body)


def with_parameter(schema: Any, place: str = "query", **more: Any) -> dict[str, Any]:
    """Return a contract whose operation has the parameter `trace-level`."""
    return small(parameters=[{"name": "trace-level", "in": place, "schema": schema, **more}])


def contract_of(root: Mapping[str, Any]) -> Contract:
    """Read a contract from what a file would hold."""
    return Contract.of(Document(FILE, copy.deepcopy(dict(root))))


def faults_of(root: Mapping[str, Any]) -> dict[str, str]:
    """Return the pointers of what a contract is refused for, with what is said of each; none where it is accepted."""
    try:
        contract_of(root)
    except ContractError as caught:
        error = caught
    else:
        return {}
    assert error.file == FILE
    assert all(problem.instead for problem in error.problems), error
    return {problem.pointer: f"{problem.what}. {problem.instead}" for problem in error.problems}


def keys_of(root: Mapping[str, Any]) -> set[str]:
    """Return the keys of the clauses that a contract alone gives its operations."""
    ledger = Ledger.load(contract_of(root))
    return {key for key, clause in ledger.clauses.items() if clause.operation}


def judged(root: Mapping[str, Any], value: Any) -> Judgement:
    """Return what the oracle says of a body of the first operation."""
    contract = contract_of(root)
    return Oracle(contract).body(contract.operations[0], json.dumps(value).encode())


def broken_by(root: Mapping[str, Any], value: Any) -> list[str]:
    """Return the pointers of the rules that a body of the first operation breaks."""
    return [breach.pointer for breach in judged(root, value).breaches]


def sample(root: Mapping[str, Any], *, full: bool = True) -> Any:
    """Return a made body of the first command of the first operation."""
    contract = contract_of(root)
    operation = contract.operations[0]
    return Samples(contract).body(operation, operation.commands[0], full=full)
