"""The YAML is valid OpenAPI, describes each of its elements, shows true examples and invents nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from secmaster_contract.shipped import openapi_directory
from openapi_contract import Spec
from test_spec.form import elements, inventions, undescribed, untrue_examples
from test_spec.rules import Document, with_value, without

DEBUG = "/components/schemas/ActionInstanceDebugCommand"
RESULT = "/components/schemas/UpdateWorkflowInstanceResult"


def openapi_faults(document: Document) -> list[str]:
    """Return what openapi-spec-validator finds."""
    return [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]


def test_yaml_is_valid_openapi(document: Document) -> None:
    """The YAML keeps the OpenAPI 3.1 specification."""
    assert openapi_faults(document) == []


@pytest.mark.parametrize(
    "break_it",
    [
        lambda document: without(document, "/info/title"),
        lambda document: with_value(document, f"{DEBUG}/type", "text"),
        lambda document: with_value(document, f"{DEBUG}/required", "task_id"),
        lambda document: with_value(document, "/components/parameters/ProjectId/required", value=False),
    ],
    ids=["no title", "no such type", "required is no list", "optional path parameter"],
)
def test_invalid_openapi_is_found(document: Document, break_it: Callable[[Document], Document]) -> None:
    """A YAML that breaks the OpenAPI specification is reported."""
    assert openapi_faults(break_it(document))


def test_every_element_is_described(document: Document) -> None:
    """Each element of the YAML carries a sentence."""
    assert undescribed(document) == []


def test_missing_description_is_found(document: Document) -> None:
    """Whichever element loses its sentence is named."""
    for pointer, element in list(elements(document)):
        word = "summary" if "/examples/" in pointer else "description"
        assert undescribed(with_value(document, f"{pointer}/{word}", " ")) == [pointer], element


def test_examples_are_true(document: Document) -> None:
    """Each example in the YAML is valid by the schema beside it."""
    assert untrue_examples(document) == []


def test_untrue_example_is_found(document: Document) -> None:
    """Whichever example breaks its schema is named."""
    pointers = [pointer for pointer, _ in elements(document) if "/examples/" in pointer]
    for pointer in pointers:
        assert untrue_examples(with_value(document, f"{pointer}/value", {"code": 1, "error_code": 1})) == [pointer]


def test_nothing_is_invented(document: Document, outline: Any) -> None:
    """The YAML states nothing as the page's that the page has no place for."""
    assert inventions(document, outline) == []


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (f"{DEBUG}/properties/task_id/minLength", 1),
        (f"{DEBUG}/properties/task_id/pattern", "^[0-9a-f-]{36}$"),
        (f"{DEBUG}/properties/task_id/format", "uuid"),
        (f"{DEBUG}/properties/task_id/const", "b5848121"),
        (f"{DEBUG}/properties/input_dataobject/default", "[]"),
        (f"{DEBUG}/properties/input_dataobject/examples", ["[]"]),
        (f"{DEBUG}/properties/inputdataobject", {"type": "string"}),
        (f"{DEBUG}/additionalProperties", False),
        (f"{DEBUG}/not", {"required": ["x"]}),
        ("/components/schemas/WorkflowInstanceCommand/maxProperties", 3),
        (f"{RESULT}/required", ["success"]),
        (f"{RESULT}/properties/code/minLength", 8),
        (f"{RESULT}/properties/code/const", "00000000"),
        (f"{RESULT}/properties/data", {"type": "object"}),
        ("/components/schemas/ErrorResponse/required", ["code"]),
        ("/components/schemas/ErrorResponse/properties/request_id", {"type": "string"}),
        ("/components/parameters/ProjectId/schema/minLength", 32),
        ("/components/parameters/InstanceId/schema/format", "uuid"),
        ("/components/parameters/InstanceId/name", "id"),
    ],
)
def test_invention_is_found(document: Document, outline: Any, pointer: str, value: Any) -> None:
    """A limit, a field or a default that the page does not have is named."""
    assert inventions(with_value(document, pointer, value), outline)


@pytest.mark.parametrize("kind", ["responses/NotFound", "responses/Throttled", "headers/RequestId"])
def test_unmarked_platform_knowledge_is_found(document: Document, outline: Any, kind: str) -> None:
    """What only the platform says is an invention where its mark is missing."""
    assert inventions(without(document, f"/components/{kind}/x-origin"), outline)


def test_second_media_type_is_found(spec: Spec, document: Document, outline: Any) -> None:
    """A request media type beside the documented one is an invention."""
    content = document["paths"][spec.path]["put"]["requestBody"]["content"]
    content["application/json"] = content[spec.media_type]

    assert inventions(document, outline) == ["media type application/json"]


@pytest.mark.parametrize("name", ["secmaster-workflows.yaml", "clauses.yaml", "source-page.yaml"])
def test_no_key_stands_twice(name: str) -> None:
    """No mapping of a hand-written file repeats a key, which YAML readers would pass over in silence."""
    assert repeated_keys((openapi_directory() / name).read_text(encoding="utf-8")) == []


def test_repeated_key_is_found() -> None:
    """A key that stands twice in a mapping is named with its line."""
    assert repeated_keys("a:\n  b: 1\n  c: 2\n  b: 3\n") == ["b, line 4"]


@pytest.mark.parametrize("name", [".spectral.yaml", "redocly.yaml", "vacuum.yaml"])
def test_linter_rule_that_is_off_has_a_reason(name: str) -> None:
    """Each rule that the linters' settings turn off says why on its line."""
    text = (openapi_directory() / "quality" / name).read_text(encoding="utf-8")

    rules_off = [line for line in text.splitlines() if re.search(r":\s*(off|false)\b", line)]

    assert [line for line in rules_off if not re.search(r"# \S+( \S+){3,}$", line)] == []


def repeated_keys(text: str) -> list[str]:
    """Return the keys that stand twice in one mapping, with the line of the second."""
    faults, open_nodes = [], [yaml.compose(text)]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    faults.append(f"{key.value}, line {key.start_mark.line + 1}")
                seen.add(key.value)
                open_nodes.append(value)
        elif isinstance(node, yaml.SequenceNode):
            open_nodes += node.value
    return faults
