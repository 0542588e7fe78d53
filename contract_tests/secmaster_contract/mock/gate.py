"""Judges the parts of a request by the oracle and words the rejections.

What the contract leaves open is rejected, except a Content-Type that means the same as the documented one; README.md
beside this module has the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from openapi_contract import Command, Operation
from openapi_contract.ledger import Ledger
from openapi_contract.media_type import MediaType
from openapi_contract.oracle import CONTENT_TYPE, Breach, Judgement, Oracle, Standing
from openapi_contract.rules import Rules
from secmaster_contract.mock.answers import Answer, Answers, Template
from secmaster_contract.mock.request import Request

_REMEMBERED = 1024
# In bytes; what is longer is judged anew each time.
_REMEMBERED_BODY = 4096
_REMEMBERED_LABEL = 256


@dataclass(frozen=True)
class Admitted:
    """A body that keeps the contract, or none where the operation needs none."""

    command: Command


class Gate:
    """Lets the requests of one operation in or rejects them."""

    def __init__(
        self, operation: Operation, oracle: Oracle, ledger: Ledger, answers: Answers, tokens: tuple[str, ...]
    ) -> None:
        self._operation = operation
        self._oracle = oracle
        self._ledger = ledger
        self._answers = answers
        self._tokens = frozenset(token.strip(" \t") for token in tokens)
        self._documented = MediaType.parse(operation.body.media_type) if operation.body else None
        scheme = operation.security
        self.token_header = scheme.header.lower().encode() if scheme else b""
        # A judgement is a function of the bytes alone, so what was judged once need not be judged again.
        self._known_lines = {(scheme.value(token),) for token in self._tokens} if scheme else {()}
        places = {parameter.place for parameter in operation.parameters}
        self._reads_query, self._reads_headers = "query" in places, bool(places & {"header", "cookie"})
        rules = Rules(oracle.contract.document)
        self._reads_path = any(
            rule.keyword != "required"
            for parameter in operation.parameters_in("path")
            for rule in rules.of_parameter(parameter)
        )
        self._reads = self._reads_path or self._reads_query or self._reads_headers
        self._query = lru_cache(_REMEMBERED)(self._judge_query)
        self._content_type = lru_cache(_REMEMBERED)(self._judge_content_type)
        self._short_body = lru_cache(_REMEMBERED)(self._judge_body)

    def reject_token(self, values: tuple[str, ...], request_id: bytes) -> Answer | None:
        """Return the rejection of a request's token lines, or None where they are good."""
        scheme = self._operation.security
        if scheme is None or values in self._known_lines:
            return None
        judgement = self._oracle.token(self._operation, [(scheme.header, value) for value in values], self._tokens)
        if judgement.standing is Standing.ACCEPTED:
            return None
        missing = any(breach.keyword == "required" for breach in judgement.breaches)
        told = self._answers.of_reason("token", "missing" if missing else "wrong")
        if told is None:
            sentence = f"{self._told(judgement)}."
            told = self._answers.rejection(sentence, 401)
        # RFC 9110 section 15.5.2: a 401 says how to authenticate, where the scheme has a name in HTTP.
        challenge = ((b"www-authenticate", scheme.prefix.strip().encode()),) if scheme.prefix else ()
        names = {name for name, _ in told.headers}
        return told.answer(request_id, *(line for line in challenge if line[0] not in names))

    def reject_parameters(self, request: Request) -> Template | None:
        """Return the rejection of what stands in path, query, header and cookie, or None."""
        if request.match.malformed:
            return self._rejection(f"{request.match.malformed} in the path is not text in UTF-8")
        if not self._reads:
            return None
        sentence = self._fault_of_path(request) if self._reads_path else None
        if sentence is None and self._reads_query:
            query = request.target.partition(b"?")[2]
            sentence = self._query(query) if len(query) <= _REMEMBERED_BODY else self._judge_query(query)
        if sentence is None and self._reads_headers:
            lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
            sentence = self._fault(self._oracle.headers(self._operation, lines))
        return None if sentence is None else self._rejection(sentence)

    def reject_label(self, request: Request, body: bytes) -> Template | None:
        """Return the rejection of how a body is labelled, or None."""
        if self._documented is None:
            return None
        if request.encodings and any(
            encoding.strip().lower() not in {"", "identity"} for encoding in request.encodings
        ):
            return self._rejection("Content-Encoding names a coding; send the body without one")
        if len(request.content_types) == 1 and len(request.content_types[0]) <= _REMEMBERED_LABEL:
            return self._content_type(request.content_types)
        return self._judge_content_type(request.content_types, present=bool(body))

    def admit(self, body: bytes) -> Admitted | Template:
        """Judge a body; one that the contract does not ask for counts for nothing."""
        if self._documented is None:
            return Admitted(self._operation.commands[0])
        return self._short_body(body) if len(body) <= _REMEMBERED_BODY else self._judge_body(body)

    def _fault_of_path(self, request: Request) -> str | None:
        match, name = request.match, self._operation.id
        if name not in match.unfit:
            match.unfit[name] = self._fault(self._oracle.path_values(self._operation, match.parameters))
        return match.unfit[name]

    def _judge_query(self, query: bytes) -> str | None:
        return self._fault(self._oracle.query(self._operation, query.decode("latin-1")))

    def _judge_content_type(self, values: tuple[str, ...], *, present: bool = True) -> Template | None:
        judgement = self._oracle.content_type(self._operation, values, present=present)
        if judgement.standing is Standing.OPEN and len(values) == 1 and self._same_meaning(values[0]):
            return None
        sentence = self._fault(judgement)
        return None if sentence is None else self._rejection(sentence)

    def _same_meaning(self, value: str) -> bool:
        # RFC 8259 sections 8.1 and 11: JSON on the wire is UTF-8, and its media type has no charset parameter.
        given, documented = MediaType.parse(value), self._documented
        if given is None or documented is None or given.essence != documented.essence:
            return False
        charsets = {value for name, value in given.parameters if name == "charset"}
        return charsets <= {"utf-8"}

    def _judge_body(self, body: bytes) -> Admitted | Template:
        judgement = self._oracle.body(self._operation, body)
        if judgement.standing is Standing.ACCEPTED and judgement.command is not None:
            return Admitted(judgement.command)
        return self._rejection(self._told(judgement))

    def _fault(self, judgement: Judgement) -> str | None:
        return None if judgement.standing is Standing.ACCEPTED else self._told(judgement)

    def _told(self, judgement: Judgement) -> str:
        return "; ".join([self._word(breach) for breach in judgement.breaches] or judgement.unclear)

    def _rejection(self, sentence: str) -> Template:
        return self._answers.rejection(f"Invalid parameter: {sentence}.")

    def _word(self, breach: Breach) -> str:
        """Word a breach with its clause and its rule."""
        role = {"required": "media-type.required", "media-type": "media-type.range"}.get(breach.keyword, "")
        clause = (
            self._ledger.of_role(self._operation, role, breach.pointer)
            if breach.place == CONTENT_TYPE
            else self._ledger.of_breach(self._operation, breach)
        )
        rule = f"rule {breach.keyword} at #{breach.pointer}"
        if clause is None:
            return f"{breach.message} ({rule})"
        where = f": {clause.place}" if clause.written else ""
        return f"{breach.message} (clause {clause.key}{where}; {rule})"
