"""The commands of an operation: each accepted, and what is near to one and is none."""

from __future__ import annotations

from typing import Any

from openapi_contract.operations import Command
from openapi_contract.oracle import Standing
from secmaster_contract.vectors import values
from secmaster_contract.vectors.catalogue import Scope, encode


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of the operation's commands."""
    for command in scope.commands:
        _accepted(scope, command)
    if scope.discriminator is not None:
        _strangers(scope)
        _near_selectors(scope)


def _accepted(scope: Scope, command: Command) -> None:
    operation, body = scope.operation, scope.operation.body
    clause = scope.role("command", command.pointer) if body else scope.role("operation")
    value = scope.value(command)
    scope.classified(
        f"accepted/{command.name}/example",
        "accepted",
        scope.valid(command),
        equivalence=clause,
        command=command.name,
    )
    if body is None:
        return
    if not body.required and command is scope.gentlest:
        scope.classified(
            "accepted/no-body",
            "optional",
            scope.parts(None).request(scope.target, operation),
            equivalence=scope.role("body.optional"),
            command=command.name,
            follows=(scope.baseline(command),),
        )
    full = scope.full(command)
    if not isinstance(value, dict):
        return
    present: list[str] = []
    for name in command.optional:
        _left_out(scope, command, name, value)
        # The field may need another one; and not all may have room beside each other.
        item = full[name] if name in full else scope.catalogue.samples.value(command.fields[name].pointer, full=True)
        requests = [scope.request(encode(body)) for body in ({**value, name: item}, full) if name in body]
        sent = next((one for one in requests if scope.judge(one).standing is not Standing.REJECTED), None)
        if sent is None:
            continue
        vector = scope.classified(
            f"{command.name}/{name}/present",
            "optional",
            sent,
            equivalence=scope.role("field.optional", command.fields[name].site),
            command=command.name,
            field=name,
            follows=(scope.baseline(command),),
        )
        present.append(vector.name)
    if len(present) > 1:
        scope.classified(
            f"{command.name}/all-fields/present",
            "optional",
            scope.request(encode(full)),
            equivalence=scope.catalogue.vectors[present[0]].clause,
            command=command.name,
            follows=(scope.baseline(command), *present),
        )


def _left_out(scope: Scope, command: Command, name: str, value: dict[str, Any]) -> None:
    """Add the usual body without an optional field, where it has it: an example may show more than is needed."""
    request = scope.request(encode({key: item for key, item in value.items() if key != name}))
    if name in value and scope.judge(request).standing is not Standing.REJECTED:
        scope.classified(
            f"{command.name}/{name}/left-out",
            "optional",
            request,
            equivalence=scope.role("field.optional", command.fields[name].site),
            command=command.name,
            field=name,
            follows=(scope.baseline(command),),
        )


def _near_selectors(scope: Scope) -> None:
    """Add texts that are near to a command's selector and are none."""
    every = tuple(sorted(str(command.selector) for command in scope.commands))
    name = str(scope.discriminator)
    others = [command for command in scope.commands if command is not scope.fullest]
    for command in scope.commands:
        body = scope.full(command)
        for number, (kind, text) in enumerate(values.neighbours(str(command.selector), every)):
            shared = others and others[number % len(others)] is command
            if kind in values.TELLING or command is scope.fullest or shared:
                scope.classified(
                    f"{command.name}/{name}/{kind}",
                    "range",
                    scope.request(encode({**body, name: text})),
                    command=command.name,
                    field=name,
                    twin=scope.baseline(command),
                    follows=scope.names("unknown-command/unknown"),
                )


def _strangers(scope: Scope) -> None:
    """Add commands that no enumeration knows, with every field that any command needs."""
    everything = {key: value for command in scope.commands for key, value in scope.full(command).items()}
    every = tuple(sorted(str(command.selector) for command in scope.commands))
    for kind, value in values.strangers(every):
        scope.classified(
            f"unknown-command/{kind}",
            "range",
            scope.request(encode({**everything, scope.discriminator: value})),
            field=scope.discriminator,
            twin=scope.baseline(scope.fullest),
            follows=() if kind == "unknown" else scope.names("unknown-command/unknown"),
        )
