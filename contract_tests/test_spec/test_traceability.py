"""The page and the ledger cover each other: no place is missing, and no row speaks of a place that does not exist.

That rows, rules and pointers fit each other is what reading a ledger demands: openapi_contract/ledger.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openapi_contract.ledger import Clause, Ledger, Level
from test_spec.traceability import ill_said, places, unknown_places, untraced_places

CLAUSE = Clause(
    "body.note.required",
    Level.MUST,
    "a request carries a note",
    ("Table 1, note, Mandatory",),
    "body",
)
OUTLINE: Any = {
    "sections": ["URI"],
    "tables": {"Table 1": {"note": {"stated": ["Mandatory"], "none": ["Range"], "told": ["Definition"]}}},
}


@pytest.fixture
def written(ledger: Ledger) -> list[Clause]:
    """The rows of the ledger's file, and those that hold for every contract."""
    return [clause for clause in ledger.clauses.values() if clause.written]


def test_every_place_has_a_clause(written: list[Clause], outline: Any) -> None:
    """Each row, cell, status and example of the page is named by a clause."""
    assert untraced_places(written, outline) == []


def test_every_place_named_exists(written: list[Clause], outline: Any) -> None:
    """Each clause names a place of the page, a standard, or what every guarded endpoint owes."""
    assert unknown_places(written, outline) == []


def test_rows_are_well_said(written: list[Clause]) -> None:
    """Each row has a key that can be said, a phrase and, where nothing tests it, a reason."""
    assert ill_said(written) == []


def test_missing_clause_is_found() -> None:
    """Each place that binds, or says that there is nothing to say, is named where no clause traces to it."""
    assert untraced_places([CLAUSE], OUTLINE) == ["URI", "Table 1, note, Range"]
    assert untraced_places([replace(CLAUSE, where=tuple(places(OUTLINE)))], OUTLINE) == []


@pytest.mark.parametrize("place", ["RFC 9110, section 8.3", "RFC 8259, sections 2, 4 and 8.1", "guarded endpoint"])
def test_standard_is_a_place(place: str) -> None:
    """A clause may rest on a standard, or on what every guarded endpoint owes."""
    assert unknown_places([replace(CLAUSE, where=(place,))], OUTLINE) == []


@pytest.mark.parametrize(
    "place", ["Table 6", "Table 1, note", "Table 1, note, Default", "Table 1, note, Definition", "RFC", "RFC 9110", ""]
)
def test_place_that_does_not_exist_is_found(place: str) -> None:
    """A clause that names no place is reported with it."""
    assert unknown_places([replace(CLAUSE, where=(place,))], OUTLINE) == [f"body.note.required: {place}"]


@pytest.mark.parametrize(
    "changes",
    [
        {"level": Level.MAY},
        {"text": "a request carries a note."},
        {"text": "a note"},
        {"untested": "no"},
        {"untested": "nobody knows how it could be done", "rejection": (400,)},
        {"key": "note"},
        {"key": "Body.note"},
        {"key": "body.task_id"},
        {"key": "body..type"},
        {"key": "body.note."},
    ],
)
def test_ill_said_row_is_found(changes: dict[str, Any]) -> None:
    """A row with a fault in its key or its words is reported."""
    assert ill_said([CLAUSE]) == []
    assert len(ill_said([replace(CLAUSE, **changes)])) == 1


def test_two_rows_of_one_wording_are_found() -> None:
    """Two clauses of a group that say the same are reported."""
    assert ill_said([CLAUSE, replace(CLAUSE, key="body.note.type")]) == [
        "body: two rows say 'a request carries a note'"
    ]
