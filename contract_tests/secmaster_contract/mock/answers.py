"""Builds answers from the contract's response examples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any

from secmaster_contract.harness import codes
from secmaster_contract.harness.spec import Spec

Header = tuple[bytes, bytes]
REQUEST_ID = "request_id"
_MARK = "@request-id@"


class Delivery(Enum):
    """How an answer leaves: whole, byte by byte, cut in the middle, or not at all."""

    WHOLE = "whole"
    DRIP = "drip"
    TRUNCATED = "truncated"
    RESET = "reset"


@dataclass(frozen=True)
class Answer:
    """
    One answer before it is framed.

    `seconds` is how long it is held back, or for a drip how long it takes. `note` goes to the log alone.
    """

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()
    media_type: bytes = b"application/json"
    delivery: Delivery = Delivery.WHOLE
    seconds: float = 0
    note: str | None = None


@dataclass(frozen=True)
class Template:
    """A JSON body that is cut where the request id goes."""

    status: int
    before: bytes
    after: bytes | None

    @classmethod
    def of(cls, status: int, value: Any) -> Template:
        """Prepare a body whose `request_id`, where it has one, is the answer's own."""
        if isinstance(value, dict) and REQUEST_ID in value:
            value = {**value, REQUEST_ID: _MARK}
        before, found, after = dump(value).partition(_MARK.encode())
        return cls(status, before, after if found else None)

    def answer(self, request_id: bytes, *headers: Header) -> Answer:
        """Fill the body."""
        body = self.before if self.after is None else self.before + request_id + self.after
        return Answer(self.status, body, headers)


class Answers:
    """The answers that the contract documents."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._templates: dict[tuple[int, str], Template] = {}

    def examples(self, status: int) -> Mapping[str, Any]:
        """Return the example bodies of a status by name; empty where the contract has none."""
        key = self.spec.response_key(status)
        if key is None:
            return {}
        media = self.spec.responses[key].get("content", {})
        return {name: example["value"] for kind in media.values() for name, example in kind.get("examples", {}).items()}

    def template(self, status: int, example: str) -> Template:
        """
        Return the body of an example.

        Raises:
            KeyError: The contract has no such example.
        """
        key = (status, example)
        if key not in self._templates:
            self._templates[key] = Template.of(status, self.examples(status)[example])
        return self._templates[key]

    @cached_property
    def success(self) -> Template:
        """The answer to a command that was carried out."""
        return self.template(self.spec.success_status, next(iter(self.examples(self.spec.success_status))))

    @cached_property
    def failure(self) -> Template:
        """The answer to a command that was taken and not carried out."""
        status = self.spec.success_status
        examples = self.examples(status)
        return self.template(status, next(name for name, value in examples.items() if value["success"] is False))

    def example(self, status: int, name: str | None, request_id: bytes) -> Answer | None:
        """Return the answer that an example shows, by default the first; None where the contract has none."""
        examples = self.examples(status)
        if name is None and not examples and self.spec.response_key(status):
            return replace(self.refusal(codes.INVALID_PARAMETER, "Asked for by the client."), status=status)
        name = name or self._usual(status, examples)
        if name not in examples:
            return None
        return self.template(status, name).answer(request_id)

    def _usual(self, status: int, examples: Mapping[str, Any]) -> str:
        # A class of statuses shares its examples; the summary of one names the status it is of.
        key = self.spec.response_key(status)
        media = self.spec.responses[key].get("content", {}) if key else {}
        summaries = {
            name: str(example.get("summary", ""))
            for kind in media.values()
            for name, example in kind.get("examples", {}).items()
        }
        named = [name for name in examples if f"({status})" in summaries.get(name, "")]
        if named:
            return named[0]
        unnamed = [name for name in examples if "(" not in summaries.get(name, "")]
        return (unnamed or list(examples)[-1:] or [""])[0]

    def refusal(self, code: str, message: str, status: int | None = None) -> Answer:
        """Return a refusal by the service: its error code and a sentence."""
        return Answer(status or self.spec.refusal_status, dump({"code": code, "message": message}))


def dump(value: Any) -> bytes:
    """Write JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
