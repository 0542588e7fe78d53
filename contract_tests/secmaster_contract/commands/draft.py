"""`secmaster-contract draft`: rows for a ledger, and example bodies, for the rules that no row states."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from openapi_contract.ledger import RULE, Clause, Ledger
from openapi_contract.operations import Operation
from openapi_contract.oracle import Standing
from secmaster_contract.commands.contracts import ledger_of, of_a_contract, operations_of
from secmaster_contract.commands.faults import Command
from secmaster_contract.commands.vector_list import example_catalogue
from secmaster_contract.people import Voice
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.vectors.vector import Expected, Vector

_NOTICE = """\
# Drafts of rows that the ledger lacks. Say in your own words what each rule demands and where the source states it,
# then move the row into the ledger.
"""
_WHERE = "to be written"


@click.command(cls=Command)
@of_a_contract
@click.option(
    "--to",
    "directory",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Where the drafts go: clauses.yaml, and examples/accepted/ and examples/rejected/.",
)
def draft(contract: Path | None, ledger: Path | None, operations: str | None, directory: Path) -> None:
    """Write drafts of the rows and example bodies that a ledger lacks.

    A rule without a row is judged by a derived clause. Its draft has the clause's key, level, words and pointer; its
    example bodies are one that breaks the rule alone, and one just on its right side where there is one.
    """
    found = ledger_of(contract, ledger)
    chosen = operations_of(found, operations)
    rows = _rows(found, chosen)
    bodies = dict(_bodies(found, example_catalogue(found, chosen)))
    count = sum(len(own["clauses"]) for own in rows.values())
    if not count:
        click.echo("Every rule has its row in the ledger.")
        return
    text = yaml.safe_dump({"operations": rows}, sort_keys=False, allow_unicode=True, width=120)
    files = {"clauses.yaml": _NOTICE + text, **bodies}
    try:
        for name, content in files.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot write to {directory}: {error.strerror}") from None
    Voice.out().say(
        f"{count} rows are in {directory / 'clauses.yaml'}, {len(bodies)} bodies in {directory / 'examples'}"
    )


def _rows(ledger: Ledger, operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the rows that are missing, by operation, as a ledger has them."""
    rows: dict[str, Any] = {}
    for operation in operations:
        own = [clause for clause in ledger.unwritten if clause.operation == operation.id]
        if own:
            rows[operation.id] = {
                "prefix": ledger.prefixes[operation.id],
                "clauses": {clause.key: _row(clause, operation) for clause in own},
            }
    return rows


def _row(clause: Clause, operation: Operation) -> dict[str, Any]:
    pointers = [
        pointer.removeprefix(operation.pointer) if pointer.startswith(operation.pointer + "/") else f"#{pointer}"
        for pointer in clause.pointers
    ]
    return {
        **({} if clause.role == RULE else {"role": clause.role}),
        "level": str(clause.level),
        "text": clause.text,
        "where": _WHERE,
        "pointer": pointers[0] if len(pointers) == 1 else pointers,
    }


def _bodies(ledger: Ledger, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield a file and its text for each rule of a body: one that breaks it alone, and one that just does not."""
    vectors: dict[tuple[str, Expected], Vector] = {}
    for vector in catalogue.vectors.values():
        if vector.operation.body is not None and vector.family != "circumstance":
            vectors.setdefault((vector.clause.key, vector.expected), vector)
    for clause in ledger.unwritten:
        for expected in (Expected.REJECTED, Expected.ACCEPTED):
            found = vectors.get((clause.key, expected))
            if clause.role == RULE and found is not None and _is_of_its_body(found):
                name = clause.key.replace(".", "-")
                text = json.dumps(found.judgement.value, ensure_ascii=False, indent=2)
                yield f"examples/{expected}/{name}.json", text + "\n"


def _is_of_its_body(vector: Vector) -> bool:
    """Whether a vector is what it is by its body, and that one is JSON."""
    judgement = vector.judgement
    if judgement.standing is Standing.REJECTED:
        return judgement.value is not None and {breach.place for breach in judgement.breaches} == {"body"}
    return judgement.value is not None
