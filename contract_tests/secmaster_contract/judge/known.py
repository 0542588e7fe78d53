"""Known issues: faults of a server that are tracked elsewhere and do not fail its run, each with a reason and an end.

A file of them is TOML:

    [[known]]
    clause = "http.media-type"          # or vector = "body/truncated"
    reason = "the gateway says text/plain; the team knows"
    link = "https://tracker.example/123"
    expires = 2027-03-31
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from secmaster_contract.judge.verdicts import ClauseResult, Observation, Verdict, worst
from secmaster_contract.vectors.catalogue import Catalogue

_KEYS = {"clause", "vector", "reason", "link", "expires"}


class KnownIssuesError(Exception):
    """The file of known issues cannot be used; the text says why."""


@dataclass(frozen=True)
class KnownIssue:
    """One entry; either `clause` or `vector` is set."""

    reason: str
    link: str
    expires: date
    clause: str | None = None
    vector: str | None = None

    @property
    def name(self) -> str:
        """What the entry is about."""
        return f"clause {self.clause}" if self.clause else f"vector {self.vector}"

    def covers(self, seen: Observation) -> bool:
        """Whether an observation is of this issue, or follows from it."""
        if seen.because:
            return self.clause == seen.because or (
                self.vector is not None and self.vector in (seen.vector, seen.follows)
            )
        return self.clause == seen.clause.key or self.vector == seen.vector


@dataclass(frozen=True)
class KnownIssues:
    """All entries of a file, and the day they are read on."""

    issues: tuple[KnownIssue, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    @classmethod
    def load(cls, path: Path, catalogue: Catalogue, today: date | None = None) -> KnownIssues:
        """Read a file.

        Raises:
            KnownIssuesError: It cannot be read, is not TOML, or entries lack something or name what does not exist.
        """
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            message = f"cannot read {path}: {error.strerror}"
            raise KnownIssuesError(message) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            message = f"{path} is not TOML: {error}"
            raise KnownIssuesError(message) from None
        rows = document.get("known")
        if not isinstance(rows, list) or set(document) != {"known"}:
            message = f"{path} has to hold [[known]] entries and nothing else"
            raise KnownIssuesError(message)
        mistakes = [f"entry {number} {why}" for number, row in enumerate(rows, 1) for why in _mistakes(row, catalogue)]
        if mistakes:
            raise KnownIssuesError("\n  ".join([f"{path} cannot be used:", *mistakes]))
        issues = tuple(KnownIssue(**row) for row in rows)
        return cls(issues, today) if today else cls(issues)

    @property
    def valid(self) -> tuple[KnownIssue, ...]:
        """The entries that have not expired."""
        return tuple(issue for issue in self.issues if issue.expires >= self.today)

    @property
    def expired(self) -> tuple[KnownIssue, ...]:
        """The entries that have."""
        return tuple(issue for issue in self.issues if issue.expires < self.today)

    def of(self, seen: Observation) -> KnownIssue | None:
        """Return the entry that accounts for an observation of a fault, or for one that a fault leaves inconclusive."""
        if seen.verdict not in (Verdict.VIOLATES, Verdict.ADVISES) and not seen.because:
            return None
        return next((issue for issue in self.valid if issue.covers(seen)), None)

    def behind(self, result: ClauseResult) -> list[KnownIssue]:
        """Return the entries that account for a clause's verdict, none where it is not known or good."""
        if self.without(result).verdict is result.verdict:
            return []
        found = [issue for seen in result.observations if (issue := self.of(seen))]
        return [issue for number, issue in enumerate(found) if issue not in found[:number]]

    def without(self, result: ClauseResult) -> ClauseResult:
        """Return what a clause's result is without what is known."""
        left = [seen for seen in result.observations if self.of(seen) is None]
        if len(left) == len(result.observations):
            return result
        return replace(result, observations=left, verdict=worst(left) if left else Verdict.CONFORMS)

    def stale(self, results: Iterable[ClauseResult]) -> list[KnownIssue]:
        """Return the entries that no longer fail: what they are about was seen, and nothing of it was a fault."""
        seen = [seen for result in results for seen in (*result.observations, *result.consequences)]
        stale = []
        for issue in self.valid:
            mine = [one for one in seen if issue.covers(one)]
            if mine and all(one.verdict is Verdict.CONFORMS for one in mine):
                stale.append(issue)
        return stale


def _mistakes(row: Any, catalogue: Catalogue) -> Iterator[str]:
    """Say what is wrong with an entry."""
    if not isinstance(row, dict):
        yield "is no table"
        return
    for name in sorted(set(row) - _KEYS):
        yield f"has the unknown key {name}; it may have {', '.join(sorted(_KEYS))}"
    if ("clause" in row) == ("vector" in row):
        yield "has to name either a clause or a vector"
    for name in ("reason", "link"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            yield f"has no {name}"
    expires = row.get("expires")
    if isinstance(expires, datetime) or not isinstance(expires, date):
        yield "has no expiry; write expires = 2027-03-31"
    if "clause" in row and row["clause"] not in [*catalogue.ledger.testable]:
        yield f"names the clause {row['clause']}, which does not exist; `secmaster-contract clauses` lists them"
    if "vector" in row and row["vector"] not in [*catalogue.vectors]:
        yield f"names the vector {row['vector']}, which does not exist; `secmaster-contract verify --list` lists them"
