"""Verdict files side by side: what changed from one to the next, and several servers in one table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from secmaster_contract.report.grouping import sorted_in
from secmaster_contract.report.words import minute

_FAULTS = ("violates", "advises")
_UNKNOWN = ("inconclusive", "withheld")


@dataclass(frozen=True)
class Change:
    """A clause whose verdict changed; `vectors` are those that did with it."""

    clause: str
    old: str | None
    new: str | None
    vectors: tuple[str, ...] = ()


@dataclass
class Difference:
    """What two verdict files of one server say differently, by what it means to its owner."""

    fixed: list[Change] = field(default_factory=list)
    broken: list[Change] = field(default_factory=list)
    still: list[Change] = field(default_factory=list)
    unknown: list[Change] = field(default_factory=list)
    conclusive: list[Change] = field(default_factory=list)
    added: list[Change] = field(default_factory=list)
    removed: list[Change] = field(default_factory=list)


def difference(old: dict[str, Any], new: dict[str, Any]) -> Difference:
    """Compare two verdict files clause by clause, and where one failed before and after, vector by vector."""
    before, after = (_by_key(document) for document in (old, new))
    found = Difference()
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            (found.added if was is None else found.removed).append(Change(key, _verdict(was), _verdict(now)))
            continue
        _sort(found, key, was, now)
    return found


def _sort(found: Difference, key: str, was: dict[str, Any], now: dict[str, Any]) -> None:
    failed, fails = _vectors(was), _vectors(now)
    old, new = was["verdict"], now["verdict"]
    worse = _rank(new) > _rank(old)
    if new in _FAULTS and (worse or fails - failed):
        found.broken.append(Change(key, old, new, tuple(sorted(fails - failed))))
    if old in _FAULTS and new not in _UNKNOWN and (_rank(new) < _rank(old) or failed - fails):
        found.fixed.append(Change(key, old, new, tuple(sorted(failed - fails))))
    if old in _FAULTS and new in _FAULTS and failed & fails:
        found.still.append(Change(key, old, new, tuple(sorted(failed & fails))))
    if new in _UNKNOWN and old not in _UNKNOWN:
        found.unknown.append(Change(key, old, new))
    if new not in _UNKNOWN and old in _UNKNOWN and new not in _FAULTS:
        found.conclusive.append(Change(key, old, new))


def _rank(verdict: str) -> int:
    return _FAULTS[::-1].index(verdict) + 1 if verdict in _FAULTS else 0


def _by_key(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {clause["key"]: clause for clause in document["clauses"]}


def _verdict(clause: dict[str, Any] | None) -> str | None:
    return clause["verdict"] if clause else None


def _vectors(clause: dict[str, Any]) -> set[str]:
    return {failure["vector"] for failure in clause["failures"]}


@dataclass(frozen=True)
class Server:
    """A column: which server, when it was verified (UTC, to the minute), and how many clauses have which verdict."""

    target: str
    started: str
    counts: dict[str, int]


Row = tuple[dict[str, Any], tuple[str | None, ...]]


@dataclass(frozen=True)
class Table:
    """Several servers in columns, clauses in rows under their headings; None where a file does not have the clause."""

    servers: tuple[Server, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]


def table(documents: list[dict[str, Any]]) -> Table:
    """Return the servers of some verdict files side by side."""
    keyed = [_by_key(document) for document in documents]
    clauses = {key: clause for found in keyed for key, clause in found.items()}
    headings = {group: text for document in documents for group, text in document["groups"].items()}
    operations = {one["id"]: one for document in documents for one in document["operations"]}
    groups = tuple(
        (
            f"{section.heading}: {heading}" if section.heading else heading,
            tuple((clause, tuple(_verdict(found.get(clause["key"])) for found in keyed)) for clause in own),
        )
        for section in sorted_in(operations.values(), headings, clauses.values())
        for heading, own in section.groups
    )
    servers = (Server(each["target"], minute(each["run"]["started"]), each["verdicts"]) for each in documents)
    return Table(tuple(servers), groups)
