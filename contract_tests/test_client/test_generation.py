"""Generation: one result everywhere, a check that sees every difference, no contract half understood."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openapi_python_client
import pytest
import yaml

ROOT = Path(__file__).parents[2]
GENERATOR = ROOT / "openapi" / "generator"
SPEC = ROOT / "openapi" / "secmaster-workflows.yaml"
PACKAGE = "secmaster_workflows"
# The templates of openapi-python-client that stand behind ours. When one changes, so may what ours leave out of it.
UPSTREAM = {
    "api_init.py.jinja": "f3b0290732b219be",
    "client.py.jinja": "4eac65762f21014a",
    "endpoint_init.py.jinja": "c1837a037fdbbd85",
    "endpoint_module.py.jinja": "c1b2628053eb4875",
    "model.py.jinja": "fd1c79680d51c06c",
    "models_init.py.jinja": "4f64a3d6e1b15a56",
    "package_init.py.jinja": "ac15907e32dc39bd",
}


@dataclass(frozen=True)
class Done:
    """How the generator ended."""

    status: int
    said: str


def generate(*arguments: object, environment: Mapping[str, str] | None = None, cwd: Path = ROOT) -> Done:
    """Runs the generator as make does."""
    done = subprocess.run(
        [sys.executable, GENERATOR / "generate.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=os.environ | (environment or {}),
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout + done.stderr)


def files(directory: Path) -> dict[str, bytes]:
    """The content of each file."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A copy of generated/ to spoil."""
    copied = tmp_path / "generated"
    shutil.copytree(ROOT / "generated", copied, ignore=shutil.ignore_patterns("__pycache__"))
    return copied


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


def test_what_is_committed_is_current() -> None:
    """generated/ is what the generator writes."""
    assert generate("--check") == Done(0, "")


def test_the_result_is_the_same_everywhere(tmp_path: Path) -> None:
    """Hash seed, locale, directory, umask and PATH leave no trace in the result."""
    elsewhere = {"PYTHONHASHSEED": "4711", "LC_ALL": "C", "LANG": "C", "PATH": "/nonexistent", "TZ": "Asia/Shanghai"}
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 20\n")
    before = os.umask(0o077)
    try:
        done = generate("--output", tmp_path / "generated", environment=elsewhere, cwd=tmp_path)
    finally:
        os.umask(before)

    assert done.status == 0, done.said
    assert files(tmp_path / "generated") == files(ROOT / "generated")


def test_every_file_says_what_it_is() -> None:
    """Each generated file begins with a constant notice."""
    for name, content in files(ROOT / "generated").items():
        if name.endswith(".py"):
            first = content.decode().splitlines()[0]
            assert first.startswith(
                ("# Generated from openapi/secmaster-workflows.yaml", "# Copied from openapi/generator/")
            )
            assert first.endswith("by `make generate`; do not edit.")
    assert (ROOT / "generated" / PACKAGE / "py.typed").exists()


def test_the_runtime_is_copied_unchanged() -> None:
    """Below its notice each runtime file is the one that people edit."""
    for source in (GENERATOR / "runtime").glob("*.py"):
        notice, _, content = (ROOT / "generated" / PACKAGE / source.name).read_text(encoding="utf-8").partition("\n")
        assert f"openapi/generator/runtime/{source.name}" in notice
        assert content == source.read_text(encoding="utf-8")


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "edited": (lambda out: (out / PACKAGE / "client.py").write_text("# mine\n"), "client.py: stale or edited by hand"),
    "edited runtime": (lambda out: (out / PACKAGE / "errors.py").write_text(""), "errors.py: stale or edited by hand"),
    "missing": (lambda out: (out / PACKAGE / "models" / "error_response.py").unlink(), "error_response.py: missing"),
    "surplus": (lambda out: (out / PACKAGE / "extra.py").write_text(""), "extra.py: surplus"),
    "surplus directory": (lambda out: shutil.copytree(out / PACKAGE / "api", out / "old"), "old/__init__.py: surplus"),
    "provenance": (lambda out: (out / "provenance.json").write_text("{}"), "provenance.json: stale"),
    "all gone": (shutil.rmtree, "client.py: missing"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_the_check_names_each_difference(case: str, output: Path) -> None:
    """A stale, edited, missing or surplus file is named, with the command that repairs it; generating repairs it."""
    spoil, line = SPOILT[case]
    spoil(output)

    done = generate("--check", "--output", output)

    assert done.status == 1
    assert line in done.said
    assert "make generate" in done.said
    assert generate("--output", output).status == 0
    assert generate("--check", "--output", output) == Done(0, "")
    assert files(output) == files(ROOT / "generated")


def test_the_provenance_tells_what_it_was_made_from() -> None:
    """Versions of generator and formatter, and the hash of each input."""
    provenance = json.loads((ROOT / "generated" / "provenance.json").read_text())

    assert provenance["generator"] == "openapi-python-client 0.29.1"
    assert provenance["formatter"] == f"ruff {importlib.metadata.version('ruff')}"
    hashes = provenance["sha256"]
    assert hashes.pop(SPEC.name) == hashlib.sha256(SPEC.read_bytes()).hexdigest()
    assert hashes.keys() >= {"config.yaml", "templates/model.py.jinja", "runtime/errors.py", "generate.py"}
    for name, digest in hashes.items():
        assert hashlib.sha256((GENERATOR / name).read_bytes()).hexdigest() == digest, name


def test_the_upstream_templates_are_those_that_ours_were_written_against() -> None:
    """Each template that stands in for one of the generator's was written with that one in view."""
    theirs = Path(openapi_python_client.__file__).parent / "templates"
    ours = {path.name for path in (GENERATOR / "templates").glob("*.jinja")}

    assert {name for name in ours if (theirs / name).exists()} == set(UPSTREAM)
    assert {name: hashlib.sha256((theirs / name).read_bytes()).hexdigest()[:16] for name in UPSTREAM} == UPSTREAM


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


BROKEN_ENVIRONMENTS: dict[str, tuple[str, str]] = {
    "another generator": (
        "openapi-python-client",
        "openapi-python-client is 0.0.1, the templates are written for 0.29.1",
    ),
    "no formatter": ("ruff", "ruff is not installed"),
}
SABOTAGE = """
import importlib.metadata as metadata, runpy, sys
real, name = metadata.version, sys.argv.pop(1)
def version(asked):
    if asked != name:
        return real(asked)
    if name == "ruff":
        raise metadata.PackageNotFoundError(name)
    return "0.0.1"
metadata.version = version
sys.path.insert(0, sys.argv[1].rsplit("/", 1)[0])
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("case", BROKEN_ENVIRONMENTS)
def test_a_broken_environment_is_one_sentence(case: str) -> None:
    """A tool that is missing or another says so, with what to do; exit status 2."""
    package, sentence = BROKEN_ENVIRONMENTS[case]
    command = [sys.executable, "-c", SABOTAGE, package, str(GENERATOR / "generate.py"), "--check"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "make" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_spec_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """A wrong path says so; exit status 2."""
    done = generate("--spec", tmp_path / "none.yaml")

    assert done.status == 2
    assert "no spec" in done.said


@pytest.mark.parametrize("text", ["", "[]", "a: [", "openapi: 3.0.0", "- x"])
def test_a_spec_that_is_none_is_one_sentence(text: str, tmp_path: Path) -> None:
    """A file that is no OpenAPI document says so; exit status 1."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(text)

    done = generate("--spec", spec, "--output", tmp_path / "generated")

    assert done.status == 1
    assert "spec.yaml" in done.said
