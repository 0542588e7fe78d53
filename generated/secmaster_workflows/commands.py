# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The commands of the contract, and how to read one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from . import models
from ._runtime.command import select_command

WorkflowInstanceCommand: TypeAlias = (
    models.ActionInstanceTerminateCommand | models.ActionInstanceRetryCommand | models.ActionInstanceDebugCommand
)
"""
A command for a workflow instance. `command_type` says which.
"""

COMMANDS: Final[Mapping[str, type[WorkflowInstanceCommand]]] = MappingProxyType(
    {
        "ActionInstanceTerminateCommand": models.ActionInstanceTerminateCommand,
        "ActionInstanceRetryCommand": models.ActionInstanceRetryCommand,
        "ActionInstanceDebugCommand": models.ActionInstanceDebugCommand,
    }
)
"""
The class of each command by its `command_type`.
"""


def parse_command(source: Mapping[str, Any] | str | bytes) -> WorkflowInstanceCommand:
    """
    The command that a JSON object, or the text of one, stands for. `command_type` selects its class.

    Raises:
        InvalidCommandError: It is no JSON object, or breaks a rule of the command.
    """
    return select_command(COMMANDS, "command_type", source)
