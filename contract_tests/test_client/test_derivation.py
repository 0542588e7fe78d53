"""The client follows the contract: a change in the YAML is a change of the client, or stops its generation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from test_client.generating import SPEC, generate


@pytest.fixture
def changed_spec(tmp_path: Path) -> Callable[[Callable[[Any], object]], Path]:
    """A copy of the YAML with something changed."""

    def change(edit: Callable[[Any], object]) -> Path:
        document = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
        edit(document)
        copied = tmp_path / SPEC.name
        copied.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return copied

    return change


DEBUG = "ActionInstanceDebugCommand"
TRY = """
import json, sys
from secmaster_workflows import InvalidCommandError, parse_command
for body in json.loads(sys.argv[1]):
    try:
        parse_command(body)
        print("accepted")
    except InvalidCommandError as error:
        print(f"{error.field}: {error}")
"""


def verdicts(spec: Path, output: Path, *bodies: Any) -> list[str]:
    """What a client that is generated from a spec says of bodies."""
    done = generate("--spec", spec, "--output", output)
    assert done.status == 0, done.said
    command = [sys.executable, "-c", TRY, json.dumps(bodies)]
    tried = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(output)}
    )
    return tried.stdout.splitlines()


CONSTRAINTS: list[tuple[dict[str, Any], Any, Any]] = [
    ({"minLength": 1}, "t", ""),
    ({"maxLength": 3}, "ttt", "tttt"),
    ({"pattern": "^[0-9a-f]+$"}, "0af", "0af\n"),
    ({"pattern": "b"}, "abc", "ac"),
    ({"enum": ["a", "b"]}, "b", "c"),
    ({"type": ["string", "integer"]}, 5, 5.5),
    ({"type": "integer", "minimum": 2}, 2, 1),
    ({"type": "boolean"}, True, 1),
]


@pytest.mark.parametrize("number", range(len(CONSTRAINTS)))
def test_a_changed_constraint_changes_the_client(
    number: int, changed_spec: Callable[[Callable[[Any], object]], Path], tmp_path: Path
) -> None:
    """A rule that is changed in the YAML alone is the client's rule; the message names command and field."""
    constraint, good, bad = CONSTRAINTS[number]
    spec = changed_spec(
        lambda document: document["components"]["schemas"][DEBUG]["properties"]["task_id"].update(constraint)
    )
    body = {"command_type": DEBUG, "input_dataobject": "[]"}

    first, second = verdicts(spec, tmp_path / "generated", {**body, "task_id": good}, {**body, "task_id": bad})

    assert first == "accepted"
    assert second.startswith(f"task_id: {DEBUG}: task_id ")


def _rename(document: Any) -> None:
    text = yaml.safe_dump(document, sort_keys=False).replace(
        "ActionInstanceRetryCommand", "ActionInstanceReplayCommand"
    )
    document.clear()
    document.update(yaml.safe_load(text))


CHANGES: dict[str, tuple[Callable[[Any], object], str, str]] = {
    "token header": (
        lambda document: document["components"]["securitySchemes"]["XAuthToken"].update(name="X-Other-Token"),
        "c.dry_run('i', s.ActionInstanceRetryCommand()).headers['X-Other-Token']",
        "***",
    ),
    "media type": (
        lambda document: _rekey(document, "application/json;charset=UTF-8", "application/json"),
        "c.dry_run('i', s.ActionInstanceRetryCommand()).headers['Content-Type']",
        "application/json",
    ),
    "regions": (
        lambda document: document["servers"][0]["variables"]["region"]["enum"].append("xx-test-9"),
        "s.WorkflowsClient(region='xx-test-9', token='t')",
        (
            "WorkflowsClient(endpoint='https://secmaster.xx-test-9.myhuaweicloud.com', "
            "project_id=None, workspace_id=None, token=***)"
        ),
    ),
    "a command's name": (
        _rename,
        "c.replay.__name__, s.ActionInstanceReplayCommand().command_type",
        "('replay', 'ActionInstanceReplayCommand')",
    ),
    "a field no longer required": (
        lambda document: document["components"]["schemas"][DEBUG]["required"].remove("task_id"),
        "s.ActionInstanceDebugCommand(input_dataobject='[]').to_dict()",
        "{'command_type': 'ActionInstanceDebugCommand', 'input_dataobject': '[]'}",
    ),
    "JSON text asserted": (
        lambda document: document["components"]["schemas"][DEBUG]["properties"]["input_dataobject"].update(
            contentMediaType="application/json", contentSchema={}
        ),
        (
            "[attempt(lambda: s.ActionInstanceDebugCommand(task_id='t', input_dataobject=text)) is None "
            "for text in ('[]', '[')]"
        ),
        "[False, True]",
    ),
}
EVALUATE = """
import sys
import secmaster_workflows as s
def attempt(build):
    try:
        return build()
    except s.InvalidCommandError:
        return None
c = s.WorkflowsClient(region="cn-north-4", token="t", project_id="p", workspace_id="w")
print(eval(sys.argv[1]))
"""


