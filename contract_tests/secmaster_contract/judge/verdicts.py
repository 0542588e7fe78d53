"""What a run has found: observations gathered by clause, each clause's verdict, the run's exit status."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from openapi_contract.ledger import Clause, Ledger, Level
from secmaster_contract.wire.exchange import Exchange

# Why nothing is said of a clause whose every observation is a consequence; the key of the broken clause follows.
EXPLAINED = "already explained by"
# What an observation of an answer's form is called, before the name of the vector that was answered.
ANSWER_TO = "answer to "
# Why nothing is said of a clause of which there is no observation at all.
UNSEEN = "no answer of this run shows it"
# Why nothing is said of an answer that a correct server need not give to any request.
NOT_OWED = "nothing that the contract asks for brings this answer about"


class Verdict(StrEnum):
    """What is said of a clause, or of one observation."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    ADVISES = "advises"
    INCONCLUSIVE = "inconclusive"
    WITHHELD = "withheld"


# What is said of several observations is what comes first here.
WORST_FIRST = (Verdict.VIOLATES, Verdict.ADVISES, Verdict.INCONCLUSIVE, Verdict.CONFORMS, Verdict.WITHHELD)


class ExitStatus(IntEnum):
    """The exit statuses of `secmaster-contract verify`."""

    CONFORMS = 0
    VIOLATES = 1
    USAGE = 2
    INCONCLUSIVE = 3
    INTERRUPTED = 130


@dataclass(frozen=True)
class Observation:
    """What one vector showed about one clause.

    `expected` and `received` are sentences; `reason` says why it is inconclusive; `follows` names the vector whose
    failure explains this one; `flaky` marks a fault that a repeated request did not show; `about` is the clause that
    the vector was sent for, which need not be the one that is blamed. Where it is inconclusive, `because` is the key of
    the broken clause that leaves it so, and `withheld` says that no request which the run may send would settle it.
    """

    clause: Clause
    vector: str
    verdict: Verdict
    expected: str = ""
    received: str = ""
    reason: str = ""
    exchange: Exchange | None = None
    follows: str | None = None
    flaky: bool = False
    about: Clause | None = None
    because: str | None = None
    withheld: bool = False


@dataclass
class ClauseResult:
    """A clause, its verdict and the observations behind it; `consequences` follow from faults of other clauses."""

    clause: Clause
    verdict: Verdict
    observations: list[Observation] = field(default_factory=list)
    consequences: list[Observation] = field(default_factory=list)

    @property
    def failures(self) -> list[Observation]:
        """The observations that speak against the server."""
        return [seen for seen in self.observations if seen.verdict in (Verdict.VIOLATES, Verdict.ADVISES)]

    @property
    def standing(self) -> Verdict:
        """The verdict as it counts for the run: what no request of the run settles counts as withheld."""
        unsure = [seen for seen in self.observations if seen.verdict is Verdict.INCONCLUSIVE]
        withheld = self.verdict is Verdict.INCONCLUSIVE and unsure and all(seen.withheld for seen in unsure)
        return Verdict.WITHHELD if withheld else self.verdict

    @property
    def reasons(self) -> list[str]:
        """Why observations are inconclusive or not sent, the most frequent reason first."""
        unsure = (Verdict.INCONCLUSIVE, Verdict.WITHHELD)
        return [why for why, _ in Counter(o.reason for o in self.observations if o.verdict in unsure).most_common()]


def every_answer(clause: Clause) -> str:
    """Return what stands for a vector where a clause is read in every answer."""
    return f"every answer: {clause.key}"


