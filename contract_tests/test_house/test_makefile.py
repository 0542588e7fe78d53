"""The Makefile, run with stand-ins for the programs that its targets call."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[..., subprocess.CompletedProcess[str]]

# Prints what it was called with, and what the environment handed over.
STAND_IN = """#!/usr/bin/env python3
import json, os, sys
known = ("SECMASTER_", "TOKEN", "TARGET", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS")
environment = {name: value for name, value in os.environ.items() if name.startswith(known)}
print(json.dumps({"arguments": sys.argv[1:], "environment": environment}))
sys.exit(int(os.environ.get("STATUS", "0")))
"""


@pytest.fixture
def house(root: Path, tmp_path: Path) -> Path:
    """A house with the real Makefile and stand-ins for everything behind it."""
    shutil.copy(root / "Makefile", tmp_path)
    programs = [
        "requirements/install.sh",
        *(f".venv/bin/{name}" for name in ("python", "pytest", "ruff", "mypy", "pyright")),
    ]
    for name in programs:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\ncase ",$FAILING," in *",{path.name},"*) exit 1;; esac\n')
        path.chmod(0o755)
    contract = tmp_path / ".venv/bin/secmaster-contract"
    contract.write_text(STAND_IN)
    contract.chmod(0o755)
    return tmp_path


@pytest.fixture
def make(house: Path, run: Make) -> Make:
    return lambda *arguments, **env: run("make", *arguments, cwd=house, env=env)


def named(pattern: str, makefile: Path) -> set[str]:
    """Return the words that a pattern finds in a Makefile."""
    return set(" ".join(re.findall(pattern, makefile.read_text(), re.MULTILINE)).split())


def test_help_explains_every_target(make: Make, root: Path) -> None:
    """
    Bare make lists each target, but for the set-up that the others ask for.
    """
    listed = set(re.findall(r"^  make (\S+) +\S", make().stdout, re.MULTILINE))

    assert listed == named(r"^\.PHONY:(.*)", root / "Makefile") - {"contract", "dev", "bench-tools"}
    assert {"verify", "test", "check"} <= listed


def test_every_target_is_phony(root: Path) -> None:
    """
    A file named like a target does not shadow it.
    """
    assert named(r"^([a-z][a-z -]*):", root / "Makefile") == named(r"^\.PHONY:(.*)", root / "Makefile")


def test_verify_alone_takes_the_embedded_mock(make: Make) -> None:
    """
    Make verify without arguments verifies the embedded mock.
    """
    called = json.loads(make("verify").stdout)

    assert called["arguments"] == ["verify", "--mock"]


def test_verify_takes_no_target_from_the_environment(make: Make) -> None:
    """
    A variable TARGET that somebody exported for another tool is not verified.
    """
    called = json.loads(make("verify", TARGET="http://elsewhere.invalid").stdout)

    assert called["arguments"] == ["verify", "--mock"]


def test_verify_hands_over_every_value(make: Make) -> None:
    """
    The URL is an argument; token and identifiers are in the environment.
    """
    values = {"TOKEN": "t", "PROJECT_ID": "p", "WORKSPACE_ID": "w", "INSTANCE_ID": "i"}
    called = json.loads(
        make(
            "verify", "TARGET=http://localhost:1", "ARGS=--json out.json", *(f"{k}={v}" for k, v in values.items())
        ).stdout
    )

    assert called["arguments"] == ["verify", "http://localhost:1", "--json", "out.json"]
    assert {name: called["environment"][f"SECMASTER_{name}"] for name in values} == values


def test_an_empty_target_is_no_request_for_the_mock(make: Make) -> None:
    """
    An unset shell variable as TARGET does not pass for a verdict on the mock.
    """
    called = json.loads(make("verify", "TARGET=").stdout)

    assert called["arguments"] == ["verify", ""]


@pytest.mark.parametrize("token", ["a$b$(c)", "a'b\"c", "a b;c", "a\\b#c", "`c`"])
def test_a_token_arrives_byte_for_byte(make: Make, token: str) -> None:
    """
    Neither make nor the shell reads anything into a token.
    """
    called = json.loads(make("verify", "TARGET=http://localhost:1", f"TOKEN={token}").stdout)

    assert called["environment"]["SECMASTER_TOKEN"] == token


def test_a_token_is_in_no_other_place(make: Make) -> None:
    """
    The token reaches the verifier in one variable and nowhere else.
    """
    called = json.loads(make("verify", "TARGET=http://localhost:1", "TOKEN=planted").stdout)
    del called["environment"]["SECMASTER_TOKEN"]

    assert "planted" not in json.dumps(called)


def test_a_dry_run_shows_no_token(make: Make) -> None:
    """
    Make -n prints the command without the token.
    """
    shown = make("-n", "verify", "TARGET=http://localhost:1", "TOKEN=planted")

    assert "secmaster-contract verify" in shown.stdout
    assert "planted" not in shown.stdout + shown.stderr


def test_a_violation_fails_the_target(make: Make) -> None:
    """
    The verifier's status other than 0 is a failure of make.
    """
    assert make("verify", STATUS="1").returncode != 0


def test_the_mock_listens_where_it_is_told(make: Make) -> None:
    """
    PORT is the port of the mock.
    """
    called = json.loads(make("mock", "PORT=8123").stdout)

    assert called["arguments"] == ["mock", "--port", "8123"]


def test_check_passes_where_every_tool_does(make: Make) -> None:
    """
    Make check ends with status 0 when no tool complains.
    """
    assert make("check").returncode == 0


@pytest.mark.parametrize("failing", ["python", "ruff", "mypy", "pyright", "python,ruff,mypy,pyright"])
def test_check_runs_on_and_names_what_failed(make: Make, failing: str, root: Path) -> None:
    """
    Every tool runs; those that failed are named at the end.
    """
    checked = make("check", FAILING=failing)

    assert checked.returncode != 0
    assert checked.stdout.count("-- ") == (root / "Makefile").read_text().count("\ttry $(BIN)/")
    assert set(re.findall(r"\.venv/bin/(\w+)", checked.stderr)) == set(failing.split(","))
