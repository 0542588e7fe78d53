"""The derived forms in `openapi/dist/` are current, valid, and say of every body what the contract says."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from secmaster_contract.shipped import openapi_directory
from openapi_contract import Spec, join, load_spec
from test_spec.drawn import bodies
from test_spec.examples import ACCEPTED, REJECTED, read
from test_spec.page import ROOT
from test_spec.rules import VALIDATORS, Document, rules, with_value, without

PROGRAM = ROOT / "openapi" / "bundle" / "bundle.py"
DIST = openapi_directory() / "dist"
SPEC = load_spec()
DOCUMENT: Document = dict(SPEC.document)
DEBUG = "/components/schemas/ActionInstanceDebugCommand"
TASK_ID = f"{DEBUG}/properties/task_id"

Accepts = Callable[[Any], bool]


def bundle(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program; its exit status and what it says are the result."""
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def derived(form: str, directory: Path = DIST) -> Document:
    """Return a derived form as data."""
    document: Document = yaml.safe_load((directory / f"{form}.yaml").read_bytes())
    return document


def verdicts(document: Document) -> dict[str, Accepts]:
    """Return what two validators that know the dialect of a document say of a body."""
    if document["openapi"].startswith("3.1."):
        return {name: validator(document, SPEC.body_pointer) for name, validator in VALIDATORS.items()}
    # The Schema Object of OpenAPI 3.0 is a dialect of its own; on this contract's keywords Draft 4 agrees with it.
    schema = {"$ref": f"#{SPEC.body_pointer}", "components": copy.deepcopy(document["components"])}
    # A discriminator is a hint that changes no verdict, and the library raises on one whose value is no string.
    Spec(schema).at(SPEC.body_pointer).pop("discriminator", None)
    return {"openapi": OAS30Validator(schema).is_valid, "draft 4": jsonschema_rs.Draft4Validator(schema).is_valid}


FORMS = {form: verdicts(derived(form)) for form in ("compat31", "compat30", "statuses31")}
ORIGINAL = VALIDATORS["jsonschema-rs"](DOCUMENT, SPEC.body_pointer)
by_form = pytest.mark.parametrize("form", FORMS)


def test_forms_are_current() -> None:
    """`make bundle` would write what is there."""
    run = bundle("--check")

    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("path", [*ACCEPTED, *REJECTED], ids=lambda path: f"{path.parent.name}/{path.stem}")
@by_form
def test_form_judges_examples_as_the_contract(form: str, path: Path) -> None:
    """Each example has the verdict of its folder by every form and validator."""
    accepted = path.parent.name == "accepted"

    assert {accepts(read(path)) for accepts in FORMS[form].values()} == {accepted}


@settings(max_examples=300, deadline=None)
@given(body=bodies)
def test_forms_judge_drawn_bodies_as_the_contract(body: Any) -> None:
    """A drawn body has one verdict by the contract and by every form and validator."""
    said = {form: {name: accepts(body) for name, accepts in by.items()} for form, by in FORMS.items()}

    assert {verdict for by in said.values() for verdict in by.values()} == {ORIGINAL(body)}, said


def test_forms_are_valid_openapi() -> None:
    """Each form keeps the version of OpenAPI that it names."""
    assert {form: derived(form)["openapi"] for form in FORMS} == {
        "compat31": "3.1.0",
        "compat30": "3.0.3",
        "statuses31": "3.1.0",
    }
    assert not list(OpenAPIV31SpecValidator(derived("compat31")).iter_errors())
    assert not list(OpenAPIV30SpecValidator(derived("compat30")).iter_errors())
    assert not list(OpenAPIV31SpecValidator(derived("statuses31")).iter_errors())


@by_form
def test_form_differs_only_where_it_has_to(form: str) -> None:
    """A form has the contract's operation, names and prose; only the words for a few things differ."""
    words = {"openapi", "info", "const", "enum", "discriminator", "contentMediaType", "x-contentMediaType"}
    allowed = {"info"} if form == "statuses31" else words
    put = f"/{SPEC.method.lower()}"

    places = [
        place
        for place in different(DOCUMENT, derived(form))
        if f"{put}/requestBody/content/" not in place and f"{put}/responses/5" not in place
    ]

    assert {place.split("/")[1 if place.startswith("/info") else -1] for place in places} <= allowed
    (content,) = derived(form)["paths"][SPEC.path]["put"]["requestBody"]["content"].items()
    media_type = SPEC.media_type if form == "statuses31" else "application/json"
    assert content == (media_type, SPEC.operation["requestBody"]["content"][SPEC.media_type])


@by_form
def test_form_answers_each_status_as_the_contract(form: str) -> None:
    """Every status that there can be has the answer that the contract gives it, or none where it gives none."""
    statuses = range(100, 600)
    own = Spec(derived(form))

    assert [answer(own, status) for status in statuses] == [answer(SPEC, status) for status in statuses]


def answer(spec: Spec, status: int) -> Any:
    """Return what a document says of a status, None where it says nothing."""
    key = spec.response_key(status)
    return None if key is None else spec.operation["responses"][key]


def test_statuses31_knows_no_range() -> None:
    """Each status of that form is a number, as Specmatic wants it."""
    assert all(key.isdigit() for key in Spec(derived("statuses31")).responses)


