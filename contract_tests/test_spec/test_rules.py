"""The examples pin the YAML down: a rule more, a rule less or a rule changed turns one of them.

It is asked of the rules that the ledger has rows for; `secmaster-contract draft` drafts both for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from openapi_contract.document import join
from openapi_contract.operations import Command, Field
from openapi_contract.oracle import Oracle
from openapi_contract.rules import Rule, Rules
from secmaster_contract.shipped import shipped_contract, shipped_ledger
from test_spec.examples import ACCEPTED, REJECTED, read
from test_spec.rules import VALIDATORS, Root, with_value, without

CONTRACT, LEDGER = shipped_contract(), shipped_ledger()
ORACLE = Oracle(CONTRACT)
OPERATION = CONTRACT.operation("updateWorkflowInstance")
ROOT: Root = dict(CONTRACT.document.root)
BODY = OPERATION.body.schema_pointer if OPERATION.body else ""
SELECTOR = OPERATION.body.discriminator if OPERATION.body else None
# What an example file, which holds a value, can break by itself.
RULES = {
    rule.pointer: rule
    for rule in Rules(CONTRACT.document).of_request(OPERATION)
    if rule.place == "body" and (rule.steps or rule.keyword != "required") and LEDGER.of_rule(OPERATION, rule).written
}
# Without what selects a command there is no contract, and a selector's type is implied by its constant.
OPTIONAL = {pointer: rule for pointer, rule in RULES.items() if rule.steps and rule.steps[0] != SELECTOR}


def texts() -> Iterator[tuple[Command, Field]]:
    """Yield each text field of each command that the ledger has a row for."""
    for command in OPERATION.commands:
        for name, member in command.fields.items():
            clause = LEDGER.of_pointer(OPERATION, f"{member.pointer}/type")
            if name != SELECTOR and member.schema.get("type") == "string" and clause and clause.written:
                yield command, member


def changes() -> Iterator[tuple[str, Any]]:
    """Yield places of rules and what else they might say."""
    for other in ("null", "integer", "array", "object", "boolean"):
        yield from ((f"{member.pointer}/type", ["string", other]) for _, member in texts())
    for command in OPERATION.commands:
        yield f"{command.pointer}/type", ["object", "array"]
        yield f"{command.pointer}/properties/{SELECTOR}/const", "Another"
        for name in command.required:
            if name != SELECTOR:
                yield f"{command.pointer}/required", [*command.required, name.replace("_", "")]


def inventions() -> Iterator[tuple[str, Any]]:
    """Yield limits that the YAML does not state: where they would stand, and what they would say."""
    for command, member in texts():
        length = 512 if "contentMediaType" in member.schema else 64
        limits = {"minLength": 1, "maxLength": length, "pattern": "^[!-~]*$", "enum": ["[]"]}
        yield from ((member.pointer + join(word), limit) for word, limit in limits.items() if word not in member.schema)
        if not member.required:
            yield f"{command.pointer}/required", [*command.required, member.name]
    for command in OPERATION.commands:
        if LEDGER.needed(OPERATION, "command", command.pointer).written:
            yield f"{command.pointer}/additionalProperties", False
            yield f"{command.pointer}/maxProperties", 3


CHANGES = {f"{pointer} says {value}": (pointer, value) for pointer, value in changes()}
INVENTIONS = {f"{pointer} says {value}": (pointer, value) for pointer, value in inventions()}


def turned(root: Root, paths: Iterable[Path]) -> list[str]:
    """Return the names of the examples whose folder a changed YAML contradicts."""
    accepts = VALIDATORS["jsonschema-rs"](root, BODY)
    return [path.stem for path in paths if accepts(read(path)) != (path.parent.name == "accepted")]


def broken(value: Any) -> set[str]:
    """Return the pointers of the rules that a body breaks."""
    return {breach.pointer for breach in ORACLE.value(OPERATION, value).breaches}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_is_broken_alone_by_an_example(rule: Rule) -> None:
    """Each rule of a command is the only one that some rejected example breaks."""
    assert {rule.reported} in [broken(read(path)) for path in REJECTED]


@pytest.mark.parametrize("rule", OPTIONAL.values(), ids=OPTIONAL)
def test_rule_left_out_turns_an_example(rule: Rule) -> None:
    """A YAML without one of its rules gives some example the other verdict."""
    assert turned(without(ROOT, rule.pointer), [*ACCEPTED, *REJECTED])


@pytest.mark.parametrize("change", INVENTIONS)
def test_invented_limit_turns_an_example(change: str) -> None:
    """A limit that the YAML does not state turns some accepted example into a rejected one."""
    assert turned(with_value(ROOT, *INVENTIONS[change]), ACCEPTED)


@pytest.mark.parametrize("change", CHANGES)
def test_changed_rule_turns_an_example(change: str) -> None:
    """A rule that says something else gives some example the other verdict."""
    assert turned(with_value(ROOT, *CHANGES[change]), [*ACCEPTED, *REJECTED])
