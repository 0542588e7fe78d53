"""The Makefile, run with stand-ins for the programs that its targets call."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., subprocess.CompletedProcess[str]]
Verify = Callable[..., dict[str, Any]]

# What is given to make, and what reaches the verifier by it.
VALUES = {"TARGET": "http://localhost:1", "TOKEN": "t", "PROJECT_ID": "p", "WORKSPACE_ID": "w", "INSTANCE_ID": "i"}
HANDED_OVER = {f"SECMASTER_{'ENDPOINT' if name == 'TARGET' else name}": value for name, value in VALUES.items()}

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


@pytest.fixture(params=["command line", "environment"])
def verify(make: Make, request: pytest.FixtureRequest) -> Verify:
    """Make verify with some values, given in either way, and return what it called."""

    def made(**values: str) -> dict[str, Any]:
        arguments = [f"{name}={value}" for name, value in values.items()]
        done = make("verify", *arguments) if request.param == "command line" else make("verify", **values)
        called: dict[str, Any] = json.loads(done.stdout)
        return called

    return made


def named(pattern: str, makefile: Path) -> set[str]:
    """Return the words that a pattern finds in a Makefile."""
    return set(" ".join(re.findall(pattern, makefile.read_text(), re.MULTILINE)).split())


def test_help_explains_every_target(make: Make, root: Path) -> None:
    """
    Bare make lists each target, but for the set-up that the others ask for.
    """
    listed = set(re.findall(r"^  make (\S+) +\S", make().stdout, re.MULTILINE))

    assert listed == named(r"^\.PHONY:(.*)", root / "Makefile") - {"contract-tools", "dev", "bench-tools"}
    assert {"verify", "test", "check"} <= listed


def test_every_target_is_phony(root: Path) -> None:
    """
    A file named like a target does not shadow it.
    """
    assert named(r"^([a-z][a-z -]*):", root / "Makefile") == named(r"^\.PHONY:(.*)", root / "Makefile")


def test_verify_alone_names_no_server(make: Make) -> None:
    """
    Make verify without arguments leaves the verifier to its mock.
    """
    called = json.loads(make("verify").stdout)

    assert called["arguments"] == ["verify", "--or-mock"]
    assert "SECMASTER_ENDPOINT" not in called["environment"]


def test_verify_takes_what_it_is_given(verify: Verify) -> None:
    """
    Server, token and identifiers reach the verifier by its environment, as make's arguments or as every CI sets them.
    """
    called = verify(**VALUES)

    assert called["arguments"] == ["verify", "--or-mock"]
    assert HANDED_OVER.items() <= called["environment"].items()


def test_verify_hands_over_arguments(make: Make) -> None:
    """
    What ARGS has is the verifier's.
    """
    called = json.loads(make("verify", "ARGS=http://localhost:1 --json out.json").stdout)

    assert called["arguments"] == ["verify", "--or-mock", "http://localhost:1", "--json", "out.json"]


def test_verify_leaves_the_verifiers_own_variables(make: Make) -> None:
    """
    A server that SECMASTER_ENDPOINT names is the verifier's, with the token that SECMASTER_TOKEN has.
    """
    called = json.loads(make("verify", **HANDED_OVER).stdout)

    assert HANDED_OVER.items() <= called["environment"].items()


def test_token_of_another_tool_is_not_sent(make: Make) -> None:
    """
    TOKEN and the like in the environment are meant for TARGET; to a server that is named otherwise they do not go.
    """
    others = {name: "of another tool" for name in VALUES if name != "TARGET"}
    called = json.loads(make("verify", **HANDED_OVER, **others).stdout)

    assert HANDED_OVER.items() <= called["environment"].items()


def test_target_goes_before_the_endpoint(make: Make) -> None:
    """
    TARGET and TOKEN, which are named for this one command, count before what was exported for every one.
    """
    exported = {"SECMASTER_ENDPOINT": "http://localhost:2", "SECMASTER_TOKEN": "other"}
    called = json.loads(make("verify", **VALUES, **exported).stdout)

    assert HANDED_OVER.items() <= called["environment"].items()


def test_an_empty_target_is_no_request_for_the_mock(verify: Verify) -> None:
    """
    An unset shell variable as TARGET reaches the verifier as an empty name, which it refuses.
    """
    assert verify(TARGET="")["environment"]["SECMASTER_ENDPOINT"] == ""


@pytest.mark.parametrize("token", ["a$b$(c)", "a'b\"c", "a b;c", "a\\b#c", "`c`", "$(shell echo c)", "a,b) c"])
def test_a_token_arrives_byte_for_byte(verify: Verify, token: str) -> None:
    """
    Neither make nor the shell reads anything into a token.
    """
    assert verify(TARGET="http://localhost:1", TOKEN=token)["environment"]["SECMASTER_TOKEN"] == token


def test_a_token_is_in_no_other_place(verify: Verify) -> None:
    """
    The token reaches the verifier in one variable and nowhere else.
    """
    called = verify(TARGET="http://localhost:1", TOKEN="planted")
    del called["environment"]["SECMASTER_TOKEN"]

    assert "planted" not in json.dumps(called)


@pytest.mark.parametrize("target", ["verify", "load"])
def test_a_dry_run_shows_no_token(make: Make, target: str) -> None:
    """
    Make -n prints the command without the token.
    """
    shown = make("-n", target, "TARGET=http://localhost:1", "TOKEN=planted")

    assert ".venv" in shown.stdout
    assert "planted" not in shown.stdout + shown.stderr


def test_tests_get_no_token(make: Make, house: Path) -> None:
    """
    Make test hands over nothing that is meant for make verify.
    """
    (house / ".venv/bin/pytest").write_text(STAND_IN)
    called = json.loads(make("test", "PROJECT_ID=p", TARGET="http://localhost:1", TOKEN="planted").stdout)

    assert {name for name in called["environment"] if not name.startswith("M")} == set()


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
