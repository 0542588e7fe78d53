"""`secmaster-contract clauses`: the ledger, in the order of the page."""

from __future__ import annotations

import click

from secmaster_contract.harness.ledger import Ledger


@click.command()
@click.option("--untested", is_flag=True, help="Only the statements that no check can test, with the reason.")
def clauses(*, untested: bool) -> None:
    """List every binding statement of the page.

    With its key, its level, what it says, where it stands, and why it is not tested where it is not.
    """
    ledger = Ledger.load()
    for group, heading in ledger.groups.items():
        rows = [c for c in ledger.clauses.values() if c.group == group and (c.untested or not untested)]
        if rows:
            click.secho(f"\n{heading}", bold=True)
        for clause in rows:
            click.echo(f"  {clause.key:<42} {clause.level:<7} {clause.text}")
            click.secho(f"  {'':<42} {'':<7} {clause.place}", dim=True)
            if clause.untested:
                click.secho(f"  {'':<42} {'':<7} untested: {clause.untested}", dim=True)
