"""Servers that look away when what stands beside a fault is unusual, or carry a command that comes in another dress."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import FIELDS, Reference
from test_verifier.servers.wire import Answer, Request


class _Overlooking(Reference):
    """Overlooks that a field is missing."""

    overlooked: str

    def looks_away(self, other: object) -> bool:
        """Say whether the other field's value makes it look away."""
        raise NotImplementedError

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        (other,) = {*FIELDS} - {name}
        if name != self.overlooked or not self.looks_away(body.get(other)):
            super().missing(request, body, name)


@breaks("body.task-id.mandatory-for-debug")
class TaskNotAskedForWithoutData(_Overlooking):
    """Wants no node where the parameter is empty: there is nothing to write to it."""

    overlooked = "task_id"

    def looks_away(self, other: object) -> bool:
        return other == ""


@breaks("body.input-dataobject.mandatory-for-debug")
class DataNotAskedForWithoutTask(_Overlooking):
    """Wants no parameter where the node is empty: there is none to write to."""

    overlooked = "input_dataobject"

    def looks_away(self, other: object) -> bool:
        return other == ""


@breaks("body.input-dataobject.type")
class DataAsTheJsonThatItHolds(Reference):
    """Takes the list itself where its text is due."""

    def no_text(self, request: Request, body: dict[str, Any], command: Any, name: str) -> None:
        value = body[name]
        if not (name == "input_dataobject" and isinstance(value, list) and value and isinstance(value[0], dict)):
            super().no_text(request, body, command, name)


@breaks("body.task-id.mandatory-for-debug", "body.input-dataobject.mandatory-for-debug")
class FieldsInherited(Reference):
    """Copies a body into an object of JavaScript, which inherits what `__proto__` holds."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        prototype = body.get("__proto__")
        if not isinstance(prototype, dict) or name not in prototype:
            super().missing(request, body, name)


@breaks("body.command-type.range")
class CommandLookedUpInAnObject(Reference):
    """Looks a command up in an object of JavaScript, which has members of its own."""

    def unknown_command(self, request: Request, body: dict[str, Any], value: str) -> None:
        if value not in {"constructor", "toString", "valueOf", "hasOwnProperty", "__proto__"}:
            super().unknown_command(request, body, value)


class _Translating(Reference):
    """Reads a body by the media type that it comes under."""

    media: str

    def fields(self, text: str) -> dict[str, str]:
        """Return the fields of a body of the other media type."""
        raise NotImplementedError

    async def serve(self, request: Request) -> Answer:
        if any(value.startswith(self.media) for value in request.values("Content-Type")):
            fields = self.fields(request.body.decode("utf-8", "replace"))
            request.body = json.dumps(fields).encode()
            request.headers = [header for header in request.headers if header[0] != "content-type"]
            request.headers.append(("content-type", "application/json"))
        return await super().serve(request)


@breaks("headers.content-type.range")
class MediaTypeOfForms(_Translating):
    """Reads a form, as a page of any site may send one with its visitor's cookies."""

    media = "application/x-www-form-urlencoded"

    def fields(self, text: str) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(text).items()}


@breaks("headers.content-type.range")
class MediaTypeOfUploads(_Translating):
    """Reads a form with files."""

    media = "multipart/form-data"

    def fields(self, text: str) -> dict[str, str]:
        return dict(re.findall(r'name="(\w+)"\r\n\r\n(.*?)\r\n--', text, re.DOTALL))


@breaks("headers.content-type.range")
class MediaTypeOfXml(_Translating):
    """Reads XML, as a framework does that finds a reader for it."""

    media = "application/xml"

    def fields(self, text: str) -> dict[str, str]:
        return dict(re.findall(r"<(\w+)>([^<]*)</\1>", text))


@breaks("guard.one-door")
class DoorGetWithTheCommandInTheQuery(Reference):
    """Carries a command out for whoever follows a link."""

    async def serve(self, request: Request) -> Answer:
        if request.method == "GET" and "command_type=" in request.query:
            self.authenticate(request)
            return await self.carry_out(request, {})
        return await super().serve(request)


@breaks("http.header-equivalence")
class PaddedHeaderRefused(Reference):
    """Takes the white space around a header's value for a part of it."""

    def authenticate(self, request: Request) -> None:
        if request.padded:
            self.refuse("The token is not good.", 401)
        super().authenticate(request)
