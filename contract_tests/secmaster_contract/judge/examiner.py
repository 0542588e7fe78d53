"""The examiner: concludes from all answers together, names the cause of each fault and asks for it once more."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from secmaster_contract.judge.judging import Judge
from secmaster_contract.judge.verdicts import Observation, Record, Verdict, fault
from secmaster_contract.run.answers import Answers
from secmaster_contract.run.gate import Withheld
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.connection import ConnectionFailed

_CONFIRMED_HANGS = 2  # time-outs that are asked for once more
_FAULTS = (Verdict.VIOLATES, Verdict.ADVISES)


class Examiner:
    """Examines one target."""

    def __init__(self, answers: Answers, record: Record) -> None:
        self.answers = answers
        self.catalogue = answers.catalogue
        self.record = record
        self.judge = Judge(answers, record)
        self._concluded: dict[str, Observation] = {}
        self._hung = 0

    def conclude(self, vector: Vector) -> Observation:
        """Return what a vector's answer shows; asked again, the same observation.

        Raises:
            Withheld: The run may not send it.
            ConnectionFailed: The server cannot be reached.
        """
        if vector.name not in self._concluded:
            seen = self.judge.judge(vector, self.answers.answer(vector))
            if seen.verdict in _FAULTS:
                seen = self._confirm(vector, seen)
            self._concluded[vector.name] = seen
            self.record.add(seen)
        return self._concluded[vector.name]

    def look(self, vector: Vector) -> Observation:
        """Send a vector and return what its answer shows, without a word in the record."""
        return self.judge.judge(vector, self.answers.send(vector))

    def found(self, vector: Vector, seen: Observation) -> None:
        """Record what a drawn or repeated vector showed, asked for once more first."""
        self.record.add(self._ask_again(vector, seen))

    def repeat(self, vectors: Iterable[Vector]) -> None:
        """Send vectors again; what was answered as expected and is not any more depends on what was sent before."""
        for vector in vectors:
            before = self._concluded.get(vector.name)
            if before is not None and before.verdict is Verdict.CONFORMS:
                with suppress(Withheld, ConnectionFailed):
                    seen = self.look(vector)
                    if seen.verdict in _FAULTS:
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
        """Send a faulty vector once more, alone; a valid command that fails also behind itself on one connection."""
        if vector.expected is not Expected.ACCEPTED:
            again = self.look(replace(vector, beside=()))
            return seen if again.verdict == seen.verdict else replace(seen, flaky=True)
        for before in (vector.before, (*vector.before, vector.request)):
            exchange = self.answers.send(replace(vector, fresh=True, before=before, beside=()))
            again = self.judge.judge(vector, exchange)
            if again.verdict is Verdict.CONFORMS:
                # Here the command is accepted: what was wrong is that it depends on what came before or beside it.
                self.answers.keep(vector, exchange)
                clause = self.catalogue.ledger["http.stateless"]
                return replace(seen, clause=clause, verdict=fault(clause), flaky=True)
            if again.verdict != seen.verdict:
                return replace(seen, flaky=True)
        return seen

    def _causes(self, vector: Vector) -> Iterable[str]:
        """Yield the vectors sent whose failure would explain this one's; `x/*` stands for x and all under it."""
        scope = self.catalogue.scope(vector.operation)
        first = f"{scope.prefix}accepted/{vector.command}/example/first-on-a-connection"
        # Whatever its form, a command may be the first on its connection; the plain one comes before that cause.
        alone = vector.family in {"accepted", "optional", "stateless"}
        with_first = vector.expected is Expected.ACCEPTED and not alone
        for name in (*vector.follows, *([first] if with_first else [])):
            stem = name.removesuffix("/*")
            for sent in self.answers:
                if sent == name or (stem != name and (sent == stem or sent.startswith(f"{stem}/"))):
                    yield sent

    def _explains(self, earlier: Observation, seen: Observation) -> bool:
        """A fault explains another if the same thing was done wrong: both accepted, or both rejected."""
        first, second = earlier.exchange, seen.exchange
        if first is None or second is None:
            return False
        if earlier.clause.role == "operation":
            return True
        operation = self.catalogue.vectors[earlier.vector].operation
        outcomes = self.answers.outcomes
        return outcomes.of(operation, first).kind is outcomes.of(operation, second).kind
