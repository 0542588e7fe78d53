"""One run: contract, target, permissions and limits put together in one place; what is sent, and what it comes to."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from openapi_contract.errors import ContractError
from openapi_contract.ledger import Clause, Ledger
from openapi_contract.operations import Contract, Operation
from secmaster_contract.judge.examiner import Examiner
from secmaster_contract.judge.known import KnownIssues
from secmaster_contract.judge.reading import Fault
from secmaster_contract.judge.report import Report
from secmaster_contract.judge.settle import settle
from secmaster_contract.judge.verdicts import ClauseResult, Observation, Record, Verdict, every_answer, fault
from secmaster_contract.run.answers import Answers
from secmaster_contract.run.gate import Gate, Withheld
from secmaster_contract.run.journal import Journal
from secmaster_contract.run.permissions import Permissions, Safety
from secmaster_contract.run.preflight import NotReady, check
from secmaster_contract.run.sender import Sender
from secmaster_contract.run.target import Target
from secmaster_contract.shipped import shipped_ledger
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.vectors.search.budget import Budget
from secmaster_contract.vectors.vector import Vector
from secmaster_contract.wire.connection import ConnectionFailed
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request

__all__ = ["Options", "Report", "Session", "Step", "is_named"]

# Clauses that vectors blame and that every answer is read for as well.
_ALSO_READ = frozenset({"guard.no-server-error"})


@dataclass(frozen=True)
class Options:
    """How a run goes.

    `only` and `skip` are clauses or groups. `strict` lets advice fail the run, `require_all` leaves it inconclusive
    where requests were withheld. `shuffle` and `repeat` say in which order and how often vectors are sent; `seed` draws
    the order and the search. `fuzz` is how long a search goes on behind them, with `database` to keep its finds.
    """

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    known: KnownIssues = field(default_factory=KnownIssues)
    workers: int = 4
    strict: bool = False
    require_all: bool = False
    shuffle: bool = False
    repeat: int = 1
    seed: int = 0
    fuzz: Budget | None = None
    database: Path | None = None

    def wants(self, clause: Clause) -> bool:
        """Whether a clause is to be judged; where `only` is empty, all are that `skip` does not name."""
        named = not self.only or any(is_named(clause.key, name) for name in self.only)
        return named and not any(is_named(clause.key, name) for name in self.skip)


def is_named(key: str, name: str) -> bool:
    """Whether a name is that of a clause, or of a group that it is in."""
    return key == name or key.startswith(f"{name}.")


@dataclass(frozen=True)
class Step:
    """One step of a run: its requests in the order they go out, what they are for, and why they do not go, if so."""

    name: str
    requests: tuple[Request, ...]
    why: str
    withheld: str | None = None


class Session:
    """One run against one target.

    `ledger` is the shipped one unless another is given; `operations` are those that are judged, by default all that are
    no mere knowledge of the platform. `permissions` are those of `Permissions.for_target` where none are given; `gate`
    bounds what is sent. `progress` hears of each clause judged with how many of how many are done, `heard` of each
    exchange with the name of its vector.

    Raises:
        ContractError: No valid request can be made, or none that breaks some rule.
    """

    def __init__(
        self,
        target: Target,
        ledger: Ledger | None = None,
        *,
        operations: Iterable[str] | None = None,
        permissions: Permissions | None = None,
        options: Options | None = None,
        gate: Gate | None = None,
        journal: Journal | None = None,
        progress: Callable[[str, int, int], None] = lambda *_: None,
        heard: Callable[[str, Exchange], None] = lambda *_: None,
    ) -> None:
        self.target = target
        self.ledger = ledger or shipped_ledger()
        self.options = options or Options()
        self.permissions = permissions or Permissions.for_target(target)
        self.operations = chosen(self.ledger.contract, operations)
        self.catalogue = enumerate_vectors(target, self.ledger, self.operations, sentinel=self.permissions.sentinel)
        self.safety = Safety(self.catalogue, self.permissions)
        self.gate = gate or Gate(self.permissions.limits(target))
        self.gate.forbidden, self.gate.harm = self.safety.forbidden, self.safety.harm
        live = self.permissions.live
        self.sender = Sender(target, gate=self.gate, journal=journal, once=live)
        self.sender.control, self.sender.heard = self.safety.control.request, heard
        self.record = Record(self.ledger)
        self.answers = Answers(self.catalogue, self.sender, self._note, 1 if live else self.options.workers)
        self.examiner = Examiner(self.answers, self.record)
        self.faults: list[str] = []
        self._progress = progress
        self._started, self._begun = time.monotonic(), datetime.now(UTC)

    # -- what there is to do ------------------------------------------------------------------------------------------

    @property
    def clauses(self) -> list[Clause]:
        """The clauses that the run judges, in the order of the ledger."""
        return [clause for clause in self.ledger.judged(self.operations) if self.options.wants(clause)]

    @property
    def vectors(self) -> list[Vector]:
        """The vectors of these clauses, causes before consequences."""
        return [vector for vector in self.catalogue.vectors.values() if self.options.wants(vector.clause)]

    @property
    def readings(self) -> list[Clause]:
        """The clauses that are read in every answer."""
        asked = {vector.clause.key for vector in self.catalogue.vectors.values()} - _ALSO_READ
        return [clause for clause in self.clauses if clause.key not in asked]

    def plan(self) -> list[Step]:
        """Return what the run would send, in the order it would."""
        control = self.safety.control.request.named()
        first = Step("preflight", (control,), "is the server there, does it accept the token, is it ready?")
        return [first, *map(self._step, self.vectors)]

    def _step(self, vector: Vector) -> Step:
        clause = vector.clause
        why = f"{clause.key} ({clause.level}): {clause.text}; expected: {vector.expected}"
        requests = tuple(request.named() for request in (*vector.before, *vector.beside, vector.request))
        return Step(vector.name, requests, why, self.safety.withheld(vector))

    # -- doing it -----------------------------------------------------------------------------------------------------

    def run(self) -> Report:
        """Verify the target.

        Raises:
            NotReady: Nothing can be said of the server; its `report` has no observation.
        """
        self._started, self._begun = time.monotonic(), datetime.now(UTC)
        vectors, readings = self.vectors, self.readings
        sent = [vector for vector in vectors if self.safety.withheld(vector) is None]
        total = len(vectors) + len(readings)
        try:
            with suppress(Withheld):
                check(self.examiner, self.safety)
            self.answers.prefetch(self._arranged(sent, 0))
            for number, vector in enumerate(vectors, 1):
                self._conclude(vector)
                self._progress(vector.clause.key, number, total)
            for number, clause in enumerate(readings, len(vectors) + 1):
                self.record.add(
                    self.examiner.judge.silence(clause) or Observation(clause, every_answer(clause), Verdict.CONFORMS)
                )
                self._progress(clause.key, number, total)
            for number in range(1, self.options.repeat):
                self.examiner.repeat(self._arranged(sent, number))
            if self.options.fuzz is not None:
                self._search(self.options.fuzz)
            settle(self.record, self.safety)
        except NotReady as error:
            error.report = self.report()
            raise
        except ContractError:
            raise
        except Exception as error:  # noqa: BLE001  whatever failed, what was found until then stands
            self.faults.append(f"{type(error).__name__}: {error}")
        finally:
            self.sender.close()
        return self.report()

    def _arranged(self, vectors: list[Vector], number: int) -> list[Vector]:
        """Return vectors in the order of a round: what was sent before must not matter, so it may be anything."""
        arranged = list(vectors)
        if self.options.shuffle:
            random.Random(f"{self.options.seed}/{number}").shuffle(arranged)  # noqa: S311  an order, no secret
        return arranged

    def _conclude(self, vector: Vector) -> None:
        reason, verdict = self.safety.withheld(vector), Verdict.WITHHELD
        try:
            if reason is None:
                self.examiner.conclude(vector)
                return
        except Withheld as stop:
            reason = str(stop)
        except ConnectionFailed as error:
            reason, verdict = str(error), Verdict.INCONCLUSIVE
        except Exception as error:  # noqa: BLE001  a fault of the verifier takes no finding away, and blames no server
            self.faults.append(f"{vector.name}: {type(error).__name__}: {error}")
            return
        self.record.add(Observation(vector.clause, vector.name, verdict, reason=reason))

    def _note(self, found: Fault, exchange: Exchange, about: str) -> None:
        """Record what a reading of an answer found."""
        clause = self.ledger[found.clause]
        verdict = fault(clause, found.level)
        self.record.add(Observation(clause, about, verdict, clause.text, found.what, exchange=exchange))

    def _search(self, budget: Budget) -> None:
        from secmaster_contract.vectors.search.search import Search  # noqa: PLC0415  only a search needs its libraries

        Search(self.examiner, budget, self.options.seed, self.options.database).run()

    # -- what it came to ----------------------------------------------------------------------------------------------

    def report(self) -> Report:
        """Return what was found so far."""
        results = self.record.results([clause.key for clause in self.clauses])
        return Report(
            target=self.target,
            ledger=self.ledger,
            results=results,
            requests=self.sender.sent,
            seconds=time.monotonic() - self._started,
            strict=self.options.strict,
            require_all=self.options.require_all,
            harness_faults=self.faults,
            started=self._begun,
            vectors=self.catalogue.vectors,
            entries=self.sender.journal.entries,
            permissions=self.permissions,
            needs=self._needs(results),
            stopped=self.gate.stopped,
            interrupted=self.gate.interrupted,
            harmed=self.gate.harmed,
            known=self.options.known,
        )

    def _needs(self, results: list[ClauseResult]) -> dict[str, list[str]]:
        """For each clause that is not known, the commands whose permission would show it."""
        needs: dict[str, list[str]] = {}
        unknown = {r.clause.key for r in results if r.verdict in (Verdict.INCONCLUSIVE, Verdict.WITHHELD)}
        for vector in self.catalogue.vectors.values():
            command = self.safety.needs(vector)
            if command and vector.clause.key in unknown and command not in needs.setdefault(vector.clause.key, []):
                needs[vector.clause.key].append(command)
        return needs


def chosen(contract: Contract, names: Iterable[str] | None = None) -> tuple[Operation, ...]:
    """Return the operations of a run: those named, else all that are no mere knowledge of the platform.

    Raises:
        KeyError: The contract has no operation of a name.
    """
    if names is not None:
        return tuple(contract.operation(name) for name in names)
    own = tuple(operation for operation in contract.operations if not operation.is_platform)
    return own or contract.operations
