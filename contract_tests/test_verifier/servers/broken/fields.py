"""Servers that read task_id and input_dataobject wrongly."""

from __future__ import annotations

from typing import Any

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import DEBUG, RETRY, TERMINATE, Reference
from test_verifier.servers.wire import Request

_TASK, _DATA = "body.task-id.mandatory-for-debug", "body.input-dataobject.mandatory-for-debug"


@breaks(_TASK, _DATA)
class DebugNeedsNothing(Reference):
    """Takes a debug command without any of its fields."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        pass


@breaks(_TASK, _DATA)
class DebugNeedsEither(Reference):
    """Takes a debug command with one of its fields."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        if not {"task_id", "input_dataobject"} & set(body):
            super().missing(request, body, name)


@breaks("body.command-type.debug-needs-both")
class DebugNeedsBothOrNone(Reference):
    """Takes a debug command without any of its fields, but refuses one with one of them."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        if {"task_id", "input_dataobject"} & set(body):
            super().missing(request, body, name)


class _Renaming(Reference):
    """Takes a field under another name."""

    def stands_in(self, other: str, name: str) -> bool:
        """Say whether a name is taken for the field's."""
        raise NotImplementedError

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        if not any(self.stands_in(other, name) for other in body):
            super().missing(request, body, name)


@breaks(_TASK)
class TaskUnderCamelCase(_Renaming):
    """Takes taskId."""

    def stands_in(self, other: str, name: str) -> bool:
        return (other, name) == ("taskId", "task_id")


@breaks(_TASK)
class TaskUnderItsLastWord(_Renaming):
    """Takes id."""

    def stands_in(self, other: str, name: str) -> bool:
        return (other, name) == ("id", "task_id")


@breaks(_DATA)
class DataUnderTheMisspeltName(_Renaming):
    """Takes the name that the page misspells once."""

    def stands_in(self, other: str, name: str) -> bool:
        return (other, name) == ("inputdataobject", "input_dataobject")


@breaks(_DATA)
class DataUnderCamelCase(_Renaming):
    """Takes inputDataobject."""

    def stands_in(self, other: str, name: str) -> bool:
        return (other, name) == ("inputDataobject", "input_dataobject")


@breaks(_TASK, _DATA)
class NamesInAnyCase(_Renaming):
    """Compares names without regard to case."""

    def stands_in(self, other: str, name: str) -> bool:
        return other.lower() == name


@breaks(_TASK, _DATA)
class NamesTrimmed(_Renaming):
    """Trims names."""

    def stands_in(self, other: str, name: str) -> bool:
        return other.strip() == name


@breaks(_TASK, _DATA)
class NamesWithHyphens(_Renaming):
    """Takes hyphens for underscores."""

    def stands_in(self, other: str, name: str) -> bool:
        return other.replace("-", "_") == name


@breaks(_TASK, _DATA)
class NamesAnywhere(Reference):
    """Finds names however deep they stand."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        if f'"{name}":'.encode() not in request.body:
            super().missing(request, body, name)


class _Coercing(Reference):
    """Takes values that are no text for text."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        """Say whether a value of another type is taken all the same."""
        raise NotImplementedError

    def no_text(self, request: Request, body: dict[str, Any], command: Any, name: str) -> None:
        if not self.passes(name, body[name], command):
            super().no_text(request, body, command, name)


@breaks("body.task-id.type")
class TaskCoerced(_Coercing):
    """Makes text of a number."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return name == "task_id" and type(value) in {int, float}


@breaks("body.task-id.type")
class TaskFalse(_Coercing):
    """Takes a boolean for a node."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return name == "task_id" and isinstance(value, bool)


@breaks("body.task-id.type")
class TaskList(_Coercing):
    """Takes a list of nodes."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return name == "task_id" and isinstance(value, list) and bool(value)


