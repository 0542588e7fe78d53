"""Servers that fail on text that a documented field may hold, and on it alone."""

from __future__ import annotations

from typing import Any

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import Reference, Refused, as_json
from test_verifier.servers.wire import Request

_FAILS = "guard.no-server-error"


class _Strained(Reference):
    """Fails when a valid command is written down."""

    def strains(self, name: str, text: str) -> bool:
        """Say whether a field's text is too much."""
        raise NotImplementedError

    def field(self, request: Request, body: dict[str, Any], command: Any, name: str) -> None:
        super().field(request, body, command, name)
        if isinstance(body.get(name), str) and self.strains(name, body[name]):
            raise Refused(as_json(500, {"code": "SecMaster.20039999", "message": "Unknown error."}))


@breaks(_FAILS)
class FailsOnALongTask(_Strained):
    """Has a column of 255 characters for the node."""

    def strains(self, name: str, text: str) -> bool:
        return name == "task_id" and len(text) > 255


@breaks(_FAILS)
class FailsOnNulInATask(_Strained):
    """Has a database that stores no NUL."""

    def strains(self, name: str, text: str) -> bool:
        return name == "task_id" and "\x00" in text


@breaks(_FAILS)
class FailsOnNulInData(_Strained):
    """Has a database that stores no NUL in the parameter."""

    def strains(self, name: str, text: str) -> bool:
        return name == "input_dataobject" and "\x00" in text


@breaks(_FAILS)
class FailsOnLoneSurrogatesInATask(_Strained):
    """Cannot write the node in UTF-8."""

    def strains(self, name: str, text: str) -> bool:
        return name == "task_id" and any("\ud800" <= letter <= "\udfff" for letter in text)


@breaks(_FAILS)
class FailsOnLoneSurrogatesInData(_Strained):
    """Cannot write the parameter in UTF-8."""

    def strains(self, name: str, text: str) -> bool:
        return name == "input_dataobject" and any("\ud800" <= letter <= "\udfff" for letter in text)


class _Echoing(Reference):
    """Fails when it names the unknown command that it refuses."""

    def strains(self, value: str) -> bool:
        """Say whether the name cannot be told."""
        raise NotImplementedError

    def unknown_command(self, request: Request, body: dict[str, Any], value: str) -> None:
        if self.strains(value):
            raise Refused(as_json(500, {"code": "SecMaster.20039999", "message": "Unknown error."}))
        super().unknown_command(request, body, value)


@breaks(_FAILS)
class FailsToTellALongCommand(_Echoing):
    """Has a log of lines that are not so long."""

    def strains(self, value: str) -> bool:
        return len(value) > 1000


@breaks(_FAILS)
class FailsToTellALoneSurrogate(_Echoing):
    """Writes its refusal in UTF-8, and the unknown command into it."""

    def strains(self, value: str) -> bool:
        return any("\ud800" <= letter <= "\udfff" for letter in value)


@breaks(_FAILS)
class FailsOnTwoMediaTypes(Reference):
    """Cannot choose between two headers of the same name."""

    def media_type(self, request: Request) -> None:
        if len(request.values("Content-Type")) > 1:
            raise Refused(as_json(500, {"code": "SecMaster.20039999", "message": "Unknown error."}))
        super().media_type(request)
