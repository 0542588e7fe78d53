"""The Arazzo workflows send what the contract accepts, by the operation, headers and statuses that it states."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from openapi_contract import Contract, Operation
from openapi_contract.oracle import Oracle, Standing
from secmaster_contract.shipped import openapi_directory

PATH = openapi_directory() / "workflows.arazzo.yaml"
DERIVED = openapi_directory() / "dist" / "workflows.arazzo.yaml"


@pytest.fixture
def arazzo() -> Any:
    """A copy of the workflows to break."""
    return yaml.safe_load(PATH.read_bytes())


def faults(arazzo: Any, operation: Operation, oracle: Oracle) -> list[str]:
    """Return where the workflows differ from the contract."""
    found = []
    assert operation.body is not None
    assert operation.security is not None
    selector = str(operation.body.discriminator)
    components = arazzo["components"]
    source = arazzo["sourceDescriptions"][0]
    if not (PATH.parent / source["url"]).samefile(openapi_directory() / "secmaster-workflows.yaml"):
        found.append("the source is not the contract")
    stated = {*((name, "path") for name in operation.path_names), (operation.security.header, "header")}
    sent = set()
    for workflow in arazzo["workflows"]:
        name = workflow["workflowId"]
        inputs = components["inputs"][workflow["inputs"]["$ref"].rsplit("/", 1)[-1]]
        (step,) = workflow["steps"]
        parameters = step["parameters"]
        payload = step["requestBody"]["payload"]
        used = [value.removeprefix("$inputs.") for value in [*payload.values(), *(one["value"] for one in parameters)]]
        judgement = oracle.value(operation, {field: value.removeprefix("$inputs.") for field, value in payload.items()})
        sent.add(payload.get(selector))
        checks = {
            "operation": step["operationId"] == operation.id,
            "parameters": {(one["name"], one["in"]) for one in parameters} == stated,
            "inputs": set(inputs["required"]) == set(inputs["properties"]) == {*used} - {payload[selector]},
            "media type": step["requestBody"]["contentType"] == operation.body.media_type,
            "body": judgement.standing is Standing.ACCEPTED,
            "status": step["successCriteria"][0] == {"condition": f"$statusCode == {operation.success_status}"},
            "success": step["successCriteria"][1] == {"condition": "true == $response.body#/success"},
        }
        found += [f"{name}: {what}" for what, holds in checks.items() if not holds]
    missing = {str(command.selector) for command in operation.commands} - sent
    return found + [f"no workflow of {name}" for name in sorted(missing)]


def test_workflows_follow_the_contract(arazzo: Any, operation: Operation, oracle: Oracle) -> None:
    """Each command has a workflow that sends it as the contract states."""
    assert faults(arazzo, operation, oracle) == []


def test_derived_workflows_differ_in_source_and_media_type_alone(arazzo: Any) -> None:
    """The workflows in dist/ are those written by hand, on compat31 and with its media type."""
    source = Contract.load(DERIVED.parent / "compat31.yaml").operation("updateWorkflowInstance")
    assert source.body is not None
    arazzo["info"]["x-form"] = "compat31"
    arazzo["sourceDescriptions"][0]["url"] = "./compat31.yaml"
    for workflow in arazzo["workflows"]:
        workflow["steps"][0]["requestBody"]["contentType"] = source.body.media_type

    assert yaml.safe_load(DERIVED.read_bytes()) == arazzo


def altered(arazzo: Any, place: str, value: Any) -> Any:
    """Return a copy of the workflows with another value at a place."""
    copied = copy.deepcopy(arazzo)
    *parents, last = [int(token) if token.isdigit() else token for token in place.split("/")]
    node = copied
    for token in parents:
        node = node[token]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return copied


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        ("sourceDescriptions/0/url", "./dist/compat31.yaml", "the source is not the contract"),
        ("workflows/0/steps/0/operationId", "other", "terminate: operation"),
        ("workflows/0/steps/0/requestBody/contentType", "application/json", "terminate: media type"),
        ("workflows/2/steps/0/requestBody/payload/task_id", None, "debug: body"),
        ("workflows/2/steps/0/successCriteria/0/condition", "$statusCode == 202", "debug: status"),
        ("workflows/2/steps/0/successCriteria/1/condition", "false == $response.body#/success", "debug: success"),
        ("workflows/1/steps/0/parameters/3/name", "X-Token", "retry: parameters"),
        ("components/inputs/node/required", ["token"], "debug: inputs"),
        ("workflows/1", None, "no workflow of ActionInstanceRetryCommand"),
    ],
)
def test_other_workflow_is_found(
    arazzo: Any, operation: Operation, oracle: Oracle, *, place: str, value: Any, fault: str
) -> None:
    """A workflow that differs from the contract is named with what differs."""
    assert fault in faults(altered(arazzo, place, value), operation, oracle)
