"""Says what one answer shows about the clause of the vector that it was given to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openapi_contract.ledger import Clause
from openapi_contract.operations import Operation
from secmaster_contract.judge.outcome import Kind, Outcome
from secmaster_contract.judge.reading import Reader
from secmaster_contract.judge.verdicts import (
    EXPLAINED,
    NOT_OWED,
    UNSEEN,
    Observation,
    Record,
    Verdict,
    every_answer,
    fault,
)
from secmaster_contract.run.answers import Answers
from secmaster_contract.run.gate import Withheld
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request

_SHOWN_BY_AN_ACCEPTED_REQUEST = ("operation", "media-type.literal", "result.status")
_NO_CONTROL = "the valid twin of this request is not accepted, so a rejection shows nothing"
_WITHHELD_CONTROL = "the valid twin of this request is not sent (see --allow), so a rejection shows nothing"
# Statuses that servers of HTTP give by themselves, whatever an operation documents.
_OF_HTTP = frozenset({405, 411, 413, 414, 415, 417, 431})


class Judge:
    """Judges answers one by one; what a rejection shows depends on the answer to its control."""

    def __init__(self, answers: Answers, record: Record) -> None:
        self.answers = answers
        self.catalogue = answers.catalogue
        self.ledger = answers.catalogue.ledger
        self.record = record
        self.accepted_before: set[Request] = set()  # by the preflight

    def judge(self, vector: Vector, exchange: Exchange) -> Observation:
        """Return what an answer to a vector shows."""
        outcome = self.answers.outcome(vector, exchange)
        if outcome.kind is Kind.BROKEN:
            key = "guard.answers" if not exchange.framing else "http.framing"
            return self._fault(self.ledger[key], vector, exchange, "a complete answer", exchange.trouble or "no answer")
        if outcome.kind is Kind.THROTTLED:
            return self._unsure(vector, exchange, "the server throttles (429); ask for a lower rate or try later")
        if outcome.kind is Kind.ERROR:
            return self._server_error(vector, exchange)
        judge: dict[Expected, Callable[[Vector, Exchange, Outcome], Observation]] = {
            Expected.ACCEPTED: self._accepted,
            Expected.REJECTED: self._rejected,
            Expected.NOT_ACCEPTED: self._not_accepted,
            Expected.ANY: self._any,
        }
        return judge[vector.expected](vector, exchange, outcome)

    def _server_error(self, vector: Vector, exchange: Exchange) -> Observation:
        if exchange.status in (501, 505) and (not vector.proper or vector.request.pieces):
            return self._conforms(vector, exchange)
        if exchange.status in (502, 503, 504) and vector.expected is Expected.ACCEPTED:
            return self._unsure(vector, exchange, f"the server is not available ({exchange.status})")
        clause = self.ledger["guard.no-server-error"]
        return self._fault(clause, vector, exchange, "no failure of the server", _status(exchange))

    # -- what must be accepted ----------------------------------------------------------------------------------------

    def _accepted(self, vector: Vector, exchange: Exchange, outcome: Outcome) -> Observation:
        operation = vector.operation
        expected = self.answers.outcomes.expected(operation)
        received = _status(exchange)
        if outcome.kind is Kind.ACCEPTED:
            self._show_accepted(operation, outcome)
            return self._conforms(vector, exchange)
        if outcome.kind is Kind.FAILED:
            field, value = self.answers.outcomes.flag(operation) or ("", None)
            said = outcome.value.get(field) if isinstance(outcome.value, dict) else not value
            told = f"{field} {str(said).lower()}"
            return self._fault(self._role(operation, "result.success"), vector, exchange, expected, told)
        if outcome.kind is Kind.ODD:
            success = 200 <= (exchange.status or 0) < 300
            clause = self._role(operation, "result.status") if success else self.ledger["http.status"]
            return self._fault(clause, vector, exchange, expected, received)
        if self.answers.outcomes.is_unfit(operation, exchange):
            return self._unsure(vector, exchange, "the instance is not in a state for this command")
        doubtful = None if self.is_known_good(operation) else self._doubtful(vector, exchange)
        if doubtful:
            return doubtful
        if exchange.status in (405, 501):
            return self._fault(self._role(operation, "operation"), vector, exchange, expected, received)
        if exchange.status in vector.statuses and exchange.status not in operation.rejection_statuses:
            return self._conforms(vector, exchange)
        return self._fault(self._to_blame(vector), vector, exchange, expected, received)

    def _doubtful(self, vector: Vector, exchange: Exchange) -> Observation | None:
        """What a rejection shows while nothing of the operation was accepted: the fault may be the run's own."""
        operation, expected = vector.operation, self.answers.outcomes.expected(vector.operation)
        if exchange.status in (401, 403) and operation.security:
            return self._unsure(vector, exchange, f"the token is refused ({exchange.status})")
        if exchange.status == 404 and self._is_place_known(operation):
            return self._fault(self._role(operation, "operation"), vector, exchange, expected, _status(exchange))
        if exchange.status == 404:
            names = ", ".join(operation.path_names) or "path"
            return self._unsure(vector, exchange, f"the server knows no such {names} (404)")
        literal = self.ledger.of_role(operation, "media-type.literal")
        if exchange.status == 415 and literal:
            return self._fault(literal, vector, exchange, expected, _status(exchange))
        return None

    def _show_accepted(self, operation: Operation, outcome: Outcome) -> None:
        roles = [*_SHOWN_BY_AN_ACCEPTED_REQUEST, *(["result.success"] if isinstance(outcome.value, dict) else [])]
        found = [self.ledger.of_role(operation, role) for role in roles]
        self.answers.show(*(clause.key for clause in found if clause))

    def _role(self, operation: Operation, role: str) -> Clause:
        """Return the clause of a role; where the contract has none, that a status has to fit."""
        return self.ledger.of_role(operation, role) or self.ledger["http.status"]

    def _to_blame(self, vector: Vector) -> Clause:
        """The clause that a rejected command speaks against; bytes that the preflight saw accepted are not at fault."""
        if vector.request in self.accepted_before:
            return self.ledger["http.stateless"]
        return self._needed_option(vector) or vector.clause

    def _needed_option(self, vector: Vector) -> Clause | None:
        """The clause on an optional part that the server asks for, where a rejected command is accepted with it."""
        if vector.family != "accepted":
            return None
        options = [
            option
            for option in self.catalogue.of("optional")
            if option.command == vector.command and option.operation is vector.operation
        ]
        return next((option.clause for option in options if self.answers.is_accepted(option)), None)

    # -- what must not ------------------------------------------------------------------------------------------------

    def _rejected(self, vector: Vector, exchange: Exchange, outcome: Outcome) -> Observation:
        operation = vector.operation
        statuses = self._rejection_statuses(vector)
        expected = f"{' or '.join(map(str, dict.fromkeys(statuses)))}, the request rejected"
        received = _status(exchange)
        status_clause = self._role(operation, "error.status")
        if outcome.kind is Kind.ACCEPTED:
            return self._fault(vector.clause, vector, exchange, expected, received)
        if outcome.kind is Kind.FAILED:
            field, _ = self.answers.outcomes.flag(operation) or ("", None)
            said = str(outcome.value.get(field)).lower()
            return self._fault(status_clause, vector, exchange, expected, f"{received} with {field} {said}")
        if outcome.kind is Kind.ODD:
            return self._fault(self.ledger["http.status"], vector, exchange, expected, received)
        if not self._is_control_accepted(vector):
            return self._unproven(vector, exchange)
        if exchange.status in operation.rejection_statuses:
            self.answers.show(status_clause.key)
        if exchange.status not in statuses:
            first = vector.clause.key == "guard.authentication-first"
            return self._fault(vector.clause if first else status_clause, vector, exchange, expected, received)
        return self._conforms(vector, exchange)

    def _not_accepted(self, vector: Vector, exchange: Exchange, outcome: Outcome) -> Observation:
        if self._tells_of_the_act(vector, exchange, outcome):
            expected = "anything but the answer to this operation"
            return self._fault(vector.clause, vector, exchange, expected, _status(exchange))
        if not self._is_control_accepted(vector):
            return self._unproven(vector, exchange)
        return self._conforms(vector, exchange)

    def _tells_of_the_act(self, vector: Vector, exchange: Exchange, outcome: Outcome) -> bool:
        """Whether an answer is the one to the operation: it says so, or looks like the answer to the control."""
        value = outcome.value if outcome.value is not None else Reader.parse(exchange)
        twin = self.catalogue.vectors.get(vector.twin or "")
        like = self.answers.outcome(twin, self.answers.answer(twin)).value if twin else None
        if not 200 <= (exchange.status or 0) < 300:
            return False
        if like is None and value is None:
            # Neither has a body: a status of success that is the operation's own tells all there is to tell.
            return exchange.status in vector.operation.success_statuses and exchange.request.method not in _READING
        if not isinstance(value, dict) or not value:
            return False
        plain = self.catalogue.scope(vector.operation).vector(f"method/{exchange.request.method}")
        if plain and plain.expected is Expected.ANY:
            usual = self.answers.outcome(plain, self.answers.answer(plain)).value
            if isinstance(usual, dict) and value.keys() == usual.keys():
                return False  # GET shows the instance, with an override as without
        said = self.answers.outcomes.says_done(vector.operation, value)
        return said or (isinstance(like, dict) and value.keys() == like.keys())

    def _any(self, vector: Vector, exchange: Exchange, _: Outcome) -> Observation:
        operation, status = vector.operation, exchange.status or 0
        documented = operation.response(status) or status in _of_platform(operation) or status in vector.statuses
        if vector.proper and not documented and not self.answers.outcomes.is_unfit(operation, exchange):
            role = {2: "result.status", 4: "error.status"}.get(status // 100)
            clause = self._role(operation, role) if role else self.ledger["http.status"]
            return self._fault(clause, vector, exchange, "a documented status", _status(exchange))
        return self._conforms(vector, exchange)

    def _rejection_statuses(self, vector: Vector) -> tuple[int, ...]:
        """The clause's statuses; a server may also see an over-long or chunked request before it sees the fault."""
        long = len(vector.request.body) > 1 << 16 or len(str(vector.request.headers)) > 4096
        return (*vector.statuses, *((413, 431) if long else ()), *((411, 501) if vector.request.pieces else ()))

    # -- controls -----------------------------------------------------------------------------------------------------

    def is_known_good(self, operation: Operation) -> bool:
        """Whether some valid request was accepted, so that token and identifiers are known to be good."""
        scope = self.catalogue.scope(operation)
        return any(self._is_baseline_accepted(scope.baseline(command)) for command in scope.commands)

    def _is_place_known(self, operation: Operation) -> bool:
        """Whether another operation was accepted for the same values of the path, and none may have removed them."""
        head = operation.path.rpartition("}")[0]
        there = [
            scope.operation
            for scope in self.catalogue.scopes
            if scope.operation is not operation
            and scope.operation.path.startswith(head)
            and self.is_known_good(scope.operation)
        ]
        removing = (other for other in there if other.method == "DELETE" or other.gentlest.effect == "destroys")
        return bool(there) and not any(removing)

    def _is_baseline_accepted(self, name: str) -> bool:
        exchange = self.answers.known(name)
        return (
            exchange is not None and self.answers.outcome(self.catalogue.vectors[name], exchange).kind is Kind.ACCEPTED
        )

    def _is_control_accepted(self, vector: Vector) -> bool:
        twin = self.catalogue.vectors.get(vector.twin or "")
        if vector.apart:
            return False
        try:
            return twin is None or self.answers.is_accepted(twin)
        except Withheld:
            return False

    def _is_withheld(self, vector: Vector) -> bool:
        return self.answers.sender.gate.forbidden(vector.request) is not None

    def _unproven(self, vector: Vector, exchange: Exchange) -> Observation:
        """What a rejection comes to whose control was not accepted, or not sent."""
        twin = self.catalogue.vectors.get(vector.twin or "")
        withheld = vector.apart or (twin is not None and self._is_withheld(twin))
        unsure = self._unsure(vector, exchange, _WITHHELD_CONTROL if withheld else _NO_CONTROL)
        return replace(unsure, follows=vector.twin, withheld=withheld)

    def silence(self, clause: Clause) -> Observation | None:
        """Say why the answers of the run do not speak for a clause, None where they do.

        What HTTP and JSON demand they demand of every answer: one that cannot be read for it leaves it open. Where no
        valid request was accepted, the clause is left open by what became of those.
        """
        cause = self.answers.hidden.get(clause.key)
        if clause.key in self.answers.shown and not (cause and clause.group == "http"):
            return None
        reason = f"{EXPLAINED} {cause}" if cause else UNSEEN
        seen = Observation(clause, every_answer(clause), Verdict.INCONCLUSIVE, reason=reason, because=cause)
        scopes = [
            scope
            for scope in self.catalogue.scopes
            if clause.operation is None or scope.operation.id == clause.operation
        ]
        if cause is None and any(self._is_not_owed(clause, scope.operation) for scope in scopes):
            return replace(seen, reason=NOT_OWED, withheld=True)
        if cause or any(self.is_known_good(scope.operation) for scope in scopes):
            return seen
        valid = [self.catalogue.vectors[scope.baseline(command)] for scope in scopes for command in scope.commands]
        failed = self.record.failed()
        follows = next((vector.name for vector in valid if vector.name in failed), None)
        return replace(seen, follows=follows, withheld=any(map(self._is_withheld, valid)))

    def _is_not_owed(self, clause: Clause, operation: Operation) -> bool:
        """Whether a clause is on an answer that no request has to be answered with.

        That is every answer but that of success and the rejection, and a rejection where no request breaks a rule.
        """
        if clause.operation is None or not self.is_known_good(operation):
            return False
        group = clause.group.removeprefix(self.ledger.prefixes[operation.id])
        if group.startswith("answer"):
            return True
        documented = set(operation.rejection_statuses)
        faulty = (vector for vector in self.catalogue.scope(operation).vectors if vector.expected is Expected.REJECTED)
        return group == "error" and not any(documented.issuperset(vector.statuses) for vector in faulty)

    # -- observations -------------------------------------------------------------------------------------------------

    def _conforms(self, vector: Vector, exchange: Exchange) -> Observation:
        return Observation(vector.clause, vector.name, Verdict.CONFORMS, exchange=exchange)

    def _unsure(self, vector: Vector, exchange: Exchange, reason: str) -> Observation:
        return Observation(vector.clause, vector.name, Verdict.INCONCLUSIVE, reason=reason, exchange=exchange)

    def _fault(self, blamed: Clause, vector: Vector, exchange: Exchange, expected: str, received: str) -> Observation:
        return Observation(
            blamed, vector.name, fault(blamed), expected, received, exchange=exchange, about=vector.clause
        )


def _of_platform(operation: Operation) -> frozenset[int]:
    """Return the statuses that need no word in the contract: those of HTTP, of gates that ask for a token, of paths."""
    token = {401, 403} if operation.security else set[int]()
    return _OF_HTTP | token | ({404} if operation.path_names else set())


_READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def _status(exchange: Exchange) -> str:
    return str(exchange.status)
