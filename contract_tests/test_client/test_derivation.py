"""The client follows the contract: a change in the YAML is a change of the client, or stops its generation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
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
    done = generate("--contract", spec, "--output", output)
    assert done.status == 0, done.said
    command = [sys.executable, "-c", TRY, json.dumps(bodies)]
    tried = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(output)}
    )
    return tried.stdout.splitlines()


CONSTRAINTS: list[tuple[dict[str, Any], Any, Any]] = [
    ({"minLength": 1}, "t", ""),
    ({"format": "date-time"}, "2026-01-31T12:00:00Z", "2026-01-31"),
    ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, [1, 2], [1, 1.0]),
    ({"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}, {"a": "b"}, {"a": 1}),
    ({"maxLength": 3}, "ttt", "tttt"),
    ({"pattern": "^[0-9a-f]+$"}, "0af", "0af\n"),
    ({"pattern": "b"}, "abc", "ac"),
    ({"enum": ["a", "b"]}, "b", "c"),
    ({"type": ["string", "integer"]}, 5, 5.5),
    ({"type": "integer", "minimum": 2}, 2, 1),
    ({"type": "boolean"}, True, 1),
]


def _restate(document: Any, name: str, keywords: Mapping[str, Any], example: Any) -> None:
    """States a field's schema anew, with an example that fits it."""
    schema = document["components"]["schemas"][name]
    schema.update({"type": "string", **keywords})
    fields = {"TaskId": "task_id", "InputDataobject": "input_dataobject"}
    (media,) = _operation(document)["requestBody"]["content"].values()
    media["examples"]["debug"]["value"][fields[name]] = example


@pytest.mark.parametrize("number", range(len(CONSTRAINTS)))
def test_a_changed_constraint_changes_the_client(
    number: int, changed_spec: Callable[[Callable[[Any], object]], Path], tmp_path: Path
) -> None:
    """A rule that is changed in the YAML alone is the client's rule; the message names command and field."""
    constraint, good, bad = CONSTRAINTS[number]
    spec = changed_spec(lambda document: _restate(document, "TaskId", constraint, good))
    body = {"command_type": DEBUG, "input_dataobject": "[]"}

    first, second = verdicts(spec, tmp_path / "generated", {**body, "task_id": good}, {**body, "task_id": bad})

    assert first == "accepted"
    assert second.startswith(f"task_id: {DEBUG}: task_id")


def _rename(old: str, new: str) -> Callable[[Any], object]:
    def edit(document: Any) -> None:
        text = yaml.safe_dump(document, sort_keys=False).replace(old, new)
        document.clear()
        document.update(yaml.safe_load(text))

    return edit


