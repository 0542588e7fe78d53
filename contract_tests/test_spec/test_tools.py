"""The part of DOWNSTREAM.md on tools tells what came of each run."""

from __future__ import annotations

from pathlib import Path

import pytest

from downstream import arazzo_run, postman, specmatic, table
from downstream.tools import Tool


@pytest.mark.parametrize(("faults", "result"), [((), "all as due"), (("one", "two"), "2 faults")])
def test_row_tells_what_was_run_and_what_came_of_it(faults: tuple[str, ...], result: str) -> None:
    """A tool's row has its version, its file, how much of it was run, and whether all was as due."""
    tool = Tool("a tool", "1.2.3", specmatic.CONTRACT, "3 of 4 vectors", faults)

    assert str(tool) == (
        f"| a tool | 1.2.3 | [dist/statuses31.yaml](dist/statuses31.yaml) | 3 of 4 vectors | {result} |\n"
    )


@pytest.mark.parametrize("path", [specmatic.CONTRACT, postman.PATH, arazzo_run.WRITTEN, arazzo_run.DERIVED])
def test_committed_page_has_a_row_for_each_file(path: Path) -> None:
    """The page as committed tells of each file that a tool runs, and that all was as due."""
    link = f"[{path.relative_to(table.PAGE.parent)}]"
    rows = [line for line in table.PAGE.read_text(encoding="utf-8").splitlines() if link in line]

    assert len(rows) == 1
    assert rows[0].endswith("| all as due |")
