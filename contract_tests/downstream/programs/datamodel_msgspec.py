"""Sends commands built from the models that datamodel-code-generator makes (msgspec); the class is the command_type."""

import models
import msgspec
from cases import EXAMPLES, put, run

debug = {name: value for name, value in EXAMPLES["debug"].items() if name != "command_type"}


def send(instance: str, command: object) -> object:
    """Send a command as the JSON that its model becomes."""
    return put(instance, msgspec.json.encode(command))


run(
    {
        "retry": lambda: send("retry", models.ActionInstanceRetryCommand()),
        "terminate": lambda: send("terminate", models.ActionInstanceTerminateCommand()),
        "debug": lambda: send("debug", models.ActionInstanceDebugCommand(**debug)),
        "bad-debug": lambda: send(
            "bad-debug", models.ActionInstanceDebugCommand(input_dataobject=debug["input_dataobject"])
        ),
    }
)
