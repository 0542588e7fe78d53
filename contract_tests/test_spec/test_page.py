"""The outline, the YAML and the examples say what the source page says, where the page lies beside the checkout."""

from __future__ import annotations

from typing import Any

import pytest

from openapi_contract import Operation
from openapi_contract.document import read_yaml
from secmaster_contract.shipped import openapi_directory
from test_spec.agreement import contract_faults, copied_phrases, example_faults, outline_faults
from test_spec.page import Page, PageError, parse
from test_spec.rules import Root, with_value, without

DEBUG = "/components/schemas/ActionInstanceDebugCommand"
RETRY = "/components/schemas/ActionInstanceRetryCommand"
ALTERED_TEXTS = {
    "another date": ("2026-02-05", "2026-03-01"),
    "another method": ("PUT /v1", "POST /v1"),
    "another path": ("/soc/workflows/", "/soc/playbooks/"),
    "an optional identifier": ("instance_id\n\nYes", "instance_id\n\nNo"),
    "an identifier of another type": ("workspace_id\n\nYes\n\nString", "workspace_id\n\nYes\n\nInteger"),
    "another media type": ("• application/json;charset=UTF-8\n", "• application/json\n"),
    "another command": ("• ActionInstanceRetryCommand\n", "• ActionInstanceRepeatCommand\n"),
    "a fourth command": ("• ActionInstanceRetryCommand\n", "• ActionInstanceRetryCommand\n\n  • PauseCommand\n"),
    "a mandatory task_id": ("task_id\n\nNo", "task_id\n\nYes"),
    "a numeric task_id": ("task_id\n\nNo\n\nString", "task_id\n\nNo\n\nInteger"),
    "another field": ("input_dataobject\n\nNo", "input_data\n\nNo"),
    "a success in words": ("success\n\nBoolean", "success\n\nString"),
    "an error of another type": (
        "Table 5 Response body parameters\n\nParameter\n\nType\n\nDescription\n\ncode\n\nString",
        "Table 5 Response body parameters\n\nParameter\n\nType\n\nDescription\n\ncode\n\nInteger",
    ),
    "another status": ("\n400\n\nAbnormal", "\n422\n\nAbnormal"),
}


def test_outline_is_the_page_s(page: Page, outline: Any) -> None:
    """The outline has the page's date, tables, rows, cells, statuses and examples, and no others."""
    assert outline_faults(page, outline) == []


def test_contract_is_the_page_s(page: Page, root: Root) -> None:
    """The YAML has the page's operation, parameters, types, mandatory fields, commands and statuses."""
    assert contract_faults(page, root) == []


def test_examples_are_the_page_s(page: Page, root: Root) -> None:
    """The example files repeat the page byte for byte, and the YAML's examples hold the same values."""
    assert example_faults(page, root) == []


@pytest.mark.parametrize("change", ALTERED_TEXTS)
def test_page_that_says_something_else_is_found(page_text: str, root: Root, change: str) -> None:
    """A page of another content contradicts the YAML."""
    before, after = ALTERED_TEXTS[change]
    assert before in page_text

    assert contract_faults(parse(page_text.replace(before, after)), root)


@pytest.mark.parametrize("field", ["task_id", "input_dataobject"])
def test_lifted_constraint_is_found(page_text: str, root: Root, field: str) -> None:
    """A page without the constraint of a debug field contradicts the YAML."""
    start = page_text.index(f"{field}\n\nNo\n\nString")
    head, tail = page_text[:start], page_text[start:]
    altered = tail.replace(
        "If command_type is set to ActionInstanceDebugCommand, this parameter is mandatory.", "N/A", 1
    )

    assert contract_faults(parse(head + altered), root)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (f"{DEBUG}/required", ["command_type", "task_id"]),
        (f"{RETRY}/required", ["command_type", "task_id"]),
        ("/components/schemas/TaskId/type", "integer"),
        (f"{DEBUG}/properties/inputdataobject", {"type": "string"}),
        (f"{RETRY}/properties/command_type/const", "Retry"),
        ("/components/parameters/WorkspaceId/name", "workspace"),
        ("/components/parameters/WorkspaceId/in", "query"),
        ("/components/securitySchemes/XAuthToken/name", "X-Token"),
        ("/components/securitySchemes/XAuthToken/in", "query"),
        ("/components/schemas/UpdateWorkflowInstanceResult/properties/success/type", "string"),
        ("/components/schemas/ErrorResponse/properties/request_id", {"type": "string"}),
        ("/components/responses/NotFound/x-origin", "page"),
        ("/info/description", "Written from a page of 2026-02-05."),
    ],
)
def test_contract_that_says_something_else_is_found(page: Page, root: Root, pointer: str, value: Any) -> None:
    """A YAML that states another rule contradicts the page."""
    assert contract_faults(page, with_value(root, pointer, value))


