"""The contract, read in one place: generator, mock, verifier and reports stand on what this package says of it."""

from openapi_contract.errors import ContractError, Problem
from openapi_contract.operations import Body, Command, Contract, Field, Operation, Parameter, Response, Security

__all__ = [
    "Body",
    "Command",
    "Contract",
    "ContractError",
    "Field",
    "Operation",
    "Parameter",
    "Problem",
    "Response",
    "Security",
]
