"""Each edit of the shipped contract through its client: the mock accepts what it sends, and it sends nothing faulty."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi_contract import Operation
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle
from openapi_contract.rules import Rule, Rules
from openapi_contract.samples import Samples
from test_client.generating import generate
from test_client.made import Made, made_of, method_of
from test_contract.breaking import replaced
from test_contract.chain import mock_of
from test_contract.edits import DERIVED, REFUSED, Edit
from test_contract.making import SHIPPED


def written(edit: Edit, directory: Path) -> Path:
    """Write an edited contract to a file."""
    file = directory / SHIPPED.name
    file.write_text(yaml.safe_dump(edit.document().root, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file


def faulty_calls(own: Made, client: Any, ledger: Ledger, edit: Edit) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield a method and arguments of which one breaks a rule: each new one, or where there is none the usual ones."""
    rules = Rules(own.contract.document)
    every = [
        (operation, rule)
        for operation in own.contract.operations
        for rule in rules.of_request(operation)
        if not rule.is_nested and rule.keyword != "required" and rule.steps and rule.keyword != "discriminator"
    ]
    new = [(operation, rule) for operation, rule in every if ledger.of_rule(operation, rule).key in edit.clauses]
    for operation, rule in new or every:
        yield from faulty_call(own, client, operation, rule)


def faulty_call(own: Made, client: Any, operation: Operation, rule: Rule) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield a method and arguments that break a rule, where a caller can give them so."""
    samples, oracle = Samples(own.contract), Oracle(own.contract)
    if rule.place == "body":
        command = operation.command(rule.commands[-1])
        method, arguments = method_of(own, client, operation, command)
        for body in replaced(samples.body(operation, command or operation.commands[0], full=True), rule.steps, rule):
            broken = oracle.body(operation, json.dumps(body).encode()).breaches
            if rule.reported not in {breach.pointer for breach in broken}:
                continue
            if "command" in arguments:
                yield (
                    lambda body: method(**arguments | {"command": own.part("commands").parse_command(body)}),
                    {"body": body},
                )
            else:
                yield method, arguments | body
            return
        return
    method, arguments = method_of(own, client, operation)
    known = next(known for known, stated in own.operations() if stated is operation)
    for parameter, stated in zip(known.parameters, operation.parameters, strict=True):
        if (stated.place, stated.name) != (rule.place, rule.steps[0]):
            continue
        for value in replaced({stated.name: samples.parameter(stated)}, rule.steps, rule):
            found = oracle.breaches(stated.schema_pointer, value[stated.name], rule.place)
            if rule.reported in {breach.pointer for breach in found}:
                faulty = {parameter.argument: value[stated.name]}
                if parameter.argument in arguments:
                    yield method, arguments | faulty
                else:  # it belongs to the client
                    yield lambda **given: own.client(None, **given), faulty
                return


@pytest.mark.parametrize("edit", DERIVED, ids=lambda edit: edit.id)
def test_the_client_of_an_edited_contract_keeps_it(edit: Edit, tmp_path: Path) -> None:
    """
    The mock accepts each command and operation that the client sends, and the client sends nothing that breaks a rule.
    """
    own = made_of(written(edit, tmp_path), f"edited_{DERIVED.index(edit)}", tmp_path / "client")
    ledger = edit.read(tmp_path)
    secured = any(operation.security for operation in own.contract.operations)

    with mock_of(ledger) as server:
        token = {"token": server.token} if secured else {}
        with own.client(None, endpoint=server.url, **token) as client:
            for operation in own.contract.operations:
                for command in operation.commands:
                    method, arguments = method_of(own, client, operation, command)
                    method(**arguments)

    transport = own.part("testing").ExampleTransport()
    tried, errors = 0, own.package
    told = (errors.InvalidArgumentError, errors.InvalidCommandError, errors.ConfigurationError)
    with own.client(transport) as client:
        for method, arguments in faulty_calls(own, client, ledger, edit):
            with pytest.raises(told):
                method(**arguments)
            tried += 1
    assert tried
    assert not transport.requests


@pytest.mark.parametrize("edit", REFUSED, ids=lambda edit: edit.id)
def test_no_client_is_generated_of_a_refused_edit(edit: Edit, tmp_path: Path) -> None:
    """
    The generator ends with status 2, names the place in the file, and writes nothing.
    """
    done = generate("--contract", written(edit, tmp_path), "--output", tmp_path / "client")

    assert done.status == 2
    assert f"{SHIPPED.name}#{edit.refused}" in done.said
    assert not (tmp_path / "client").exists()
