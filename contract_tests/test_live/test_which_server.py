"""Which server a run verifies: the one that is named, wherever it is named; and its first and last line say which."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from secmaster_contract.commands.verify import verify
from test_live.servers import Knowing
from test_verifier.servers.broken import FAULTS
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import serving

ONE_CLAUSE = ("--only", "body.task-id")


def run(*arguments: str, **more: str) -> Result:
    """Verify as the environment says."""
    unset = {name: None for name in os.environ if name.startswith(("SECMASTER_", "GITHUB_"))}
    env = {**unset, "SECMASTER_TOKEN": TOKEN, **more}
    return CliRunner().invoke(verify, [*ONE_CLAUSE, *arguments], env=env, catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration file, yet to be written."""
    return tmp_path / "verify.toml"


def test_mock_stands_in_where_no_server_is_named() -> None:
    """
    With --or-mock and no server named anywhere the embedded one is verified.
    """
    result = run("--or-mock")

    assert result.exit_code == 0
    assert "(the embedded mock) conforms" in result.stdout


@pytest.mark.parametrize("place", ["argument", "environment", "file", "file of the environment"])
def test_named_server_is_verified(place: str, file: Path) -> None:
    """
    A server that is named is the one that --or-mock blames, wherever its name stands.
    """
    with serving(FAULTS["task-false"].make()) as url:
        file.write_text(f'url = "{url}"\n')
        result = {
            "argument": lambda: run("--or-mock", url),
            "environment": lambda: run("--or-mock", SECMASTER_ENDPOINT=url),
            "file": lambda: run("--or-mock", "--config", str(file)),
            "file of the environment": lambda: run("--or-mock", SECMASTER_CONFIG=str(file)),
        }[place]()

    assert result.exit_code == 1
    assert f"{url} violates the contract" in result.stdout


@pytest.mark.parametrize("place", ["argument", "environment", "file"])
def test_empty_name_is_no_request_for_the_mock(place: str, file: Path) -> None:
    """
    A name that is there and empty, as a secret that a CI does not hand over, is bad usage.
    """
    file.write_text('url = ""\n')
    result = {
        "argument": lambda: run("--or-mock", ""),
        "environment": lambda: run("--or-mock", SECMASTER_ENDPOINT=""),
        "file": lambda: run("--or-mock", "--config", str(file)),
    }[place]()

    assert result.exit_code == 2
    assert "the URL of the server is empty" in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_first_and_last_line_name_the_server(tmp_path: Path) -> None:
    """
    The first line and the last line of a run are those that name the server, whatever else it says.
    """
    options = ("--insecure", "--shuffle", "--report", str(tmp_path))
    with serving(FAULTS["task-false"].make()) as url:
        lines = run(url, *options, GITHUB_ACTIONS="true").output.splitlines()

    assert lines[0] == f"Verifying {url}"
    assert lines[-1].startswith(f"{url} violates the contract: ")


def test_last_line_of_a_run_that_ended_early_names_the_server() -> None:
    """
    Why a run ended early is said above its last line.
    """
    with serving(Knowing()) as url:
        lines = run(url, "--max-requests", "3").output.splitlines()

    assert lines[-1].startswith(f"{url} is inconclusive: ")


@pytest.mark.parametrize("option", ["--mock", "--or-mock"])
def test_first_and_last_line_name_the_mock(option: str) -> None:
    """
    A verdict on the embedded mock does not pass for one on a server of one's own.
    """
    lines = run(option).output.splitlines()

    assert [line for line in (lines[0], lines[-1]) if not line.partition("(the embedded mock)")[1]] == []


def test_first_line_on_a_terminal_stays() -> None:
    """
    On a terminal, where the bar is wiped away at the end, the line that names the server is not.
    """
    with serving(Knowing()) as url:
        output = run(url, FORCE_COLOR="1", TTY_COMPATIBLE="1", TTY_INTERACTIVE="1").output

    assert output.splitlines()[0] == f"Verifying {url}"
