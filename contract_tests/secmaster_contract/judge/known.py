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
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from secmaster_contract.vectors.catalogue import Catalogue
from openapi_contract.ledger import Ledger
from secmaster_contract.judge.verdicts import ClauseResult, Observation, Verdict, worst

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
        """Whether an observation is of this issue."""
        return seen.clause.key == self.clause or seen.vector == self.vector


@dataclass(frozen=True)
class KnownIssues:
    """All entries of a file, and the day they are read on."""

    issues: tuple[KnownIssue, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    @classmethod
    def load(cls, path: Path, ledger: Ledger, today: date | None = None) -> KnownIssues:
        """Read a file.

        Raises:
            KnownIssuesError: It cannot be read, is not TOML, or an entry lacks something or names an unknown clause.
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
        issues = tuple(_issue(f"entry {number} of {path}", row, ledger) for number, row in enumerate(rows, 1))
        return cls(issues, today) if today else cls(issues)

    def check(self, catalogue: Catalogue) -> None:
        """Raise for an entry that names a vector that does not exist.

        Raises:
            KnownIssuesError: One does.
        """
        for issue in self.issues:
            if issue.vector and issue.vector not in catalogue.vectors:
                message = f"the known issue {issue.name} names no vector; `secmaster-contract verify --plan` lists them"
                raise KnownIssuesError(message)

    @property
    def valid(self) -> tuple[KnownIssue, ...]:
        """The entries that have not expired."""
        return tuple(issue for issue in self.issues if issue.expires >= self.today)

    @property
    def expired(self) -> tuple[KnownIssue, ...]:
        """The entries that have."""
        return tuple(issue for issue in self.issues if issue.expires < self.today)

    def of(self, seen: Observation) -> KnownIssue | None:
        """Return the entry that covers an observation of a fault."""
        return next((issue for issue in self.valid if issue.covers(seen)), None)

    def without(self, result: ClauseResult) -> ClauseResult:
        """Return what a clause's result is without its known faults."""
        left = [seen for seen in result.observations if seen not in result.failures or self.of(seen) is None]
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


def _issue(where: str, row: Any, ledger: Ledger) -> KnownIssue:
    def refuse(why: str) -> KnownIssuesError:
        return KnownIssuesError(f"{where} {why}")

    if not isinstance(row, dict):
        raise refuse("is no table")
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise refuse(f"has the unknown key {unknown[0]}; it may have {', '.join(sorted(_KEYS))}")
    if ("clause" in row) == ("vector" in row):
        raise refuse("has to name either a clause or a vector")
    for name in ("reason", "link"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise refuse(f"has no {name}")
    expires = row.get("expires")
    if isinstance(expires, datetime) or not isinstance(expires, date):
        raise refuse("has no expiry; write expires = 2027-03-31")
    clause, vector = row.get("clause"), row.get("vector")
    if clause is not None and clause not in ledger.testable:
        raise refuse(f"names the clause {clause}, which does not exist; `secmaster-contract clauses` lists them")
    return KnownIssue(row["reason"], row["link"], expires, clause, vector)
