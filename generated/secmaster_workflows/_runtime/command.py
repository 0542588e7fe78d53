# Copied from openapi/generator/runtime/_runtime/command.py by `make generate`; do not edit.
"""
Finds the class of a command by its discriminator, and turns a command into the bytes of a request body.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from secmaster_workflows.errors import InvalidCommandError

from .checks import short
from .model import Command, check_model
from .strict_json import read_json

C = TypeVar("C", bound=Command)


def select_command(classes: Mapping[str, type[C]], discriminator: str, source: object) -> C:
    """
    The command that a JSON object, or the text of one, stands for.
    """
    fault = ""
    if isinstance(source, str | bytes):
        try:
            source = read_json(source)
        except ValueError as error:
            fault = str(error)
    if fault:
        raise InvalidCommandError(f"A command is a JSON object; this text is not: {fault}.")
    if not isinstance(source, Mapping):
        raise InvalidCommandError(f"A command is a JSON object, not {type(source).__name__}.")
    members: Mapping[str, Any] = source
    name = members.get(discriminator)
    known = ", ".join(classes)
    if type(name) is not str or name not in classes:
        fault = f"is {short(name)}" if discriminator in members else "is missing"
        raise InvalidCommandError(f"{discriminator} {fault}; it is one of {known}.", field=discriminator)
    return classes[name].from_dict(members)


def command_body(classes: Mapping[str, type[C]], command: object) -> tuple[str, bytes]:
    """
    The name of a command and its body, checked again: a frozen object can be changed by force.
    """
    name = type(command).__name__
    if not any(type(command) is known for known in classes.values()):
        hint = "; read it with parse_command()" if isinstance(command, Mapping | str | bytes) else ""
        raise InvalidCommandError(f"A command is one of {', '.join(classes)}, not {name}{hint}.", model=name)
    model: Any = command
    try:
        check_model(model)
    except AttributeError:
        command_fault = f"{name} has lost a field."
    else:
        return name, json.dumps(model.to_dict(), ensure_ascii=False, separators=(",", ":")).encode()
    raise InvalidCommandError(command_fault, model=name)
