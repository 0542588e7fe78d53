# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The schema ActionInstanceDebugCommand.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal, final

from attrs import field, frozen

from secmaster_workflows._runtime.model import Check, Command, JsonInput, json_text


def _input_dataobject_text(value: JsonInput) -> str:
    return json_text(Command, "ActionInstanceDebugCommand", "input_dataobject", value)


@final
@frozen(kw_only=True)
class ActionInstanceDebugCommand(Command):
    """
    Updates the result of a debugging node. It names the node and carries its parameter.

    Attributes:
        command_type: Selects this command.
        task_id: The debugging node whose result is updated. Only the debug command needs it.
        input_dataobject: The parameter of the debugging node; in the example, JSON written as text. Only the
            debug command needs it.
    """

    command_type: Literal["ActionInstanceDebugCommand"] = field(
        default="ActionInstanceDebugCommand",
        validator=Check("command_type", {"type": "string", "const": "ActionInstanceDebugCommand"}, required=True),
    )
    task_id: str = field(validator=Check("task_id", {"type": "string"}, required=True))
    input_dataobject: str = field(
        converter=_input_dataobject_text, validator=Check("input_dataobject", {"type": "string"}, required=True)
    )

    _names: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "command_type": "command_type",
            "task_id": "task_id",
            "input_dataobject": "input_dataobject",
        }
    )
    _required: ClassVar[tuple[str, ...]] = (
        "command_type",
        "task_id",
        "input_dataobject",
    )
    _texts: ClassVar[tuple[str, ...]] = ("input_dataobject",)