def _server_variable(name: str) -> Callable[[Any], object]:
    def edit(document: Any) -> None:
        (server,) = document["servers"]
        server["url"] = server["url"].replace("region", name)
        server["variables"] = {name: server["variables"]["region"]}

    return edit


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
        _rename("ActionInstanceRetryCommand", "ActionInstanceReplayCommand"),
        "c.replay.__name__, s.ActionInstanceReplayCommand().command_type",
        "('replay', 'ActionInstanceReplayCommand')",
    ),
    "a field no longer required": (
        lambda document: document["components"]["schemas"][DEBUG]["required"].remove("task_id"),
        "s.ActionInstanceDebugCommand(input_dataobject='[]').to_dict()",
        "{'command_type': 'ActionInstanceDebugCommand', 'input_dataobject': '[]'}",
    ),
    "JSON text asserted": (
        lambda document: document["components"]["schemas"]["InputDataobject"].update(contentSchema={}),
        (
            "[attempt(lambda: s.ActionInstanceDebugCommand(task_id='t', input_dataobject=text)) is None "
            "for text in ('[]', '[')]"
        ),
        "[False, True]",
    ),
    "a field with the name of an argument": (
        lambda document: document["components"]["schemas"][DEBUG]["properties"].update(headers={"type": "string"}),
        (
            "(c.debug('i', task_id='t', input_dataobject='[]', headers_body='own', headers={'X-A': '1'}), "
            "t.commands[0].headers, t.requests[0].headers['X-A'])[1:]"
        ),
        "('own', '1')",
    ),
    "a server variable with the name of an option": (
        _server_variable("timeout"),
        "s.WorkflowsClient(timeout_='cn-north-4', timeout=5, token='t')",
        (
            "WorkflowsClient(endpoint='https://secmaster.cn-north-4.myhuaweicloud.com', "
            "project_id=None, workspace_id=None, token=***)"
        ),
    ),
    "a parameter of the path with the name of an option": (
        _rename("project_id", "headers"),
        "s.WorkflowsClient(endpoint='https://h.example', token='t', headers_='p', headers={'X-A': '1'})",
        "WorkflowsClient(endpoint='https://h.example', headers_='p', workspace_id=None, token=***)",
    ),
}
EVALUATE = """
import sys
import secmaster_workflows as s
from secmaster_workflows.testing import ExampleTransport
def attempt(build):
    try:
        return build()
    except s.InvalidArgumentError:
        return None
t = ExampleTransport()
place = {"endpoint": "https://host.example", "project_id": "p", "workspace_id": "w"}
c = attempt(lambda: s.WorkflowsClient(token="t", transport=t, **place))
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

    done = generate("--contract", changed_spec(edit), "--output", output)
    shown = subprocess.run(
        [sys.executable, "-c", EVALUATE, expression],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(output)},
    )

    assert done.status == 0, done.said
    assert shown.stdout.strip() == value, shown.stderr


def _operation(document: Any) -> Any:
    return document["paths"][next(iter(document["paths"]))]["put"]


NOT_UNDERSTOOD: dict[str, tuple[Callable[[Any], object], str]] = {
    "a keyword of another type": (
        lambda document: document["components"]["schemas"]["TaskId"].update(minItems=1),
        "/components/schemas/TaskId/minItems: minItems says nothing of a value of type string",
    ),
    "not": (
        lambda document: document["components"]["schemas"]["TaskId"].update({"not": {"const": ""}}),
        "/components/schemas/TaskId/not: the keyword not is not supported",
    ),
    "a conditional": (
        lambda document: document["components"]["schemas"][DEBUG].update({"if": {}}),
        f"/components/schemas/{DEBUG}/if: the keyword if is not supported",
    ),
    "a pattern of one engine": (
        lambda document: document["components"]["schemas"]["TaskId"].update(pattern=r"^\p{L}+$"),
        "/components/schemas/TaskId/pattern: the pattern",
    ),
    "a header of HTTP's": (
        lambda document: _operation(document)["parameters"].append(
            {"name": "Content-Length", "in": "header", "schema": {"type": "integer"}}
        ),
        "Content-Length",
    ),
    "content that is more than JSON": (
        lambda document: document["components"]["schemas"]["InputDataobject"].update(contentSchema={"type": "array"}),
        "contentSchema",
    ),
    "a dangling reference": (
        lambda document: document["components"]["schemas"]["WorkflowInstanceCommand"]["oneOf"].append(
            {"$ref": "#/components/schemas/Gone"}
        ),
        "Gone",
    ),
    "another file": (
        lambda document: document["components"]["schemas"].update(ErrorResponse={"$ref": "other.yaml#/ErrorResponse"}),
        "leads out of this file",
    ),
}


@pytest.mark.parametrize("case", NOT_UNDERSTOOD)
def test_what_would_be_lost_is_refused(
    case: str, changed_spec: Callable[[Callable[[Any], object]], Path], tmp_path: Path
) -> None:
    """A rule that the client would not keep stops the generation, by file and pointer; nothing is written."""
    edit, reason = NOT_UNDERSTOOD[case]

    done = generate("--contract", changed_spec(edit), "--output", tmp_path / "generated")

    assert done.status == 2, done.said
    assert reason in done.said
    assert all(line.startswith("Cannot generate: ") and line.endswith(".") for line in done.said.splitlines())
    assert not (tmp_path / "generated").exists()
