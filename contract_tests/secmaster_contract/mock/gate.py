"""
Lets a request in or refuses it: route, token, size, media type, JSON, contract, in this order.

What the contract leaves open is refused, except a Content-Type that means the same as the documented one; the table
stands in `contract_tests/secmaster_contract/mock/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from secmaster_contract.harness.media_type import MediaType
from secmaster_contract.harness.oracle import Breach, Judgement, Oracle, Standing
from secmaster_contract.harness.spec import Command
from secmaster_contract.mock import codes
from secmaster_contract.mock.answers import Answer, Answers
from secmaster_contract.mock.settings import MockSettings

_REMEMBERED = 1024
_REMEMBERED_BODY = 4096  # bytes; longer bodies are judged anew each time


@dataclass(frozen=True)
class Admitted:
    """A request that keeps the contract."""

    command: Command
    value: Mapping[str, Any]


class Gate:
    """Judges the parts of a request by the oracle and words the refusals."""

    def __init__(self, oracle: Oracle, answers: Answers, settings: MockSettings) -> None:
        self._oracle = oracle
        self._answers = answers
        self._tokens = frozenset(token.strip(" \t") for token in settings.tokens)
        self._documented = MediaType.parse(oracle.spec.media_type)
        # Both are functions of their bytes alone, so what was judged once need not be judged again.
        self._content_type = lru_cache(_REMEMBERED)(self._judge_content_type)
        self._short_body = lru_cache(_REMEMBERED)(self._judge_body)

    def refuse_token(self, values: Iterable[str], request_id: bytes) -> Answer | None:
        """Return the gateway's refusal of a request's token lines, or None where they are good."""
        judgement = self._oracle.judge_token(values, self._tokens)
        if judgement.standing is Standing.ACCEPTED:
            return None
        missing = any(breach.keyword == "required" for breach in judgement.breaches)
        return self._answers.gateway(401, "token-missing" if missing else "token-wrong", request_id)

    def refuse_headers(self, content_types: tuple[str, ...], encodings: tuple[str, ...]) -> Answer | None:
        """Return the refusal of how a body is labelled, or None."""
        if any(encoding.strip().lower() not in {"", "identity"} for encoding in encodings):
            return self._refusal("Content-Encoding names a coding; send the body as it is")
        return self._content_type(content_types)

    def admit(self, body: bytes) -> Admitted | Answer:
        """Judge a body."""
        return self._short_body(body) if len(body) <= _REMEMBERED_BODY else self._judge_body(body)

    def _judge_content_type(self, values: tuple[str, ...]) -> Answer | None:
        judgement = self._oracle.judge_content_type(values)
        if judgement.standing is Standing.ACCEPTED or (
            judgement.standing is Standing.OPEN and len(values) == 1 and self._same_meaning(values[0])
        ):
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
        reasons = [self._word(breach) for breach in judgement.breaches] or list(judgement.unclear)
        return self._refusal("; ".join(reasons))

    def _word(self, breach: Breach) -> str:
        return f"{breach.message} (rule: {breach.keyword} at #{breach.pointer})"

    def _refusal(self, sentence: str) -> Answer:
        return self._answers.refusal(codes.INVALID_PARAMETER, f"Invalid parameter: {sentence}.")
