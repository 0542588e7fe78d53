"""A command whose options stand under headings in its help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click


@dataclass(frozen=True)
class Section:
    """Options that stand under one heading of the help."""

    title: str
    options: tuple[click.Option, ...]


class Sectioned(click.Command):
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
