"""The oracle: says of a request, from its final bytes alone, whether the contract accepts it, refuses it or is silent.

It knows nothing of why a request was made: one that was meant to be invalid and is not is never held against a server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, Literal

import jsonschema_rs

from secmaster_contract.harness import strict_json
from secmaster_contract.harness.media_type import MediaType
from secmaster_contract.harness.spec import Command, Spec, join, load_spec

Part = Literal["path", "token", "content-type", "body"]


class Standing(StrEnum):
    """How the contract stands to a request."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    OPEN = "open"


@dataclass(frozen=True)
class Breach:
    """One rule that a request breaks.

    `pointer` leads to the rule in the YAML, to the element for a member of `required`; `field` is the property at
    fault, None for the whole body; `tolerable` is true where a standard lets the server take the request all the same.
    """

    part: Part
    pointer: str
    keyword: str
    field: str | None
    message: str
    command: str | None = None
    tolerable: bool = False


@dataclass(frozen=True)
class Judgement:
    """What the contract says of a request, the rules it breaks, and what it leaves to the server."""

    standing: Standing
    breaches: tuple[Breach, ...] = ()
    unclear: tuple[str, ...] = ()
    value: Any = None
    command: Command | None = None


def _judge(breaches: Iterable[Breach], unclear: Iterable[str], value: Any, command: Command | None) -> Judgement:
    breaches, unclear = tuple(breaches), tuple(unclear)
    if not breaches and not unclear:
        return Judgement(Standing.ACCEPTED, (), (), value, command)
    refused = any(not breach.tolerable for breach in breaches)
    return Judgement(Standing.REFUSED if refused else Standing.OPEN, breaches, unclear, value, command)


