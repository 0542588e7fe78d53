"""`secmaster-contract` and its commands."""

from __future__ import annotations

import importlib
import io
import sys

import click

from secmaster_contract.commands.faults import told

# The first sentence of each command's own help: --help imports none of them.
_COMMANDS = {
    "verify": ("commands.verify", "Say clause by clause whether the server at URL keeps the contract."),
    "mock": (
        "mock.command",
        "Serve a stand-in for SecMaster, or for the service of another contract, that judges requests by the contract.",
    ),
    "replay": ("commands.replay", "Send a recorded request again and compare the answers."),
    "diff": ("commands.comparing", "Say what got fixed and what broke from one verdict file to the next."),
    "matrix": ("commands.comparing", "Put the servers of several verdict files side by side."),
    "clauses": ("commands.clauses", "List every clause that a verdict is given on."),
    "coverage": ("commands.coverage", "Show which clauses and rules the vectors cover."),
    "draft": ("commands.draft", "Write drafts of the rows and example bodies that a ledger lacks."),
}


class _Lazy(click.Group):
    """Loads a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        with told():
            command: click.Command = getattr(importlib.import_module(f"secmaster_contract.{module}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="secmaster-contract")
def _group() -> None:
    """Verify that a server keeps its contract: by default that of SecMaster's workflow instance API."""


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