class Record:
    """Gathers observations; safe under threads."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.observations: list[Observation] = []
        self._lock = threading.Lock()

    def add(self, observation: Observation) -> Observation:
        """Keep an observation."""
        with self._lock:
            self.observations.append(observation)
        return observation

    def failed(self) -> set[str]:
        """The names of the vectors that showed a fault."""
        return {seen.vector for seen in self.observations if seen.verdict in (Verdict.VIOLATES, Verdict.ADVISES)}

    def results(self, keys: Iterable[str] | None = None) -> list[ClauseResult]:
        """Return the result of each clause in the order of the ledger."""
        wanted = set(keys) if keys is not None else None
        by_key: dict[str, list[Observation]] = {key: [] for key in self.ledger.testable}
        follows: dict[str, list[Observation]] = {}
        explained: dict[str, list[Observation]] = {}
        observations = list(_gathered(self.observations))
        blamed = _blamed(observations)
        for seen in observations:
            home = blamed.get(seen.follows or "", seen.clause.key)
            if _is_fault(seen) and seen.follows and home != seen.clause.key:
                follows.setdefault(home, []).append(seen)
                explained.setdefault(seen.clause.key, []).append(_explained(seen, seen.clause, home))
            else:
                is_left_open = seen.verdict is Verdict.INCONCLUSIVE and seen.follows in blamed
                by_key.setdefault(seen.clause.key, []).append(replace(seen, because=home) if is_left_open else seen)
            if _is_fault(seen) and seen.about is not None and seen.about.key not in {seen.clause.key, home}:
                explained.setdefault(seen.about.key, []).append(_explained(seen, seen.about, home))
        for key, consequences in explained.items():
            by_key[key] = by_key.get(key) or consequences
        clauses = self.ledger.testable
        return [
            ClauseResult(clauses[key], worst(seen), seen, follows.get(key, []))
            for key, seen in by_key.items()
            if wanted is None or key in wanted
        ]


def _blamed(observations: list[Observation]) -> dict[str, str]:
    """Return, for each vector that showed a fault, the key of the broken clause: its own, or that of its cause."""
    faults = [seen for seen in observations if _is_fault(seen)]
    blamed = {seen.vector: seen.clause.key for seen in faults if not seen.follows}
    return {seen.vector: blamed.get(seen.follows or "", seen.clause.key) for seen in faults} | blamed


def _gathered(observations: Iterable[Observation]) -> Iterable[Observation]:
    """Yield the observations, those that were not seen again under the one that shows why: the server keeps a state."""
    observations = list(observations)
    stateful = [
        seen for seen in observations if seen.clause.key == "http.stateless" and seen.verdict is Verdict.VIOLATES
    ]
    moved: set[str] = set()
    for seen in observations:
        unsteady = seen.flaky and stateful and _is_fault(seen) and not seen.follows and seen not in stateful
        if unsteady or seen.follows in moved:
            moved.add(seen.vector)
            yield replace(seen, follows=stateful[0].vector)
        else:
            yield seen


def _explained(seen: Observation, clause: Clause, home: str) -> Observation:
    reason = f"{EXPLAINED} {home}"
    return replace(seen, clause=clause, verdict=Verdict.INCONCLUSIVE, reason=reason, because=home)


def _is_fault(seen: Observation) -> bool:
    return seen.verdict in (Verdict.VIOLATES, Verdict.ADVISES)


def worst(observations: list[Observation]) -> Verdict:
    """The worst that was seen; without any observation nothing is known."""
    seen = {observation.verdict for observation in observations}
    return next((verdict for verdict in WORST_FIRST if verdict in seen), Verdict.INCONCLUSIVE)


def fault(clause: Clause, level: Level = Level.MUST) -> Verdict:
    """Return how a fault against a clause counts: a MUST is violated, anything milder is advice."""
    return Verdict.VIOLATES if clause.level is level is Level.MUST else Verdict.ADVISES


def exit_status(
    standings: Iterable[Verdict], *, strict: bool = False, require_all: bool = False, stopped: bool = False
) -> ExitStatus:
    """Return the exit status that the standings of a run's clauses come to.

    What the user withheld does not count against the server, unless all is required; what a run that was stopped did
    not send leaves it inconclusive.
    """
    verdicts: Mapping[Verdict, int] = Counter(standings)
    if verdicts.get(Verdict.VIOLATES) or (strict and verdicts.get(Verdict.ADVISES)):
        return ExitStatus.VIOLATES
    is_judged = Verdict.CONFORMS in verdicts or Verdict.ADVISES in verdicts
    is_left = Verdict.WITHHELD in verdicts and (require_all or stopped)
    return (
        ExitStatus.INCONCLUSIVE if Verdict.INCONCLUSIVE in verdicts or is_left or not is_judged else ExitStatus.CONFORMS
    )
