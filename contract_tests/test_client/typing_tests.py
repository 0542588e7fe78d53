"""What mypy and pyright must say of code that uses the client. Read by them, executed by nobody.

Each `type: ignore` is an error that must be reported: mypy's warn_unused_ignores and pyright's
reportUnnecessaryTypeIgnoreComment fail where it is not.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false

from typing import assert_type

from secmaster_workflows import (
    UNSET,
    ActionInstanceDebugCommand,
    ActionInstanceRetryCommand,
    ActionInstanceTerminateCommand,
    AsyncWorkflowsClient,
    CallError,
    DryRun,
    UpdateWorkflowInstanceResult,
    WorkflowInstanceCommand,
    WorkflowsClient,
    parse_command,
)
from secmaster_workflows.api.workflows import update_workflow_instance
from secmaster_workflows.errors import Sent
from secmaster_workflows.types import Response, Unset


def results(client: WorkflowsClient) -> None:
    """Every method of the blocking client gives the result."""
    assert_type(client.retry("i"), UpdateWorkflowInstanceResult)
    assert_type(client.terminate("i", task_id="t"), UpdateWorkflowInstanceResult)
    assert_type(client.debug("i", task_id="t", input_dataobject=[{"a": 1}]), UpdateWorkflowInstanceResult)
    assert_type(client.send("i", ActionInstanceRetryCommand()), UpdateWorkflowInstanceResult)
    assert_type(client.dry_run("i", ActionInstanceRetryCommand()), DryRun)
    assert_type(client.retry("i", headers={"X-Request-Id": "r"}), UpdateWorkflowInstanceResult)
    assert_type(client.with_options(timeout=5, retry_on={503}), WorkflowsClient)
    with client as entered:
        assert_type(entered, WorkflowsClient)


async def awaited_results(client: AsyncWorkflowsClient) -> None:
    """Every method of the asyncio client gives the result once awaited."""
    assert_type(await client.retry("i"), UpdateWorkflowInstanceResult)
    assert_type(await client.debug("i", task_id="t", input_dataobject="{}"), UpdateWorkflowInstanceResult)
    assert_type(client.with_options(headers={"X-Language": "en-us"}), AsyncWorkflowsClient)
    async with client as entered:
        assert_type(entered, AsyncWorkflowsClient)


def fields(result: UpdateWorkflowInstanceResult, debug: ActionInstanceDebugCommand) -> None:
    """Fields have the contract's types; what may be absent says so."""
    assert_type(result.success, bool | Unset)
    assert_type(result.code, str | Unset)
    assert_type(debug.task_id, str)
    assert_type(debug.input_dataobject, str)
    assert_type(ActionInstanceRetryCommand().task_id, str | Unset)


def narrowing(text: str, command: WorkflowInstanceCommand) -> str:
    """The union is told apart by class, and covers nothing else."""
    assert_type(parse_command(text), WorkflowInstanceCommand)
    match command:
        case ActionInstanceDebugCommand():
            return command.task_id
        case ActionInstanceRetryCommand() | ActionInstanceTerminateCommand():
            return command.command_type


def caught(error: CallError) -> None:
    """An error says what it has."""
    assert_type(error.status, int | None)
    assert_type(error.retry_after, float | None)
    assert_type(error.sent, Sent)


def plain(client: WorkflowsClient) -> None:
    """The plain functions give a typed response."""
    response = update_workflow_instance.sync_detailed("p", "w", "i", client=client, body=ActionInstanceRetryCommand())
    assert_type(response, Response[update_workflow_instance.Answer])


async def renewed() -> str:
    """A token that is fetched."""
    return ""


def tokens() -> None:
    """A token is text or a function; the client for asyncio takes an async one too."""
    WorkflowsClient(token="t")
    WorkflowsClient(token=lambda: "t")
    AsyncWorkflowsClient(token=lambda: "t")
    AsyncWorkflowsClient(token=renewed)


def refused(client: WorkflowsClient, command: ActionInstanceRetryCommand) -> None:
    """What the contract refuses is an error before it runs."""
    ActionInstanceDebugCommand()  # type: ignore[call-arg]  # two fields are missing
    ActionInstanceDebugCommand(task_id="t")  # type: ignore[call-arg]  # one field is missing
    ActionInstanceDebugCommand(task_id=5, input_dataobject="")  # type: ignore[arg-type]  # no string
    ActionInstanceDebugCommand(task_id="t", input_dataobject=None)  # type: ignore[arg-type]  # None is no JSON text
    ActionInstanceDebugCommand(task_id="t", input_dataobject=UNSET)  # type: ignore[arg-type]  # not optional here
    ActionInstanceRetryCommand(task_id=None)  # type: ignore[arg-type]  # absent is UNSET
    ActionInstanceRetryCommand(command_type="ActionInstanceDebugCommand")  # type: ignore[arg-type]  # another command
    ActionInstanceRetryCommand("t")  # type: ignore[call-arg, arg-type]  # by name only
    command.task_id = "t"  # type: ignore[misc]  # frozen
    client.debug("i")  # type: ignore[call-arg]  # two fields are missing
    client.retry()  # type: ignore[call-arg]  # no instance
    client.retry(5)  # type: ignore[arg-type]  # no string
    client.send("i", {})  # type: ignore[arg-type]  # no command
    WorkflowsClient(timeout="30")  # type: ignore[arg-type]  # no number
    WorkflowsClient(retries=3)  # type: ignore[call-arg]  # no option
    client.retry("i", headers={"X-A": 1})  # type: ignore[dict-item]  # no string
    client.with_options(proxy="http://proxy.test")  # type: ignore[call-arg]  # an option of the connections
    WorkflowsClient(verify=False)  # type: ignore[call-arg]  # no option
    WorkflowsClient(token=renewed)  # type: ignore[arg-type]  # nothing would await it
    client.send("i", ActionInstanceRetryCommand)  # type: ignore[arg-type]  # a class, no command
    client.debug("i", task_id=b"t", input_dataobject="")  # type: ignore[arg-type]  # bytes
