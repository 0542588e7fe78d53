"""Servers that take commands that are none, or not the ones that are."""

from __future__ import annotations

import unicodedata
from typing import Any

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import DEBUG, RETRY, TERMINATE, Reference
from test_verifier.servers.wire import Request

_RANGE = "body.command-type.range"
_TYPE = "body.command-type.type"
_ALL = (TERMINATE, RETRY, DEBUG)


class _Lenient(Reference):
    """Takes more commands than there are."""

    def passes(self, value: str) -> bool:
        """Say whether an unknown command is taken all the same."""
        raise NotImplementedError

    def unknown_command(self, request: Request, body: dict[str, Any], value: str) -> None:
        if not self.passes(value):
            super().unknown_command(request, body, value)


@breaks(_RANGE)
class CommandInAnyCase(_Lenient):
    """Compares the command without regard to case."""

    def passes(self, value: str) -> bool:
        return value.lower() in {command.lower() for command in _ALL}


@breaks(_RANGE)
class CommandInUpperCase(_Lenient):
    """Takes the command in capitals."""

    def passes(self, value: str) -> bool:
        return value in {command.upper() for command in _ALL}


@breaks(_RANGE)
class CommandTrimmed(_Lenient):
    """Trims the command."""

    def passes(self, value: str) -> bool:
        return value.strip() in _ALL


@breaks(_RANGE)
class CommandTrimmedBefore(_Lenient):
    """Trims the command in front."""

    def passes(self, value: str) -> bool:
        return value.lstrip() in _ALL


@breaks(_RANGE)
class CommandWithLineBreak(_Lenient):
    """Matches the command by an expression whose end a line break satisfies."""

    def passes(self, value: str) -> bool:
        return value.removesuffix("\n") in _ALL


@breaks(_RANGE)
class CommandBegun(_Lenient):
    """Takes whatever begins with a command."""

    def passes(self, value: str) -> bool:
        return value.startswith(_ALL)


@breaks(_RANGE)
class CommandEnded(_Lenient):
    """Takes whatever ends with a command."""

    def passes(self, value: str) -> bool:
        return value.endswith(_ALL)


@breaks(_RANGE)
class CommandAbbreviated(_Lenient):
    """Takes the beginning of a command."""

    def passes(self, value: str) -> bool:
        return bool(value) and any(command.startswith(value) for command in _ALL)


@breaks(_RANGE)
class CommandByItsPattern(_Lenient):
    """Takes whatever looks like a command of an instance."""

    def passes(self, value: str) -> bool:
        return value.startswith("ActionInstance") and value.endswith("Command")


@breaks(_RANGE)
class CommandByShortName(_Lenient):
    """Takes the command's own word."""

    def passes(self, value: str) -> bool:
        return value.capitalize() in {"Terminate", "Retry", "Debug"}


@breaks(_RANGE)
class CommandByNumber(_Lenient):
    """Takes the command's number, written as text."""

    def passes(self, value: str) -> bool:
        return value in {"0", "1", "2"}


@breaks(_RANGE)
class CommandOfSibling(_Lenient):
    """Takes a command that belongs to another endpoint."""

    def passes(self, value: str) -> bool:
        return "Pause" in value


@breaks(_RANGE)
class CommandEmpty(_Lenient):
    """Takes an empty command."""

    def passes(self, value: str) -> bool:
        return not value


@breaks(_RANGE)
class CommandCutAtNul(_Lenient):
    """Reads the command as C does."""

    def passes(self, value: str) -> bool:
        return value.partition("\0")[0] in _ALL


@breaks(_RANGE)
class CommandNormalised(_Lenient):
    """Normalises the command's characters."""

    def passes(self, value: str) -> bool:
        return unicodedata.normalize("NFKC", value) in _ALL


@breaks(_RANGE)
class CommandWithoutAccents(_Lenient):
    """Drops what is not ASCII from the command."""

    def passes(self, value: str) -> bool:
        plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
        return plain in _ALL


