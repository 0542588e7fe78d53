"""The examiner: sends a vector, reads every answer strictly, and says what it shows about the vector's clause."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from typing import Any

from secmaster_contract.harness.catalogue import Catalogue
from secmaster_contract.harness.connection import ConnectionFailed, Exchange
from secmaster_contract.harness.gate import Withheld
from secmaster_contract.harness.ledger import Clause, Level
from secmaster_contract.harness.reading import Reader
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.states import is_unfit, ways
from secmaster_contract.harness.target import Sender
from secmaster_contract.harness.vectors import Due, Vector
from secmaster_contract.harness.verdicts import Observation, Record, Verdict, fault

_SHOWN_BY_A_TAKEN_COMMAND = ("uri.operation", "headers.content-type.literal", "result.status", "result.success.true")
_CONFIRMED_HANGS = 2  # time-outs that are asked for once more
_MISFITS = 8  # commands that no state was found for, before no more is tried
_PROBE_SECONDS = 1.5  # how long a second connection may wait before the server counts as serving one at a time


@dataclass(frozen=True)
class Outcome:
    """What an answer amounts to: `taken`, `failed` (200 without success), `refused`, `throttled`, `broken` or `odd`."""

    name: str
    value: Any = None


class Examiner:
    """Examines one target."""

    def __init__(self, catalogue: Catalogue, record: Record, sender: Sender, workers: int = 4) -> None:
        self.catalogue = catalogue
        self.spec = catalogue.spec
        self.record = record
        self.sender = sender
        self.reader = Reader(catalogue.spec, catalogue.ledger, catalogue.target.token)
        self.workers = workers
        self.spoken: set[str] = set()
        self._answers: dict[str, Exchange] = {}
        self._read: dict[tuple[str, str], str] = {}
        self._concluded: dict[str, Observation] = {}
        self._lock = threading.Lock()
        self._hung = 0
        self._keeps_state = False
        self._misfits = 0
        self._turn = threading.RLock()

    # -- sending ------------------------------------------------------------------------------------------------------

    def probe(self, request: Request) -> None:
        """Find out whether the server serves a second connection while a first one is kept open."""
        if self.workers == 1:
            self.sender.serial = True
            return
        first, second = self.sender.fresh(), self.sender.fresh()
        self.sender.send(request, first, "probe")
        second.seconds = min(_PROBE_SECONDS, second.seconds)
        try:
            served = not self.sender.send(request, second, "probe").timed_out
        except ConnectionFailed:
            served = False
        first.close()
        second.close()
        if not served:
            self.workers, self.sender.serial = 1, True

    def prefetch(self, vectors: Iterable[Vector]) -> None:
        """Send vectors ahead of their checks, several at once where the server allows it."""
        vectors = list(vectors)
        if self.workers == 1:
            return
        with ThreadPoolExecutor(self.workers) as pool:
            list(pool.map(self._ahead, vectors))

    def _ahead(self, vector: Vector) -> None:
        """Send a vector if that is possible; its check says why where it is not."""
        with suppress(Withheld, ConnectionFailed):
            self.answer(vector)

    def answer(self, vector: Vector) -> Exchange:
        """Return the answer to a vector; it is sent once a run."""
        known = self._answers.get(vector.name)
        if known is None:
            known = self._send(vector)
            with self._lock:
                self._answers[vector.name] = known
        return known

    def _send(self, vector: Vector) -> Exchange:
        with self._turn if self._keeps_state else nullcontext():
            exchange = self._send_once(vector)
        unfit = vector.due in (Due.TAKEN, Due.REFUSED) and self._is_unfit(exchange)
        return self._refit(vector, exchange) if unfit and (vector.due is Due.TAKEN or self._keeps_state) else exchange

    def _refit(self, vector: Vector, exchange: Exchange) -> Exchange:
        """Bring the instance into another state by other valid commands until it is one that fits the vector's."""
        self._keeps_state = True
        with self._turn:
            for way in ways(self.catalogue, vector):
                if self._misfits >= _MISFITS:
                    break
                with suppress(Withheld):
                    for request in way:
                        self._note(self.sender.send(request, about=vector.name), proper=True)
                    again = self._send_once(replace(vector, before=(), beside=()))
                    if not self._is_unfit(again):
                        return again
            self._misfits += 1
            return exchange

    def _send_once(self, vector: Vector) -> Exchange:
        connection = self.sender.fresh() if vector.fresh else None
        try:
            for request in vector.before:
                self._note(self.sender.send(request, connection, vector.name), proper=True)
            if vector.beside and not self.sender.serial:
                exchange = self._send_beside(vector)
            else:
                exchange = self.sender.send(vector.request, connection, vector.name)
            self._note(exchange, proper=vector.proper, name=vector.name)
            return exchange
        finally:
            if connection is not None:
                connection.close()

    def _send_beside(self, vector: Vector) -> Exchange:
        with ThreadPoolExecutor(len(vector.beside) + 1) as pool:
            others = [pool.submit(self._send_alone, request, vector.name) for request in vector.beside]
            own = pool.submit(self._send_alone, vector.request, vector.name)
            for other in others:
                self._note(other.result(), proper=True)
            return own.result()

    def _send_alone(self, request: Request, about: str) -> Exchange:
        connection = self.sender.fresh()
        try:
            return self.sender.send(request, connection, about)
        finally:
            connection.close()

    # -- reading ------------------------------------------------------------------------------------------------------

    def _note(self, exchange: Exchange, *, proper: bool, name: str = "") -> None:
        """Read an answer strictly, and keep what it does wrong, one observation a clause and fault."""
        self.record.seconds.append(exchange.seconds)
        findings = list(self.reader.read(exchange, proper=proper))
        with self._lock:
            self.spoken.update(self._speaks_for(exchange, proper=proper))
            findings = [finding for finding in findings if (finding.clause, finding.what) not in self._read]
            self._read.update({(finding.clause, finding.what): name for finding in findings})
        for finding in findings:
            clause = self.catalogue.ledger.clauses.get(finding.clause) or self._made(finding.clause)
            verdict = fault(clause, finding.level)
            self.record.add(
                Observation(
                    clause, f"answer to {name or 'a step'}", verdict, clause.text, finding.what, exchange=exchange
                )
            )

    def _made(self, key: str) -> Clause:
        return Clause(key, Level.MUST, "the answer keeps its schema", ("not in the ledger",), ())

    def _speaks_for(self, exchange: Exchange, *, proper: bool) -> Iterable[str]:
        if exchange.status is None:
            return ()
        common = {"http.framing", "guard.no-leak", "guard.answers", "http.status", "guard.no-server-error"}
        if proper and exchange.request.method == self.spec.method and exchange.status in self.spec.page_statuses:
            group = "result." if exchange.status == self.spec.success_status else "error."
            common |= {key for key in self.reader.always if key.startswith(group)} | {"http.json", "http.media-type"}
        return common

    def outcome(self, exchange: Exchange) -> Outcome:
        """Say what an answer amounts to."""
        if exchange.trouble or exchange.status is None:
            return Outcome("broken")
        value = self.reader.parse(exchange)
        if exchange.status == self.spec.success_status:
            success = value.get("success") if isinstance(value, dict) else None
            return Outcome("failed" if success is False else "taken", value)
        if exchange.status == 429:
            return Outcome("throttled", value)
        if exchange.status >= 500:
            return Outcome("error", value)
        return Outcome("refused" if exchange.status >= 400 else "odd", value)

    # -- concluding ---------------------------------------------------------------------------------------------------

    def conclude(self, vector: Vector) -> Observation:
        """Return what a vector's answer shows; asked again, the same observation."""
        if vector.name not in self._concluded:
            seen = self._conclude(vector, self.answer(vector))
            if seen.verdict in (Verdict.VIOLATES, Verdict.ADVISES):
                seen = self._confirm(vector, seen)
            self._concluded[vector.name] = seen
            self.record.add(seen)
        return self._concluded[vector.name]

    def look(self, vector: Vector) -> Observation:
        """Send a vector and return what its answer shows, without a word in the record."""
        return self._conclude(vector, self._send(vector))

    def found(self, vector: Vector, seen: Observation) -> None:
        """Record what a drawn or repeated vector showed, asked for once more first."""
        self.record.add(self._ask_again(vector, seen))

    def repeat(self, vectors: Iterable[Vector]) -> None:
        """Send vectors again; what was answered as due and is not any more depends on what was sent before."""
        for vector in vectors:
            before = self._concluded.get(vector.name)
            if before is not None and before.verdict is Verdict.CONFORMS:
                with suppress(Withheld, ConnectionFailed):
                    seen = self.look(vector)
                    if seen.verdict in (Verdict.VIOLATES, Verdict.ADVISES):
                        self.found(vector, seen)

    def _confirm(self, vector: Vector, seen: Observation) -> Observation:
        """Name the fault that explains this one; ask once more for a fault that nothing explains."""
        for name in self._causes(vector):
            cause = self.conclude(self.catalogue.vectors[name])
            # Advice explains no violation: what fails a run is never listed under what does not.
            if cause.verdict in (Verdict.VIOLATES, seen.verdict) and self._explains(cause, seen):
                return replace(seen, follows=cause.follows or name)
        if seen.exchange is not None and seen.exchange.timed_out and self._is_known_to_hang():
            return seen
        try:
            return self._ask_again(vector, seen)
        except (Withheld, ConnectionFailed):  # the run was ended, or the server is gone: what was seen stands
            return seen

    def _is_known_to_hang(self) -> bool:
        """Whether time-outs have been confirmed often enough: each costs the whole time limit."""
        self._hung += 1
        return self._hung > _CONFIRMED_HANGS

    def _ask_again(self, vector: Vector, seen: Observation) -> Observation:
        """Send a faulty vector once more, alone; a valid command that fails is given a connection of its own."""
        due = vector.due is Due.TAKEN
        exchange = self._send(replace(vector, fresh=vector.fresh or due, beside=()))
        again = self._conclude(vector, exchange)
        if again.verdict == seen.verdict:
            return seen
        if not due or again.verdict is not Verdict.CONFORMS:
            return replace(seen, flaky=True)
        # By itself the command is taken: what was wrong is that it depends on what came before or beside it.
        with self._lock:
            self._answers[vector.name] = exchange
        clause = self.catalogue.ledger["http.stateless"]
        return replace(seen, clause=clause, verdict=fault(clause), flaky=True)

    def _causes(self, vector: Vector) -> Iterable[str]:
        """Yield the vectors sent whose failure would explain this one's; `x/*` stands for x and all under it."""
        first = f"taken/{vector.command}/example/first-on-a-connection"
        # Whatever its form, a command may be the first on its connection; the plain one comes before that cause.
        with_first = vector.due is Due.TAKEN and vector.family not in {"taken", "optional", "stateless"}
        for name in (*vector.follows, *([first] if with_first else [])):
            stem = name.removesuffix("/*")
            for sent in list(self._answers):
                if sent == name or (stem != name and (sent == stem or sent.startswith(f"{stem}/"))):
                    yield sent

    def _explains(self, earlier: Observation, seen: Observation) -> bool:
        """A fault explains another if the same thing was done wrong: both taken, or both refused."""
        first, second = earlier.exchange, seen.exchange
        if first is None or second is None:
            return False
        if earlier.clause.key == "uri.operation":
            return True
        return self.outcome(first).name == self.outcome(second).name

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
                self.spoken.update(_SHOWN_BY_A_TAKEN_COMMAND)
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
        clause = self._needed_option(vector) or vector.clause
        return self._fault(clause.key, vector, exchange, expected, _status(exchange), clause=clause)

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
            return self._unsure(
                vector, exchange, "the valid twin of this request is not taken, so a refusal shows nothing"
            )
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
            return self._unsure(
                vector, exchange, "the valid twin of this request is not taken, so a refusal shows nothing"
            )
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
        try:
            return twin is None or self.outcome(self.answer(twin)).name == "taken"
        except Withheld:
            return False

    def _is_unfit(self, exchange: Exchange) -> bool:
        return is_unfit(exchange, self.reader.parse(exchange))

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
        return Observation(blamed, vector.name, fault(blamed), expected, received, exchange=exchange)


def _status(exchange: Exchange) -> str:
    return str(exchange.status)
