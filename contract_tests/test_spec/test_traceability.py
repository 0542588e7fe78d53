"""The page, the ledger and the YAML cover each other: no place, rule, pointer or reason is missing."""

from __future__ import annotations

from typing import Any

import pytest

from openapi_contract.ledger import Ledger
from secmaster_contract.run.session import checked_clauses
from test_spec.rules import Document, with_value
from test_spec.traceability import (
    as_list,
    dangling_pointers,
    ill_formed_rows,
    places,
    rule_pointers,
    unchecked_clauses,
    uncovered_rules,
    unknown_places,
    untraced_places,
)

DEBUG = "/components/schemas/ActionInstanceDebugCommand"


def test_every_place_has_a_clause(rows: Any, outline: Any) -> None:
    """Each row, cell, status and example of the page is named by a clause."""
    assert untraced_places(rows["clauses"], outline) == []


def test_missing_clause_is_found(rows: Any, outline: Any) -> None:
    """Whichever place loses its clauses is named."""
    for place in places(outline):
        kept = {key: row for key, row in rows["clauses"].items() if place not in as_list(row["where"])}
        assert place in untraced_places(kept, outline)


def test_every_place_named_exists(rows: Any, outline: Any) -> None:
    """Each clause names a place of the page, a standard, or what every guarded endpoint owes."""
    assert unknown_places(rows["clauses"], outline) == []


@pytest.mark.parametrize(
    "place",
    ["Table 6", "Table 3, task_id", "Table 3, task_id, Default", "Table 1, instance_id, Range", "RFC", "RFC 9110", ""],
)
def test_place_that_does_not_exist_is_found(rows: Any, outline: Any, place: str) -> None:
    """A clause that names no place is reported with it."""
    rows["clauses"]["body.task-id.type"]["where"] = place

    assert unknown_places(rows["clauses"], outline) == [f"body.task-id.type: {place}"]


def test_place_in_a_table_row_that_left_the_page_is_found(rows: Any, outline: Any) -> None:
    """A field that leaves the outline leaves its clauses without a place."""
    del outline["tables"]["Table 4"]["success"]

    assert "result.success.true: Table 4, success, Range" in unknown_places(rows["clauses"], outline)


def test_no_pointer_dangles(rows: Any, document: Document) -> None:
    """Each clause points to something in the YAML."""
    assert dangling_pointers(rows["clauses"], document) == []


@pytest.mark.parametrize("pointer", [f"{DEBUG}/required/3", f"{DEBUG}/properties/taskid", "/paths/~1v1", "components"])
def test_dangling_pointer_is_found(rows: Any, document: Document, pointer: str) -> None:
    """A clause that points nowhere is reported with its pointer."""
    rows["clauses"]["body.task-id.type"]["pointer"] = [f"{DEBUG}/type", pointer]

    assert dangling_pointers(rows["clauses"], document) == [f"body.task-id.type: {pointer}"]


def test_every_rule_has_a_clause(rows: Any, document: Document) -> None:
    """Each rule of the YAML about requests and the page's own answers is some clause's."""
    assert uncovered_rules(rows["clauses"], document) == []


def test_rule_without_a_clause_is_found(rows: Any, document: Document) -> None:
    """Whichever rule loses its clauses is named."""
    for pointer in rule_pointers(document):
        kept = {key: row for key, row in rows["clauses"].items() if pointer not in as_list(row["pointer"])}
        assert uncovered_rules(kept, document).count(pointer) == 1


def test_new_rule_demands_a_clause(rows: Any, document: Document) -> None:
    """A constraint that is added to the YAML alone is named."""
    pointer = f"{DEBUG}/properties/task_id/minLength"

    assert uncovered_rules(rows["clauses"], with_value(document, pointer, 1)) == [pointer]


def test_rows_are_well_formed(rows: Any) -> None:
    """Each row has a key that can be said, a level, a phrase and, where nothing tests it, a reason."""
    assert ill_formed_rows(rows["clauses"], rows["groups"]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("level", "MAY"),
        ("level", "must"),
        ("text", "a debug command carries task_id."),
        ("text", "task_id"),
        ("refusal", []),
        ("refusal", [200]),
        ("untested", ""),
        ("untested", "no"),
        ("untest", "nobody knows how it could be done"),
    ],
)
def test_ill_formed_row_is_found(rows: Any, name: str, value: Any) -> None:
    """A row with a fault in one of its fields is reported."""
    rows["clauses"]["body.task-id.mandatory-for-debug"][name] = value

    assert any(
        "body.task-id.mandatory-for-debug" in fault for fault in ill_formed_rows(rows["clauses"], rows["groups"])
    )


def test_two_rows_of_one_wording_are_found(rows: Any) -> None:
    """Two clauses of a group that say the same are reported."""
    rows["clauses"]["body.task-id.type"]["text"] = rows["clauses"]["body.input-dataobject.type"]["text"]

    assert ill_formed_rows(rows["clauses"], rows["groups"]) == ["body: two rows say 'input_dataobject is a string'"]


@pytest.mark.parametrize("key", ["debug", "Body.task-id", "body.task_id", "body..type", "reply.code", "body.task-id."])
def test_ill_formed_key_is_found(rows: Any, key: str) -> None:
    """A key that is no dotted name in a group is reported."""
    rows["clauses"][key] = {**rows["clauses"]["body.task-id.type"], "text": "this row has another key"}

    assert ill_formed_rows(rows["clauses"], rows["groups"]) == [f"{key}: no dotted name that begins with a group"]


def test_group_without_rows_is_found(rows: Any) -> None:
    """A heading that no key begins with is reported."""
    rows["groups"]["reply"] = "Table 6: what comes back"

    assert ill_formed_rows(rows["clauses"], rows["groups"]) == ["group reply is empty"]


def test_ledger_reads_every_row(ledger: Ledger, rows: Any) -> None:
    """The verifier's own reading of the ledger has each row once, with all its places and pointers."""
    read = {key: (list(row.where), list(row.pointers)) for key, row in ledger.clauses.items()}

    assert read == {key: (as_list(row["where"]), as_list(row["pointer"])) for key, row in rows["clauses"].items()}


@pytest.fixture(scope="module")
def checked() -> set[str]:
    """The clauses that the verifier has checks for."""
    return checked_clauses()


def test_every_clause_has_a_check_or_a_reason(rows: Any, checked: set[str]) -> None:
    """Each clause is either checked by the verifier or says why it cannot be."""
    assert unchecked_clauses(rows["clauses"], checked) == []


def test_clause_without_a_check_is_found(rows: Any, checked: set[str]) -> None:
    """Whichever clause loses its check, or its reason to have none, is named."""
    for key, row in rows["clauses"].items():
        kept = {**rows["clauses"], key: {name: cell for name, cell in row.items() if name != "untested"}}
        assert unchecked_clauses(kept, checked - {key}) == [f"{key} has no check"]


def test_check_without_a_clause_is_found(rows: Any, checked: set[str]) -> None:
    """A check that names no row, or one that is called untested, is reported."""
    rows["clauses"]["body.task-id.type"]["untested"] = "nobody knows how it could be done"

    assert unchecked_clauses(rows["clauses"], {*checked, "body.color"}) == [
        "body.task-id.type is checked but called untested",
        "body.color is checked but in no row",
    ]
