"""The oracle: says of a request, from its final bytes alone, whether the contract accepts it, rejects it or is silent.

It knows nothing of why a request was made: one that was meant to be invalid and is not is never held against a server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema_rs

from openapi_contract import strict_json
from openapi_contract.document import join, split
from openapi_contract.keywords import NUMBER_FORMATS, types_of, validator_of
from openapi_contract.media_type import MediaType
from openapi_contract.operations import Command, Contract, Operation, Parameter
from openapi_contract.rules import anchor_of, shown_type

TOKEN = "token"  # noqa: S105  the name of a part of a request
CONTENT_TYPE = "content-type"
Headers = Sequence[tuple[str, str]]


class Standing(StrEnum):
    """How the contract stands to a request."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    OPEN = "open"


@dataclass(frozen=True)
class Breach:
    """One rule that a request breaks.

    `place` is token, path, query, header, cookie, content-type or body; `pointer` leads to the rule, to the name for a
    member of `required`; `field` is the property or parameter at fault, None for the whole body; `path` has the steps
    to it; `tolerable` is true where a standard lets the server accept the request all the same.
    """

    place: str
    pointer: str
    keyword: str
    field: str | None
    message: str
    command: str | None = None
    tolerable: bool = False
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """What the contract says of a request: the rules it breaks, and what the contract leaves to the server."""

    standing: Standing
    breaches: tuple[Breach, ...] = ()
    unclear: tuple[str, ...] = ()
    value: Any = None
    command: Command | None = None


def judgement(
    breaches: Iterable[Breach] = (), unclear: Iterable[str] = (), value: Any = None, command: Command | None = None
) -> Judgement:
    """Return the judgement that breaches and open points come to."""
    breaches, unclear = tuple(breaches), tuple(unclear)
    standing = Standing.OPEN if breaches or unclear else Standing.ACCEPTED
    if any(not breach.tolerable for breach in breaches):
        standing = Standing.REJECTED
    return Judgement(standing, breaches, unclear, value, command)