def test_optional_token_is_found(page: Page, operation: Operation, root: Root) -> None:
    """A YAML that lets a request go without a token contradicts the page."""
    root["paths"][operation.path]["put"]["security"].append({})

    assert contract_faults(page, root)


def test_optional_body_is_found(page: Page, operation: Operation, root: Root) -> None:
    """A YAML that lets a request go without a body contradicts the page."""
    root["paths"][operation.path]["put"]["requestBody"]["required"] = False

    assert contract_faults(page, root) == ["Table 3 has a mandatory row, so there is a body"]


def test_other_outline_is_found(page: Page, outline: Any) -> None:
    """Whichever cell the outline misplaces or loses is reported."""
    for rows in outline["tables"].values():
        for row in rows.values():
            for kind, cells in list(row.items()):
                row[kind] = cells[1:]
                assert len(outline_faults(page, outline)) == 1
                row[kind] = cells


@pytest.mark.parametrize("name", ["retry", "terminate", "debug"])
def test_other_example_is_found(page: Page, operation: Operation, root: Root, name: str) -> None:
    """A YAML whose example differs from the printed one is reported."""
    (media,) = root["paths"][operation.path]["put"]["requestBody"]["content"].values()
    media["examples"][name]["value"]["task_id"] = "another"

    assert example_faults(page, root) == [f"the YAML's {name} example is not the page's"]


def test_reformatted_example_file_is_found(page_text: str, root: Root) -> None:
    """An example file that spaces its members otherwise is not the printed one."""
    printed = parse(page_text.replace('"command_type" : "ActionInstanceRetry', '"command_type": "ActionInstanceRetry'))

    assert example_faults(printed, root) == ["page-retry.json is not what the page prints"]


def test_page_misspells_the_field(page: Page) -> None:
    """The page's constraint of command_type calls input_dataobject by a name that no table has."""
    (constraint,) = page.tables["Table 3"]["command_type"].cells["Constraints"]

    assert "task_id and inputdataobject are mandatory" in constraint
    assert page.text.count("inputdataobject") == 1
    assert all("inputdataobject" not in rows for rows in page.tables.values())


def test_words_are_our_own(page: Page, root: Root) -> None:
    """The YAML and the ledger copy no phrase of the page's prose."""
    assert copied_phrases(page, [root, read_yaml(openapi_directory() / "clauses.yaml")]) == []


def test_copied_phrase_is_found(page: Page, root: Root) -> None:
    """A description taken from the page is reported."""
    sentence = "Debugging node parameter of the workflow instance to be updated."
    altered = with_value(root, f"{DEBUG}/description", sentence)

    assert copied_phrases(page, altered)


def test_page_without_its_parts_is_refused(page_text: str) -> None:
    """A text without a date is no such page."""
    with pytest.raises(PageError):
        parse(page_text.replace("Updated on", "Of"))


def test_row_of_unknown_type_is_refused(page_text: str) -> None:
    """A table whose first row cannot be read is not passed over."""
    with pytest.raises(PageError):
        parse(page_text.replace("project_id\n\nYes\n\nString", "project_id\n\nYes\n\nText"))


def test_every_cell_but_examples_is_traced(page: Page, root: Root) -> None:
    """Leaving out any property of the YAML contradicts the page."""
    for schema in ("ActionInstanceDebugCommand", "UpdateWorkflowInstanceResult", "ErrorResponse"):
        for name in root["components"]["schemas"][schema]["properties"]:
            if name != "command_type":
                assert contract_faults(page, without(root, f"/components/schemas/{schema}/properties/{name}"))
