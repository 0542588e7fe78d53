"""Sends commands by the client that openapi-generator makes for Python."""

import openapi_client as client
from cases import EXAMPLES, TOKEN, URL, run

configuration = client.Configuration(host=URL, api_key={"XAuthToken": TOKEN})
api = client.WorkflowsApi(client.ApiClient(configuration))
debug = EXAMPLES["debug"]


def send(instance: str, command: object) -> object:
    """Send a command by the operation."""
    return api.update_workflow_instance("p", "w", instance, client.WorkflowInstanceCommand(command))


run(
    {
        "retry": lambda: send("retry", client.ActionInstanceRetryCommand(command_type="ActionInstanceRetryCommand")),
        "terminate": lambda: send(
            "terminate", client.ActionInstanceTerminateCommand(command_type="ActionInstanceTerminateCommand")
        ),
        "debug": lambda: send("debug", client.ActionInstanceDebugCommand(**debug)),
        "bad-debug": lambda: send(
            "bad-debug",
            client.ActionInstanceDebugCommand(
                command_type="ActionInstanceDebugCommand", input_dataobject=debug["input_dataobject"]
            ),
        ),
    }
)
