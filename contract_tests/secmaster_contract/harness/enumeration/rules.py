"""The rules of the body: each command taken, and each rule broken alone with the command's branch selected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from secmaster_contract.harness import faults
from secmaster_contract.harness.catalogue import Catalogue, encode
from secmaster_contract.harness.oracle import Standing
from secmaster_contract.harness.spec import Command, join
from secmaster_contract.harness.vectors import Due

# Keywords that say how a value is told or selected, not which values are right.
_ANNOTATIONS = {"title", "description", "type", "const", "enum", "examples", "default", "contentMediaType", "format"}


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of the body's rules."""
    for command in catalogue.spec.commands:
        _taken(catalogue, command)
    _strangers(catalogue)
    for command in catalogue.spec.commands:
        for name in command.properties:
            _one_field(catalogue, command, name)
        _bare(catalogue, command)


def _taken(catalogue: Catalogue, command: Command) -> None:
    clause = catalogue.ledger.clause_for(command.pointer)
    body = catalogue.value(command)
    catalogue.classified(
        catalogue.baseline(command), "taken", catalogue.request(encode(body)), equivalence=clause, command=command.name
    )
    full = catalogue.full(command)
    for name in command.optional:
        optional = catalogue.ledger.clause_for(join(*command.pointer.split("/")[1:], "properties", name))
        catalogue.classified(
            f"{command.name}/{name}/present",
            "optional",
            catalogue.request(encode(body | {name: full[name]})),
            equivalence=optional,
            command=command.name,
            field=name,
            follows=(catalogue.baseline(command),),
        )
    if len(command.optional) > 1:
        single = tuple(f"{command.name}/{name}/present" for name in command.optional)
        catalogue.classified(
            f"{command.name}/all-fields/present",
            "optional",
            catalogue.request(encode(full)),
            equivalence=catalogue.vectors[single[0]].clause,
            command=command.name,
            follows=(catalogue.baseline(command), *single),
        )


def _one_field(catalogue: Catalogue, command: Command, name: str) -> None:
    body = catalogue.full(command)
    schema, right = command.properties[name], body[name]
    without = {key: value for key, value in body.items() if key != name}
    if name in command.required:
        _absent(catalogue, command, name, right, without)
    selects = name == catalogue.spec.discriminator
    for kind, value in _shared_out(catalogue, command, faults.wrong_types(schema, right), faults.TELLING_TYPES):
        if selects and not _is_last(catalogue, command) and command.selector not in repr(value):
            continue  # a wrong type that holds no command selects none, so it is the same fault under each of them
        # A server that takes a command without the field takes one with null, too: one fault, not two.
        after = "absent" if name in command.required and value is None else None
        _fault(catalogue, command, name, kind, body | {name: value}, "type", after=after)
    if selects:
        every = tuple(other.selector for other in catalogue.spec.commands)
        near = _shared_out(catalogue, command, faults.neighbours(command.selector, every), faults.TELLING_NEIGHBOURS)
        for kind, value in near:
            _fault(catalogue, command, name, kind, body | {name: value}, "range", follows=("unknown-command/unknown",))
    else:
        _limits(catalogue, command, name, schema, body)
        if right != "" and (name in command.required or _is_last(catalogue, command)):
            _open(catalogue, command, name, "empty", body | {name: ""})


def _absent(catalogue: Catalogue, command: Command, name: str, right: Any, without: Mapping[str, Any]) -> None:
    """Add the command without a field, and once a field the command with it under another name or elsewhere."""
    _fault(catalogue, command, name, "absent", without, "mandatory")
    if name != catalogue.spec.discriminator:
        _absent_beside_empty(catalogue, command, name, without)
    if all(
        name not in other.required for other in catalogue.spec.commands[catalogue.spec.commands.index(command) + 1 :]
    ):
        for kind, other in faults.other_names(name):
            _fault(catalogue, command, name, f"named-{kind}", {**without, other: right}, "mandatory", after="absent")
        elsewhere: dict[str, Any] = {"nested": {"data": {name: right}}, "in-an-array": {"data": [{name: right}]}}
        if name != catalogue.spec.discriminator:
            elsewhere["inherited"] = {"__proto__": {name: right}}
        for kind, value in elsewhere.items():
            _fault(catalogue, command, name, kind, {**without, **value}, "mandatory", after="absent")


