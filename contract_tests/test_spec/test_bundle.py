"""The derived forms in `openapi/dist/` are current, valid, and say of every body what the contract says."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from openapi_contract.document import Document, read_yaml
from secmaster_contract.shipped import openapi_directory
from test_contract.making import small, with_field
from test_spec import drawn
from test_spec.page import ROOT
from test_spec.rules import VALIDATORS, Root, with_value, without

PROGRAM = ROOT / "openapi" / "bundle" / "bundle.py"
DIST = openapi_directory() / "dist"
FORMS = ("compat31", "compat30", "statuses31")
BODY = "/paths/~1things/post/requestBody/content/application~1json/schema"

Accepts = Callable[[Any], bool]
by_form = pytest.mark.parametrize("form", FORMS)


def bundle(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program; its exit status and what it says are the result."""
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def write(directory: Path, root: Root) -> Path:
    """Write a contract to derive from."""
    path = directory / "contract.yaml"
    path.write_text(json.dumps(root), encoding="utf-8")
    return path


def derived(directory: Path, root: Root) -> dict[str, Root]:
    """Return the forms that are derived of a contract."""
    run = bundle("--source", write(directory, root), "--output", directory / "dist")
    assert (run.returncode, run.stderr) == (0, "")
    return {form: yaml.safe_load((directory / "dist" / f"{form}.yaml").read_bytes()) for form in FORMS}


def verdicts(root: Root, pointer: str) -> Mapping[str, Accepts]:
    """Return what validators that know the dialect of a document say of values of the schema at a pointer."""
    root = {"components": {}, **root}
    if root["openapi"].startswith("3.1."):
        return {name: validator(root, pointer) for name, validator in VALIDATORS.items()}
    # The Schema Object of OpenAPI 3.0 is a dialect of its own; but for `nullable`, Draft 4 agrees with it.
    schema: Root = {"$ref": f"#{pointer}", "components": copy.deepcopy(root["components"]), "paths": root["paths"]}
    for component in schema["components"].get("schemas", {}).values():
        # A discriminator is a hint that changes no verdict, and the library raises on one whose value is no string.
        component.pop("discriminator", None)
    judges = {"openapi": OAS30Validator(schema).is_valid}
    if "nullable" not in json.dumps(read_at(root, pointer)):
        judges["draft 4"] = jsonschema_rs.Draft4Validator(schema).is_valid
    return judges


def read_at(root: Root, pointer: str) -> Any:
    """Return the part of a document at a pointer, with all that lies in it."""
    return Document("a form", root).at(pointer)


def test_forms_are_current() -> None:
    """`make bundle` would write what is there."""
    run = bundle("--check")

    assert (run.returncode, run.stderr) == (0, "")


@pytest.fixture(scope="module")
def robot(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Root]:
    """The forms of the contract that bodies are drawn for."""
    return derived(tmp_path_factory.mktemp("robot"), drawn.ROOT)


def test_forms_judge_drawn_bodies_as_the_contract(robot: dict[str, Root]) -> None:
    """A drawn body has one verdict by the contract and by every form and validator."""
    judges = {form: verdicts(root, drawn.POINTER) for form, root in robot.items()}
    original = VALIDATORS["jsonschema-rs"](drawn.ROOT, drawn.POINTER)

    @settings(max_examples=300, deadline=None)
    @given(body=drawn.bodies)
    def judged_alike(body: Any) -> None:
        said = {form: {name: accepts(body) for name, accepts in by.items()} for form, by in judges.items()}
        assert {verdict for by in said.values() for verdict in by.values()} == {original(body)}, said

    judged_alike()


