"""Says what one answer shows about the clause of the vector that it was given to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from secmaster_contract.harness.catalogue import Catalogue
from secmaster_contract.harness.dispatch import Dispatch, Outcome
from secmaster_contract.harness.exchange import Exchange
from secmaster_contract.harness.gate import Withheld
from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.target import Sender
from secmaster_contract.harness.vectors import Due, Vector
from secmaster_contract.harness.verdicts import EXPLAINED, UNSEEN, Observation, Record, Verdict, every_answer, fault

_SHOWN_BY_A_TAKEN_COMMAND = ("uri.operation", "headers.content-type.literal", "result.status")
_SHOWN_BY_ITS_OBJECT = ("result.success.true",)
_NO_TWIN = "the valid twin of this request is not taken, so a refusal shows nothing"
_WITHHELD_TWIN = "the valid twin of this request is not sent (see --allow), so a refusal shows nothing"


class Judge(Dispatch):
    """Judges answers one by one; what a refusal shows depends on the answer to its valid twin."""

    def __init__(self, catalogue: Catalogue, record: Record, sender: Sender, workers: int = 4) -> None:
        super().__init__(catalogue, record, sender, workers)
        self._concluded: dict[str, Observation] = {}
        self.taken_before: set[Request] = set()  # by the preflight

    def _conclude(self, vector: Vector, exchange: Exchange) -> Observation:
        outcome = self.outcome(exchange)
        if outcome.name == "broken":
            key = "guard.answers" if not exchange.framing else "http.framing"
            return self._fault(key, vector, exchange, "a complete answer", exchange.trouble or "no answer")
        if outcome.name == "throttled":
            return self._unsure(vector, exchange, "the server throttles (429); ask for a lower rate or try later")
        if outcome.name == "error":
            return self._server_error(vector, exchange)
        judge: dict[Due, Callable[[Vector, Exchange, Outcome], Observation]] = {
            Due.TAKEN: self._taken,
            Due.REFUSED: self._refused,
            Due.NOT_TAKEN: self._not_taken,
            Due.ANY: self._any,
        }
        return judge[vector.due](vector, exchange, outcome)

    def _server_error(self, vector: Vector, exchange: Exchange) -> Observation:
        if exchange.status in (501, 505) and (not vector.proper or vector.request.pieces):
            return self._conforms(vector, exchange)
        if exchange.status in (502, 503, 504) and vector.due is Due.TAKEN:
            return self._unsure(vector, exchange, f"the server is not available ({exchange.status})")
        return self._fault("guard.no-server-error", vector, exchange, "no failure of the server", _status(exchange))

    def _taken(self, vector: Vector, exchange: Exchange, outcome: Outcome) -> Observation:
        expected = f"{self.spec.success_status} with success true"
        if outcome.name == "taken":
            with self._lock:
                self.spoken.update(_SHOWN_BY_A_TAKEN_COMMAND, _SHOWN_BY_ITS_OBJECT * isinstance(outcome.value, dict))
            return self._conforms(vector, exchange)
        if outcome.name == "failed":
            return self._fault("result.success.true", vector, exchange, expected, "success false")
        if outcome.name == "odd":
            key = "result.status" if 200 <= (exchange.status or 0) < 300 else "http.status"
            return self._fault(key, vector, exchange, expected, _status(exchange))
        if self._is_unfit(exchange):
            return self._unsure(vector, exchange, "the instance is not in a state for this command")
        trusted = self._known_good
        if exchange.status in (401, 403) and not trusted:
            return self._unsure(vector, exchange, f"the token is refused ({exchange.status})")
        if exchange.status == 404 and not trusted:
            return self._unsure(vector, exchange, "the server knows no such project, workspace or instance (404)")
        if exchange.status == 415 and not trusted:
            return self._fault("headers.content-type.literal", vector, exchange, expected, _status(exchange))
        if exchange.status in (405, 501):
            return self._fault("uri.operation", vector, exchange, expected, _status(exchange))
        if exchange.status in vector.statuses and exchange.status != self.spec.refusal_status:
            return self._conforms(vector, exchange)
        clause = self._to_blame(vector)
        return self._fault(clause.key, vector, exchange, expected, _status(exchange), clause=clause)

    def _to_blame(self, vector: Vector) -> Clause:
        """The clause that a refused command speaks against; bytes that the preflight saw taken are not at fault."""
        if vector.request in self.taken_before:
            return self.catalogue.ledger["http.stateless"]
        return self._needed_option(vector) or vector.clause

    def _needed_option(self, vector: Vector) -> Clause | None:
        """The clause on an optional field that the server asks for, where a refused command is taken with it."""
        if vector.family != "taken":
            return None
        options = [option for option in self.catalogue.of("optional") if option.command == vector.command]
        return next((o.clause for o in options if self.outcome(self.answer(o)).name == "taken"), None)

    def _refused(self, vector: Vector, exchange: Exchange, outcome: Outcome) -> Observation:
        statuses = self._refusal_statuses(vector)
        expected = f"{' or '.join(map(str, statuses))}, the request refused"
        if outcome.name == "taken":
            clause = vector.clause
            return self._fault(clause.key, vector, exchange, expected, _status(exchange), clause=clause)
        if outcome.name == "failed":
            return self._fault("error.status", vector, exchange, expected, "200 with success false")
        if outcome.name == "odd":
            return self._fault("http.status", vector, exchange, expected, _status(exchange))
        if not self._twin_taken(vector):
            return self._unproven(vector, exchange)
        if exchange.status == self.spec.refusal_status:
            with self._lock:
                self.spoken.add("error.status")
        if exchange.status not in statuses:
            if vector.clause.key == "guard.authentication-first":
                return self._fault(vector.clause.key, vector, exchange, expected, _status(exchange))
            return self._fault("error.status", vector, exchange, expected, _status(exchange))
        return self._conforms(vector, exchange)

    def _not_taken(self, vector: Vector, exchange: Exchange, outcome: Outcome) -> Observation:
        if self._tells_of_a_command(vector, exchange, outcome):
            expected = "anything but the answer to a command"
            return self._fault(vector.clause.key, vector, exchange, expected, _status(exchange), clause=vector.clause)
        if not self._twin_taken(vector):
            return self._unproven(vector, exchange)
        return self._conforms(vector, exchange)

    def _tells_of_a_command(self, vector: Vector, exchange: Exchange, outcome: Outcome) -> bool:
        """Whether an answer is the one to a command: it says so, or looks like the answer to the valid twin."""
        value = outcome.value if outcome.value is not None else self.reader.parse(exchange)
        if not 200 <= (exchange.status or 0) < 300 or not isinstance(value, dict) or not value:
            return False
        plain = self.catalogue.vectors.get(f"method/{exchange.request.method}")
        if plain and plain.due is Due.ANY:
            usual = self.outcome(self.answer(plain)).value
            if isinstance(usual, dict) and value.keys() == usual.keys():
                return False  # GET shows the instance, with an override as without
        twin = self.catalogue.vectors.get(vector.twin or "")
        like = self.outcome(self.answer(twin)).value if twin else None
        return value.get("success") is True or (isinstance(like, dict) and value.keys() == like.keys())

    def _any(self, vector: Vector, exchange: Exchange, _: Outcome) -> Observation:
        documented = self.spec.response_key(exchange.status or 0) or exchange.status in (405, 411, 414, 415, 417, 431)
        if vector.proper and not documented and not self._is_unfit(exchange):
            expected = "a status that the page or its platform documents"
            key = {2: "result.status", 4: "error.status"}.get((exchange.status or 0) // 100, "http.status")
            return self._fault(key, vector, exchange, expected, _status(exchange))
        return self._conforms(vector, exchange)

    def _refusal_statuses(self, vector: Vector) -> tuple[int, ...]:
        """The clause's statuses; a server may also see an over-long or chunked request before it sees the fault."""
        long = len(vector.request.body) > 1 << 16 or len(str(vector.request.headers)) > 4096
        return (*vector.statuses, *((413, 431) if long else ()), *((411, 501) if vector.request.pieces else ()))

    @property
    def _known_good(self) -> bool:
        """Whether some valid command has been taken, so that token and identifiers are known to be good."""
        return any(self._baseline_taken(command.name) for command in self.spec.commands)

    def _baseline_taken(self, command: str) -> bool:
        exchange = self._answers.get(f"taken/{command}/example")
        return exchange is not None and self.outcome(exchange).name == "taken"

    def _twin_taken(self, vector: Vector) -> bool:
        twin = self.catalogue.vectors.get(vector.twin or "")
        if vector.apart:
            return False
        try:
            return twin is None or self.outcome(self.answer(twin)).name == "taken"
        except Withheld:
            return False

    def _is_withheld(self, vector: Vector) -> bool:
        return self.sender.gate.forbidden(vector.request) is not None

    def _unproven(self, vector: Vector, exchange: Exchange) -> Observation:
        """What a refusal comes to whose valid twin was not taken, or not sent."""
        twin = self.catalogue.vectors.get(vector.twin or "")
        withheld = vector.apart or (twin is not None and self._is_withheld(twin))
        unsure = self._unsure(vector, exchange, _WITHHELD_TWIN if withheld else _NO_TWIN)
        return replace(unsure, follows=vector.twin, withheld=withheld)

    def silence(self, clause: Clause) -> Observation | None:
        """Say why the answers of the run do not speak for a clause, None where they do.

        What HTTP and JSON demand they demand of every answer: one that cannot be read for it leaves it open. Where no
        valid command was taken, the clause is left open by what became of those.
        """
        cause = self._hidden.get(clause.key)
        if clause.key in self.spoken and not (cause and clause.group == "http"):
            return None
        reason = f"{EXPLAINED} {cause}" if cause else UNSEEN
        seen = Observation(clause, every_answer(clause), Verdict.INCONCLUSIVE, reason=reason, because=cause)
        if cause or self._known_good:
            return seen
        commands = [self.catalogue.vectors[self.catalogue.baseline(command)] for command in self.spec.commands]
        failed = self.record.failed()
        follows = next((vector.name for vector in commands if vector.name in failed), None)
        return replace(seen, follows=follows, withheld=any(map(self._is_withheld, commands)))

    def _conforms(self, vector: Vector, exchange: Exchange) -> Observation:
        return Observation(vector.clause, vector.name, Verdict.CONFORMS, exchange=exchange)

    def _unsure(self, vector: Vector, exchange: Exchange, reason: str) -> Observation:
        return Observation(vector.clause, vector.name, Verdict.INCONCLUSIVE, reason=reason, exchange=exchange)

    def _fault(
        self,
        key: str,
        vector: Vector,
        exchange: Exchange,
        expected: str,
        received: str,
        *,
        clause: Clause | None = None,
    ) -> Observation:
        blamed = clause or self.catalogue.ledger[key]
        return Observation(
            blamed, vector.name, fault(blamed), expected, received, exchange=exchange, about=vector.clause
        )


def _status(exchange: Exchange) -> str:
    return str(exchange.status)
