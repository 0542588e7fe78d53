"""The ledger of clauses, `openapi/clauses.yaml`, and which clause a broken rule belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from secmaster_contract.harness.form import faults_of_ledger, missing_row
from secmaster_contract.harness.places import SpecError, openapi_directory, read_yaml
from secmaster_contract.harness.spec import Spec, load_spec

# The clauses that checks report on by name; the others follow from the rules of the contract.
NEEDED = frozenset(
    {
        "body.optional-null",
        "error.complete",
        "error.status",
        "guard.answers",
        "guard.authentication-first",
        "guard.no-leak",
        "guard.no-server-error",
        "guard.one-door",
        "headers.content-type.equivalence",
        "headers.content-type.literal",
        "headers.content-type.mandatory",
        "headers.content-type.range",
        "headers.x-auth-token.in-header",
        "headers.x-auth-token.mandatory",
        "headers.x-auth-token.user-token",
        "http.chunked-requests",
        "http.framing",
        "http.header-equivalence",
        "http.json",
        "http.json-equivalence",
        "http.json-extensions",
        "http.malformed",
        "http.malformed-utf-8",
        "http.media-type",
        "http.query-ignored",
        "http.stateless",
        "http.status",
        "http.transfer-equivalence",
        "result.complete",
        "result.status",
        "result.success.true",
        "uri.instance-id.mandatory",
        "uri.operation",
    }
)


class Level(StrEnum):
    """How binding a clause is, by the words of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


@dataclass(frozen=True)
class Clause:
    """One row of the ledger.

    `refusal` lists the statuses by which a server may refuse what breaks it; `untested` says why no check exists.
    """

    key: str
    level: Level
    text: str
    where: tuple[str, ...]
    pointers: tuple[str, ...]
    refusal: tuple[int, ...] = ()
    untested: str | None = None

    @property
    def group(self) -> str:
        """The first part of the key: the table of the page, or the standards, that the clause stands in."""
        return self.key.split(".", 1)[0]

    @property
    def place(self) -> str:
        """The places in one line."""
        return "; ".join(self.where)


@dataclass(frozen=True)
class Ledger:
    """All rows by key, and the headings of their groups; `path` is the file that they stand in."""

    groups: Mapping[str, str]
    clauses: Mapping[str, Clause]
    spec: Spec
    path: Path

    @classmethod
    def load(cls, spec: Spec | None = None, path: Path | None = None) -> Ledger:
        """Read the ledger.

        Raises:
            SpecError: The file is missing or a row lacks what it needs.
        """
        spec = spec or load_spec()
        path = path or openapi_directory() / "clauses.yaml"
        needed = {*NEEDED, *(f"uri.{name.replace('_', '-')}.mandatory" for name in spec.path_parameters)}
        rows = read_yaml(path, lambda document: faults_of_ledger(document, needed))
        return cls(rows["groups"], {key: _clause(key, row) for key, row in rows["clauses"].items()}, spec, path)

    def __getitem__(self, key: str) -> Clause:
        try:
            return self.clauses[key]
        except KeyError:
            raise SpecError(f"{self.path} cannot be used:\n  {missing_row(key)}") from None

    @property
    def testable(self) -> Mapping[str, Clause]:
        """The rows that have checks."""
        return {key: clause for key, clause in self.clauses.items() if clause.untested is None}

    def clause_for(self, pointer: str) -> Clause:
        """Return the clause that states the rule at a pointer.

        A rule that stands in the YAML alone gets a MUST clause made from its pointer, so that a constraint added there
        is verified at once; a test of the YAML demands the row.
        """
        stated = [clause for clause in self.clauses.values() if pointer in clause.pointers and clause.untested is None]
        for clause in stated:
            if clause.level is Level.MUST:
                return clause
        tokens = pointer.split("/")
        field = tokens[tokens.index("properties") + 1] if "properties" in tokens else tokens[-2]
        key = f"body.{field.replace('_', '-')}.{tokens[-1]}"
        text = f"{field} keeps {tokens[-1]} as the YAML states it"
        return Clause(key, Level.MUST, text, ("not in the ledger",), (pointer,), (self.spec.refusal_status,))

    def refusals(self, clause: Clause) -> tuple[int, ...]:
        """The statuses by which a server may refuse what breaks a clause."""
        return clause.refusal or (self.spec.refusal_status,)


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _clause(key: str, row: Mapping[str, Any]) -> Clause:
    return Clause(
        key=key,
        level=Level(row["level"]),
        text=row["text"],
        where=_tuple(row["where"]),
        pointers=_tuple(row["pointer"]),
        refusal=tuple(row.get("refusal", ())),
        untested=row.get("untested"),
    )


@cache
def load_ledger() -> Ledger:
    """Read the ledger once a process."""
    return Ledger.load()
