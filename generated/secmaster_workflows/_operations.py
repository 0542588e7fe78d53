# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
What the contract says of each operation.
"""

from typing import Any, Final

from . import models
from ._runtime.model import OneOf, Shape
from ._runtime.operation import Answer, Operation, Parameter

UPDATE_WORKFLOW_INSTANCE: Final = Operation[models.UpdateWorkflowInstanceResult](
    id="updateWorkflowInstance",
    method="PUT",
    path=["/v1/", "project_id", "/workspaces/", "workspace_id", "/soc/workflows/instances/", "instance_id", ""],
    parameters=(
        Parameter("path", "project_id", "project_id", {"type": "string"}),
        Parameter("path", "workspace_id", "workspace_id", {"type": "string"}),
        Parameter("path", "instance_id", "instance_id", {"type": "string"}),
    ),
    media_type="application/json;charset=UTF-8",
    body_required=True,
    commands={
        "ActionInstanceTerminateCommand": models.ActionInstanceTerminateCommand,
        "ActionInstanceRetryCommand": models.ActionInstanceRetryCommand,
        "ActionInstanceDebugCommand": models.ActionInstanceDebugCommand,
    },
    discriminator="command_type",
    token=("X-Auth-Token", ""),
    accept="application/json",
    answers=(
        Answer(200, 200, Shape(models.UpdateWorkflowInstanceResult)),
        Answer(400, 400, Shape(models.ErrorResponse)),
        Answer(
            401,
            401,
            Shape(
                OneOf(models.GatewayErrorResponse, models.ErrorResponse),
                {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["error_code", "error_msg"],
                            "properties": {
                                "error_code": {"type": "string"},
                                "error_msg": {"type": "string"},
                                "request_id": {"type": "string"},
                            },
                        },
                        {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}},
                    ]
                },
            ),
        ),
        Answer(
            403,
            403,
            Shape(
                OneOf(models.GatewayErrorResponse, models.ErrorResponse),
                {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["error_code", "error_msg"],
                            "properties": {
                                "error_code": {"type": "string"},
                                "error_msg": {"type": "string"},
                                "request_id": {"type": "string"},
                            },
                        },
                        {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}},
                    ]
                },
            ),
        ),
        Answer(
            404,
            404,
            Shape(
                OneOf(models.GatewayErrorResponse, models.ErrorResponse),
                {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["error_code", "error_msg"],
                            "properties": {
                                "error_code": {"type": "string"},
                                "error_msg": {"type": "string"},
                                "request_id": {"type": "string"},
                            },
                        },
                        {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}},
                    ]
                },
            ),
        ),
        Answer(
            413,
            413,
            Shape(
                OneOf(models.GatewayErrorResponse, models.ErrorResponse),
                {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["error_code", "error_msg"],
                            "properties": {
                                "error_code": {"type": "string"},
                                "error_msg": {"type": "string"},
                                "request_id": {"type": "string"},
                            },
                        },
                        {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}},
                    ]
                },
            ),
        ),
        Answer(
            429,
            429,
            Shape(
                OneOf(models.GatewayErrorResponse, models.ErrorResponse),
                {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["error_code", "error_msg"],
                            "properties": {
                                "error_code": {"type": "string"},
                                "error_msg": {"type": "string"},
                                "request_id": {"type": "string"},
                            },
                        },
                        {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}},
                    ]
                },
            ),
        ),
        Answer(
            500,
            599,
            Shape(
                OneOf(models.GatewayErrorResponse, models.ErrorResponse),
                {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["error_code", "error_msg"],
                            "properties": {
                                "error_code": {"type": "string"},
                                "error_msg": {"type": "string"},
                                "request_id": {"type": "string"},
                            },
                        },
                        {"type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}},
                    ]
                },
            ),
        ),
    ),
    repeatable=False,
)

OPERATIONS: Final[tuple[Operation[Any], ...]] = (UPDATE_WORKFLOW_INSTANCE,)
"""
All of them.
"""
