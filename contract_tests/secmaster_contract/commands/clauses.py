"""`secmaster-contract clauses`: the ledger, by operation and place."""

from __future__ import annotations

from pathlib import Path

import click

from openapi_contract.ledger import Clause, Ledger
from secmaster_contract.commands.contracts import ledger_of, of_a_contract, operations_of
from secmaster_contract.commands.faults import Command
from secmaster_contract.people import Voice
from secmaster_contract.report.grouping import sorted_in

_KEY, _LEVEL = 42, 7  # characters


@click.command(cls=Command)
@of_a_contract
@click.option("--untested", is_flag=True, help="Only the statements that no check can test, with the reason.")
@click.option("--unwritten", is_flag=True, help="Only the derived clauses of operations: rows still to be written.")
def clauses(
    contract: Path | None, ledger: Path | None, operations: str | None, *, untested: bool, unwritten: bool
) -> None:
    """List every clause that a verdict is given on.

    With its key, its level, what it says and where it stands; whether it is derived from the contract alone, and why it
    is not tested where it is not.
    """
    found = ledger_of(contract, ledger)
    chosen = operations_of(found, operations)
    ids, judged = {operation.id for operation in chosen}, found.judged(chosen)
    wanted = [
        clause
        for clause in found.clauses.values()
        if (clause.operation in ids or clause in judged)
        and (clause.untested or not untested)
        and (not clause.written or not unwritten)
    ]
    if unwritten and not wanted:
        click.echo("Every rule has its row in the ledger.")
        return
    show(Voice.out(), found, wanted)


def show(voice: Voice, ledger: Ledger, wanted: list[Clause]) -> None:
    """Print clauses under their headings."""
    operations = [
        {"id": operation.id, "method": operation.method, "path": operation.path}
        for operation in ledger.contract.operations
        if any(clause.operation == operation.id for clause in wanted)
    ]
    rows = [{"key": clause.key, "operation": clause.operation, "group": clause.group} for clause in wanted]
    for section in sorted_in(operations, dict(ledger.groups), rows):
        if section.heading:
            voice.say()
            voice.say(section.heading, style="bold underline")
        for heading, own in section.groups:
            voice.say()
            voice.say(heading, style="bold")
            for row in own:
                _show(voice, ledger[row["key"]])


def _show(voice: Voice, clause: Clause) -> None:
    voice.say(f"  {clause.key:<{_KEY}} {clause.level:<{_LEVEL}} {clause.text}")
    indent = " " * (4 + _KEY + _LEVEL)
    voice.say(f"{indent}{clause.place if clause.written else f'derived from {clause.place}'}", style="dim")
    if clause.untested:
        voice.say(f"{indent}untested: {clause.untested}", style="dim")
