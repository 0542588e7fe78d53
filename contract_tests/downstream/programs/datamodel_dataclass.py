"""Sends commands built from the models that datamodel-code-generator makes (dataclass)."""

import json
from dataclasses import asdict

import models
from cases import EXAMPLES, put, run

debug = EXAMPLES["debug"]


def send(instance: str, command: object) -> object:
    """Send a command as the JSON that its model becomes."""
    return put(
        instance, json.dumps({name: value for name, value in asdict(command).items() if value is not None}).encode()
    )


run(
    {
        "retry": lambda: send("retry", models.ActionInstanceRetryCommand(command_type="ActionInstanceRetryCommand")),
        "terminate": lambda: send(
            "terminate", models.ActionInstanceTerminateCommand(command_type="ActionInstanceTerminateCommand")
        ),
        "debug": lambda: send("debug", models.ActionInstanceDebugCommand(**debug)),
        "bad-debug": lambda: send(
            "bad-debug",
            models.ActionInstanceDebugCommand(
                command_type="ActionInstanceDebugCommand", input_dataobject=debug["input_dataobject"]
            ),
        ),
    }
)
