"""Which contract a command is about: its options, its operations, the values for it, all told wrong in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from openapi_contract.ledger import Ledger
from openapi_contract.operations import Operation
from secmaster_contract.run.session import chosen
from secmaster_contract.run.spelling import named, option_of, texts_of
from secmaster_contract.shipped import choose

_FILE = click.Path(path_type=Path, dir_okay=False)
_Command = TypeVar("_Command", bound=Callable[..., Any])

CONTRACT: dict[str, Any] = {
    "metavar": "FILE",
    "type": _FILE,
    "help": "OpenAPI 3.1 file.  [default: the shipped contract]",
}
LEDGER: dict[str, Any] = {
    "metavar": "FILE",
    "type": _FILE,
    "help": "Its clauses in your words; what no row states is derived.  [default: with --contract none]",
}
OPERATIONS: dict[str, Any] = {
    "metavar": "all|ID,...",
    "help": "Operations by operationId.  [default: all but those marked x-origin: platform]",
}


def of_a_contract(command: _Command) -> _Command:
    """Give a command the options --contract, --ledger and --operations."""
    for name, more in (("operations", OPERATIONS), ("ledger", LEDGER), ("contract", CONTRACT)):
        command = click.option(f"--{name}", **more)(command)
    return command


def ledger_of(contract: Path | None, ledger: Path | None) -> Ledger:
    """Return the ledger, and with it the contract, that the options name.

    Raises:
        ContractError: One of the files cannot be used.
    """
    return choose(contract, ledger)[1]


def operations_of(ledger: Ledger, text: str | None) -> tuple[Operation, ...]:
    """Return the operations that --operations names.

    Raises:
        click.UsageError: The contract has no such operation.
    """
    if text is None:
        return chosen(ledger.contract)
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == ["all"]:
        return ledger.contract.operations
    known = [operation.id for operation in ledger.contract.operations]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise click.UsageError(f"--operations {', '.join(unknown) or text}: the operations are {', '.join(known)}")
    return chosen(ledger.contract, names)


@dataclass(frozen=True)
class Values:
    """The values of a target by name, and by command the value of the path's last parameter that is for it alone."""

    common: Mapping[str, str]
    resources: Mapping[str, str]


@dataclass(frozen=True)
class _Given:
    """One value as it was given: `command` is the one it is for; `weak` where it is not of the command line."""

    option: str
    command: str | None
    name: str
    value: str
    weak: bool = False


def values_of(params: Iterable[str], options: Mapping[str, Any], operations: Sequence[Operation]) -> Values:
    """Return what --param NAME=VALUE and COMMAND:NAME=VALUE, and the options of the shipped contract's names, give.

    The command line goes before the environment and the file of --config.

    Raises:
        click.UsageError: A value is no such pair, is given twice, or is for a name that the operations do not have.
    """
    names = dict.fromkeys(name for operation in operations for name in texts_of(operation))
    labels = sorted({command.label for one in operations if not one.reads for command in one.commands})
    resources = {one.path_names[-1] for one in operations if one.path_names and not one.reads}
    found: dict[tuple[str | None, str], _Given] = {}
    for given in (*_named(options, labels, resources), *_pairs(params, names)):
        if given.name not in names:
            if given.weak:
                continue  # the environment may speak of another contract
            what = f"{given.option} {given.name}" if given.option == "--param" else given.option
            raise click.UsageError(f"{what}: the contract has no such name; its names are {', '.join(names)}")
        if given.command is not None and (given.command not in labels or given.name not in resources):
            what = f"{given.option} {given.command}:{given.name}"
            raise click.UsageError(f"{what}: {_for_one_command(labels, resources)}")
        before = found.get((given.command, given.name))
        if before is not None and before.value != given.value and before.weak == given.weak:
            told = f"{given.option} names two values of {given.name}"
            hint = f"; say which commands they are for ({', '.join(labels)})" if given.name in resources else ""
            raise click.UsageError(told + (f" for {given.command}" if given.command else hint))
        if given.value in {"", ".", ".."} and any(given.name in one.path_names for one in operations):
            raise click.UsageError(f"{given.option}: {given.name} is {given.value!r}, which would lead to another path")
        found[given.command, given.name] = given
    common = {name: given.value for (command, name), given in found.items() if command is None}
    own = {command: given.value for (command, _), given in found.items() if command is not None}
    return Values(common, own)


def _for_one_command(labels: Sequence[str], resources: Iterable[str]) -> str:
    if not labels:
        return "no operation has commands"
    return f"the commands are {', '.join(labels)}; what one may have of its own is {', '.join(sorted(resources))}"


def _pairs(params: Iterable[str], names: Iterable[str]) -> Iterator[_Given]:
    for text in params:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise click.UsageError(f"--param {text}: write NAME=VALUE")
        command, colon, rest = name.partition(":")
        is_own = bool(colon) and name not in names
        yield _Given("--param", command, rest, value) if is_own else _Given("--param", None, name, value)


def _named(options: Mapping[str, Any], labels: Sequence[str], resources: Iterable[str]) -> Iterator[_Given]:
    context = click.get_current_context(silent=True)
    source = context.get_parameter_source if context else lambda _: None
    given: list[_Given] = []
    for name in named():
        stated = options.get(name) or ()
        weak = source(name) is not ParameterSource.COMMANDLINE
        for text in (stated,) if isinstance(stated, str) else stated:
            command, sign, rest = text.partition("=")
            is_own = bool(sign) and command in labels and name in resources
            owner, value = (command, rest) if is_own else (None, text)
            given.append(_Given(option_of(name), owner, name, value, weak))
    yield from sorted(given, key=lambda one: not one.weak)
