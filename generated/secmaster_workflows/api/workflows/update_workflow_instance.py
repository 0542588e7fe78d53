# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
Send a command to a workflow instance.
"""

from typing import Final, TypeAlias

from secmaster_workflows.client import AsyncWorkflowsClient, WorkflowsClient
from secmaster_workflows.commands import WorkflowInstanceCommand
from secmaster_workflows.models import (
    ErrorResponse,
    GatewayErrorResponse,
    UpdateWorkflowInstanceResult,
)
from secmaster_workflows.types import Response

Answer: TypeAlias = ErrorResponse | GatewayErrorResponse | UpdateWorkflowInstanceResult
"""
The documented shapes of an answer.
"""

_SHAPES: Final[tuple[tuple[int, int, tuple[type[Answer], ...]], ...]] = (
    (200, 200, (UpdateWorkflowInstanceResult,)),
    (400, 400, (ErrorResponse,)),
    (
        401,
        401,
        (
            GatewayErrorResponse,
            ErrorResponse,
        ),
    ),
    (
        403,
        403,
        (
            GatewayErrorResponse,
            ErrorResponse,
        ),
    ),
    (
        404,
        404,
        (
            GatewayErrorResponse,
            ErrorResponse,
        ),
    ),
    (
        413,
        413,
        (
            GatewayErrorResponse,
            ErrorResponse,
        ),
    ),
    (
        429,
        429,
        (
            GatewayErrorResponse,
            ErrorResponse,
        ),
    ),
    (
        500,
        599,
        (
            GatewayErrorResponse,
            ErrorResponse,
        ),
    ),
)


def sync_detailed(
    project_id: str,
    workspace_id: str,
    instance_id: str,
    *,
    client: WorkflowsClient,
    body: WorkflowInstanceCommand,
) -> Response[Answer]:
    """
    Sends a command; gives the answer as it came.

    Any status is an answer here; only a request that is refused before it is sent, or that no answer comes to,
    raises.

    Args:
        project_id: The project that the workspace belongs to; the console and the API both show its ID. (Table
            1, project_id)
        workspace_id: The workspace that the instance belongs to. (Table 1, workspace_id)
        instance_id: The workflow instance that the command is for. (Table 1, instance_id)
        client: Where to send, and with which token.
        body: The command.

    Raises:
        InvalidArgumentError: An argument breaks a rule; nothing was sent.
        CallError: There was no answer.
    """
    return client.deliver(
        {
            "project_id": project_id,
            "workspace_id": workspace_id,
            "instance_id": instance_id,
        },
        body,
        _SHAPES,
    )


async def asyncio_detailed(
    project_id: str,
    workspace_id: str,
    instance_id: str,
    *,
    client: AsyncWorkflowsClient,
    body: WorkflowInstanceCommand,
) -> Response[Answer]:
    """
    Sends a command; gives the answer as it came.

    Any status is an answer here; only a request that is refused before it is sent, or that no answer comes to,
    raises.

    Args:
        project_id: The project that the workspace belongs to; the console and the API both show its ID. (Table
            1, project_id)
        workspace_id: The workspace that the instance belongs to. (Table 1, workspace_id)
        instance_id: The workflow instance that the command is for. (Table 1, instance_id)
        client: Where to send, and with which token.
        body: The command.

    Raises:
        InvalidArgumentError: An argument breaks a rule; nothing was sent.
        CallError: There was no answer.
    """
    return await client.deliver(
        {
            "project_id": project_id,
            "workspace_id": workspace_id,
            "instance_id": instance_id,
        },
        body,
        _SHAPES,
    )
