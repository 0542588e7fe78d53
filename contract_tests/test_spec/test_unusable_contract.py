"""A contract or a ledger that cannot be used is bad usage, told with its file and the place in it."""

from __future__ import annotations

import ast
import copy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from secmaster_contract import cli
from secmaster_contract.harness import ledger, spec
from secmaster_contract.harness.places import PACKAGE, openapi_directory
from secmaster_contract.vector_list import example_catalogue

CONTRACT, LEDGER = "secmaster-workflows.yaml", "clauses.yaml"
DOCUMENTS: dict[str, Any] = {
    name: yaml.safe_load((openapi_directory() / name).read_text(encoding="utf-8")) for name in (CONTRACT, LEDGER)
}
(PATH,) = DOCUMENTS[CONTRACT]["paths"]
OPERATION = f"/paths/{PATH.replace('/', '~1')}/put"
MEDIA = f"{OPERATION}/requestBody/content/application~1json;charset=UTF-8"
DEBUG = "/components/schemas/ActionInstanceDebugCommand"
Write = Callable[[str, Any], None]
REMOVED = object()

# Place, what stands there instead, and the place that the message names.
FAULTS: dict[str, tuple[str, str, Any, str]] = {
    "no operation": (CONTRACT, OPERATION, REMOVED, OPERATION.rpartition("/")[0]),
    "body of no kind": (CONTRACT, f"{OPERATION}/requestBody", 7, f"{OPERATION}/requestBody"),
    "no security": (CONTRACT, f"{OPERATION}/security", [], f"{OPERATION}/security"),
    "unknown scheme": (CONTRACT, f"{OPERATION}/security/0", {"Other": []}, f"{OPERATION}/security/0"),
    "reference to nothing": (CONTRACT, f"{MEDIA}/schema/$ref", "#/components/schemas/Nothing", f"{MEDIA}/schema/$ref"),
    "reference to itself": (CONTRACT, DEBUG, {"$ref": f"#{DEBUG}"}, f"{DEBUG}/$ref"),
    "one command": (CONTRACT, "/components/schemas/WorkflowInstanceCommand/oneOf", [{"$ref": f"#{DEBUG}"}], "/oneOf"),
    "type of no kind": (CONTRACT, f"{DEBUG}/properties/task_id/type", "text", f"{DEBUG}/properties/task_id/type"),
    "pattern that is none": (
        CONTRACT,
        f"{DEBUG}/properties/task_id",
        {"pattern": "("},
        f"{DEBUG}/properties/task_id/pattern",
    ),
    "required field of no kind": (CONTRACT, f"{DEBUG}/required/1", "task", f"{DEBUG}/required"),
    "no selector": (CONTRACT, f"{DEBUG}/required", ["task_id"], DEBUG),
    "no example": (CONTRACT, f"{MEDIA}/examples/debug", REMOVED, f"{MEDIA}/examples"),
    "invalid example": (CONTRACT, f"{MEDIA}/examples/debug/value/task_id", 7, f"{MEDIA}/examples/debug/value/task_id"),
    "no answer of success": (CONTRACT, f"{OPERATION}/responses/200", REMOVED, f"{OPERATION}/responses"),
    "status that is a number": (CONTRACT, f"{OPERATION}/responses", {200: {}}, f"{OPERATION}/responses"),
    "text for a document": (CONTRACT, "", "text", "the whole document"),
    "level of no kind": (LEDGER, "/clauses/uri.operation/level", "WILL", "/clauses/uri.operation/level"),
    "no text": (LEDGER, "/clauses/uri.operation/text", REMOVED, "/clauses/uri.operation"),
    "no group": (LEDGER, "/groups/uri", REMOVED, "/clauses/uri.operation"),
    "no row of a check": (LEDGER, "/clauses/http.stateless", REMOVED, "/clauses"),
    "no row of an example": (LEDGER, "/clauses/body.example.debug", REMOVED, "/clauses"),
    "untested row of a check": (LEDGER, "/clauses/http.json/untested", "why", "/clauses/http.json/untested"),
    "rows of no kind": (LEDGER, "/clauses", [1], "/clauses"),
}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Put a document, or a text, in the place of one that ships."""
    shutil.copytree(openapi_directory(), tmp_path / "openapi", ignore=shutil.ignore_patterns("*[!l]", "dist"))
    for module in (spec, ledger):
        monkeypatch.setattr(module, "openapi_directory", lambda: tmp_path / "openapi")

    def put(name: str, document: Any) -> None:
        text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False)
        (tmp_path / "openapi" / name).write_text(text, encoding="utf-8")
        forget()

    def forget() -> None:
        spec.load_spec.cache_clear()
        ledger.load_ledger.cache_clear()

    yield put
    monkeypatch.undo()
    forget()


def changed(name: str, pointer: str, value: Any) -> Any:
    """Return a document that ships with another value in one place."""
    holder = {"": copy.deepcopy(DOCUMENTS[name])}
    _put(holder, pointer.split("/"), value)
    return holder[""]


def _put(node: Any, tokens: list[str], value: Any) -> None:
    key = _key(node, tokens[0])
    if len(tokens) > 1:
        _put(node[key], tokens[1:], value)
    elif value is REMOVED:
        del node[key]
    else:
        node[key] = value


def _key(node: Any, token: str) -> Any:
    return int(token) if isinstance(node, list) else token.replace("~1", "/")


def invoke(*arguments: str) -> Result:
    """Run the command line."""
    return CliRunner().invoke(cli._group, arguments, env={"SECMASTER_TOKEN": "a-token-of-the-test"})


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_told_with_file_and_place(write: Write, fault: str) -> None:
    """
    What is wrong with the contract or the ledger is bad usage, told with the file and a JSON pointer.
    """
    name, pointer, value, place = FAULTS[fault]
    write(name, changed(name, pointer, value))
    result = invoke("verify", "http://127.0.0.1:1")

    assert result.exit_code == 2, result.output
    assert re.search(rf"{re.escape(name)} cannot be used:\n(?:.*\n)*?  \S*{re.escape(place)}: ", result.output)


@pytest.mark.parametrize(
    "text", ["a: [", "\x00", "a: &a [*a]", "[" * 5000, "a: 2026-02-30", "? [a]\n: b", "é".encode("latin-1")]
)
def test_what_is_no_yaml_is_told_with_its_file(write: Write, tmp_path: Path, text: str | bytes) -> None:
    """
    A file that is not YAML, or holds what JSON cannot hold, is bad usage, told with the file.
    """
    write(CONTRACT, "")
    (tmp_path / "openapi" / CONTRACT).write_bytes(text if isinstance(text, bytes) else text.encode())
    result = invoke("verify", "http://127.0.0.1:1")

    assert result.exit_code == 2, result.output
    assert f"openapi/{CONTRACT} " in result.output


@pytest.mark.parametrize("command", ["verify --mock", "verify --list", "verify --mock --plan", "coverage", "clauses"])
def test_every_command_tells_it(write: Write, command: str) -> None:
    """
    Whatever command reads the contract tells what is wrong with it as bad usage.
    """
    write(CONTRACT, changed(CONTRACT, f"{OPERATION}/requestBody", 7))
    result = invoke(*command.split())

    assert result.exit_code == 2, result.output
    assert f"{OPERATION}/requestBody: 7 is not of type" in result.output


PROGRAMS: dict[str, tuple[list[str], int]] = {
    "mock": (["-m", "secmaster_contract.mock", "--port", "0"], 2),
    "own suite": (
        ["-m", "pytest", "-p", "secmaster_contract.pytest_plugin", "--contract-target", "http://127.0.0.1:1"],
        pytest.ExitCode.USAGE_ERROR,
    ),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_tell_it(tmp_path: Path, program: str) -> None:
    """
    The mock by itself, and a suite of somebody's own, end with the same message, and no traceback.
    """
    ignore = shutil.ignore_patterns("__pycache__", "dist")
    shutil.copytree(PACKAGE, tmp_path / "contract_tests" / PACKAGE.name, ignore=ignore)
    shutil.copytree(openapi_directory(), tmp_path / "openapi", ignore=ignore)
    document = changed(CONTRACT, f"{OPERATION}/requestBody", 7)
    (tmp_path / "openapi" / CONTRACT).write_text(json.dumps(document), encoding="utf-8")
    arguments, status = PROGRAMS[program]
    ended = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "contract_tests"), "SECMASTER_TOKEN": "a-token-of-the-test"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == status, ended.stdout + ended.stderr
    assert f"{OPERATION}/requestBody: 7 is not of type" in ended.stderr
    assert "Traceback" not in ended.stderr


def places(node: Any, pointer: str = "") -> Iterator[str]:
    """Yield a pointer to each place of a document that is no remark for people."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in items:
        place = f"{pointer}/{str(name).replace('/', '~1')}"
        if name not in {"description", "summary", "title", "text", "info", "servers", "tags", "externalDocs"}:
            yield place
            yield from places(child, place)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whatever_stands_in_a_place_is_used_or_told(write: Write, name: str) -> None:
    """
    With any place of the two files changed, the vectors are made, or the fault is told: nothing else happens.
    """
    values = [REMOVED, None, 7, {}, [], "text"]
    used = told = number = 0
    for number, place in enumerate(places(DOCUMENTS[name])):
        write(name, json.dumps(changed(name, place, values[number % len(values)])))
        try:
            example_catalogue(spec.Spec.load())
            used += 1
        except spec.SpecError as error:
            told += f"{name} cannot be used:\n  " in str(error)

    assert used > 20
    assert told > 100
    assert used + told == number + 1


def test_rows_that_checks_name_are_known() -> None:
    """
    The ledger is asked for every row that the checks name.
    """
    modules = [*(PACKAGE / "harness").rglob("*.py"), *(PACKAGE / "clauses").rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules if path.name != "ledger.py"]
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert {text for text in texts if text in DOCUMENTS[LEDGER]["clauses"]} <= ledger.NEEDED
    assert set(DOCUMENTS[LEDGER]["clauses"]) >= ledger.NEEDED
