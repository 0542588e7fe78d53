"""Builds answers from the contract's response examples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from secmaster_contract.harness.spec import Spec

Header = tuple[bytes, bytes]
REQUEST_ID = "request_id"
_MARK = "\x00request-id\x00"


@dataclass(frozen=True)
class Answer:
    """One answer, before it is framed. `example` names the example it was built from, if any."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()
    media_type: bytes = b"application/json"


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
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        before, found, after = text.partition(json.dumps(_MARK)[1:-1].encode())
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
        status = self.spec.success_status
        return self.template(status, next(iter(self.examples(status))))

    def gateway(self, status: int, example: str, request_id: bytes, *headers: Header) -> Answer:
        """Return a refusal by the gateway."""
        return self.template(status, example).answer(request_id, *headers)

    def refusal(self, code: str, message: str, status: int | None = None) -> Answer:
        """Return a refusal by the service: its error code and a sentence."""
        body = json.dumps({"code": code, "message": message}, ensure_ascii=False).encode("utf-8", "replace")
        return Answer(status or self.spec.refusal_status, body)
