"""CI runs the commands that people run."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def workflow(root: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((root / ".github/workflows/ci.yml").read_text())
    return document


@pytest.fixture
def commands(workflow: dict[str, Any]) -> list[str]:
    return [step["run"] for step in workflow["jobs"]["ci"]["steps"] if "run" in step]


@pytest.fixture
def local(root: Path) -> list[str]:
    match = re.search(r"for target in (.*); do", (root / ".ci/run").read_text())
    assert match
    return [f"make {target}" for target in match[1].split()]


def test_ci_begins_with_the_first_commands_of_the_readme(root: Path, local: list[str]) -> None:
    """
    What a newcomer types first is what .ci/run runs first.
    """
    block = re.search(r"```sh\n(.*?)```", (root / "README.md").read_text(), re.DOTALL)

    assert block
    assert block[1].split("\n")[:-1] == local[:2]


def test_workflow_runs_what_the_local_script_runs(commands: list[str], local: list[str]) -> None:
    """
    The hosted run has the same targets in the same order.
    """
    assert commands[: len(local)] == local


def test_workflow_generates_and_finds_nothing_changed(commands: list[str]) -> None:
    """
    The committed client is the one that the generator writes.
    """
    assert commands[-1].startswith("make generate\ngit diff --exit-code\n")


def test_workflow_lints_the_contract_beside_its_last_release(workflow: dict[str, Any]) -> None:
    """
    The linters and the check for breaking changes run, with the tags that the latter compares with.
    """
    steps = workflow["jobs"]["contract"]["steps"]
    checkout = next(step for step in steps if step.get("uses", "").startswith("actions/checkout@"))

    assert [step["run"] for step in steps if "run" in step] == ["make lint-spec"]
    assert checkout["with"]["fetch-depth"] == 0


def test_workflow_may_only_read(workflow: dict[str, Any]) -> None:
    """
    The hosted run has no right to write.
    """
    assert workflow["permissions"] == {"contents": "read"}
    assert not [name for name, job in workflow["jobs"].items() if "permissions" in job]


def test_workflow_covers_every_python_that_is_promised(workflow: dict[str, Any], root: Path) -> None:
    """
    The versions of the matrix are those of the classifiers.
    """
    promised = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', (root / "pyproject.toml").read_text())

    assert workflow["jobs"]["ci"]["strategy"]["matrix"]["python"] == promised


def test_workflow_pins_every_action(workflow: dict[str, Any]) -> None:
    """
    Each action is named with its version.
    """
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]

    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d[\d.]*", action) for action in used)
