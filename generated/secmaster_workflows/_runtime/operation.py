# Copied from openapi/generator/runtime/_runtime/operation.py by `make generate`; do not edit.
"""
What the contract says of an operation, and what a request of it is made of.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from attrs import define, field, frozen

from secmaster_workflows.errors import ConfigurationError, InvalidArgumentError
from secmaster_workflows.types import UNSET

from .checks import JsonSchema, Rule, first_fault, located, value_rules
from .command import command_body, select_command
from .endpoint import encode_segment
from .model import Command, Model, Shape, check_model, plain
from .strict_json import read_json

T = TypeVar("T")


@define(slots=False)
class Parameter:
    """
    A parameter: `argument` is what a caller knows it by.
    """

    place: Literal["path", "query", "header", "cookie"]
    name: str
    argument: str
    schema: JsonSchema
    required: bool = True

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """
        What its values are checked by.
        """
        return value_rules(self.schema)

    def texts(self, value: object) -> list[str]:
        """
        The texts that stand for a value: one for each item of a list in a query, none for what is absent.

        Raises:
            InvalidArgumentError: The value breaks a rule of the contract, or its place cannot carry it.
        """
        fault = self._missing(value)
        if value is UNSET and not self.required:
            return []
        whole = self._is("integer", self.schema) or self._is("integer", self.schema.get("items", {}))
        fault = fault or first_fault(self.rules, value)
        if fault:
            raise self.refused(fault)
        found = [_text(item, whole=whole) for item in (value if isinstance(value, list) else [value])]
        if self.place == "header" and isinstance(value, list):
            joined = ",".join(found)
            if [part.strip() for part in joined.split(",")] != found:
                raise self.refused("has no items that a list in a header cannot carry: commas, spaces at an end, none")
            found = [joined]
        if self.place == "header" and any(not re.fullmatch(r"(?:[!-~](?:[\t -~]*[!-~])?)?", text) for text in found):
            raise self.refused("is visible ASCII without spaces at its ends, as headers are")
        return found

    def _missing(self, value: object) -> str | None:
        if value is UNSET:
            return "is required"
        return "has at least one item" if value == [] and self.required and self.place == "query" else None

    @staticmethod
    def _is(kind: str, schema: JsonSchema) -> bool:
        return schema.get("type") in (kind, [kind])

    def segment(self, value: object) -> str:
        """
        The percent-encoded segment of the path that stands for a value; of a number, its text does too.
        """
        if self.schema.get("type", "string") == "string":
            encoded = encode_segment(self.argument, value)
            if fault := first_fault(self.rules, value):
                raise self.refused(fault)
            return encoded
        if type(value) is str:  # from the environment
            try:
                value = json.loads(value)
            except ValueError:
                raise self.refused(f"is of type {self.schema['type']}, not str") from None
        return encode_segment(self.argument, self.texts(value)[0])

    def refused(self, fault: str) -> InvalidArgumentError:
        """
        The error for a value.
        """
        kind = ConfigurationError if self.place == "path" else InvalidArgumentError
        return kind(f"{located(self.argument, fault)}.", argument=self.argument)


def _text(value: object, *, whole: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if whole and isinstance(value, float) else str(value)


@frozen
class Answer:
    """
    A documented answer of a range of statuses; `shape` is None where it has no body.
    """

    low: int
    high: int
    shape: Shape[Any] | None

    @property
    def is_success(self) -> bool:
        """
        Whether it says that the operation succeeded.
        """
        return self.low >= 200 and self.high <= 299


@define(slots=False, kw_only=True)
class Operation(Generic[T]):
    """
    An operation. `path` has literal parts and the names of parameters in turn; `token` is the header of the token, and
    what stands before it there.
    """

    id: str
    method: str
    path: Sequence[str]
    parameters: Sequence[Parameter] = ()
    media_type: str | None = None
    body_required: bool = False
    body_schema: JsonSchema = field(factory=dict[str, Any])
    commands: Mapping[str, type[Command]] = field(factory=dict[str, type[Command]])
    discriminator: str = ""
    token: tuple[str, str] | None = None
    accept: str = "application/json"
    answers: Sequence[Answer] = ()
    repeatable: bool = False

    @cached_property
    def _body_rules(self) -> tuple[Rule, ...]:
        return value_rules(self.body_schema)

    @property
    def path_arguments(self) -> list[str]:
        """
        The arguments of the path.
        """
        return [parameter.argument for parameter in self.parameters if parameter.place == "path"]

    def compile(self) -> None:
        """
        Compiles each rule, which is done otherwise when it is first needed.
        """
        for rules in (self._body_rules, *(parameter.rules for parameter in self.parameters)):
            first_fault(rules, None)

    def answer(self, status: int) -> Answer | None:
        """
        The answer that is documented for a status.
        """
        return next((answer for answer in self.answers if answer.low <= status <= answer.high), None)

    def target(self, values: Mapping[str, object]) -> str:
        """
        The path with its query.
        """
        segments = {own.name: own.segment(values[own.argument]) for own in self.parameters if own.place == "path"}
        path = "".join(segments[part] if index % 2 else part for index, part in enumerate(self.path))
        pairs = [
            f"{quote(own.name, safe='')}={quote(text, safe='')}"
            for own in self.parameters
            if own.place == "query"
            for text in own.texts(values.get(own.argument, UNSET))
        ]
        return f"{path}?{'&'.join(pairs)}" if pairs else path

    def headers(self, values: Mapping[str, object]) -> dict[str, str]:
        """
        The header fields that parameters stand in.
        """
        found: dict[str, str] = {}
        cookies: list[str] = []
        for own in self.parameters:
            for text in own.texts(values.get(own.argument, UNSET)) if own.place in {"header", "cookie"} else ():
                if own.place == "header":
                    found[own.name] = text
                else:
                    cookies.append(f"{own.name}={quote(text, safe='')}")
        return {**found, "Cookie": "; ".join(cookies)} if cookies else found

    def body(self, value: object) -> tuple[str, bytes | None]:
        """
        What observers call the request, and the bytes of its body.

        Raises:
            InvalidArgumentError: It breaks a rule of the contract.
        """
        if self.commands:
            return command_body(self.commands, value)
        if self.media_type is None or (value is UNSET and not self.body_required):
            return self.id, None
        if isinstance(value, Model):
            try:
                check_model(value)
            except AttributeError:
                raise InvalidArgumentError(f"{type(value).__name__} has lost a field.", argument="body") from None
        content = plain(value)
        fault = "is required" if value is UNSET else first_fault(self._body_rules, content)
        if fault:
            raise InvalidArgumentError(f"{located('The body', fault)}.", argument="body")
        return self.id, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    def read_body(self, content: bytes) -> Any:
        """
        The command that a body is, or its value, None if there is none.

        Raises:
            InvalidArgumentError: It breaks a rule of the contract.
        """
        if self.commands:
            return select_command(self.commands, self.discriminator, content)
        if self.media_type is None or not (content or self.body_required):
            return None
        try:
            value = read_json(content)
        except ValueError as error:
            raise InvalidArgumentError(f"The body is JSON: {error}.", argument="body") from None
        self.body(value)
        return value
