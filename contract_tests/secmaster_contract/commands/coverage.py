"""`secmaster-contract coverage`: what the vectors cover, without sending any."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from secmaster_contract.commands.contracts import ledger_of, of_a_contract, operations_of
from secmaster_contract.commands.faults import Command
from secmaster_contract.commands.vector_list import example_catalogue
from secmaster_contract.people import Voice
from secmaster_contract.vectors.coverage import Coverage, alone

_CLAUSE, _RULE = 44, 90  # characters


@click.command(cls=Command)
@of_a_contract
def coverage(contract: Path | None, ledger: Path | None, operations: str | None) -> None:
    """Show which clauses and rules the vectors cover.

    For each clause its vectors by kind and command, for each rule of a request how often it is broken alone.
    """
    found = ledger_of(contract, ledger)
    catalogue = example_catalogue(found, operations_of(found, operations))
    table, voice = Coverage(catalogue), Voice.out()
    commands = table.commands
    heads = "".join(f"{name[:20]:>{_width(name)}}" for name in commands)
    voice.say(f"{'clause':<{_CLAUSE}}{heads}  kinds of vectors", style="bold")
    for row in table.clauses:
        counts = "".join(f"{row.commands.get(name) or '':>{_width(name)}}" for name in commands)
        voice.say(f"{row.key:<{_CLAUSE}}{counts}  {_kinds(row.kinds)}")
    voice.say()
    voice.say(f"{'rule of a request, broken alone':<{_RULE}}{'vectors':>9}", style="bold")
    missing = 0
    for pointer, vectors in alone(catalogue).items():
        missing += not vectors
        voice.say(f"{pointer:<{_RULE}}{len(vectors):>9}" + ("" if vectors else "  never"))
    voice.say()
    voice.say(f"{len(catalogue.vectors)} vectors; rules never broken alone: {missing}")


def _width(name: str) -> int:
    return max(11, min(len(name), 20) + 2)


def _kinds(kinds: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" if name != "every answer" else name for name, count in kinds.most_common())
