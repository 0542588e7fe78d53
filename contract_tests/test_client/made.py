"""Clients of other contracts, generated once for the tests of a session."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from openapi_contract import Command, Contract, Operation
from openapi_contract.oracle import Judgement, Oracle
from openapi_contract.samples import Samples
from test_client.generating import ROOT, generate

CONTRACTS = ROOT / "contract_tests" / "data" / "contracts"
NAMES = sorted(path.stem for path in CONTRACTS.glob("*.yaml"))
TOKEN = "token-of-the-tests"


@dataclass(frozen=True)
class Made:
    """A contract and the client that was generated from it."""

    contract: Contract
    directory: Path
    package: ModuleType

    def part(self, name: str) -> Any:
        """One of its modules."""
        return importlib.import_module(f"{self.package.__name__}.{name}")

    @property
    def kind(self) -> Any:
        """The class of the blocking client."""
        return next(
            getattr(self.package, name) for name in self.package.__all__ if re.fullmatch("(?!Async).*Client", name)
        )

    def client(self, transport: Any, **arguments: Any) -> Any:
        """A client that sends over a transport, with a valid value for each of its own arguments."""
        token = {"token": TOKEN} if any(operation.security for operation in self.contract.operations) else {}
        own = self.own_arguments()
        return self.kind(**{"endpoint": "https://host.example", **token, **own, "transport": transport, **arguments})

    def own_arguments(self) -> dict[str, Any]:
        """A valid value for each path argument that belongs to the client."""
        samples = Samples(self.contract)
        annotations = self.kind.__init__.__annotations__
        return {
            parameter.argument: samples.parameter(stated)
            for operation, known in self.operations()
            for parameter, stated in zip(operation.parameters, known.parameters, strict=True)
            if parameter.place == "path" and parameter.argument in annotations
        }

    def operations(self) -> list[tuple[Any, Any]]:
        """Each operation as the client and as the contract has it."""
        return list(zip(self.part("_operations").OPERATIONS, self.contract.operations, strict=True))

    def judged(self, request: Any, operation: str) -> Judgement:
        """What the oracle says of a request, from its final bytes."""
        headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
        target = request.url.raw_path.decode()
        return Oracle(self.contract).judge(self.contract.operation(operation), target, headers, request.read(), [TOKEN])


@cache
def made(name: str) -> Made:
    """The client of one of the contracts beside this project's tests."""
    return made_of(CONTRACTS / f"{name}.yaml", f"made_{name}", Path(tempfile.mkdtemp(prefix="clients-")))


def made_of(file: Path, package: str, directory: Path) -> Made:
    """The client of a contract, generated into a directory."""
    done = generate("--contract", file, "--package", package, "--output", directory)
    assert done.status == 0, done.said
    sys.path.insert(0, str(directory))
    try:
        return Made(Contract.load(file), directory, importlib.import_module(package))
    finally:
        # Its modules are loaded when they are first used, so their place stays.
        importlib.invalidate_caches()


def method_of(
    own: Made, client: Any, operation: Operation, command: Command | None = None
) -> tuple[Any, dict[str, Any]]:
    """A method that calls an operation, and a valid value for each argument; by default with its first command."""
    samples = Samples(own.contract)
    known = next(known for known, stated in own.operations() if stated.id == operation.id)
    values = {
        parameter.argument: samples.parameter(stated)
        for parameter, stated in zip(known.parameters, operation.parameters, strict=True)
    }
    constant = next(name for name, value in vars(own.part("_operations")).items() if value is known and name.isupper())
    name = constant.lower()
    body = samples.body(operation, command or operation.commands[0], full=True) if operation.body else None
    method = getattr(client, f"{name}_" if hasattr(client, f"{name}_") else name, None) or client.send
    accepted = inspect.signature(method).parameters
    if body is not None:
        if "command" in accepted:
            values["command"] = own.part("commands").parse_command(body)
        elif "body" in accepted:
            values["body"] = body
        else:
            # A body of fields: the method's arguments are those of the model that it is written with.
            fields = fields_of(own, operation, body)
            values |= {f"{key}_body" if key in values else key: value for key, value in fields.items()}
    return method, {key: value for key, value in values.items() if key in accepted}


def fields_of(own: Made, operation: Operation, body: Any) -> dict[str, Any]:
    """The attributes of the model that a body is read as."""
    assert operation.body is not None
    for name in own.part("models").__all__:
        model = getattr(own.part("models"), name)
        try:
            built = model.from_dict(body)
        except ValueError:
            continue
        if set(operation.commands[0].fields) == set(model._names):
            extra = getattr(built, "additional_properties", {})
            return {key: getattr(built, key) for key in model._names.values()} | {"additional_properties": extra}
    raise AssertionError(body)