def test_status_wins_over_its_range(tmp_path: Path) -> None:
    """A status that the contract states itself keeps its own answer where the range is spelled out."""
    pointer = join("paths", SPEC.path, SPEC.method.lower(), "responses")
    stated = {"503": {"description": "Closed at night."}}
    source = write(tmp_path, with_value(DOCUMENT, pointer, stated | SPEC.operation["responses"]))
    assert bundle("--source", source, "--output", tmp_path / "dist").returncode == 0

    spelled = Spec(derived("statuses31", tmp_path / "dist")).operation["responses"]

    assert spelled["503"] == stated["503"]
    assert spelled["502"] == spelled["504"] == SPEC.operation["responses"]["5XX"]


def different(one: Any, other: Any, place: str = "") -> list[str]:
    """Return the places where two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = [*one, *(name for name in other if name not in one)]
        return [at for name in names for at in different(one.get(name), other.get(name), f"{place}/{name}")]
    return [] if one == other else [place]


@pytest.mark.parametrize("rule", [rule for rule in sorted(set(rules(DOCUMENT, SPEC.body_pointer))) if "Debug" in rule])
def test_rule_left_out_changes_the_forms(tmp_path: Path, rule: str) -> None:
    """A rule that leaves the contract leaves each form, and the check says so."""
    source = write(tmp_path, without(DOCUMENT, rule))

    run = bundle("--source", source, "--check")

    assert run.returncode == 1
    assert [line.split(":")[0] for line in run.stderr.splitlines()] == ["stale or edited"] * len(FORMS) + [
        "Repair with"
    ]


def write(directory: Path, document: Document) -> Path:
    """Write a contract to derive from."""
    path = directory / "contract.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


@by_form
def test_added_limit_reaches_the_form(tmp_path: Path, form: str) -> None:
    """A limit added to the contract holds in each form."""
    source = write(tmp_path, with_value(DOCUMENT, f"{TASK_ID}/minLength", 1))
    assert bundle("--source", source, "--output", tmp_path / "dist").returncode == 0

    judges = verdicts(derived(form, tmp_path / "dist")).values()

    bodies_with = [{**SPEC.examples["debug"], "task_id": task_id} for task_id in ("", "a")]
    assert [{accepts(body) for accepts in judges} for body in bodies_with] == [{False}, {True}]


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        (f"{TASK_ID}/type", ["string", "null"], "no such type"),
        (f"{TASK_ID}/if", {"minLength": 1}, "no if"),
        (f"{TASK_ID}/examples", ["a"], "no examples"),
        (f"{TASK_ID}/exclusiveMinimum", 3, "no numeric exclusiveMinimum"),
        (f"{DEBUG}/propertyNames", {"maxLength": 9}, "no propertyNames"),
        (f"{DEBUG}/properties/task_id", {"$ref": f"#{DEBUG}", "minLength": 1}, "beside $ref"),
        (f"{DEBUG}/properties/command_type/enum", ["ActionInstanceDebugCommand"], "both const and enum"),
        ("/webhooks", {}, "no webhooks"),
    ],
)
def test_what_a_form_cannot_say_is_an_error(tmp_path: Path, pointer: str, value: Any, said: str) -> None:
    """A contract that 3.0 has no words for is refused in a sentence, and nothing is written."""
    source = write(tmp_path, with_value(DOCUMENT, pointer, value))

    run = bundle("--source", source, "--output", tmp_path / "dist")

    assert run.returncode == 1
    assert run.stderr.startswith("Cannot derive compat30: ")
    assert said in run.stderr
    assert not (tmp_path / "dist").exists()


def test_workflows_on_another_source_are_an_error(tmp_path: Path) -> None:
    """Workflows that use more than the contract are refused in a sentence, and nothing is written."""
    workflows = yaml.safe_load((openapi_directory() / "workflows.arazzo.yaml").read_bytes())
    workflows["sourceDescriptions"].append({"name": "other", "url": "./other.yaml", "type": "openapi"})
    path = write(tmp_path, workflows)

    run = bundle("--workflows", path, "--output", tmp_path / "dist")

    assert (run.returncode, run.stderr) == (
        1,
        "Cannot derive the workflows: the contract is not their only source.\n",
    )
    assert not (tmp_path / "dist").exists()


def test_edited_missing_and_foreign_files_are_named(tmp_path: Path) -> None:
    """The check names each file that differs from what would be written, and the repair works."""
    assert bundle("--output", tmp_path).returncode == 0
    (tmp_path / "compat31.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    (tmp_path / "compat30.yaml").unlink()
    (tmp_path / "notes.txt").write_text("by hand", encoding="utf-8")
    (tmp_path / "statuses31_examples").mkdir()

    check = bundle("--output", tmp_path, "--check")

    assert check.returncode == 1
    for line in ("missing: ", "stale or edited: ", "not derived: ", "Repair with: make bundle"):
        assert line in check.stderr
    assert bundle("--output", tmp_path).returncode == 0
    assert bundle("--output", tmp_path, "--check").returncode == 0


@pytest.mark.parametrize("text", [None, "a: [", "[]"])
def test_source_that_cannot_be_read_gets_a_sentence(tmp_path: Path, text: str | None) -> None:
    """A missing or unreadable contract is reported without a traceback."""
    source = tmp_path / "contract.yaml"
    if text is not None:
        source.write_text(text, encoding="utf-8")

    run = bundle("--source", source, "--check")

    assert run.returncode in (1, 2)
    assert run.stderr
    assert "Traceback" not in run.stderr
