"""How options are made, read and shown: from the environment and the TOML file, too, under headings in the help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from secmaster_contract.commands import configuration
from secmaster_contract.commands.faults import Command


@dataclass(frozen=True)
class Section:
    """Options that stand under one heading of the help."""

    title: str
    options: tuple[click.Option, ...]


class Sectioned(Command):
    """A command whose options come in sections; those of its own stand above them."""

    def __init__(self, *arguments: Any, sections: Sequence[Section], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._sections = sections
        self.params += [one for section in sections for one in section.options]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options by section, then where else they may be given."""
        sorted_in = {one for section in self._sections for one in section.options}
        own = tuple(one for one in self.get_params(ctx) if isinstance(one, click.Option) and one not in sorted_in)
        for section in (Section("Options", own), *self._sections):
            records = [one.get_help_record(ctx) for one in section.options]
            with formatter.section(section.title):
                formatter.write_dl([record for record in records if record])


def option(name: str, *names: str, **more: Any) -> click.Option:
    """An option that the environment and the TOML file may give as well."""
    return click.Option([f"--{name}", *names], envvar=configuration.variable(name), **more)


def names(_: click.Context, __: click.Parameter, text: str | list[str] | None) -> frozenset[str] | None:
    """Read names that commas part; the TOML file may give a list."""
    if text is None:
        return None
    parts = text.split(",") if isinstance(text, str) else text
    return frozenset(part.strip() for part in parts if part.strip())


def read_by(read: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """Return the callback of an option whose text a function reads; its ValueError says what is wrong with it."""

    def callback(_: click.Context, __: click.Parameter, text: str | None) -> Any:
        try:
            return read(text) if text is not None else None
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return callback