def _rekey(document: Any, old: str, new: str) -> None:
    content = document["paths"][next(iter(document["paths"]))]["put"]["requestBody"]["content"]
    content[new] = content.pop(old)


@pytest.mark.parametrize("case", CHANGES)
def test_a_changed_fact_changes_the_client(
    case: str, changed_spec: Callable[[Callable[[Any], object]], Path], tmp_path: Path
) -> None:
    """Token header, media type, endpoints, names and requirements are the YAML's."""
    edit, expression, value = CHANGES[case]
    output = tmp_path / "generated"

    done = generate("--spec", changed_spec(edit), "--output", output)
    shown = subprocess.run(
        [sys.executable, "-c", EVALUATE, expression],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(output)},
    )

    assert done.status == 0, done.said
    assert shown.stdout.strip() == value, shown.stderr


def _task_id(document: Any, **keywords: Any) -> None:
    document["components"]["schemas"][DEBUG]["properties"]["task_id"].update(keywords)


def _operation(document: Any) -> Any:
    return document["paths"][next(iter(document["paths"]))]["put"]


NOT_UNDERSTOOD: dict[str, tuple[Callable[[Any], object], str]] = {
    "a keyword": (
        lambda document: _task_id(document, minItems=1),
        "minItems, which the generated client would not check",
    ),
    "not": (lambda document: _task_id(document, **{"not": {"const": ""}}), "uses not"),
    "a conditional": (lambda document: document["components"]["schemas"][DEBUG].update({"if": {}}), "uses if"),
    "a rule on the path": (
        lambda document: document["components"]["parameters"]["InstanceId"]["schema"].update(minLength=1),
        "instance_id has rules",
    ),
    "a second operation": (
        lambda document: document["paths"][next(iter(document["paths"]))].update(
            get={"operationId": "other", "responses": {"200": {"description": "x"}}}
        ),
        "2 operations",
    ),
    "a query parameter": (
        lambda document: _operation(document)["parameters"].append(
            {"name": "dry", "in": "query", "schema": {"type": "string"}}
        ),
        "outside the path",
    ),
    "a field with the name of an argument": (
        lambda document: document["components"]["schemas"][DEBUG]["properties"].update(headers={"type": "string"}),
        "the field headers of ActionInstanceDebugCommand has the name of another argument",
    ),
    "a dangling reference": (
        lambda document: document["components"]["schemas"]["WorkflowInstanceCommand"]["oneOf"].append(
            {"$ref": "#/components/schemas/Gone"}
        ),
        "Gone",
    ),
    "another file": (
        lambda document: document["components"]["schemas"].update(ErrorResponse={"$ref": "other.yaml#/ErrorResponse"}),
        "",
    ),
}


@pytest.mark.parametrize("case", NOT_UNDERSTOOD)
def test_what_would_be_lost_is_refused(
    case: str, changed_spec: Callable[[Callable[[Any], object]], Path], tmp_path: Path
) -> None:
    """A rule that the client would not keep stops the generation, in one sentence; nothing is written."""
    edit, reason = NOT_UNDERSTOOD[case]

    done = generate("--spec", changed_spec(edit), "--output", tmp_path / "generated")

    assert done.status == 1, done.said
    assert reason in done.said
    assert len(done.said.strip().splitlines()) == 1
    assert not (tmp_path / "generated").exists()