def _absent_beside_empty(catalogue: Catalogue, command: Command, name: str, without: Mapping[str, Any]) -> None:
    """Add the command without a field while its other fields hold no text: nothing there asks for the field."""
    others = set(command.required) - {name, catalogue.spec.discriminator}
    body = {**without, **dict.fromkeys(sorted(others), "")}
    if others and len(catalogue.judge(catalogue.request(encode(body))).breaches) == 1:
        _fault(catalogue, command, name, "absent-beside-empty", body, "mandatory", after="absent")


def _is_last(catalogue: Catalogue, command: Command) -> bool:
    return command == catalogue.spec.commands[-1]


def _shared_out(
    catalogue: Catalogue, command: Command, faulty: Iterator[tuple[str, Any]], telling: Collection[str]
) -> Iterator[tuple[str, Any]]:
    """Yield the telling kinds for every command; of the others all for the last one, and each for one more."""
    position = catalogue.spec.commands.index(command)
    for number, (kind, value) in enumerate(faulty):
        if kind in telling or _is_last(catalogue, command) or number % (len(catalogue.spec.commands) - 1) == position:
            yield kind, value


def _fault(
    catalogue: Catalogue,
    command: Command,
    name: str,
    kind: str,
    body: Mapping[str, Any],
    family: str,
    *,
    after: str | None = None,
    follows: tuple[str, ...] = (),
) -> None:
    if after:
        follows = (*follows, f"{command.name}/{name}/{after}")
    catalogue.classified(
        f"{command.name}/{name}/{kind}",
        family,
        catalogue.request(encode(body)),
        command=command.name,
        field=name,
        twin=catalogue.baseline(command),
        follows=follows,
    )


def _open(catalogue: Catalogue, command: Command, name: str, kind: str, body: Mapping[str, Any]) -> None:
    """Add a body that the YAML may accept and the page leaves open: any sound answer will do."""
    request = catalogue.request(encode(body))
    if f"{command.name}/{name}/{kind}" not in catalogue.vectors:
        due = {} if catalogue.judge(request).standing is Standing.REFUSED else {"due": Due.ANY}
        catalogue.classified(f"{command.name}/{name}/{kind}", "open", request, command=command.name, field=name, **due)


def _limits(
    catalogue: Catalogue, command: Command, name: str, schema: Mapping[str, Any], body: Mapping[str, Any]
) -> None:
    """Add, for each keyword of a field beyond its type, the first values that break this keyword alone."""
    for keyword in [key for key in schema if key not in _ANNOTATIONS and not key.startswith("x-")]:
        pointer = join(*command.pointer.split("/")[1:], "properties", name, keyword)
        found = 0
        for kind, value in faults.limit_breakers(schema, body[name]):
            judgement = catalogue.judge(catalogue.request(encode({**body, name: value})))
            if [breach.pointer for breach in judgement.breaches] == [pointer]:
                _fault(catalogue, command, name, f"{keyword}-{kind}", {**body, name: value}, "limits")
                found += 1
            if found == 3:
                break


def _bare(catalogue: Catalogue, command: Command) -> None:
    """Add the command that lacks every mandatory field but its selector."""
    name = catalogue.spec.discriminator
    missing = [field for field in command.required if field != name]
    if len(missing) > 1:
        catalogue.classified(
            f"{command.name}/bare",
            "mandatory",
            catalogue.request(encode({name: command.selector})),
            command=command.name,
            twin=catalogue.baseline(command),
            follows=tuple(f"{command.name}/{field}/absent" for field in missing),
        )


def _strangers(catalogue: Catalogue) -> None:
    """Add commands that no enumeration knows, with every field that any command needs."""
    commands = catalogue.spec.commands
    everything = {key: value for command in commands for key, value in catalogue.full(command).items()}
    every = tuple(command.selector for command in commands)
    for kind, value in faults.strangers(every):
        catalogue.classified(
            f"unknown-command/{kind}",
            "range",
            catalogue.request(encode(everything | {catalogue.spec.discriminator: value})),
            field=catalogue.spec.discriminator,
            twin=catalogue.baseline(commands[-1]),
            follows=() if kind == "unknown" else ("unknown-command/unknown",),
        )
