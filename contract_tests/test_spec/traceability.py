"""Whether the ledger and the source page's outline cover each other without gaps, and its rows are well said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openapi_contract.ledger import Clause, Level

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+")
# A row names a place of the page, or else what binds every endpoint.
_ELSEWHERE = re.compile(r"RFC \d{4}, sections? \d+(\.\d+)*((, | and )\d+(\.\d+)*)*|guarded endpoint")


def places(outline: Mapping[str, Any]) -> list[str]:
    """Return the places of the page that a clause must be traced to."""
    cells = [
        f"{table}, {name}, {cell}"
        for table, rows in outline["tables"].items()
        for name, row in rows.items()
        for kind in ("stated", "none")
        for cell in row.get(kind, ())
    ]
    return [*outline["sections"], *cells]


def untraced_places(clauses: Iterable[Clause], outline: Mapping[str, Any]) -> list[str]:
    """Return the places of the page that no clause names."""
    named = {place for clause in clauses for place in clause.where}
    return [place for place in places(outline) if place not in named]


def unknown_places(clauses: Iterable[Clause], outline: Mapping[str, Any]) -> list[str]:
    """Return each `where` that names no place of the page and no standard."""
    known = {*places(outline), *outline["tables"]}
    return [
        f"{clause.key}: {place}"
        for clause in clauses
        for place in clause.where
        if place not in known and not _ELSEWHERE.fullmatch(place)
    ]


def ill_said(clauses: Sequence[Clause]) -> list[str]:
    """Return what is wrong with the words of rows: key, phrase, reason."""
    faults = []
    for clause in clauses:
        key = clause.key
        if not _KEY.fullmatch(key):
            faults.append(f"{key}: no dotted name")
        if not re.fullmatch(r"\S.{8,110}[^.\s]", clause.text):
            faults.append(f"{key}: the text is no short phrase without a full stop")
        if clause.untested is not None and not re.fullmatch(r"\S.{20,}", clause.untested):
            faults.append(f"{key}: untested without a reason")
        if clause.untested is not None and clause.rejection:
            faults.append(f"{key}: nothing is rejected where nothing is tested")
        if clause.level is Level.MAY and clause.untested is None:
            faults.append(f"{key}: a freedom cannot be broken, so it is untested, with a reason")
    texts = Counter((clause.group, clause.text) for clause in clauses)
    return faults + [f"{group}: two rows say {text!r}" for (group, text), count in texts.items() if count > 1]
