# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
Send a command to a workflow instance.
"""

from typing import TypeAlias

from secmaster_workflows import models
from secmaster_workflows._operations import UPDATE_WORKFLOW_INSTANCE
from secmaster_workflows.client import AsyncWorkflowsClient, WorkflowsClient
from secmaster_workflows.commands import WorkflowInstanceCommand
from secmaster_workflows.types import Response

Answer: TypeAlias = models.UpdateWorkflowInstanceResult | models.ErrorResponse | models.GatewayErrorResponse
"""
The documented shapes of an answer.
"""


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
        UPDATE_WORKFLOW_INSTANCE,
        {
            "project_id": project_id,
            "workspace_id": workspace_id,
            "instance_id": instance_id,
        },
        body,
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
        UPDATE_WORKFLOW_INSTANCE,
        {
            "project_id": project_id,
            "workspace_id": workspace_id,
            "instance_id": instance_id,
        },
        body,
    )