class Oracle:
    """Judges requests by one contract."""

    def __init__(self, spec: Spec | None = None) -> None:
        self.spec = spec or load_spec()

    @cached_property
    def _branches(self) -> Mapping[str, jsonschema_rs.Draft202012Validator]:
        return {command.pointer: self.validator(command.pointer) for command in self.spec.commands}

    @cached_property
    def _body_pointer(self) -> str:
        return join("paths", self.spec.path, self.spec.method.lower(), "requestBody")

    def validator(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """Return a validator of the component schema at a pointer; its errors carry pointers into the YAML."""
        components = {"schemas": self.spec.document["components"]["schemas"]}
        return jsonschema_rs.Draft202012Validator({"$ref": f"#{pointer}", "components": components})

    def judge_value(self, value: Any) -> Judgement:
        """Judge a parsed body."""
        spec, union = self.spec, self.spec.body_pointer
        if not isinstance(value, dict):
            breach = Breach(
                "body",
                join(*spec.commands[0].pointer.split("/")[1:], "type"),
                "type",
                None,
                f"the body is {_name(value)}, not an object",
            )
            return _judge([breach], (), value, None)
        name = spec.discriminator
        command = spec.command(value.get(name)) if isinstance(value.get(name), str) else None
        if command is None:
            return _judge([self._unselected(value, name, union)], (), value, None)
        return _judge(self._broken(command, value), (), value, command)

    def _unselected(self, value: Mapping[str, Any], name: str, union: str) -> Breach:
        first = self.spec.commands[0]
        if name not in value:
            pointer = join(*first.pointer.split("/")[1:], "required", first.required.index(name))
            return Breach("body", pointer, "required", name, f"{name} is missing")
        if not isinstance(value[name], str):
            pointer = join(*first.pointer.split("/")[1:], "properties", name, "type")
            return Breach("body", pointer, "type", name, f"{name} is {_name(value[name])}, not a string")
        known = ", ".join(command.selector for command in self.spec.commands)
        message = f"{name} is none of {known}"
        return Breach("body", f"{union}/discriminator/mapping", "enum", name, message)

    def _broken(self, command: Command, value: Mapping[str, Any]) -> Iterable[Breach]:
        for error in self._branches[command.pointer].iter_errors(value):
            pointer = join(*error.schema_path)
            keyword = str(error.schema_path[-1])
            field = str(error.instance_path[0]) if error.instance_path else None
            # The text of the validator shows the value; a refusal names the rule and leaves the value out.
            limit = self.spec.at(pointer)
            if keyword == "required":
                field = str(getattr(error.kind, "property"))  # noqa: B009  the stub's union hides the attribute
                pointer = join(*error.schema_path, limit.index(field))
                message = f"{field} is missing, and {command.name} requires it"
            elif keyword == "type":
                message = f"{field} is {_name(error.instance)}, not of type {limit} ({command.name})"
            else:
                message = f"{field or 'the body'} breaks {keyword} {limit} ({command.name})"
            yield Breach("body", pointer, keyword, field, message, command.name)

    def judge_body(self, body: bytes) -> Judgement:
        """Judge the bytes of a body."""
        pointer = self._body_pointer
        if not body.strip(b" \t\r\n"):
            message = "the body holds white space alone" if body else "the body is empty"
            breach = Breach("body", f"{pointer}/required", "required", None, message)
            return _judge([breach], (), None, None)
        try:
            reading = strict_json.read(body)
        except strict_json.NotJson as error:
            content = f"{pointer}/content/{join(self.spec.media_type)[1:]}"
            breach = Breach("body", content, "json", None, f"the body {error}", tolerable=error.tolerable)
            return _judge([breach], (), None, None)
        last = self.judge_value(reading.value)
        if not reading.unclear:
            return last
        first = self.judge_value(reading.first)
        if first.standing is last.standing is Standing.REFUSED:
            return _judge(last.breaches, reading.unclear, reading.value, last.command)
        return Judgement(Standing.OPEN, last.breaches, reading.unclear, reading.value, last.command)

    def judge_content_type(self, values: Iterable[str]) -> Judgement:
        """Judge the Content-Type lines of a request."""
        values = tuple(values)
        pointer = join(
            "paths", self.spec.path, self.spec.method.lower(), "requestBody", "content", self.spec.media_type
        )
        documented = MediaType.parse(self.spec.media_type)
        if not values:
            breach = Breach("content-type", pointer, "required", "Content-Type", "Content-Type is missing")
            return _judge([breach], (), None, None)
        if len(values) > 1:
            return _judge((), ["Content-Type stands more than once"], values, None)
        given = MediaType.parse(next(iter(values)))
        if given == documented:
            return _judge((), (), given, None)
        if given is None or documented is None or given.essence != documented.essence:
            message = f"Content-Type is not {self.spec.media_type}"
            # RFC 6839 section 3.1: a +json type may be processed as the JSON it is.
            tolerable = given is not None and given.essence.endswith("+json")
            breach = Breach("content-type", pointer, "media-type", "Content-Type", message, tolerable=tolerable)
            return _judge([breach], (), given, None)
        return _judge((), [f"Content-Type is {documented.essence} with other parameters"], given, None)

    def judge_token(self, values: Iterable[str], valid: Iterable[str]) -> Judgement:
        """Judge the token lines of a request against the tokens that the target knows."""
        values, header = tuple(values), self.spec.token_header
        pointer = join("paths", self.spec.path, self.spec.method.lower(), "security")
        if len(values) > 1 and set(values) & set(valid):
            return _judge((), [f"{header} stands more than once"], None, None)
        if len(values) == 1 and values[0].strip(" \t") in set(valid):
            return _judge((), (), None, None)
        missing = not values
        message = f"{header} is {'missing' if missing else 'not a valid token'}"
        return _judge([Breach("token", pointer, "required" if missing else "token", header, message)], (), None, None)


def _name(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case list():
            return "an array"
        case dict():
            return "an object"
        case _:
            return "a number"


@cache
def load_oracle() -> Oracle:
    """Return the oracle of the shipped contract."""
    return Oracle()
