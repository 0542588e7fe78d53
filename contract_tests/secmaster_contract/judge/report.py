"""What a run has found, as a whole: what every file and every line on a terminal is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from openapi_contract.ledger import Ledger
from openapi_contract.operations import Operation
from secmaster_contract.judge.known import KnownIssues
from secmaster_contract.judge.verdicts import ANSWER_TO, ClauseResult, ExitStatus, Observation, Verdict, exit_status
from secmaster_contract.run.journal import Entry
from secmaster_contract.run.permissions import Permissions
from secmaster_contract.run.target import Target
from secmaster_contract.vectors.vector import Vector


@dataclass(kw_only=True)
class Report:
    """What a run has found; `seconds` is the whole run, `requests` counts what was sent.

    `entries` is the traffic, as the journal keeps it; `needs` names for each clause the commands whose permission would
    make it conclusive; `stopped` says why the run ended early, if it did. `strict` lets advice fail the run,
    `require_all` leaves it inconclusive where requests were withheld.
    """

    target: Target
    ledger: Ledger
    results: list[ClauseResult]
    requests: int
    seconds: float
    strict: bool = False
    require_all: bool = False
    harness_faults: list[str] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    vectors: dict[str, Vector] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    permissions: Permissions = field(default_factory=Permissions)
    needs: dict[str, list[str]] = field(default_factory=dict)
    stopped: str | None = None
    interrupted: bool = False
    harmed: bool = False
    known: KnownIssues = field(default_factory=KnownIssues)

    @property
    def exit_status(self) -> ExitStatus:
        """The exit status that the verdicts come to; a fault of the harness proves nothing."""
        if self.interrupted:
            return ExitStatus.INTERRUPTED
        if self.harmed or self.known.stale(self.results):
            return ExitStatus.VIOLATES
        status = exit_status(
            (self.known.without(result).standing for result in self.results),
            strict=self.strict,
            require_all=self.require_all,
            stopped=self.stopped is not None,
        )
        return ExitStatus.INCONCLUSIVE if self.harness_faults and status is ExitStatus.CONFORMS else status

    def operation_of(self, seen: Observation) -> Operation | None:
        """The operation whose request showed an observation, None where a step on the way did."""
        vector = self.vectors.get(seen.vector.removeprefix(ANSWER_TO))
        return vector.operation if vector else None

    def of(self, verdict: Verdict) -> list[ClauseResult]:
        """The clauses with a verdict."""
        return [result for result in self.results if result.verdict == verdict]
