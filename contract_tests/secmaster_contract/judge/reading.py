"""The strict reading of every answer, whatever was asked: framing, JSON, media type, schema by status, leaks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from openapi_contract import strict_json
from openapi_contract.ledger import Clause, Ledger, Level, members_of
from openapi_contract.media_type import MediaType
from openapi_contract.operations import Operation, Response
from openapi_contract.oracle import Oracle, read_parameter
from openapi_contract.rules import Rules, group_of_answer
from secmaster_contract.judge.leaks import leaks
from secmaster_contract.wire.exchange import Exchange

_OF_ANY_ANSWER = frozenset({"http.framing", "guard.no-leak", "guard.answers", "http.status", "guard.no-server-error"})
_OF_JSON = frozenset({"http.json", "http.media-type"})


@dataclass(frozen=True)
class Fault:
    """What one answer does against one clause; `level` is the clause's own unless the fault is milder."""

    clause: str
    what: str
    level: Level = Level.MUST


@dataclass(frozen=True)
class Reading:
    """What an answer does wrong, the clauses that it shows something of, and those that its faults hide, with why."""

    faults: tuple[Fault, ...]
    shown: Collection[str] = ()
    hidden: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class _Table:
    """What the contract documents of one answer: the clause on its whole body, and those on parts of it."""

    whole: str
    parts: frozenset[str]


