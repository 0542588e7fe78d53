# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.
"""
The schema ActionInstanceTerminateCommand.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal, final

from attrs import field, frozen

from secmaster_workflows._runtime.model import Check, Command, JsonInput, json_text
from secmaster_workflows.types import UNSET, Unset


def _input_dataobject_text(value: JsonInput | Unset) -> str | Unset:
    return (
        value
        if isinstance(value, Unset)
        else json_text(Command, "ActionInstanceTerminateCommand", "input_dataobject", value)
    )


@final
@frozen(kw_only=True)
class ActionInstanceTerminateCommand(Command):
    """
    Terminates the workflow instance.

    Attributes:
        command_type: Selects this command.
        task_id: The debugging node whose result is updated. Only the debug command needs it.
        input_dataobject: The parameter of the debugging node; in the example, JSON written as text. Only the
            debug command needs it.
    """

    command_type: Literal["ActionInstanceTerminateCommand"] = field(
        default="ActionInstanceTerminateCommand",
        validator=Check("command_type", {"type": "string", "const": "ActionInstanceTerminateCommand"}, required=True),
    )
    task_id: str | Unset = field(default=UNSET, validator=Check("task_id", {"type": "string"}, required=False))
    input_dataobject: str | Unset = field(
        default=UNSET,
        converter=_input_dataobject_text,
        validator=Check("input_dataobject", {"type": "string"}, required=False),
    )

    _names: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "command_type": "command_type",
            "task_id": "task_id",
            "input_dataobject": "input_dataobject",
        }
    )
    _required: ClassVar[tuple[str, ...]] = ("command_type",)
    _texts: ClassVar[tuple[str, ...]] = ("input_dataobject",)