@breaks(_RANGE)
class CommandInSnakeCase(_Lenient):
    """Takes the command in snake case."""

    def passes(self, value: str) -> bool:
        return "".join(word.capitalize() for word in value.split("_")) in _ALL and "_" in value


@breaks(_TYPE)
class CommandByOrdinal(Reference):
    """Takes the command's number."""

    def command_no_text(self, request: Request, body: dict[str, Any], value: Any) -> None:
        if type(value) is not int:
            super().command_no_text(request, body, value)


@breaks(_TYPE)
class CommandNull(Reference):
    """Takes null for a command."""

    def command_no_text(self, request: Request, body: dict[str, Any], value: Any) -> None:
        if value is not None:
            super().command_no_text(request, body, value)


@breaks(_TYPE)
class CommandInArray(Reference):
    """Takes a list of one command."""

    def command_no_text(self, request: Request, body: dict[str, Any], value: Any) -> None:
        if not isinstance(value, list) or not set(value) & set(_ALL):
            super().command_no_text(request, body, value)


@breaks(_TYPE)
class CommandInObject(Reference):
    """Takes an object that holds the command."""

    def command_no_text(self, request: Request, body: dict[str, Any], value: Any) -> None:
        if not isinstance(value, dict) or not set(value.values()) & set(_ALL):
            super().command_no_text(request, body, value)


@breaks(_TYPE)
class CommandFalsy(Reference):
    """Takes whatever Python holds for false as if there were a default."""

    def command_no_text(self, request: Request, body: dict[str, Any], value: Any) -> None:
        if value:
            super().command_no_text(request, body, value)


@breaks("body.command-type.mandatory")
class CommandHasDefault(Reference):
    """Retries where no command is named."""

    def no_command(self, request: Request, body: dict[str, Any]) -> None:
        pass


@breaks("body.command-type.mandatory")
class CommandGuessed(Reference):
    """Debugs where both fields are there and no command is named."""

    def no_command(self, request: Request, body: dict[str, Any]) -> None:
        if "task_id" not in body:
            super().no_command(request, body)


class _Renaming(Reference):
    """Takes command_type under another name."""

    def same(self, name: str) -> bool:
        """Say whether a name is taken for command_type."""
        raise NotImplementedError

    def no_command(self, request: Request, body: dict[str, Any]) -> None:
        if not any(self.same(name) and value in _ALL for name, value in body.items() if isinstance(value, str)):
            super().no_command(request, body)


@breaks("body.command-type.mandatory")
class CommandUnderCamelCase(_Renaming):
    """Takes commandType."""

    def same(self, name: str) -> bool:
        return name == "commandType"


@breaks("body.command-type.mandatory")
class CommandUnderAnyCase(_Renaming):
    """Compares names without regard to case."""

    def same(self, name: str) -> bool:
        return name.lower() == "command_type"


@breaks("body.command-type.mandatory")
class CommandUnderShortName(_Renaming):
    """Takes the command under the name type."""

    def same(self, name: str) -> bool:
        return name == "type"


@breaks("body.command-type.terminate")
class TerminateUnknown(Reference):
    """Does not know the terminate command."""

    def command(self, request: Request, body: dict[str, Any]) -> Any:
        return _without(self, TERMINATE, request, body)


@breaks("body.command-type.retry")
class RetryUnknown(Reference):
    """Does not know the retry command."""

    def command(self, request: Request, body: dict[str, Any]) -> Any:
        return _without(self, RETRY, request, body)


@breaks("body.command-type.debug")
class DebugUnknown(Reference):
    """Does not know the debug command."""

    def command(self, request: Request, body: dict[str, Any]) -> Any:
        return _without(self, DEBUG, request, body)


def _without(server: Reference, unknown: str, request: Request, body: dict[str, Any]) -> Any:
    if body.get("command_type") == unknown:
        server.unknown_command(request, body, unknown)
    return Reference.command(server, request, body)
