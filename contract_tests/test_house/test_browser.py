"""The browser that the tests of the pages need: CI installs it where it can, and who has none is told how to get it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from test_house.conftest import Run

# Prints what it was called with; `make browser` ends as BROWSER_STATUS says, and id says that ID is the user.
STAND_INS = {
    "make": 'echo "make $*"; [ "$1" != browser ] || exit "${BROWSER_STATUS:-0}"',
    "id": 'echo "$ID"',
    "apt-get": "exit 1",
}


@pytest.fixture
def ci(root: Path, tmp_path: Path, run: Run) -> Run:
    """Run .ci/run with stand-ins for the programs that it calls; those that are left out are not to be found."""

    def run_ci(*, without: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / ".ci").mkdir()
        shutil.copy(root / ".ci/run", tmp_path / ".ci")
        (tmp_path / "bin").mkdir()
        for name in ("bash", "dirname", "timeout"):
            (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
        for name in STAND_INS.keys() - {without}:
            (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{STAND_INS[name]}\n")
            (tmp_path / "bin" / name).chmod(0o755)
        return run("bash", tmp_path / ".ci/run", env={"PATH": str(tmp_path / "bin"), "ID": "0", **env})

    return run_ci


def made(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The targets that were made, in their order."""
    assert done.returncode == 0, done.stderr
    return [line.removeprefix("make ") for line in done.stdout.splitlines() if line.startswith("make ")]


def test_ci_installs_the_browser_before_the_tests(ci: Run) -> None:
    """
    Root on a machine with apt has the browser when the tests begin.
    """
    assert made(ci()) == ["browser", "verify", "test", "check"]


def test_ci_of_another_user_installs_nothing(ci: Run) -> None:
    """
    Who may not install packages runs the same targets without the browser.
    """
    assert made(ci(ID="1000")) == ["verify", "test", "check"]


def test_ci_without_apt_installs_nothing(ci: Run) -> None:
    """
    A system of another kind runs the same targets without the browser.
    """
    assert made(ci(without="apt-get")) == ["verify", "test", "check"]


def test_ci_goes_on_where_the_browser_cannot_be_had(ci: Run) -> None:
    """
    A package index that is out of reach costs the tests of the pages, not the run.
    """
    assert made(ci(BROWSER_STATUS="100")) == ["browser", "verify", "test", "check"]


@pytest.mark.parametrize("processes", ["0", "2"])
def test_skipped_tests_of_a_page_are_told_last(run: Run, processes: str) -> None:
    """
    Without a browser the last line of the tests says how many were skipped, and the command that mends it.
    """
    file = "contract_tests/test_reports/test_page_navigation.py"
    alone = {"PATH": str(Path(sys.executable).parent)}

    done = run(sys.executable, "-m", "pytest", "-n", processes, "-p", "no:cacheprovider", file, env=alone)

    last = done.stdout.splitlines()[-1]
    assert re.match(r"\d+ tests skipped: no Chromium is installed; to run these tests: make browser\b", last)
