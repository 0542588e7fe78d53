"""The answers of an operation: the contract's examples, and values made from its schemas where it has none."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

from openapi_contract import Operation, Parameter, Response
from openapi_contract.document import join
from openapi_contract.ledger import members_of
from openapi_contract.operations import words
from openapi_contract.oracle import write_parameter
from openapi_contract.samples import Samples

Header = tuple[bytes, bytes]
REQUEST_ID = "request_id"
REQUEST_ID_HEADER = b"x-request-id"
JSON = b"application/json"
# Carries the sentence of a rejection whose body has no field for it.
REASON_HEADER = b"x-mock-reason"
# The last word of a field that may carry a sentence for people, the likeliest first.
_TELLING = ("message", "msg", "detail", "details", "title", "description", "reason", "error", "code")
_MARK = "0" * 32  # as long as a request id
_REMEMBERED = 1024


class Delivery(Enum):
    """How an answer leaves: whole, byte by byte, cut in the middle, or not at all."""

    WHOLE = "whole"
    DRIP = "drip"
    TRUNCATED = "truncated"
    RESET = "reset"


@dataclass(frozen=True)
class Answer:
    """One answer before it is framed.

    `media_type` is None for an answer without a body. `seconds` is how long it is held back, or for a drip how long it
    takes. `note` goes to the log alone.
    """

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()
    media_type: bytes | None = JSON
    delivery: Delivery = Delivery.WHOLE
    seconds: float = 0
    note: str | None = None


@dataclass(frozen=True)
class Template:
    """An answer whose body is cut where the request id goes."""

    status: int
    before: bytes
    after: bytes | None = None
    headers: tuple[Header, ...] = ()
    media_type: bytes | None = JSON

    def answer(self, request_id: bytes, *headers: Header) -> Answer:
        """Fill the body."""
        if headers:
            return replace(self, headers=(*self.headers, *headers)).answer(request_id)
        if self.after is None:
            return self._fixed
        return Answer(self.status, self.before + request_id + self.after, self.headers, self.media_type)

    @cached_property
    def _fixed(self) -> Answer:
        return Answer(self.status, self.before, self.headers, self.media_type)


def plain(status: int, sentence: str, *headers: Header) -> Template:
    """Return an answer that the contract does not document."""
    return Template(status, dump({"message": sentence}), None, headers)


class Answers:
    """The answers that the contract documents for one operation."""

    def __init__(self, operation: Operation, samples: Samples) -> None:
        self.operation = operation
        self._samples = samples
        self._document = samples.document
        # A rejection is a function of its sentence.
        self.rejection = lru_cache(_REMEMBERED)(self._rejection)

    def check(self) -> None:
        """Make every answer once.

        Raises:
            ContractError: No valid answer can be made.
        """
        for response in self.operation.responses.values():
            self._example(response, usual_status(response), self._usual(response, None))

    # -- choosing -----------------------------------------------------------------------------------------------------

    def has(self, status: int, example: str | None = None) -> bool:
        """Say whether the contract documents a status, and an example of that name for it."""
        response = self.operation.response(status)
        return response is not None and (example is None or example in response.examples)

    def example(self, status: int, name: str | None = None, word: str = "") -> Template:
        """Return the answer that an example shows, by default the usual one of the status, or one named by a word.

        Raises:
            LookupError: The contract does not document it.
        """
        response = self.operation.response(status)
        if response is None or (name is not None and name not in response.examples):
            raise LookupError(name or status)
        return self._example(response, status, name or self._usual(response, status, word))

    def of_reason(self, reason: str, word: str = "", sentence: str | None = None) -> Template | None:
        """Return the answer whose example has an `x-reason`, preferring one whose name has a word; None where none has.

        A sentence takes the place of the example's own message.
        """
        found = [
            (word not in words(name), name, response)
            for response in self.operation.responses.values()
            for name, own in response.reasons.items()
            if own == reason
        ]
        if not found:
            return None
        _, name, response = min(found, key=lambda row: row[:2])
        status = usual_status(response)
        if sentence is None:
            return self._example(response, status, name)
        return self._telling(response, status, response.examples[name], sentence)

    @cached_property
    def success(self) -> Template:
        """The answer to a request that was carried out."""
        response = self.operation.success
        return self._template(response, self.operation.success_status, self._success_value)

    @cached_property
    def _success_value(self) -> Any:
        """Its body, None where it has none."""
        response = self.operation.success
        for value in response.examples.values():
            if all(value[name] == wanted for name, wanted, _ in self._outcomes(value)):
                return value
        value = self._samples.answer(response)
        succeeded = {name: wanted for name, wanted, _ in self._outcomes(value)}
        return {**value, **succeeded} if succeeded else value

    @cached_property
    def failure(self) -> Template | None:
        """The answer that a request was not carried out; None where the contract has no field for it."""
        response, value = self.operation.success, self._success_value
        for name, wanted, pointer in self._outcomes(value):
            for other in self._samples.values(pointer):
                if other != wanted:
                    failed = {**value, name: other}
                    error = self._value_of(500)
                    if isinstance(error, dict):
                        failed |= {key: told for key, told in error.items() if key in value and key != name}
                    if self._is_valid(response, failed):
                        return self._template(response, self.operation.success_status, failed)
        return None

    def _outcomes(self, value: Any) -> Iterator[tuple[str, Any, str]]:
        """Yield the fields that say whether a request was carried out: name, the value of success, place."""
        if isinstance(value, dict):
            for name, member in members_of(self._samples.contract, self.operation.success).items():
                stated = self._document.at(member.site)
                if name in value and "x-succeeded-when" in stated:
                    yield name, stated["x-succeeded-when"], member.pointer

    def _rejection(self, sentence: str, status: int | None = None) -> Template:
        """Return the rejection of a faulty request, with a sentence that says why."""
        status = status or self.operation.rejection_statuses[0]
        documented = self.operation.response(status)
        if documented is None:
            return plain(status, sentence)
        value = self._usual_value(documented)
        usual = self.operation.rejection
        if usual not in (None, documented) and usual.examples:
            # An answer of the operation rather than of the gateway in front of it, where the schema allows both.
            own = self._usual_value(usual)
            value = own if self._is_valid(documented, own) else value
        return self._telling(documented, status, value, sentence)

    def _telling(self, response: Response, status: int, value: Any, sentence: str) -> Template:
        """Return an answer whose likeliest field tells a sentence; a header tells it where no field may."""
        for spot in sorted(_spots(value), key=lambda spot: (_TELLING.index(_last_word(spot[-1])), len(spot))):
            told = copy.deepcopy(value)
            holder = told
            for step in spot[:-1]:
                holder = holder[step]
            holder[spot[-1]] = sentence
            if self._is_valid(response, told):
                return self._template(response, status, told)
        line = (REASON_HEADER, sentence.encode("unicode_escape"))
        return self._template(response, status, value, line)

    def filled(self, known: Mapping[str, Any]) -> Template:
        """Return the answer of success with what is known put in its place."""
        response, value = self.operation.success, self._success_value
        for name in value if isinstance(value, dict) else ():
            changed = {**value, name: known.get(name, value[name])}
            value = changed if self._is_valid(response, changed) else value
        return self._template(response, self.operation.success_status, value)

    def _value_of(self, status: int) -> Any:
        response = self.operation.response(status)
        return None if response is None else self._usual_value(response, status)

    def _usual_value(self, response: Response, status: int | None = None) -> Any:
        name = self._usual(response, status)
        return response.examples[name] if name else self._samples.answer(response)

    def _example(self, response: Response, status: int, name: str | None) -> Template:
        value = response.examples[name] if name else self._samples.answer(response)
        return self._template(response, status, value)

    def _usual(self, response: Response, status: int | None, word: str = "") -> str | None:
        """Choose among the examples of an answer; the summary of one may name the status that it is of: `(504)`."""

        def fitness(name: str) -> tuple[bool, bool, int, bool]:
            node = self._document.resolve(self._place(response, name))[1]
            summary = str(node.get("summary", "")) if isinstance(node, dict) else ""
            statuses = [int(text) for text in re.findall(r"\((\d{3})\)", summary)]
            # One with a reason speaks of a particular fault.
            return (
                bool(word) and word not in words(name),
                status not in statuses,
                min(statuses, default=0),
                name in response.reasons,
            )

        return min(response.examples, key=fitness, default=None)

    def _place(self, response: Response, name: str) -> str:
        media = response.pointer + join("content", str(response.media_type))
        single = "example" in self._document.at(media) and name == "example"
        return media + (join("example") if single else join("examples", name))

    # -- making -------------------------------------------------------------------------------------------------------

    def _is_valid(self, response: Response, value: Any) -> bool:
        return response.schema_pointer is None or self._samples.oracle.validator(response.schema_pointer).is_valid(
            value
        )

    def _template(self, response: Response, status: int, value: Any, *extra: Header) -> Template:
        headers = (*self._headers(response), *extra)
        if response.schema_pointer is None:
            return Template(status, b"", None, headers, None)
        media_type = str(response.media_type).encode()
        if isinstance(value, dict) and isinstance(value.get(REQUEST_ID), str):
            marked = {**value, REQUEST_ID: _MARK}
            if self._is_valid(response, marked):
                before, _, after = dump(marked).partition(_MARK.encode())
                return Template(status, before, after, headers, media_type)
        return Template(status, dump(value), None, headers, media_type)

    def _headers(self, response: Response) -> Iterator[Header]:
        """Yield the documented headers that are mandatory, and X-Request-Id where the server's own would be invalid."""
        for name, header in response.headers.items():
            line = name.lower().encode()
            if line == REQUEST_ID_HEADER:
                if self._samples.oracle.validator(header.schema_pointer).is_valid(_MARK):
                    continue
            elif not header.required or line in {b"content-type", b"content-length"}:
                continue
            yield line, self._text(header)

    def _text(self, header: Parameter) -> bytes:
        if header.name.lower() == "retry-after" and not header.examples:
            return b"1"  # in seconds: a schema of type string says nothing of what RFC 9110 demands
        return ",".join(write_parameter(header, self._samples.parameter(header))).encode("latin-1", "replace")


def usual_status(response: Response) -> int:
    """Return the status of an answer, the lowest of a class, 500 for `default`."""
    return response.status or (500 if response.key == "default" else int(response.key.replace("XX", "00")))


def _spots(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the ways to the text fields whose names say that they are for people."""
    members = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, item in members:
        if isinstance(item, str) and isinstance(name, str) and _last_word(name) in _TELLING:
            yield (*above, name)
        yield from _spots(item, (*above, name))


def _last_word(name: str) -> str:
    return (words(name) or [name])[-1].lower()


def dump(value: Any) -> bytes:
    """Write JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
