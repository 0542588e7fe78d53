"""`secmaster-contract` and its commands."""

from __future__ import annotations

import importlib
import io
import sys
from typing import Any

import click

from secmaster_contract.harness.places import SpecError

# The first sentence of each command's own help: --help imports none of them.
_COMMANDS = {
    "verify": ("secmaster_contract.verify", "Say clause by clause whether the server at URL keeps the contract."),
    "mock": ("secmaster_contract.mock.command", "Serve a stand-in for SecMaster that judges requests by the contract."),
    "replay": ("secmaster_contract.replay", "Send a recorded request again and compare the answers."),
    "diff": ("secmaster_contract.comparing", "Say what got fixed and what broke from one verdict file to the next."),
    "matrix": ("secmaster_contract.comparing", "Put the servers of several verdict files side by side."),
    "merge": ("secmaster_contract.comparing", "Put the shards of a run together."),
    "coverage": ("secmaster_contract.coverage_table", "Show which clauses and rules the vectors cover."),
    "clauses": ("secmaster_contract.clause_list", "List every binding statement of the page."),
}


class _Lazy(click.Group):
    """Loads a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what is wrong with the contract or the ledger is told as such, whatever command reads them."""
        try:
            return super().invoke(ctx)
        except SpecError as error:
            raise click.UsageError(str(error)) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="secmaster-contract")
def _group() -> None:
    """Verify that a server keeps the contract of SecMaster's workflow instance API."""


def main() -> None:
    """Run the command line."""
    _let_any_text_out()
    try:
        _group(prog_name="secmaster-contract")
    except OSError as error:
        # What a command cannot read or write it tells by itself: this is the output of all, on a full disk or such.
        sys.stderr.write(f"secmaster-contract: cannot go on: {error.strerror or error}\n")
        sys.exit(2)


def _let_any_text_out() -> None:
    """A pipe of Windows or of a bare locale has no letters for the marks; that must not end a run, as if it failed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
