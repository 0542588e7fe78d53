"""How a value is given on the command line: by an option of its own where the shipped contract has its name."""

from __future__ import annotations

from functools import cache

from openapi_contract.operations import Command, Operation
from secmaster_contract.shipped import shipped_contract


def texts_of(operation: Operation) -> dict[str, str]:
    """Return what the values of a target may name: parameters, and text fields of bodies, each with its description."""
    selector = operation.body.discriminator if operation.body else None
    fields = {
        name: str(member.schema.get("description", ""))
        for command in operation.commands
        for name, member in command.fields.items()
        if name != selector
        and "string" in ([kind] if isinstance(kind := member.schema.get("type"), str) else kind or ())
    }
    return {parameter.name: parameter.description for parameter in operation.parameters} | fields


@cache
def named() -> dict[str, str]:
    """Return the names that have an option of their own, those of the shipped contract, each with its description."""
    return {name: text for operation in shipped_contract().operations for name, text in texts_of(operation).items()}


def option_of(name: str) -> str:
    """Return the option that gives a value: `--instance-id`, or `--param`."""
    return f"--{name.replace('_', '-')}" if name in named() else "--param"


def given(name: str, value: str = "VALUE", command: str | None = None) -> str:
    """Return a value as it is given, to one command alone where one is named: `--instance-id retry=VALUE`."""
    if name in named():
        return f"{option_of(name)} {command + '=' if command else ''}{value}"
    return f"--param {command + ':' if command else ''}{name}={value}"


def permission(operation: Operation, command: Command) -> str:
    """Return the options that let a live system be sent a command."""
    allow = f"--allow {command.label}"
    names = operation.path_names
    return f"{allow} {given(names[-1], 'ID', command.label)}" if names else allow
