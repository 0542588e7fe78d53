"""What is true of every command: its help, and what becomes of its output where that cannot go out."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from secmaster_contract import cli
from secmaster_contract.commands.replay import replay
from secmaster_contract.commands.verify import verify
from test_reports.conftest import environment
from test_reports.servers import Recording
from test_verifier.servers.wire import serving

PROGRAM = Path(sys.executable).with_name("secmaster-contract")
FULL = Path("/dev/full")


def run(*arguments: str, stdout: int = subprocess.PIPE, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run `secmaster-contract` as a process."""
    kept = {name: value for name, value in environment().items() if value is not None}
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("SECMASTER_", "GITHUB_"))}
    return subprocess.run(
        [PROGRAM, *arguments],
        env={**outer, **kept, **more},
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", list(cli._COMMANDS))
def test_list_of_commands_says_what_each_says_itself(name: str) -> None:
    """
    The list of the commands has the first sentence of each one's own help.
    """
    module, said = cli._COMMANDS[name]
    command: click.Command = getattr(importlib.import_module(f"secmaster_contract.{module}"), name)

    assert (command.help or "").partition("\n\n")[0].replace("\n", " ") == said


@pytest.mark.parametrize("command", [verify, replay], ids=["verify", "replay"])
def test_every_option_is_in_the_help_once(command: click.Command) -> None:
    """
    The help has each option once, in a section.
    """
    text = command.get_help(click.Context(command, terminal_width=200))
    told = re.findall(r"^  (?:-h, )?(--[a-z-]+)", text, re.MULTILINE)
    options = [one.opts[-1] for one in command.get_params(click.Context(command)) if isinstance(one, click.Option)]

    assert sorted(told) == sorted(options)
    assert "Token and connection:" in text


def test_selection_that_leaves_nothing_is_refused() -> None:
    """
    A run that would check no clause is bad usage, not a server that conforms.
    """
    with serving(Recording()) as url:
        result = run("verify", url, "--only", "body", "--skip", "body")

    assert result.returncode == 2
    assert b"--only and --skip together leave no clause to check" in result.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_marks_that_cannot_be_written_do_not_fail_a_run(encoding: str) -> None:
    """
    A correct server conforms in a pipe whose encoding has no letter for a mark, too.
    """
    with serving(Recording()) as url:
        result = run("verify", url, PYTHONIOENCODING=encoding)

    assert (result.returncode, result.stderr.count(b"Traceback")) == (0, 0)
    assert b"\\u2713 conforms" in result.stdout


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_output_that_cannot_be_written_is_told_in_a_sentence() -> None:
    """
    A full disk under the output is told without a traceback, and never taken for a violation.
    """
    with FULL.open("wb") as full:
        result = run("clauses", stdout=full.fileno())

    assert result.returncode == 2
    assert result.stderr == b"secmaster-contract: cannot go on: No space left on device\n"