@breaks("body.task-id.type", "body.input-dataobject.type", advice=("body.optional-null",))
class FalsyIsAbsent(_Coercing):
    """Takes whatever Python holds for false in an optional field for absent."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return command != DEBUG and not value


@breaks("body.task-id.type", "body.input-dataobject.type", advice=("body.optional-null",))
class OptionalUnchecked(_Coercing):
    """Looks at the fields of debug alone."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return bool(command != DEBUG)


@breaks("body.input-dataobject.type")
class DataAsArray(_Coercing):
    """Takes the array that the text would have held."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return name == "input_dataobject" and isinstance(value, list)


@breaks("body.input-dataobject.type")
class DataAsObject(_Coercing):
    """Takes an object for the text."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return name == "input_dataobject" and isinstance(value, dict)


@breaks("body.input-dataobject.type")
class DataAsNumberOfRetry(_Coercing):
    """Takes a number for the text, with retry alone."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return name == "input_dataobject" and command == RETRY and type(value) is int


@breaks("body.task-id.type")
class TaskNull(_Coercing):
    """Takes null for the node of a debug command."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return name == "task_id" and value is None and command == DEBUG


@breaks("body.input-dataobject.type")
class DataNull(_Coercing):
    """Takes null for the parameter of a debug command."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return name == "input_dataobject" and value is None and command == DEBUG


@breaks("body.optional-null")
class OptionalNull(_Coercing):
    """Takes null for a field that may be left out."""

    def passes(self, name: str, value: Any, command: Any) -> bool:
        return value is None and command != DEBUG


class _Needing(Reference):
    """Asks for a field where the page does not, or refuses it where the page does not."""

    def unfit(self, body: dict[str, Any]) -> bool:
        """Say whether the body is refused for its fields."""
        raise NotImplementedError

    def validate(self, request: Request, body: Any) -> None:
        super().validate(request, body)
        if isinstance(body, dict) and self.unfit(body):
            self.refuse("The fields do not fit the command.")


@breaks("body.task-id.optional")
class TaskNeededByRetry(_Needing):
    """Asks for task_id with retry."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return body["command_type"] == RETRY and "task_id" not in body


@breaks("body.task-id.optional")
class TaskNeededByAll(_Needing):
    """Asks for task_id with every command."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return "task_id" not in body


@breaks("body.input-dataobject.optional")
class DataNeededByTerminate(_Needing):
    """Asks for input_dataobject with terminate."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return body["command_type"] == TERMINATE and "input_dataobject" not in body


@breaks("body.task-id.optional")
class TaskRefusedWithTerminate(_Needing):
    """Refuses task_id with terminate."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return body["command_type"] == TERMINATE and "task_id" in body


@breaks("body.input-dataobject.optional")
class DataRefusedWithRetry(_Needing):
    """Refuses input_dataobject with retry."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return body["command_type"] == RETRY and "input_dataobject" in body


@breaks("body.task-id.optional")
class TaskRefusedWithoutData(_Needing):
    """Refuses task_id without input_dataobject where both may be left out."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return "task_id" in body and "input_dataobject" not in body


@breaks("body.input-dataobject.unrestricted")
class DataInAscii(_Needing):
    """Refuses a parameter in another script than Latin."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return not body.get("input_dataobject", "").isascii()


@breaks("body.input-dataobject.unrestricted")
class DataWithinUnicodesFirstPlane(_Needing):
    """Refuses what its database cannot store in three bytes."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return any(ord(letter) > 0xFFFF for letter in body.get("input_dataobject", ""))


@breaks("body.input-dataobject.unrestricted")
class DataOf64KiB(_Needing):
    """Refuses a parameter that fills its column."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return len(body.get("input_dataobject", "")) > 65_535


@breaks("body.input-dataobject.unrestricted")
class DataOfOneKilobyte(_Needing):
    """Refuses a parameter that is longer than its column."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return len(body.get("input_dataobject", "")) > 1000


@breaks("body.input-dataobject.unrestricted")
class DataWithoutQuotes(_Needing):
    """Refuses what looks like an attack."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return "<b>" in body.get("input_dataobject", "")
