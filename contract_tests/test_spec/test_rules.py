"""The examples pin the YAML down: a rule more, a rule less or a rule changed turns one of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from openapi_contract import Spec, load_spec
from test_spec.examples import ACCEPTED, REJECTED, read
from test_spec.rules import VALIDATORS, Document, broken, invented, is_implied, rules, with_value, without

DOCUMENT: Document = dict(load_spec().document)
BODY = load_spec().body_pointer
RULES = sorted(set(rules(DOCUMENT, BODY)))
# What an example can break by itself: `oneOf` fails when the members do, and an implied `type` never fails alone.
ALONE = [rule for rule in RULES if not rule.endswith("/oneOf")]
CHANGES = {
    "task_id of debug may be null": ("ActionInstanceDebugCommand/properties/task_id/type", ["string", "null"]),
    "task_id of retry may be null": ("ActionInstanceRetryCommand/properties/task_id/type", ["string", "null"]),
    "task_id of debug may be a number": ("ActionInstanceDebugCommand/properties/task_id/type", ["string", "number"]),
    "task_id of debug may be an array": ("ActionInstanceDebugCommand/properties/task_id/type", ["string", "array"]),
    "input_dataobject of debug may be an object": (
        "ActionInstanceDebugCommand/properties/input_dataobject/type",
        ["string", "object"],
    ),
    "input_dataobject of terminate may be true": (
        "ActionInstanceTerminateCommand/properties/input_dataobject/type",
        ["string", "boolean"],
    ),
    "a debug command needs the misspelt field": (
        "ActionInstanceDebugCommand/required",
        ["command_type", "task_id", "inputdataobject"],
    ),
    "a retry command is called otherwise": ("ActionInstanceRetryCommand/properties/command_type/const", "Retry"),
    "a command may be an array": ("ActionInstanceRetryCommand/type", ["object", "array"]),
}


def turned(document: Document, paths: Iterable[Path]) -> list[str]:
    """Return the names of the examples whose folder a changed YAML contradicts."""
    accepts = VALIDATORS["jsonschema-rs"](document, BODY)
    return [path.stem for path in paths if accepts(read(path)) != (path.parent.name == "accepted")]


@pytest.mark.parametrize("rule", ALONE)
def test_rule_is_broken_alone_by_an_example(spec: Spec, rule: str) -> None:
    """Each rule of a command is the only one that some rejected example breaks in it."""
    pointer = next(command.pointer for command in spec.commands if rule.startswith(f"{command.pointer}/"))

    assert {rule} in [broken(DOCUMENT, pointer, read(path)) for path in REJECTED]


@pytest.mark.parametrize("rule", [rule for rule in RULES if not is_implied(DOCUMENT, rule)])
def test_rule_left_out_turns_an_example(rule: str) -> None:
    """A YAML without one of its rules gives some example the other verdict."""
    assert turned(without(DOCUMENT, rule), [*ACCEPTED, *REJECTED])


@pytest.mark.parametrize("limit", dict(invented(DOCUMENT)))
def test_invented_limit_turns_an_example(limit: str) -> None:
    """A limit that the page does not state turns some accepted example into a rejected one."""
    assert turned(dict(invented(DOCUMENT))[limit], ACCEPTED)


@pytest.mark.parametrize("change", CHANGES)
def test_changed_rule_turns_an_example(change: str) -> None:
    """A rule that says something else gives some example the other verdict."""
    pointer, value = CHANGES[change]

    assert turned(with_value(DOCUMENT, f"/components/schemas/{pointer}", value), [*ACCEPTED, *REJECTED])


def test_a_new_rule_demands_an_example() -> None:
    """A keyword that no example breaks is found by name."""
    pointer = "/components/schemas/ActionInstanceDebugCommand"
    document = with_value(DOCUMENT, f"{pointer}/properties/task_id/maxLength", 100_000)

    (new,) = set(rules(document, BODY)) - set(RULES)
    assert new == f"{pointer}/properties/task_id/maxLength"
    assert {new} not in [broken(document, pointer, read(path)) for path in REJECTED]


@pytest.mark.parametrize("command", [command.name for command in load_spec().commands])
def test_command_has_examples_of_both_verdicts(spec: Spec, command: str) -> None:
    """Each command is the subject of accepted and of rejected examples."""
    for paths in (ACCEPTED, REJECTED):
        bodies = [read(path) for path in paths]
        assert any(isinstance(body, dict) and body.get(spec.discriminator) == command for body in bodies)
