"""What a run says differently from the one before, by what it means to the server's owner."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from secmaster_contract.commands.comparing import diff
from secmaster_contract.report.compare import Difference, difference
from test_reports.conftest import Made, run_command

RULE = "body.task-id.mandatory-for-debug"


def saying(verdict: str | None, *failing: str) -> dict[str, Any]:
    """A verdict file, as far as it is compared: one clause with a verdict and its failing vectors, or none."""
    failures = [{"vector": vector} for vector in failing]
    return {"clauses": [{"key": RULE, "verdict": verdict, "failures": failures}] if verdict else []}


def kinds(found: Difference) -> list[str]:
    """What kinds of difference there are."""
    return [field.name for field in fields(found) if getattr(found, field.name)]


def test_new_fault_is_broken(correct: Made, faulty: Made) -> None:
    """
    From a correct run to a faulty one, what fails now is broken, by clause and vector, and the exit status is 1.
    """
    result = run_command(diff, correct.directory / "verdict.json", faulty.directory / "verdict.json")

    assert result.exit_code == 1
    assert f"Broken: {RULE} (conforms -> violates): ActionInstanceDebugCommand/task_id/absent" in result.output
    assert "4 broken, 0 fixed, 0 still failing" in result.output


def test_fault_that_is_gone_is_fixed(correct: Made, faulty: Made) -> None:
    """
    The other way round it is fixed, and the exit status is 0.
    """
    result = run_command(diff, faulty.directory / "verdict.json", correct.directory / "verdict.json")

    assert result.exit_code == 0
    assert f"Fixed: {RULE} (violates -> conforms)" in result.output
    assert "0 broken, 4 fixed, 0 still failing" in result.output


def test_same_run_has_no_difference(faulty: Made) -> None:
    """
    A run beside itself has only faults that are still there.
    """
    found = difference(faulty.verdict, faulty.verdict)

    assert [*found.broken, *found.fixed, *found.unknown, *found.added, *found.removed] == []
    assert len(found.still) == 4


def test_new_vector_in_an_old_fault_is_broken(faulty: Made) -> None:
    """
    A clause that failed before and fails at one more vector now is broken there, and fixed where it fails no more.
    """
    old, new = faulty.verdict, faulty.verdict
    for document, gone in ((old, 0), (new, 1)):
        clause = next(clause for clause in document["clauses"] if clause["key"] == RULE)
        del clause["failures"][gone]
    found = difference(old, new)

    assert [(change.clause, len(change.vectors)) for change in found.broken] == [(RULE, 1)]
    assert [(change.clause, len(change.vectors)) for change in found.fixed] == [(RULE, 1)]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (saying("conforms"), saying("inconclusive"), ["unknown"]),
        (saying("violates", "a"), saying("withheld"), ["unknown"]),
        (saying("withheld"), saying("conforms"), ["conclusive"]),
        (saying("inconclusive"), saying("violates", "a"), ["broken"]),
        (saying("advises", "a"), saying("violates", "a"), ["broken", "still"]),
        (saying("violates", "a"), saying("advises", "a"), ["fixed", "still"]),
        (saying("violates", "a"), saying("violates", "b"), ["fixed", "broken"]),
        (saying(None), saying("violates", "a"), ["added"]),
        (saying("conforms"), saying(None), ["removed"]),
        (saying("withheld"), saying("inconclusive"), []),
    ],
)
def test_difference_has_its_kind(old: dict[str, Any], new: dict[str, Any], kind: list[str]) -> None:
    """
    A change of a clause's verdict, or of the vectors that it fails at, is told as what it is.
    """
    assert kinds(difference(old, new)) == kind
