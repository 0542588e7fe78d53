"""The command classes: nothing can be built, read or changed that the contract refuses."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openapi_contract.oracle import Standing
from secmaster_workflows import (
    COMMANDS,
    UNSET,
    ActionInstanceDebugCommand,
    ActionInstanceRetryCommand,
    ActionInstanceTerminateCommand,
    InvalidCommandError,
    WorkflowInstanceCommand,
    WorkflowsClient,
    parse_command,
)
from test_client.conftest import IDENTITY
from test_client.drawn import FIELDS, SELECTORS, bodies, commands, json_values, not_strings, texts
from test_client.generating import OPERATION, ORACLE

OPTIONAL = [ActionInstanceRetryCommand, ActionInstanceTerminateCommand]


def test_a_class_needs_no_command_type() -> None:
    """The class is the command: its `command_type` is set."""
    built = [ActionInstanceTerminateCommand(), ActionInstanceRetryCommand()]

    assert [command.to_dict() for command in built] == [
        {"command_type": "ActionInstanceTerminateCommand"},
        {"command_type": "ActionInstanceRetryCommand"},
    ]


@pytest.mark.parametrize("given_fields", [{}, {"task_id": "t"}, {"input_dataobject": "[]"}])
def test_a_debug_command_without_its_fields_cannot_be_built(given_fields: dict[str, Any]) -> None:
    """A debug command lacks neither task_id nor input_dataobject (Table 3)."""
    missing = next(name for name in ("task_id", "input_dataobject") if name not in given_fields)
    build: Any = ActionInstanceDebugCommand

    with pytest.raises(TypeError, match=missing):
        build(**given_fields)
    with pytest.raises(InvalidCommandError, match=f"ActionInstanceDebugCommand: {missing} is required"):
        parse_command({"command_type": "ActionInstanceDebugCommand", **given_fields})
    with pytest.raises(InvalidCommandError, match=f"ActionInstanceDebugCommand: {missing}"):
        build(**{"task_id": "t", "input_dataobject": "[]", missing: UNSET})


@settings(max_examples=300)
@given(kind=st.sampled_from(list(COMMANDS.values())), field=st.sampled_from(FIELDS), value=not_strings)
def test_a_wrong_type_is_refused(kind: Any, field: str, value: Any) -> None:
    """A value that is no string is refused by name; an object or array as JSON is what input_dataobject takes."""
    if field == "input_dataobject" and isinstance(value, dict | list):
        return
    fields = {"task_id": "t", "input_dataobject": "[]", field: value}

    with pytest.raises(InvalidCommandError) as caught:
        kind(**fields)

    assert (caught.value.command, caught.value.field) == (kind.__name__, field)
    assert kind.__name__ in str(caught.value)
    assert field in str(caught.value)


@pytest.mark.parametrize("selector", [*SELECTORS, "", "actioninstanceretrycommand", "ActionInstanceSkipCommand"])
@pytest.mark.parametrize("kind", COMMANDS.values())
def test_a_wrong_constant_is_refused(kind: Any, selector: str) -> None:
    """`command_type` is that of the class."""
    fields = {"task_id": "t", "input_dataobject": "[]", "command_type": selector}

    if selector == kind.__name__:
        assert kind(**fields).command_type == selector
    else:
        with pytest.raises(InvalidCommandError, match="command_type"):
            kind(**fields)


class Loud(str):
    """A string that says one thing and is another."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


def test_a_subclass_of_a_string_is_refused() -> None:
    """What could be one thing when checked and another when sent is no string."""
    with pytest.raises(InvalidCommandError, match="task_id is of type string, not Loud"):
        ActionInstanceRetryCommand(task_id=Loud("x"))
    with pytest.raises(InvalidCommandError, match="command_type"):
        ActionInstanceRetryCommand(command_type=Loud("ActionInstanceDebugCommand"))  # type: ignore[arg-type]  # on purpose


def test_a_command_cannot_be_subclassed() -> None:
    """A subclass could send something else."""
    with pytest.raises(TypeError, match="ActionInstanceRetryCommand is final"):
        type("Sly", (ActionInstanceRetryCommand,), {})