# A schema, values that fit it, and values that do not.
RULES: list[tuple[Any, list[Any], list[Any]]] = [
    ({"type": "string", "maxLength": 2}, ["", "ab"], ["abc", None]),
    ({"type": "string", "pattern": "^a+$"}, ["aa"], ["b"]),
    ({"type": ["string", "null"], "minLength": 1}, ["a", None], ["", 1]),
    ({"type": ["string", "integer"]}, ["a", 1], [None, True]),
    ({"type": ["string", "integer", "null"]}, ["a", 1, None], [True, []]),
    ({"type": "null"}, [None], ["", 0, {}]),
    ({"const": "a"}, ["a"], ["b", None]),
    ({"enum": ["a", "b"]}, ["a"], ["c"]),
    ({"const": "a", "enum": ["a", "b"]}, ["a"], ["b"]),
    ({"type": "integer", "exclusiveMinimum": 3}, [4], [3]),
    ({"type": "integer", "exclusiveMinimum": 3, "minimum": 1}, [4], [3]),
    ({"type": "integer", "exclusiveMaximum": 9, "maximum": 5}, [5], [6]),
    ({"type": "number", "multipleOf": 5}, [10], [3]),
    ({"type": "array"}, [[], [1]], [{}]),
    ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, [[1, 2]], [[1, 1], ["a"]]),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, [{"a": 1}], [{"a": "1"}]),
    ({"type": "object", "dependentRequired": {"a": ["b"]}}, [{}, {"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
    ({"type": "object", "minProperties": 1}, [{"a": 1}], [{}]),
    ({"anyOf": [{"type": "string"}, {"type": "object", "required": ["a"], "properties": {"a": {}}}]}, ["b"], [{}]),
    ({"type": "string", "examples": ["a"], "contentMediaType": "application/json"}, ["a"], [1]),
]


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Root]:
    """The forms of a contract that has each of the rules."""
    schemas = {f"Rule{number}": schema for number, (schema, _, _) in enumerate(RULES)}
    return derived(tmp_path_factory.mktemp("ruled"), {**small(), "components": {"schemas": schemas}})


@pytest.mark.parametrize("number", range(len(RULES)), ids=[json.dumps(schema) for schema, _, _ in RULES])
@by_form
def test_rule_holds_in_each_form(ruled: dict[str, Root], form: str, number: int) -> None:
    """Whatever the contract may say, each form says it, in the words of its version."""
    _, right, wrong = RULES[number]

    for name, accepts in verdicts(ruled[form], f"/components/schemas/Rule{number}").items():
        assert [value for value in right if not accepts(value)] == [], name
        assert [value for value in wrong if accepts(value)] == [], name


def test_form_of_each_rule_is_valid_openapi(ruled: dict[str, Root]) -> None:
    """The words are those of OpenAPI 3.0."""
    assert [error.message for error in OpenAPIV30SpecValidator(ruled["compat30"]).iter_errors()] == []


def test_words_beside_a_reference_are_kept(tmp_path: Path) -> None:
    """What stands beside a reference, which OpenAPI 3.0 ignores there, stands where it is read."""
    root = with_field({"$ref": "#/components/schemas/Text", "description": "The words."})
    root["components"] = {"schemas": {"Text": {"type": "string"}}}

    form = derived(tmp_path, root)["compat30"]

    (media,) = form["paths"]["/things"]["post"]["requestBody"]["content"].values()
    assert media["schema"]["properties"]["field"] == {
        "description": "The words.",
        "allOf": [{"$ref": "#/components/schemas/Text"}],
    }


@by_form
def test_form_of_any_place_is_valid_openapi(tmp_path: Path, form: str) -> None:
    """Parameters, headers, shared bodies and names such as `schema` or `example` are told apart from schemas."""
    level = {"name": "schema", "in": "query", "schema": {"type": "integer", "exclusiveMinimum": 0}}
    header = {"schema": {"type": "string", "examples": ["a"]}}
    named = {name: {"const": "a"} for name in ("example", "schema", "properties", "items")}
    body = {"type": "object", "properties": named}
    root = small(
        parameters=[{"$ref": "#/components/parameters/schema"}],
        requestBody={"$ref": "#/components/requestBodies/example"},
        responses={"200": {"description": "Done.", "headers": {"schema": header}}},
    )
    root["components"] = {
        "parameters": {"schema": level},
        "requestBodies": {"example": {"content": {"application/json; charset=utf-8": {"schema": body}}}},
    }

    found = derived(tmp_path, root)[form]

    validator = OpenAPIV30SpecValidator if form == "compat30" else OpenAPIV31SpecValidator
    assert [error.message for error in validator(found).iter_errors()] == []


@by_form
def test_committed_form_is_valid_openapi(form: str) -> None:
    """Each committed form keeps the version of OpenAPI that it names."""
    root = yaml.safe_load((DIST / f"{form}.yaml").read_bytes())

    validator = OpenAPIV30SpecValidator if form == "compat30" else OpenAPIV31SpecValidator
    assert root["openapi"] == ("3.0.3" if form == "compat30" else "3.1.0")
    assert [error.message for error in validator(root).iter_errors()] == []


@by_form
def test_form_differs_only_where_it_has_to(robot: dict[str, Root], form: str) -> None:
    """A form has the contract's operation, names and prose; only the words for a few things differ."""
    words = {"openapi", "info", "const", "enum", "discriminator"}
    shaped = {"step", "exclusiveMaximum", "maximum", "dependentRequired", "allOf"} if form == "compat30" else set[str]()
    allowed = {"info"} if form == "statuses31" else words | shaped

    places = [
        place
        for place in different(drawn.ROOT, robot[form])
        if "/requestBody/content/" not in place and "/responses/5" not in place
    ]

    assert {next((part for part in place.split("/") if part in allowed), place) for place in places} <= allowed
    (written,) = drawn.ROOT["paths"]["/robot"]["put"]["requestBody"]["content"].items()
    (content,) = robot[form]["paths"]["/robot"]["put"]["requestBody"]["content"].items()
    assert content == (written[0] if form == "statuses31" else "application/json", written[1])


def different(one: Any, other: Any, place: str = "") -> list[str]:
    """Return the places where two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = [*one, *(name for name in other if name not in one)]
        return [at for name in names for at in different(one.get(name), other.get(name), f"{place}/{name}")]
    return [] if one == other else [place]


def answers(root: Root) -> list[Any]:
    """Return what a document says of every status that there can be, None where it says nothing."""
    told = root["paths"]["/robot"]["put"]["responses"]
    return [told.get(str(status), told.get(f"{status // 100}XX")) for status in range(100, 600)]


@by_form
def test_form_answers_each_status_as_the_contract(robot: dict[str, Root], form: str) -> None:
    """Every status that there can be has the answer that the contract gives it, or none where it gives none."""
    assert answers(robot[form]) == answers(drawn.ROOT)


def test_statuses31_knows_no_range(robot: dict[str, Root]) -> None:
    """Each status of that form is a number, as Specmatic wants it."""
    assert all(key.isdigit() for key in robot["statuses31"]["paths"]["/robot"]["put"]["responses"])


def test_status_wins_over_its_range(tmp_path: Path) -> None:
    """A status that the contract states itself keeps its own answer where the range is spelled out."""
    stated = {"503": {"description": "Closed at night."}}
    written = drawn.ROOT["paths"]["/robot"]["put"]["responses"]

    spelled = derived(tmp_path, with_value(drawn.ROOT, "/paths/~1robot/put/responses", stated | written))

    responses = spelled["statuses31"]["paths"]["/robot"]["put"]["responses"]
    assert responses["503"] == stated["503"]
    assert responses["502"] == responses["504"] == written["5XX"]


def test_rule_left_out_changes_the_forms(tmp_path: Path) -> None:
    """A rule that leaves the contract leaves each form, and the check says so."""
    derived(tmp_path, drawn.ROOT)
    source = write(tmp_path, without(drawn.ROOT, "/components/schemas/Note/maxLength"))

    run = bundle("--source", source, "--output", tmp_path / "dist", "--check")

    assert run.returncode == 1
    assert [line.split(":")[0] for line in run.stderr.splitlines()] == ["stale or edited"] * len(FORMS) + [
        "Repair with"
    ]


def test_contract_that_is_refused_is_told(tmp_path: Path) -> None:
    """A contract that the other tools refuse is refused here, in the same sentence, and nothing is written."""
    source = write(tmp_path, with_field({"type": "string", "if": {"minLength": 1}}))

    run = bundle("--source", source, "--output", tmp_path / "dist")

    assert run.returncode == 2
    assert run.stderr.startswith(f"{source}#{BODY}/properties/field/if: the keyword if is not supported.")
    assert not (tmp_path / "dist").exists()


def test_workflows_on_another_source_are_an_error(tmp_path: Path) -> None:
    """Workflows that use more than the contract are refused in a sentence, and nothing is written."""
    workflows = read_yaml(openapi_directory() / "workflows.arazzo.yaml")
    workflows["sourceDescriptions"].append({"name": "other", "url": "./other.yaml", "type": "openapi"})
    path = write(tmp_path, workflows)

    run = bundle("--workflows", path, "--output", tmp_path / "dist")

    assert run.returncode == 2
    assert run.stderr == f"{path}#/sourceDescriptions: the contract is not the only source. Name it alone.\n"
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

    assert run.returncode == 2
    assert run.stderr.startswith(f"{source}#/: ")
    assert "Traceback" not in run.stderr
