"""What the README of the embedded server shows, done as a reader would do it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import secmaster_contract.mock
from secmaster_contract.mock.command import mock
from secmaster_contract.mock.documents import read_instances
from secmaster_contract.mock.faults import FAULTS
from secmaster_contract.mock.scenario import Scenario

README = (Path(secmaster_contract.mock.__file__).parent / "README.md").read_text("utf-8")
BLOCKS = [dedent(block) for block in re.findall(r"(?:^(?: {4}.*)?\n)+", README, re.MULTILINE) if block.strip()]
PROGRAMS = [block for block in BLOCKS if "import" in block]
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("secmaster-contract mock")]
SEED, SCENARIO = ([block for block in BLOCKS if mark in block] for mark in ("lenient: true", "sequence: ["))


def test_every_block_is_tried() -> None:
    """
    The page shows the commands, two programs, a seed file and a scenario, and nothing else.
    """
    assert (len(COMMANDS), len(PROGRAMS), len(SEED), len(SCENARIO)) == (5, 2, 1, 1)
    assert len(BLOCKS) == 1 + 2 + 1 + 1


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_of_the_page_runs(program: str, tmp_path: Path) -> None:
    """
    It starts a server and prints where.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("http://127.0.0.1:")


def test_the_seed_file_of_the_page_is_read(tmp_path: Path) -> None:
    """
    The page's instances are two, one of them lenient.
    """
    path = tmp_path / "seed.yaml"
    path.write_text(SEED[0])

    assert [one.lenient for one in read_instances(path)] == [False, True]


def test_the_scenario_of_the_page_is_read(tmp_path: Path) -> None:
    """
    The page's scenario speaks of one instance and of all others.
    """
    path = tmp_path / "faults.yaml"
    path.write_text(SCENARIO[0])

    assert set(Scenario.load(path).parts) == {"i", "*"}


def test_the_options_of_the_page_are_those_of_the_command() -> None:
    """
    No option is named that the command does not have, and the page's commands use them as they are.
    """
    known = {option for parameter in mock.params for option in parameter.opts}

    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README)) <= known
    for line in COMMANDS:
        mock.make_context("mock", shlex.split(line, comments=True)[2:])


def test_the_faults_of_the_page_are_all_there_are() -> None:
    """
    Each fault has its row, and none is named that is not there.
    """
    rows = re.search(r"^\| fault \|.*?(?=\n\n)", README, re.MULTILINE | re.DOTALL)
    assert rows is not None
    named = {name for row in rows[0].splitlines()[2:] for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])}

    assert named == FAULTS.keys() - {"none"}