@pytest.mark.parametrize("kind", OPTIONAL)
def test_a_command_is_frozen(kind: Any) -> None:
    """A command does not change."""
    command = kind()

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        command.task_id = "t"
    with pytest.raises((AttributeError, TypeError)):
        command.other = 1


@pytest.mark.parametrize(
    ("field", "value"), [("task_id", 5), ("command_type", "ActionInstanceTerminateCommand"), ("input_dataobject", None)]
)
def test_a_command_changed_by_force_is_not_sent(field: str, value: Any) -> None:
    """A command is checked again before it is sent."""
    command = ActionInstanceRetryCommand()
    object.__setattr__(command, field, value)
    client = WorkflowsClient(endpoint="https://example.test", **IDENTITY)

    with pytest.raises(InvalidCommandError, match=field):
        client.send("i", command)


def test_a_command_is_checked_with_validators_switched_off() -> None:
    """The switch of attrs that turns all validators off lets nothing invalid be built or sent."""
    client = WorkflowsClient(endpoint="https://example.test", **IDENTITY)

    command = ActionInstanceRetryCommand()
    object.__setattr__(command, "task_id", 5)

    with attrs.validators.disabled():
        with pytest.raises(InvalidCommandError, match="task_id is of type string, not None"):
            client.debug("i", task_id=None, input_dataobject="[]")  # type: ignore[arg-type]  # on purpose
        with pytest.raises(InvalidCommandError, match="task_id is of type string, not int"):
            client.send("i", command)


@pytest.mark.parametrize(
    "impostor",
    [None, {}, "retry", {"command_type": "ActionInstanceRetryCommand"}, object(), 5, OPTIONAL[0]],
)
def test_what_is_no_command_is_not_sent(impostor: Any) -> None:
    """`send` takes the command classes alone."""
    client = WorkflowsClient(endpoint="https://example.test", **IDENTITY)

    with pytest.raises(InvalidCommandError, match="A command is one of ActionInstance"):
        client.send("i", impostor)


@settings(max_examples=500)
@given(body=bodies)
@example(body={"command_type": "ActionInstanceRetryCommand", "inputdataobject": "[]"})
def test_parsing_and_the_oracle_agree(body: dict[str, Any]) -> None:
    """What the contract accepts is read, what it refuses is not; a field it does not name is taken for a mistake."""
    command = OPERATION.command(str(body.get("command_type")))
    unknown = command is not None and set(body) - set(command.fields)
    accepted = ORACLE.value(OPERATION, body).standing is Standing.ACCEPTED and not unknown
    try:
        read = parse_command(body)
    except InvalidCommandError:
        assert not accepted
    else:
        assert accepted
        assert read.to_dict() == body


@settings(max_examples=300)
@given(command=commands())
def test_a_command_comes_back_from_its_json(command: WorkflowInstanceCommand) -> None:
    """Dictionary, JSON text, JSON bytes, pickle and copy all give an equal command."""
    as_dict = command.to_dict()

    assert ORACLE.value(OPERATION, as_dict).standing is Standing.ACCEPTED
    assert parse_command(as_dict) == command
    assert parse_command(MappingProxyType(as_dict)) == command
    assert parse_command(json.dumps(as_dict)) == command
    assert parse_command(json.dumps(as_dict, ensure_ascii=False).encode()) == command
    assert pickle.loads(pickle.dumps(command)) == copy.deepcopy(command) == command  # noqa: S301 - of this test
    assert hash(copy.copy(command)) == hash(command)


@settings(max_examples=300)
@given(value=st.lists(json_values) | st.dictionaries(texts, json_values))
def test_an_object_is_written_as_json_text(value: Any) -> None:
    """A JSON-serialisable object becomes text that reads back equal."""
    command = ActionInstanceDebugCommand(task_id="t", input_dataobject=value)

    assert json.loads(command.input_dataobject) == value


@settings(max_examples=300)
@given(text=texts)
@example(text='{"a":1, "a" :2}')
@example(text="not JSON")
@example(text="")
def test_text_is_sent_as_it_is(text: str) -> None:
    """Text for input_dataobject stays as it is, byte for byte."""
    command = ActionInstanceDebugCommand(task_id="", input_dataobject=text)

    assert command.input_dataobject == text


