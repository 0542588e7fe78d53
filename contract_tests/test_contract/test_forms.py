"""The forms for other tools are derived from any contract, or refused by pointer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator

from openapi_contract import Contract
from openapi_contract.oracle import Oracle

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "openapi" / "bundle" / "bundle.py"
CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {
            "post": {
                "operationId": "addThing",
                "requestBody": {"$ref": "#/components/requestBodies/Thing"},
                "responses": {"204": {"description": "It is there."}},
            }
        }
    },
    "components": {
        "requestBodies": {
            "Thing": {
                "required": True,
                "content": {"application/json;charset=UTF-8": {"schema": {"$ref": "#/components/schemas/Thing"}}},
            }
        },
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["size"],
                "properties": {
                    "size": {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 5},
                    "note": {"type": ["string", "null"], "maxLength": 2},
                    "kind": {"const": "a"},
                },
            }
        },
    },
}


def bundle(source: Path, output: Path) -> subprocess.CompletedProcess[str]:
    """Runs the program; its exit status and what it says are the result."""
    command = [sys.executable, str(PROGRAM), "--source", str(source), "--output", str(output)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The forms of the contract above."""
    directory = tmp_path_factory.mktemp("forms")
    (directory / "contract.yaml").write_text(yaml.safe_dump(CONTRACT), encoding="utf-8")
    done = bundle(directory / "contract.yaml", directory / "dist")
    assert (done.returncode, done.stderr) == (0, "")
    return {path.stem: yaml.safe_load(path.read_text()) for path in (directory / "dist").glob("*31.yaml")} | {
        "compat30": yaml.safe_load((directory / "dist" / "compat30.yaml").read_text())
    }


BODIES = st.fixed_dictionaries(
    {},
    optional={
        "size": st.sampled_from([1, 1.5, 2, 5, "2", None]),
        "note": st.sampled_from([None, "", "abc", 1]),
        "kind": st.sampled_from(["a", "b", None]),
    },
)


@settings(deadline=None)
@given(body=BODIES)
def test_each_form_judges_bodies_as_the_contract(body: Any, forms: dict[str, Any]) -> None:
    """Null, exclusive limits and constants mean the same in the words of OpenAPI 3.0."""
    contract = Contract.of(document_of(CONTRACT))
    place = "/components/schemas/Thing"
    schema = {"$ref": f"#{place}", "components": forms["compat30"]["components"]}

    verdicts = {
        Oracle(contract).validator(place).is_valid(body),
        OAS30Validator(schema).is_valid(body),
        *(
            jsonschema_rs.Draft202012Validator({"$ref": f"#{place}", "components": form["components"]}).is_valid(body)
            for name, form in forms.items()
            if name != "compat30"
        ),
    }

    assert len(verdicts) == 1


def document_of(root: dict[str, Any]) -> Any:
    """A document in memory."""
    from openapi_contract.document import Document  # noqa: PLC0415  beside its one use

    return Document("contract.yaml", root)


def test_the_media_type_of_a_shared_body_is_short(forms: dict[str, Any]) -> None:
    """A body that operations refer to loses its parameters in the forms as one that they state does."""
    assert list(forms["compat31"]["components"]["requestBodies"]["Thing"]["content"]) == ["application/json"]


@pytest.mark.parametrize(
    ("keywords", "pointer"),
    [
        ({"type": ["string", "integer"]}, "/components/schemas/Thing/properties/note/type"),
        ({"type": "string", "examples": ["a"]}, "/components/schemas/Thing/properties/note/examples"),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": 0}, "/properties/note/exclusiveMinimum"),
        ({"type": "string", "not": {"const": ""}}, "/components/schemas/Thing/properties/note/not"),
    ],
)
def test_what_a_form_cannot_say_is_refused_by_pointer(keywords: dict[str, Any], pointer: str, tmp_path: Path) -> None:
    """A contract that a form has no words for is one sentence with its place; exit status 2, and nothing is written."""
    thing = CONTRACT["components"]["schemas"]["Thing"]
    changed = {**thing, "properties": {**thing["properties"], "note": keywords}}
    root = {**CONTRACT, "components": {**CONTRACT["components"], "schemas": {"Thing": changed}}}
    (tmp_path / "contract.yaml").write_text(yaml.safe_dump(root), encoding="utf-8")

    done = bundle(tmp_path / "contract.yaml", tmp_path / "dist")

    assert done.returncode == 2
    assert done.stderr.startswith("Cannot derive: ")
    assert f"{pointer}: " in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "dist").exists()