class Oracle:
    """Judges requests, and values of answers, by one contract."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._formats: dict[str, str] = {}

    # -- whole requests -----------------------------------------------------------------------------------------------

    def judge(
        self, operation: Operation, target: str, headers: Headers, body: bytes, tokens: Iterable[str]
    ) -> Judgement:
        """Judge a request for an operation; `target` is its path below the server's URL, with the query."""
        path, _, query = target.partition("?")
        parts = [
            self.token(operation, headers, tokens),
            self.path(operation, path),
            self.query(operation, query),
            self.headers(operation, headers),
            self.content_type(operation, values_of(headers, "Content-Type"), present=bool(body)),
            self.body(operation, body),
        ]
        breaches = [breach for part in parts for breach in part.breaches]
        unclear = [word for part in parts for word in part.unclear]
        return self._standing(parts, judgement(breaches, unclear, parts[-1].value, parts[-1].command))

    @staticmethod
    def _standing(parts: Sequence[Judgement], whole: Judgement) -> Judgement:
        """A request is rejected for what some part is rejected for; breaches of parts that are open do not decide."""
        standings = {part.standing for part in parts}
        for standing in (Standing.REJECTED, Standing.OPEN):
            if standing in standings:
                return replace(whole, standing=standing)
        return whole

    def token(self, operation: Operation, headers: Headers, valid: Iterable[str]) -> Judgement:
        """Judge the token of a request against the tokens that the server knows."""
        scheme = operation.security
        if scheme is None:
            return judgement()
        values = [scheme.usual(value) for value in values_of(headers, scheme.header)]
        known = {scheme.value(token) for token in valid}
        if len(values) > 1 and set(values) & known:
            return judgement((), [f"{scheme.header} stands more than once"])
        if len(values) == 1 and values[0] in known:
            return judgement()
        missing = not values
        message = f"{scheme.header} is {'missing' if missing else 'not a valid token'}"
        keyword = "required" if missing else "token"
        return judgement([Breach(TOKEN, scheme.pointer, keyword, scheme.header, message)])

    def path(self, operation: Operation, path: str) -> Judgement:
        """Judge the values in a path that fits the operation's template."""
        given, wanted = path.split("/"), operation.path.split("/")
        if len(given) != len(wanted):
            return judgement((), ["the path is another one"])
        texts: dict[str, str] = {}
        for segment, template in zip(given, wanted, strict=True):
            decoded = unquote_to_bytes(segment)
            if not template.startswith("{"):
                if decoded != template.encode():
                    return judgement((), ["the path is another one"])
                continue
            try:
                texts[template[1:-1]] = decoded.decode()
            except UnicodeDecodeError:
                return judgement((), [f"{template[1:-1]} is not UTF-8"])
        return self.path_values(operation, texts)

    def path_values(self, operation: Operation, texts: Mapping[str, str]) -> Judgement:
        """Judge the decoded values of a path."""
        return judgement(
            breach
            for parameter in operation.parameters_in("path")
            for breach in self._parameter(parameter, [texts[parameter.name]])
        )

    def query(self, operation: Operation, query: str) -> Judgement:
        """Judge a query; one that the contract does not know changes nothing."""
        parameters = operation.parameters_in("query")
        if not parameters:
            return judgement()
        found: dict[str, list[str]] = {}
        unclear: list[str] = []
        for pair in filter(None, query.split("&")):
            name, _, value = pair.partition("=")
            try:
                texts = [unquote_to_bytes(text.replace("+", " ")).decode() for text in (name, value)]
            except UnicodeDecodeError:
                unclear.append("the query is not UTF-8")
                continue
            found.setdefault(texts[0], []).append(texts[1])
        return self._named(parameters, found, unclear)

    def headers(self, operation: Operation, headers: Headers) -> Judgement:
        """Judge the header and cookie parameters of a request."""
        found = {
            parameter.name: [value.strip(" \t") for value in values_of(headers, parameter.name)]
            for parameter in operation.parameters_in("header")
        }
        named = self._named(operation.parameters_in("header"), {k: v for k, v in found.items() if v}, [])
        cookies: dict[str, list[str]] = {}
        for line in values_of(headers, "Cookie"):
            for pair in line.split(";"):
                name, _, value = pair.strip().partition("=")
                cookies.setdefault(name, []).append(unquote_to_bytes(value).decode("utf-8", "replace"))
        baked = self._named(operation.parameters_in("cookie"), cookies, [])
        return self._standing((named, baked), judgement(named.breaches + baked.breaches, named.unclear + baked.unclear))

    def _named(self, parameters: Iterable[Parameter], found: Mapping[str, list[str]], unclear: list[str]) -> Judgement:
        breaches: list[Breach] = []
        for parameter in parameters:
            texts = found.get(parameter.name, [])
            if not texts:
                if parameter.required:
                    message = f"{parameter.name} is missing"
                    pointer = parameter.pointer + "/required"
                    breaches.append(
                        Breach(parameter.place, pointer, "required", parameter.name, message, path=(parameter.name,))
                    )
                continue
            if len(texts) > 1 and "array" not in parameter.types:
                every = [list(self._parameter(parameter, [text])) for text in texts]
                if not all(every):
                    unclear.append(f"{parameter.name} stands more than once")
                    continue
                texts = texts[:1]
            breaches += self._parameter(parameter, texts)
        return judgement(breaches, unclear)

    def _parameter(self, parameter: Parameter, texts: list[str]) -> Iterator[Breach]:
        value = read_parameter(parameter, texts, self.contract)
        for breach in self.breaches(parameter.schema_pointer, value, parameter.place):
            told = breach.message.removeprefix(breach.field or "the body")
            path = (parameter.name, *breach.path)
            yield replace(breach, field=parameter.name, message=f"{parameter.name}{told}", path=path)

    def content_type(self, operation: Operation, values: Iterable[str], *, present: bool = True) -> Judgement:
        """Judge the Content-Type lines of a request; `present` says whether it has a body."""
        body = operation.body
        values = tuple(values)
        if body is None or (not values and not present and not body.required):
            return judgement()
        pointer = body.content_pointer
        documented = MediaType.parse(body.media_type)
        if not values:
            return judgement([Breach(CONTENT_TYPE, pointer, "required", "Content-Type", "Content-Type is missing")])
        if len(values) > 1:
            return judgement((), ["Content-Type stands more than once"], values)
        given = MediaType.parse(next(iter(values)))
        if given == documented:
            return judgement((), (), given)
        if given is None or documented is None or given.essence != documented.essence:
            message = f"Content-Type is not {body.media_type}"
            # RFC 6839 section 3.1: a +json type may be processed as the JSON it is.
            tolerable = given is not None and given.essence.endswith("+json")
            breach = Breach(CONTENT_TYPE, pointer, "media-type", "Content-Type", message, tolerable=tolerable)
            return judgement([breach], (), given)
        return judgement((), [f"Content-Type is {documented.essence} with other parameters"], given)

    # -- bodies -------------------------------------------------------------------------------------------------------

    def body(self, operation: Operation, data: bytes) -> Judgement:
        """Judge the bytes of a body."""
        body = operation.body
        if body is None:
            return judgement((), ["the operation has no body"] if data else (), None, operation.commands[0])
        if not data.strip(b" \t\r\n"):
            if not body.required and not data:
                return judgement((), (), None, operation.commands[0])
            message = "the body holds white space alone" if data else "the body is empty"
            return judgement([Breach("body", body.pointer + "/required", "required", None, message)])
        try:
            reading = strict_json.read(data)
        except strict_json.NotJson as error:
            keyword = "utf-8" if "UTF-8" in error.reason else "json"
            message = f"the body {error}"
            return judgement([Breach("body", body.content_pointer, keyword, None, message, tolerable=error.tolerable)])
        last = self.value(operation, reading.value)
        if reading.rounded:
            # The number that stands in its place is as large, and may have another remainder.
            sure = [breach for breach in last.breaches if breach.keyword not in {"multipleOf", "type"}]
            return judgement(sure, ["a number is beyond what parsers keep"], reading.value, last.command)
        if not reading.unclear:
            return last
        first = self.value(operation, reading.first)
        if first.standing is last.standing is Standing.REJECTED:
            return judgement(last.breaches, reading.unclear, reading.value, last.command)
        return Judgement(Standing.OPEN, last.breaches, reading.unclear, reading.value, last.command)

    def value(self, operation: Operation, value: Any) -> Judgement:
        """Judge a parsed body."""
        body = operation.body
        if body is None:
            return judgement((), (), value, operation.commands[0])
        if body.discriminator is None:
            only = operation.commands[0]
            return judgement(self.breaches(body.schema_pointer, value, "body", only), (), value, only)
        command = operation.selected(value)
        if command is None:
            return judgement([self._unselected(operation, body.discriminator, value)], (), value)
        return judgement(self.breaches(str(command.pointer), value, "body", command), (), value, command)

    def _unselected(self, operation: Operation, name: str, value: Any) -> Breach:
        anchor = anchor_of(operation)
        if not isinstance(value, dict):
            message = f"the body is {shown_type(value)}, not an object"
            return Breach("body", self._type(operation, str(anchor.pointer)), "type", None, message)
        if name not in value:
            pointer = required_pointer(self.contract, anchor, name)
            return Breach("body", pointer, "required", name, f"{name} is missing", path=(name,))
        if not isinstance(value[name], str):
            message = f"{name} is {shown_type(value[name])}, not a string"
            pointer = self._type(operation, anchor.fields[name].pointer)
            return Breach("body", pointer, "type", name, message, path=(name,))
        known = ", ".join(str(command.selector) for command in operation.commands)
        message = f"{name} is none of {known}"
        return Breach("body", _discriminator(operation), "discriminator", name, message, path=(name,))

    def _type(self, operation: Operation, pointer: str) -> str:
        """Return the rule that says of what type a value is; where its schema has none, the discriminator needs it."""
        return f"{pointer}/type" if "type" in self.contract.document.at(pointer) else _discriminator(operation)

    def breaches(self, pointer: str, value: Any, place: str, command: Command | None = None) -> Iterator[Breach]:
        """Yield the rules of the schema at a pointer that a value breaks.

        A message names the rule and leaves the value out.
        """
        document = self.contract.document
        told = f" ({command.name})" if command and command.selector is not None else ""
        for error in self.validator(pointer).iter_errors(value):
            at = join(*error.schema_path)
            at = self._canonical(self._formats.get(at, at))
            keyword = split(at)[-1]
            path = tuple(error.instance_path)
            field = ".".join(map(str, path)) or None
            limit = document.at(at)
            match keyword:
                case "required":
                    name = str(getattr(error.kind, "property"))  # noqa: B009  the stub's union hides the attribute
                    field = f"{field}.{name}" if field else name
                    needs = f", and {command.name} requires it" if told and command else ""
                    message = f"{field} is missing{needs}"
                    yield Breach(place, at + join(name), keyword, field, message, *_of(command), path=(*path, name))
                case "dependentRequired":
                    yield from self._dependent(at, limit, error, place, command)
                case "type":
                    message = f"{field or 'the body'} is {shown_type(error.instance)}, not of type {_told(limit)}{told}"
                    yield Breach(place, at, keyword, field, message, *_of(command), path=path)
                case "oneOf" | "anyOf":
                    message = f"{field or 'the body'} fits none, or too many, of its alternatives{told}"
                    yield Breach(place, at, keyword, field, message, *_of(command), path=path)
                case "additionalProperties":
                    message = f"{field or 'the body'} has properties that are not documented{told}"
                    yield Breach(place, at, keyword, field, message, *_of(command), path=path)
                case _:
                    message = f"{field or 'the body'} breaks {keyword} {_told(limit)}{told}"
                    yield Breach(place, at, keyword, field, message, *_of(command), path=path)

    @lru_cache(1024)  # noqa: B019  an oracle lives as long as its contract
    def _canonical(self, pointer: str) -> str:
        return self.contract.document.canonical(pointer)

    def _dependent(
        self, at: str, limit: Mapping[str, Sequence[str]], error: Any, place: str, command: Command | None
    ) -> Iterator[Breach]:
        given = error.instance
        missing = re.fullmatch(r'"(.*)" is a required property', error.message, re.DOTALL)
        for name, others in limit.items():
            for other in others:
                if name in given and other not in given and missing and missing[1] == other:
                    message = f"{other} is missing, and {name} requires it"
                    path = (*error.instance_path, name)
                    yield Breach(
                        place, at + join(name, other), "dependentRequired", name, message, *_of(command), path=path
                    )

    def validator(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """Return a validator of the schema at a pointer; its errors carry pointers into the document."""
        if pointer not in self._validators:
            self._validators[pointer] = validator_of(self.contract.document, pointer, self._root)
        return self._validators[pointer]

    @cached_property
    def _root(self) -> dict[str, Any]:
        """The document with the formats of numbers written as limits, which validators check."""
        return {name: self._limited(node, join(name)) for name, node in self.contract.document.schemas.items()}

    def _limited(self, node: Any, pointer: str) -> Any:
        if isinstance(node, list):
            return [self._limited(item, pointer + join(number)) for number, item in enumerate(node)]
        if not isinstance(node, dict):
            return node
        copy = {name: self._limited(item, pointer + join(name)) for name, item in node.items()}
        limits = NUMBER_FORMATS.get(str(node.get("format"))) if "type" in node else None
        if limits:
            members = list(copy.get("allOf", []))
            copy["allOf"] = [*members, {"minimum": limits[0], "maximum": limits[1]}]
            for keyword in ("minimum", "maximum"):
                self._formats[pointer + join("allOf", len(members), keyword)] = pointer + "/format"
        return copy


def _discriminator(operation: Operation) -> str:
    return f"{operation.body.schema_pointer if operation.body else ''}/discriminator"


def _of(command: Command | None) -> tuple[str | None]:
    return (command.name if command else None,)


def _told(limit: Any) -> str:
    return ", ".join(map(str, limit)) if isinstance(limit, list) else str(limit)


@lru_cache(512)
def _required_place(contract: Contract, pointer: str, name: str) -> str:
    place, schema = contract.document.resolve(pointer)
    if name in schema.get("required", ()):
        return place + join("required", name)
    for number in range(len(schema.get("allOf", ()))):
        found = _required_place(contract, place + join("allOf", number), name)
        if found:
            return found
    return ""


def required_pointer(contract: Contract, command: Command, name: str) -> str:
    """Return the pointer to the rule that a command's field is mandatory."""
    return _required_place(contract, str(command.pointer), name)


def values_of(headers: Headers, name: str) -> tuple[str, ...]:
    """Return the values of a header, whatever the case of its name."""
    return tuple(value for header, value in headers if header.lower() == name.lower())


_INTEGER = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def read_parameter(parameter: Parameter, texts: Sequence[str], contract: Contract) -> Any:
    """Return the value that the texts of a parameter stand for; text that is of another type stays text."""
    if "array" not in parameter.types:
        return _read(texts[0], parameter.types)
    _, items = contract.document.resolve(parameter.schema_pointer + "/items")
    stated = tuple(types_of(items) or ("string",))
    listed = texts if parameter.place == "query" else [part.strip() for text in texts for part in text.split(",")]
    return [_read(text, stated) for text in listed]


def _read(text: str, types: Sequence[str]) -> Any:
    if "integer" in types and _INTEGER.fullmatch(text):
        return int(text) if len(text) < 4000 else Decimal(text)
    if "number" in types and _NUMBER.fullmatch(text):
        try:
            return Decimal(text)
        except InvalidOperation:
            return text
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    return text


def write_parameter(parameter: Parameter, value: Any) -> list[str]:
    """Return the texts that stand for a value of a parameter: one for each item of a list in a query."""
    if isinstance(value, list):
        texts = [_write(item) for item in value]
        return texts if parameter.place == "query" else [",".join(texts)]
    return [_write(value)]


def _write(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case _:
            return str(value)