circular: list[Any] = []
circular.append(circular)
deep: list[Any] = []
for _ in range(100_000):
    deep = [deep]
UNWRITABLE: dict[str, Any] = {
    "NaN": [float("nan")],
    "Infinity": {"a": float("inf")},
    "bytes": [b"x"],
    "a set": {"a": {1}},
    "a number as name": {1: "a"},
    "None as name": {None: "a"},
    "a tuple": [(1, 2)],
    "a circle": circular,
    "depth": deep,
    "an object": [object()],
    "a lone surrogate": ["\ud800"],
}


@pytest.mark.parametrize("case", UNWRITABLE)
def test_an_object_without_json_text_is_refused(case: str) -> None:
    """What JSON cannot say as it is, is refused by name."""
    with pytest.raises(InvalidCommandError, match="ActionInstanceDebugCommand: input_dataobject cannot be written"):
        ActionInstanceDebugCommand(task_id="t", input_dataobject=UNWRITABLE[case])


@pytest.mark.parametrize("field", ["task_id", "input_dataobject"])
def test_a_lone_surrogate_is_refused(field: str) -> None:
    """Text that UTF-8 cannot carry is refused."""
    build: Any = ActionInstanceRetryCommand

    with pytest.raises(InvalidCommandError, match=f"{field} has no lone surrogates"):
        build(**{field: "a\udfff"})


NO_COMMANDS: dict[str, tuple[Any, str]] = {
    "no discriminator": ({}, "command_type is missing"),
    "discriminator None": ({"command_type": None}, "command_type is None"),
    "discriminator a list": ({"command_type": []}, r"command_type is \[\]"),
    "discriminator of many digits": ({"command_type": 10**5000}, "command_type is a value of type int;"),
    "a field of many digits": ({"command_type": SELECTORS[0], 10**5000: ""}, "has no field a value of type int;"),
    "discriminator of great length": ({"command_type": "X" * 10_000}, r"command_type is 'X{70,80}\.\.\.;"),
    "a field of great length": ({"command_type": SELECTORS[0], "X" * 10_000: ""}, r"has no field 'X{70,80}\.\.\.;"),
    "unknown": ({"command_type": "X"}, "command_type is 'X'; it is one of ActionInstanceTerminateCommand"),
    "unknown field": ({"command_type": SELECTORS[0], "inputdataobject": ""}, "has no field 'inputdataobject'"),
    "null field": ({"command_type": SELECTORS[0], "task_id": None}, "task_id is of type string, not None"),
    "a list": ([], "not list"),
    "None": (None, "not NoneType"),
    "a number": (5, "not int"),
    "text that is no JSON": ("retry", "this text is not"),
    "text of a list": ("[]", "not list"),
    "text of null": ("null", "not NoneType"),
    "text of text": ('"{}"', "not str"),
    "bytes that are no UTF-8": (b"\xff{}", "this text is not"),
    "a name twice": ('{"command_type":"X","command_type":"Y"}', "a name occurs twice"),
    "deep": ("[" * 200_000, "nested too deeply"),
}


@pytest.mark.parametrize("case", NO_COMMANDS)
def test_what_is_no_command_is_not_read(case: str) -> None:
    """A refusal says what is wrong."""
    source, reason = NO_COMMANDS[case]

    with pytest.raises(InvalidCommandError, match=reason):
        parse_command(source)


def test_a_refusal_survives_pickle_and_copy() -> None:
    """Command, field and reason come through."""
    with pytest.raises(InvalidCommandError) as caught:
        parse_command({"command_type": SELECTORS[0], "task_id": 1})

    duplicates: list[Callable[[Any], Any]] = [
        copy.copy,
        copy.deepcopy,
        lambda error: pickle.loads(pickle.dumps(error)),  # noqa: S301 - of this test
    ]
    for duplicate in duplicates:
        again = duplicate(caught.value)
        assert (str(again), again.command, again.field) == (str(caught.value), SELECTORS[0], "task_id")
