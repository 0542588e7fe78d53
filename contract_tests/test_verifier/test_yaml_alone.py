"""A rule that is changed in the YAML, and nowhere else, reaches the oracle, the vectors, the mock and the verdicts."""

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi_contract import Spec, load_spec
from openapi_contract.oracle import Oracle, Standing
from secmaster_contract.judge.verdicts import Verdict
from secmaster_contract.run.session import run
from secmaster_contract.shipped import PACKAGE, openapi_directory
from test_verifier.servers.reference import DEBUG, Reference
from test_verifier.servers.wire import serving
from test_verifier.verifying import keys, target_at, told

Change = Callable[[dict[str, Any]], None]


def _fields(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    schemas = document["components"]["schemas"]
    return [schema["properties"][name] for key, schema in schemas.items() if key.startswith("ActionInstance")]


def shortest(document: dict[str, Any]) -> None:
    """Ask for a task_id of some length."""
    for field in _fields(document, "task_id"):
        field["minLength"] = 8


def shape(document: dict[str, Any]) -> None:
    """Ask for a task_id of some form."""
    for field in _fields(document, "task_id"):
        field["pattern"] = "^[0-9a-f-]{36}$"


def reason(document: dict[str, Any]) -> None:
    """Ask for one more field with terminate."""
    document["components"]["schemas"]["ActionInstanceTerminateCommand"]["required"].append("task_id")
    media = next(iter(document["paths"].values()))["put"]["requestBody"]["content"]
    examples = next(iter(media.values()))["examples"]
    examples["terminate"]["value"]["task_id"] = examples["debug"]["value"]["task_id"]


CHANGES: dict[str, tuple[Change, dict[str, Any], str]] = {
    "minLength": (shortest, {"task_id": "short"}, "body.task-id.minLength"),
    "pattern": (shape, {"task_id": "no-node"}, "body.task-id.pattern"),
}


@pytest.fixture(params=CHANGES)
def change(request: pytest.FixtureRequest) -> tuple[Change, dict[str, Any], str]:
    """A change of the YAML, what breaks the new rule, and the clause that is made from it."""
    return CHANGES[request.param]


@pytest.fixture
def changed(change: tuple[Change, dict[str, Any], str]) -> Spec:
    """The contract with the change."""
    document = copy.deepcopy(dict(load_spec().document))
    change[0](document)
    return Spec(document)


def test_oracle_follows_the_yaml(changed: Spec, change: tuple[Change, dict[str, Any], str]) -> None:
    """
    What breaks the new rule was accepted and is refused.
    """
    body = {"command_type": DEBUG, "input_dataobject": "[]"} | change[1]

    before, after = Oracle().judge_value(body), Oracle(changed).judge_value(body)

    assert (before.standing, after.standing) == (Standing.ACCEPTED, Standing.REFUSED)


def test_server_without_the_new_rule_violates_it(changed: Spec, change: tuple[Change, dict[str, Any], str]) -> None:
    """
    A server that was correct breaks the new rule, and the rule alone is blamed, by its place in the YAML.
    """
    with serving(Reference()) as url:
        report = run(target_at(url), spec=changed)

    assert keys(report, Verdict.VIOLATES) == {change[2]}, told(report)


def test_newly_mandatory_field_is_asked_for() -> None:
    """
    A field that the YAML makes mandatory for one more command is left out of that command, and the server blamed.
    """
    document = copy.deepcopy(dict(load_spec().document))
    reason(document)
    with serving(Reference()) as url:
        report = run(target_at(url), spec=Spec(document))

    blamed = {seen.vector for result in report.of(Verdict.VIOLATES) for seen in result.failures}
    assert "ActionInstanceTerminateCommand/task_id/absent" in blamed


def test_copy_with_a_changed_yaml_holds_together(change: tuple[Change, dict[str, Any], str], tmp_path: Path) -> None:
    """
    In a copy where the YAML alone differs, the mock keeps the new rule and the verifier has looked for it.
    """
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "contract_tests" / PACKAGE.name, ignore=ignore)
    shutil.copytree(openapi_directory(), tmp_path / "openapi", ignore=ignore)
    path = tmp_path / "openapi" / "secmaster-workflows.yaml"
    document = yaml.safe_load(path.read_text())
    change[0](document)
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    program = "from secmaster_contract.cli import main; main()"

    run = subprocess.run(
        [sys.executable, "-c", program, "verify", "--mock", "--json", str(tmp_path / "verdict.json")],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "contract_tests")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    clauses = {row["key"]: row["verdict"] for row in json.loads((tmp_path / "verdict.json").read_text())["clauses"]}
    assert clauses[change[2]] == "conforms"
