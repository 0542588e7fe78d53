"""Every code block of README.md, run as a newcomer would run it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from test_house.conftest import ROOT, Run

README = (ROOT / "README.md").read_text()


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the heading it stands under."""

    heading: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.heading}: {self.text.strip().splitlines()[0]}"


def blocks(text: str) -> Iterator[Block]:
    """Read the fenced blocks of a page in their order."""
    heading = ""
    fenced = r"^```(?P<language>\w*)\n(?P<text>.*?)^```$"
    for match in re.finditer(rf"^## (?P<heading>[^\n]+)$|{fenced}", text, re.MULTILINE | re.DOTALL):
        if match["heading"]:
            heading = match["heading"]
        else:
            yield Block(heading, match["language"], match["text"])


SERVING = [block for block in blocks(README) if block.text == "make mock\n"]  # ends only when it is ended
SHELL = [block for block in blocks(README) if block.language == "sh" and block not in SERVING]
PYTHON = [block for block in blocks(README) if block.language == "python"]
TOKEN = "token-of-the-reader"


@contextmanager
def serving(command: list[str], cwd: Path, env: Mapping[str, str]) -> Generator[str]:
    """Run a command that serves until it is ended, and give the URL that it names when it is ready."""
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Listening on http://"), f"{' '.join(command)} printed {line!r}"
        yield line.split()[-1]
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # the session of this one process: make and what it started
        process.communicate()


@pytest.fixture(scope="module")
def reader(script: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment of a reader who has a server, here the mock, and runs the blocks against it."""
    with serving([str(script), "mock", "--port", "0", "--token", TOKEN], ROOT, environment) as url:
        # These tests run inside `make test` themselves; what the wheels ask for is the matter of test_installed.
        bounds = {"PORT": "0", "PYTEST_ADDOPTS": "--collect-only --quiet", "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1"}
        yield {**environment, "URL": url, **bounds}


@pytest.fixture
def checkout(copy_checkout: Callable[[Path], Path], tmp_path: Path) -> Path:
    """A copy in which a block may write, with the environment of this checkout in the place of its own."""
    copy = copy_checkout(tmp_path / "checkout")
    (copy / ".venv").symlink_to(Path(sys.executable).parents[1])
    (copy / "requirements/install.sh").write_text("#!/bin/sh\n")
    return copy


@pytest.fixture
def paste(checkout: Path, reader: dict[str, str], run: Run) -> Run:
    """Run a block in a shell of the reader, who has set the variables that the page names, but has exported none."""
    names = {"TARGET": "$URL", "TOKEN": TOKEN, "PROJECT_ID": "p", "WORKSPACE_ID": "w", "INSTANCE_ID": "i"}
    variables = "".join(f"{name}={value}\n" for name, value in names.items())
    return lambda block: run("sh", "-eu", "-c", variables + block.text, cwd=checkout, env=reader)


def test_every_block_is_run() -> None:
    """
    The page has no block that no test runs.
    """
    assert README.count("```") == 2 * (len(SHELL) + len(PYTHON) + len(SERVING))


def test_every_installation_is_run() -> None:
    """
    What the page tells to install stands in a block, so that it is known to work.
    """
    assert README.count("pip install") == sum(block.text.count("pip install") for block in SHELL)


@pytest.mark.parametrize("block", SHELL, ids=str)
def test_shell_block_runs(block: Block, paste: Run) -> None:
    """
    A shell block does its work when it is pasted as it stands.
    """
    done = paste(block)

    assert done.returncode == 0, done.stdout + done.stderr
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize("block", [block for block in SHELL if " verify" in block.text], ids=str)
def test_block_verifies_the_server_that_it_names(block: Block, paste: Run, reader: dict[str, str]) -> None:
    """
    The blocks for a server of one's own verify that one, the block for the first verdict the mock.
    """
    (first,) = re.findall(r"^Verifying (.*)$", paste(block).stderr, re.MULTILINE)

    assert re.fullmatch(reader["URL"] if "TARGET" in block.text else r"\S+ \(the embedded mock\)", first)


@pytest.mark.parametrize("block", SERVING, ids=str)
def test_serving_block_serves(block: Block, checkout: Path, reader: dict[str, str]) -> None:
    """
    A command that serves says where it listens.
    """
    with serving(["sh", "-eu", "-c", block.text], checkout, reader) as url:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_python_block_runs(block: Block, reader: dict[str, str], run: Run, tmp_path: Path) -> None:
    """
    A Python block runs against a server whose URL and token are TARGET and TOKEN.
    """
    program = tmp_path / "block.py"
    program.write_text(f"TARGET, TOKEN = {reader['URL']!r}, {TOKEN!r}\n{block.text}")

    done = run(sys.executable, "-W", "error", program, cwd=tmp_path, env=reader)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!\w+:)([^)#]+)\)", README))))
def test_link_leads_somewhere(target: str) -> None:
    """
    A link of the page leads to a file of the checkout.
    """
    assert (ROOT / target).exists()


def test_exit_statuses_are_those_of_the_command(run: Run, script: Path) -> None:
    """
    The page and the command's help list the same exit statuses.
    """
    told = " ".join(run(script, "verify", "--help").stdout.split()).partition("Exit status:")[2].partition(".")[0]

    assert re.findall(r"^\| (\d+) \|", README, re.MULTILINE) == re.findall(r"\b\d+\b", told)
