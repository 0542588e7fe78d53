"""`secmaster-contract`: verify a server, run the embedded one, list the clauses."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

_COMMANDS = {
    "verify": ("secmaster_contract.verify", "verify", "Say clause by clause whether a server keeps the contract."),
    "mock": ("secmaster_contract.mock.command", "mock", "Serve a stand-in for SecMaster."),
    "replay": ("secmaster_contract.replay", "replay", "Send one recorded request again."),
    "diff": ("secmaster_contract.comparing", "diff", "Say what got fixed and what broke between two runs."),
    "matrix": ("secmaster_contract.comparing", "matrix", "Put several servers side by side."),
    "merge": ("secmaster_contract.comparing", "merge", "Put the shards of a run together."),
    "coverage": ("secmaster_contract.coverage_table", "coverage", "Show which clauses and rules the vectors cover."),
    "clauses": ("secmaster_contract.clause_list", "clauses", "List the clauses and how each is checked."),
}


def main() -> None:
    """Run the command line; a bare installation, without the extra, says what is missing."""
    try:
        _group()(prog_name="secmaster-contract")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("secmaster_contract"):
            raise
        missing = f"the extra `contract` is not installed ({error.name} is missing)"
        hint = "install it with: pip install 'secmaster-workflows[contract]'"
        sys.stderr.write(f"secmaster-contract: {missing}; {hint}\n")
        sys.exit(2)


def _group() -> click.Group:
    import click  # noqa: PLC0415  a bare installation has no click, and must be able to say so

    class Lazy(click.Group):
        """Loads a command's module only when that command is asked for."""

        def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
            return list(_COMMANDS)

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
            if cmd_name not in _COMMANDS:
                return None
            module, attribute, _ = _COMMANDS[cmd_name]
            command: click.Command = getattr(importlib.import_module(module), attribute)
            return command

        def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
            with formatter.section("Commands"):
                formatter.write_dl([(name, text) for name, (_, _, text) in _COMMANDS.items()])

    @click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
    @click.version_option(package_name="secmaster-contract")
    def group() -> None:
        """Verify that a server keeps the contract of SecMaster's workflow instance API."""

    return group
