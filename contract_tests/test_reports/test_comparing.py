"""Runs beside each other: several servers in one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from secmaster_contract.commands.comparing import diff, matrix
from test_reports.conftest import Made, run_command

RULE = "body.task-id.mandatory-for-debug"


def test_servers_stand_side_by_side(correct: Made, faulty: Made, tmp_path: Path) -> None:
    """
    The matrix as a page has a column a server, with the day it was verified, and a row a clause.
    """
    page = tmp_path / "matrix.html"
    result = run_command(matrix, correct.directory / "verdict.json", faulty.directory / "verdict.json", "--html", page)
    text = page.read_text(encoding="utf-8")

    assert result.exit_code == 0
    assert f"{RULE}, {faulty.url}: violates" in text
    assert f"{RULE}, {correct.url}: conforms" in text
    assert text.count(f">{faulty.verdict['run']['started'][:10]} ") == 2


def test_ten_servers_fit_a_narrow_terminal(correct: Made, faulty: Made) -> None:
    """
    The matrix of ten servers has a line a clause in 80 columns, with a mark a server under its number.
    """
    files = [made.directory / "verdict.json" for made in (correct, faulty) * 5]
    result = run_command(matrix, *files)
    lines = result.output.splitlines()
    row = next(line for line in lines if RULE in line)

    assert [mark for mark in row.removeprefix(f"  {RULE}").split() if mark in "✓✗"] == ["✓", "✗"] * 5
    assert any(line.split() == [str(number) for number in range(1, 11)] for line in lines)
    assert f" 2  {faulty.url}" in result.output
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("command", [diff, matrix], ids=["diff", "matrix"])
def test_file_that_is_missing_is_told_in_a_sentence(command: Any, tmp_path: Path) -> None:
    """
    A file that cannot be read is bad usage, without a traceback.
    """
    missing = tmp_path / "missing.json"
    result = run_command(command, missing, missing)

    assert result.exit_code == 2
    assert f"cannot read {missing}" in result.output.replace("\n", "")
