"""The YAML is valid OpenAPI, describes each of its elements, and invents nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from openapi_contract import Contract
from openapi_contract.document import Document
from secmaster_contract.shipped import openapi_directory
from test_contract.making import small
from test_spec.form import elements, inventions, undescribed
from test_spec.rules import Root, with_value, without

DEBUG = "/components/schemas/ActionInstanceDebugCommand"
RESULT = "/components/schemas/UpdateWorkflowInstanceResult"
TASK_ID = "/components/schemas/TaskId"
POST = "/paths/~1things/post"
# What is compared with the page is compared where the page lies beside the checkout.
of_the_page = pytest.mark.usefixtures("page")


def test_yaml_is_valid_openapi(root: Root) -> None:
    """The YAML keeps the OpenAPI 3.1 specification."""
    assert [error.message for error in OpenAPIV31SpecValidator(root).iter_errors()] == []


def test_every_element_is_described(root: Root) -> None:
    """Each element of the YAML carries a sentence."""
    assert undescribed(root) == []


def test_missing_description_is_found() -> None:
    """Whichever element lacks its sentence is named."""
    root = small(
        parameters=[{"name": "level", "in": "query", "schema": {"type": "string"}}],
        responses={"200": {"description": "Done."}, "400": {"description": "no sentence"}},
    )

    described = [pointer for pointer, _ in elements(root) if pointer not in undescribed(root)]

    assert described == [f"{POST}/responses/200"]


@of_the_page
def test_nothing_is_invented(contract: Contract, outline: Any) -> None:
    """The YAML states nothing as the page's that the page has no place for."""
    assert inventions(contract, outline) == []


def altered(root: Root) -> Contract:
    """Read a changed copy of the YAML."""
    return Contract.of(Document("a changed copy", root))


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (f"{TASK_ID}/minLength", 1),
        (f"{TASK_ID}/pattern", "^[0-9a-f-]{36}$"),
        (f"{TASK_ID}/format", "uuid"),
        (f"{TASK_ID}/const", "b5848121-79a5-11f0-9f91-fa163ed04a7f"),
        ("/components/schemas/InputDataobject/default", "[]"),
        ("/components/schemas/InputDataobject/examples", ["[]"]),
        (f"{DEBUG}/properties/inputdataobject", {"type": "string"}),
        (f"{DEBUG}/additionalProperties", False),
        (f"{DEBUG}/maxProperties", 3),
        (f"{RESULT}/required", ["success"]),
        (f"{RESULT}/properties/code/minLength", 8),
        (f"{RESULT}/properties/code/maxLength", 99),
        (f"{RESULT}/properties/data", {"type": "object"}),
        ("/components/schemas/ErrorResponse/required", ["code"]),
        ("/components/schemas/ErrorResponse/properties/request_id", {"type": "string"}),
        ("/components/parameters/ProjectId/schema/minLength", 32),
        ("/components/parameters/InstanceId/schema/format", "uuid"),
    ],
)
@of_the_page
def test_invention_is_found(root: Root, outline: Any, pointer: str, value: Any) -> None:
    """A limit, a field or a default that the page does not have is named."""
    assert inventions(altered(with_value(root, pointer, value)), outline)


@pytest.mark.parametrize("kind", ["responses/NotFound", "responses/Throttled", "headers/RequestId"])
@of_the_page
def test_unmarked_platform_knowledge_is_found(root: Root, outline: Any, kind: str) -> None:
    """What only the platform says is an invention where its mark is missing."""
    assert inventions(altered(without(root, f"/components/{kind}/x-origin")), outline)


@of_the_page
def test_operation_of_another_page_is_found(root: Root, outline: Any) -> None:
    """An operation beside the page's, unmarked, is an invention."""
    root["paths"] |= small(operationId="doThing")["paths"]

    assert inventions(altered(root), outline) == ["operation doThing"]


@pytest.mark.parametrize("name", [".spectral.yaml", "redocly.yaml", "vacuum.yaml"])
def test_linter_rule_that_is_off_has_a_reason(name: str) -> None:
    """Each rule that the linters' settings turn off says why on its line."""
    text = (openapi_directory() / "quality" / name).read_text(encoding="utf-8")

    rules_off = [line for line in text.splitlines() if re.search(r":\s*(off|false)\b", line)]

    assert [line for line in rules_off if not re.search(r"# \S+( \S+){3,}$", line)] == []
