"""
Judges the parts of a request by the oracle and words the refusals.

What the contract leaves open is refused, except a Content-Type that means the same as the documented one; README.md
beside this module has the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from openapi_contract import Command
from openapi_contract.media_type import MediaType
from openapi_contract.oracle import Breach, Judgement, Oracle, Standing
from secmaster_contract.mock import codes
from secmaster_contract.mock.answers import Answer, Answers
from secmaster_contract.mock.request import Request

_REMEMBERED = 1024
# In bytes; what is longer is judged anew each time.
_REMEMBERED_BODY = 4096
_REMEMBERED_LABEL = 256


@dataclass(frozen=True)
class Admitted:
    """A body that keeps the contract."""

    command: Command
    value: Mapping[str, Any]


class Gate:
    """Lets a request in or refuses it."""

    def __init__(self, oracle: Oracle, answers: Answers, tokens: tuple[str, ...]) -> None:
        self._oracle = oracle
        self._answers = answers
        self._tokens = frozenset(token.strip(" \t") for token in tokens)
        self._documented = MediaType.parse(oracle.spec.media_type)
        # A judgement is a function of the bytes alone, so what was judged once need not be judged again.
        self._known_lines = {
            (t,) for t in self._tokens if oracle.judge_token((t,), self._tokens).standing == "accepted"
        }
        self._content_type = lru_cache(_REMEMBERED)(self._judge_content_type)
        self._short_body = lru_cache(_REMEMBERED)(self._judge_body)

    def refuse_token(self, values: tuple[str, ...], request_id: bytes) -> Answer | None:
        """Return the gateway's refusal of a request's token lines, or None where they are good."""
        if values in self._known_lines:
            return None
        judgement = self._oracle.judge_token(values, self._tokens)
        if judgement.standing is Standing.ACCEPTED:
            return None
        missing = any(breach.keyword == "required" for breach in judgement.breaches)
        return self._answers.template(401, "token-missing" if missing else "token-wrong").answer(request_id)

    def refuse_path(self, request: Request) -> Answer | None:
        """Return the refusal of path parameters that are no text, or None."""
        if request.match.malformed:
            return self._refusal(f"{request.match.malformed} in the path is not text in UTF-8")
        return None

    def refuse_label(self, request: Request) -> Answer | None:
        """Return the refusal of how a body is labelled, or None."""
        if any(encoding.strip().lower() not in {"", "identity"} for encoding in request.encodings):
            return self._refusal("Content-Encoding names a coding; send the body without one")
        if len(request.content_types) == 1 and len(request.content_types[0]) <= _REMEMBERED_LABEL:
            return self._content_type(request.content_types)
        return self._judge_content_type(request.content_types)

    def admit(self, body: bytes) -> Admitted | Answer:
        """Judge a body."""
        return self._short_body(body) if len(body) <= _REMEMBERED_BODY else self._judge_body(body)

    def _judge_content_type(self, values: tuple[str, ...]) -> Answer | None:
        judgement = self._oracle.judge_content_type(values)
        if judgement.standing is Standing.ACCEPTED:
            return None
        if judgement.standing is Standing.OPEN and len(values) == 1 and self._same_meaning(values[0]):
            return None
        return self._refuse(judgement)

    def _same_meaning(self, value: str) -> bool:
        # RFC 8259 sections 8.1 and 11: JSON on the wire is UTF-8, and its media type has no charset parameter.
        given, documented = MediaType.parse(value), self._documented
        if given is None or documented is None or given.essence != documented.essence:
            return False
        charsets = {value for name, value in given.parameters if name == "charset"}
        return charsets <= {value for name, value in documented.parameters if name == "charset"}

    def _judge_body(self, body: bytes) -> Admitted | Answer:
        judgement = self._oracle.judge_body(body)
        if judgement.standing is Standing.ACCEPTED and judgement.command is not None:
            return Admitted(judgement.command, judgement.value)
        return self._refuse(judgement)

    def _refuse(self, judgement: Judgement) -> Answer:
        reasons = [_word(breach) for breach in judgement.breaches] or list(judgement.unclear)
        return self._refusal("; ".join(reasons))

    def _refusal(self, sentence: str) -> Answer:
        return self._answers.refusal(codes.INVALID_PARAMETER, f"Invalid parameter: {sentence}.")


def _word(breach: Breach) -> str:
    # A server that refuses nothing needs no ledger.
    from openapi_contract.ledger import load_ledger  # noqa: PLC0415  read at the first refusal

    clause = load_ledger().clause_for(breach.pointer)
    return f"{breach.message} (clause {clause.key}: {clause.place}; rule {breach.keyword} at #{breach.pointer})"
