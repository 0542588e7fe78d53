"""The contract that is tried, and the operation whose commands the programs of this folder send."""

from __future__ import annotations

from openapi_contract.operations import Body, Security
from openapi_contract.oracle import Oracle
from secmaster_contract.shipped import shipped_contract

CONTRACT = shipped_contract()
ORACLE = Oracle(CONTRACT)
OPERATION = CONTRACT.operation("updateWorkflowInstance")


def body() -> Body:
    """Return what the contract says of the operation's body."""
    assert OPERATION.body is not None, "a command is a body"  # noqa: S101  for the type checkers
    return OPERATION.body


def security() -> Security:
    """Return how a request of the operation shows who sends it."""
    assert OPERATION.security is not None, "a command needs a token"  # noqa: S101  for the type checkers
    return OPERATION.security