class Reader:
    """Reads answers by one contract."""

    def __init__(self, ledger: Ledger, oracle: Oracle, secret: str = "") -> None:
        self.ledger = ledger
        self.secret = secret
        self._oracle = oracle
        self._rules = Rules(ledger.contract.document)
        self._table = cache(self._table_of)

    def documented(self, operation: Operation, exchange: Exchange, *, proper: bool) -> Response | None:
        """Return what the contract says of an answer, None where it is knowledge of the platform or anyone's.

        `proper` is false where the request may not have reached the operation, so that no body is documented.
        """
        if not proper or exchange.status is None or exchange.request.method != operation.method:
            return None
        response = operation.response(exchange.status)
        return None if response is None or response.is_platform else response

    @staticmethod
    def parse(exchange: Exchange) -> Any:
        """Return the JSON value of an answer's body, None where it has none."""
        try:
            return strict_json.read(exchange.content).value
        except strict_json.NotJson:
            return None

    def read(self, operation: Operation, exchange: Exchange, *, proper: bool = True) -> Reading:
        """Read an answer to a request for an operation."""
        faults = tuple(self._faults(operation, exchange, proper=proper))
        shown, hidden = self._evidence(operation, exchange, faults, proper=proper)
        return Reading(faults, shown, hidden)

    def clauses_of(self, operation: Operation) -> Iterator[str]:
        """Yield the clauses that the operation's answers are read for."""
        for response in operation.responses.values():
            if not response.is_platform and response.schema_pointer:
                table = self._table(operation, response)
                yield from (table.whole, *sorted(table.parts))

    # -- faults -------------------------------------------------------------------------------------------------------

    def _faults(self, operation: Operation, exchange: Exchange, *, proper: bool) -> Iterator[Fault]:
        for what in exchange.framing:
            # Behind chunks that a server cannot read a second answer is to be expected; and many a server that has no
            # HEAD sends its rejection with a body.
            mild = exchange.request.pieces or exchange.request.method == "HEAD"
            yield Fault("http.framing", what, Level.SHOULD if mild else Level.MUST)
        if exchange.status is None:
            return
        header = operation.security.header if operation.security else None
        for what in leaks(exchange, header, self.secret):
            yield Fault("guard.no-leak", what)
        if exchange.trouble or exchange.request.method == "HEAD":
            return
        response = self.documented(operation, exchange, proper=proper)
        if response is None:
            if _says_json(exchange) and exchange.body:
                yield from self._json(exchange)
            return
        yield from self._headers(operation, response, exchange)
        if response.schema_pointer:
            yield from self._documented(operation, response, response.schema_pointer, exchange)

    def _documented(
        self, operation: Operation, response: Response, pointer: str, exchange: Exchange
    ) -> Iterator[Fault]:
        """An answer whose body the contract documents: one JSON value of the schema for its status."""
        whole = self._table(operation, response).whole
        if not exchange.content.strip():
            yield Fault(whole, "the answer has no body")
            return
        media = [MediaType.parse(value) for value in exchange.values("Content-Type")]
        shown = ", ".join(exchange.values("Content-Type")) or "missing"
        faults = list(self._json(exchange))
        value = self.parse(exchange)
        if len(media) != 1 or media[0] is None or not media[0].is_json:
            if value is None and exchange.framing:
                return  # nobody knows what would have been there: one fault, not two
            if value is None and faults:
                # Neither says that it is JSON nor is: one fault, not two.
                yield Fault(whole, f"the answer is no JSON (its Content-Type is {shown})")
                return
            yield Fault("http.media-type", f"the Content-Type of an answer in JSON is {shown}")
        yield from faults
        if (faults or exchange.framing) and value is None:
            return
        place = group_of_answer(operation, response)
        for breach in self._oracle.breaches(pointer, strict_json.without_surrogates(value), place):
            clause = self.ledger.of_breach(operation, breach)
            yield Fault(clause.key if clause else whole, breach.message)
        if isinstance(value, dict):
            yield from self._complete(operation, response, value)

    def _headers(self, operation: Operation, response: Response, exchange: Exchange) -> Iterator[Fault]:
        """The headers that the contract documents for an answer."""
        for name, header in response.headers.items():
            if header.origin == "platform":
                continue
            values = list(exchange.values(name))
            if not values:
                clause = self.ledger.of_pointer(operation, f"{header.pointer}/required")
                if header.required and clause:
                    yield Fault(clause.key, f"the header {name} is missing")
                continue
            value = read_parameter(header, values, self.ledger.contract)
            group = group_of_answer(operation, response)
            for breach in self._oracle.breaches(header.schema_pointer, value, group):
                clause = self.ledger.of_breach(operation, replace(breach, path=(name, *breach.path)))
                if clause:
                    yield Fault(clause.key, f"the header {name}: {breach.message}")

    def _json(self, exchange: Exchange) -> Iterator[Fault]:
        try:
            reading = strict_json.read(exchange.content)
        except strict_json.NotJson as error:
            if not exchange.framing:  # what came is not what was sent: one fault, not two
                yield Fault("http.json", f"the answer's body {error}")
            return
        for what in reading.unclear:
            yield Fault("http.json", f"the answer's body {what}")
        charset = [
            dict(m.parameters).get("charset") for v in exchange.values("Content-Type") if (m := MediaType.parse(v))
        ]
        if any(name not in {None, "utf-8", "utf8", "us-ascii"} for name in charset):
            yield Fault("http.json", f"the answer says that its charset is {charset[0]}")

    def _complete(self, operation: Operation, response: Response, value: Mapping[str, Any]) -> Iterator[Fault]:
        clause = self.ledger.of_role(operation, f"{group_of_answer(operation, response)}.complete")
        if clause is None or response not in (operation.success, operation.rejection):
            return
        members = members_of(self.ledger.contract, response)
        optional = [name for name, member in members.items() if not member.required]
        missing = [name for name in optional if name not in value]
        if not missing or (response is operation.rejection and self._is_gateway(value)):
            return
        if len(missing) == len(members):
            # Each field may be missing; an answer that has none of them does not keep its table.
            whole = self._table(operation, response).whole
            yield Fault(whole, f"the answer has none of the documented fields: {', '.join(missing)}")
            return
        yield Fault(clause.key, f"the answer has no {', '.join(missing)}", Level.SHOULD)

    def _is_gateway(self, value: Mapping[str, Any]) -> bool:
        """Whether an error has the body of another part of the platform, which the contract marks as such."""
        schemas = self.ledger.contract.document.root.get("components", {}).get("schemas", {})
        return any(
            all(name in value for name in schema["required"])
            for schema in schemas.values()
            if schema.get("x-origin") == "platform" and schema.get("required")
        )

    # -- evidence -----------------------------------------------------------------------------------------------------

    def _table_of(self, operation: Operation, response: Response) -> _Table:
        found: list[Clause] = [
            self.ledger.of_rule(operation, rule) for rule in self._rules.of_response(operation, response)
        ]
        group = group_of_answer(operation, response)
        for role in (f"{group}.complete", "result.success"):
            clause = self.ledger.of_role(operation, role) if group in {"result", "error"} else None
            if clause and (role != "result.success" or group == "result"):
                found.append(clause)
        whole = self.ledger.of_pointer(operation, f"{response.schema_pointer}/type", group)
        status = self.ledger.of_role(operation, f"{group}.status") if group in {"result", "error"} else None
        return _Table((whole or status or self.ledger["http.status"]).key, frozenset(clause.key for clause in found))

    def _evidence(
        self, operation: Operation, exchange: Exchange, faults: tuple[Fault, ...], *, proper: bool
    ) -> tuple[Collection[str], Mapping[str, str]]:
        """Return the clauses that an answer shows something of, and those that its own faults hide, with the cause."""
        if exchange.status is None:
            return (), {}
        response = self.documented(operation, exchange, proper=proper)
        if exchange.trouble or response is None or response.schema_pointer is None:
            return _OF_ANY_ANSWER, {}
        table = self._table(operation, response)
        every = table.parts | {table.whole}
        try:
            strict_json.read(exchange.content)
        except strict_json.NotJson:
            told = [fault.clause for fault in faults if fault.level is Level.MUST]
            cause = next((key for key in told if key in {table.whole, "http.json", "http.framing"}), None)
            hidden = (every | _OF_JSON) - {cause}
        else:
            broken = {fault.clause for fault in faults}
            if table.whole not in broken:
                success = {clause.key for clause in self._claims(operation)} if response is operation.success else set()
                return _OF_ANY_ANSWER | _OF_JSON | (every - success), {}
            cause, hidden = table.whole, every - {table.whole}
        shown = (_OF_JSON | {table.whole}) - hidden
        return _OF_ANY_ANSWER | shown, dict.fromkeys(hidden, cause) if cause else {}

    def _claims(self, operation: Operation) -> Iterator[Clause]:
        """Yield the clause that success is told: only an accepted request shows it, whatever else answers 200."""
        clause = self.ledger.of_role(operation, "result.success")
        if clause:
            yield clause


def _says_json(exchange: Exchange) -> bool:
    return any((media := MediaType.parse(value)) and media.is_json for value in exchange.values("Content-Type"))
