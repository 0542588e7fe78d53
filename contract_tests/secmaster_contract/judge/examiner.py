"""The examiner: concludes from all answers together, names the cause of each fault and asks for it once more."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.wire.connection import ConnectionFailed
from secmaster_contract.run.gate import Withheld
from secmaster_contract.judge.judging import Judge
from secmaster_contract.run.target import Sender
from secmaster_contract.vectors.vector import Due, Vector
from secmaster_contract.judge.verdicts import Observation, Record, Verdict, fault

_CONFIRMED_HANGS = 2  # time-outs that are asked for once more


class Examiner(Judge):
    """Examines one target."""

    def __init__(self, catalogue: Catalogue, record: Record, sender: Sender, workers: int = 4) -> None:
        super().__init__(catalogue, record, sender, workers)
        self._hung = 0

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
        """Send a faulty vector once more, alone; a valid command that fails also behind itself on one connection."""
        if vector.due is not Due.TAKEN:
            again = self._conclude(vector, self._send(replace(vector, beside=())))
            return seen if again.verdict == seen.verdict else replace(seen, flaky=True)
        for before in (vector.before, (*vector.before, vector.request)):
            exchange = self._send(replace(vector, fresh=True, before=before, beside=()))
            again = self._conclude(vector, exchange)
            if again.verdict is Verdict.CONFORMS:
                # Here the command is taken: what was wrong is that it depends on what came before or beside it.
                with self._lock:
                    self._answers[vector.name] = exchange
                clause = self.catalogue.ledger["http.stateless"]
                return replace(seen, clause=clause, verdict=fault(clause), flaky=True)
            if again.verdict != seen.verdict:
                return replace(seen, flaky=True)
        return seen

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
