# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The clients: a method for each operation, and for each command.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

from . import _operations, models
from ._runtime.async_client import AsyncClientBase
from ._runtime.endpoint import find_token
from ._runtime.model import JsonInput
from ._runtime.options import Options
from ._runtime.request import DryRun
from ._runtime.secret import AsyncTokenSource, Secret, TokenSource
from ._runtime.sync_client import SyncClientBase
from .commands import (
    WorkflowInstanceCommand,
)
from .types import UNSET, Unset

if TYPE_CHECKING:
    import httpx2


class WorkflowsClient(SyncClientBase):
    """
    Sends commands to workflow instances. For any number of threads.

    An argument that is not given is taken from the environment variable SECMASTER_ and its name in capitals.

    Args:
        endpoint: The URL to send to, or else `region`.
        region: The region that the project belongs to. The endpoint follows from it.
        token: The user token (X-Auth-Token), or a function that gives it.
        project_id: The project that the workspace belongs to; the console and the API both show its ID. (Table
            1, project_id)
        workspace_id: The workspace that the instance belongs to. (Table 1, workspace_id)
        transport: An httpx2 transport to send over, instead of the client's own connections.
        **options: See `Options`.

    Raises:
        ConfigurationError: An argument is missing or wrong; the message names it.
    """

    def __init__(  # noqa: PLR0913 - what a client is configured by
        self,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        token: str | Secret | TokenSource | None = None,
        project_id: str | None = None,
        workspace_id: str | None = None,
        transport: "httpx2.BaseTransport | None" = None,
        **options: Unpack[Options],
    ) -> None:
        # From here on no local variable holds the token: a traceback may show them.
        found, token = find_token(token), None
        super().__init__(
            endpoint=endpoint,
            variables={
                "region": region,
            },
            token=found,
            identifiers={
                "project_id": project_id,
                "workspace_id": workspace_id,
            },
            transport=transport,
            options=options,
        )

    def terminate(
        self,
        instance_id: str,
        *,
        task_id: str | Unset = UNSET,
        input_dataobject: JsonInput | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> models.UpdateWorkflowInstanceResult:
        """
        Terminates the workflow instance.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            task_id: The debugging node whose result is updated. Only the debug command needs it. (Table 3, task_id)
            input_dataobject: The parameter of the debugging node; in the example, JSON written as text. Only the
                debug command needs it. (Table 3, input_dataobject)
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule; nothing was sent.
            CallError: Anything but success; `sent` says how far the request came.
        """
        return self.send(
            instance_id,
            models.ActionInstanceTerminateCommand(task_id=task_id, input_dataobject=input_dataobject),
            headers=headers,
        )

    def retry(
        self,
        instance_id: str,
        *,
        task_id: str | Unset = UNSET,
        input_dataobject: JsonInput | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> models.UpdateWorkflowInstanceResult:
        """
        Retries the workflow instance.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            task_id: The debugging node whose result is updated. Only the debug command needs it. (Table 3, task_id)
            input_dataobject: The parameter of the debugging node; in the example, JSON written as text. Only the
                debug command needs it. (Table 3, input_dataobject)
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule; nothing was sent.
            CallError: Anything but success; `sent` says how far the request came.
        """
        return self.send(
            instance_id,
            models.ActionInstanceRetryCommand(task_id=task_id, input_dataobject=input_dataobject),
            headers=headers,
        )

    def debug(
        self,
        instance_id: str,
        *,
        task_id: str,
        input_dataobject: JsonInput,
        headers: Mapping[str, str] | None = None,
    ) -> models.UpdateWorkflowInstanceResult:
        """
        Updates the result of a debugging node. It names the node and carries its parameter.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            task_id: The debugging node whose result is updated. Only the debug command needs it. (Table 3, task_id)
            input_dataobject: The parameter of the debugging node; in the example, JSON written as text. Only the
                debug command needs it. (Table 3, input_dataobject)
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule; nothing was sent.
            CallError: Anything but success; `sent` says how far the request came.
        """
        return self.send(
            instance_id,
            models.ActionInstanceDebugCommand(task_id=task_id, input_dataobject=input_dataobject),
            headers=headers,
        )

    def send(
        self,
        instance_id: str,
        command: WorkflowInstanceCommand,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> models.UpdateWorkflowInstanceResult:
        """
        Sends a command.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            command: The command.
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule; nothing was sent.
            CallError: Anything but success; `sent` says how far the request came.
        """
        return self._send(
            _operations.UPDATE_WORKFLOW_INSTANCE,
            {
                "instance_id": instance_id,
            },
            command,
            headers,
        )

    def dry_run(
        self,
        instance_id: str,
        command: WorkflowInstanceCommand,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> DryRun:
        """
        The request that `send()` would make, its token masked. Nothing is sent.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            command: The command.
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule.
        """
        return self._dry_run(
            _operations.UPDATE_WORKFLOW_INSTANCE,
            {
                "instance_id": instance_id,
            },
            command,
            headers,
        )


class AsyncWorkflowsClient(AsyncClientBase):
    """
    Sends commands to workflow instances, for asyncio. For any number of tasks and event loops.

    An argument that is not given is taken from the environment variable SECMASTER_ and its name in capitals.

    Args:
        endpoint: The URL to send to, or else `region`.
        region: The region that the project belongs to. The endpoint follows from it.
        token: The user token (X-Auth-Token), or a function, async or not, that gives it.
        project_id: The project that the workspace belongs to; the console and the API both show its ID. (Table
            1, project_id)
        workspace_id: The workspace that the instance belongs to. (Table 1, workspace_id)
        transport: An httpx2 transport to send over, instead of the client's own connections.
        **options: See `Options`.

    Raises:
        ConfigurationError: An argument is missing or wrong; the message names it.
    """

    def __init__(  # noqa: PLR0913 - what a client is configured by
        self,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        token: str | Secret | TokenSource | AsyncTokenSource | None = None,
        project_id: str | None = None,
        workspace_id: str | None = None,
        transport: "httpx2.AsyncBaseTransport | None" = None,
        **options: Unpack[Options],
    ) -> None:
        # From here on no local variable holds the token: a traceback may show them.
        found, token = find_token(token), None
        super().__init__(
            endpoint=endpoint,
            variables={
                "region": region,
            },
            token=found,
            identifiers={
                "project_id": project_id,
                "workspace_id": workspace_id,
            },
            transport=transport,
            options=options,
        )

    async def terminate(
        self,
        instance_id: str,
        *,
        task_id: str | Unset = UNSET,
        input_dataobject: JsonInput | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> models.UpdateWorkflowInstanceResult:
        """
        Terminates the workflow instance.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            task_id: The debugging node whose result is updated. Only the debug command needs it. (Table 3, task_id)
            input_dataobject: The parameter of the debugging node; in the example, JSON written as text. Only the
                debug command needs it. (Table 3, input_dataobject)
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule; nothing was sent.
            CallError: Anything but success; `sent` says how far the request came.
        """
        return await self.send(
            instance_id,
            models.ActionInstanceTerminateCommand(task_id=task_id, input_dataobject=input_dataobject),
            headers=headers,
        )

    async def retry(
        self,
        instance_id: str,
        *,
        task_id: str | Unset = UNSET,
        input_dataobject: JsonInput | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> models.UpdateWorkflowInstanceResult:
        """
        Retries the workflow instance.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            task_id: The debugging node whose result is updated. Only the debug command needs it. (Table 3, task_id)
            input_dataobject: The parameter of the debugging node; in the example, JSON written as text. Only the
                debug command needs it. (Table 3, input_dataobject)
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule; nothing was sent.
            CallError: Anything but success; `sent` says how far the request came.
        """
        return await self.send(
            instance_id,
            models.ActionInstanceRetryCommand(task_id=task_id, input_dataobject=input_dataobject),
            headers=headers,
        )

    async def debug(
        self,
        instance_id: str,
        *,
        task_id: str,
        input_dataobject: JsonInput,
        headers: Mapping[str, str] | None = None,
    ) -> models.UpdateWorkflowInstanceResult:
        """
        Updates the result of a debugging node. It names the node and carries its parameter.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            task_id: The debugging node whose result is updated. Only the debug command needs it. (Table 3, task_id)
            input_dataobject: The parameter of the debugging node; in the example, JSON written as text. Only the
                debug command needs it. (Table 3, input_dataobject)
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule; nothing was sent.
            CallError: Anything but success; `sent` says how far the request came.
        """
        return await self.send(
            instance_id,
            models.ActionInstanceDebugCommand(task_id=task_id, input_dataobject=input_dataobject),
            headers=headers,
        )

    async def send(
        self,
        instance_id: str,
        command: WorkflowInstanceCommand,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> models.UpdateWorkflowInstanceResult:
        """
        Sends a command.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            command: The command.
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule; nothing was sent.
            CallError: Anything but success; `sent` says how far the request came.
        """
        return await self._send(
            _operations.UPDATE_WORKFLOW_INSTANCE,
            {
                "instance_id": instance_id,
            },
            command,
            headers,
        )

    def dry_run(
        self,
        instance_id: str,
        command: WorkflowInstanceCommand,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> DryRun:
        """
        The request that `send()` would make, its token masked. Nothing is sent.

        Args:
            instance_id: The workflow instance that the command is for. (Table 1, instance_id)
            command: The command.
            headers: Header fields of your own for this call, beside those of the client.

        Raises:
            InvalidArgumentError: An argument breaks a rule.
        """
        return self._dry_run(
            _operations.UPDATE_WORKFLOW_INSTANCE,
            {
                "instance_id": instance_id,
            },
            command,
            headers,
        )
