"""`secmaster-contract coverage`: what the vectors cover, without sending any."""

from __future__ import annotations

from collections import Counter

import click

from secmaster_contract.harness.coverage import by_clause, keywords
from secmaster_contract.harness.spec import Spec
from secmaster_contract.vector_list import example_catalogue


@click.command()
def coverage() -> None:
    """Show which clauses and rules the vectors cover.

    For each clause its vectors by kind and command, for each rule of the YAML how often it is broken alone.
    """
    catalogue = example_catalogue(Spec.load())
    commands = [*catalogue.spec.short_names.values(), "-"]
    click.secho(f"{'clause':<44}" + "".join(f"{name:>11}" for name in commands) + "  kinds of vectors", bold=True)
    for row in by_clause(catalogue):
        counts = "".join(f"{row.commands.get(name) or '':>11}" for name in commands)
        click.echo(f"{row.key:<44}{counts}  {_kinds(row.kinds)}")
    click.secho(f"\n{'rule of the request body, broken alone':<90}{'vectors':>9}", bold=True)
    missing = 0
    for pointer, vectors in keywords(catalogue).items():
        missing += not vectors
        click.echo(f"{pointer:<90}{len(vectors):>9}" + ("" if vectors else "  never"))
    click.echo(f"\n{len(catalogue.vectors)} vectors; rules never broken alone: {missing}")


def _kinds(kinds: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" if name != "every answer" else name for name, count in kinds.most_common())
