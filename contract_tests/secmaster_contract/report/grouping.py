"""Clauses by operation, then by place: how every report lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# What stands above the clauses that belong to no operation, where there are several.
EVERY = "Every operation"
Group = tuple[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Section:
    """An operation's clauses under the headings of their groups; `heading` is None where there is one operation."""

    heading: str | None
    groups: list[Group]


def sections(document: dict[str, Any]) -> list[Section]:
    """Return the clauses of a verdict file in sections."""
    return sorted_in(document["operations"], document["groups"], document["clauses"])


def sorted_in(
    operations: Iterable[dict[str, Any]], groups: dict[str, str], clauses: Iterable[dict[str, Any]]
) -> list[Section]:
    """Return clauses in sections: those of each operation in the order of the contract, then those of all."""
    headings = {
        operation["id"]: f"{operation['id']}: {operation['method']} {operation['path']}" for operation in operations
    }
    clauses = list(clauses)
    found = [
        Section(heading if len(headings) > 1 else None, listed)
        for owner, heading in [*headings.items(), (None, EVERY)]
        if (listed := _grouped(groups, [clause for clause in clauses if clause["operation"] == owner]))
    ]
    if len(headings) > 1:
        return found
    return [Section(None, [group for section in found for group in section.groups])] if found else []


def _grouped(groups: dict[str, str], clauses: list[dict[str, Any]]) -> list[Group]:
    return [
        (heading, own)
        for group, heading in groups.items()
        if (own := [one for one in clauses if one["group"] == group])
    ]
