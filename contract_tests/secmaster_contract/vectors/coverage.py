"""What the vectors cover: clauses by kinds and commands, and the YAML's keywords that are broken alone.

A keyword counts only where it is the one rule that a request breaks, with the command's own branch selected; a request
that breaks another branch on its way proves nothing about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from openapi_contract import Command, join
from openapi_contract.oracle import Standing
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.vectors.vector import Vector

_ANNOTATIONS = {"title", "description", "examples", "default", "contentMediaType", "format"}
_ANSWERS = "every answer"


@dataclass
class ClauseCoverage:
    """How many vectors speak for a clause, by family and by the short name of the command; `-` where there is none."""

    key: str
    kinds: Counter[str] = field(default_factory=Counter[str])
    commands: Counter[str] = field(default_factory=Counter[str])


def by_clause(catalogue: Catalogue) -> list[ClauseCoverage]:
    """Return the coverage of each testable clause, in the order of the ledger."""
    rows = {key: ClauseCoverage(key) for key in catalogue.ledger.testable}
    short = catalogue.spec.short_names
    for vector in catalogue.vectors.values():
        row = rows.setdefault(vector.clause.key, ClauseCoverage(vector.clause.key))
        row.kinds[vector.family] += 1
        row.commands[short.get(vector.command or "", "-")] += 1
    for row in rows.values():
        if not row.kinds:
            row.kinds[_ANSWERS] = 1
    return list(rows.values())


def keywords(catalogue: Catalogue) -> dict[str, list[Vector]]:
    """Return each rule of the request body by its pointer, with the vectors that break it alone."""
    found: dict[str, list[Vector]] = {pointer: [] for command in catalogue.spec.commands for pointer in _rules(command)}
    selector = catalogue.spec.discriminator
    for vector in catalogue.vectors.values():
        judgement = vector.judgement
        if judgement.standing is not Standing.REFUSED or len(judgement.breaches) != 1:
            continue
        (breach,) = judgement.breaches
        if breach.part != "body":
            continue
        if judgement.command is None and breach.field == selector:
            # No branch is selected: the fault stands for the same rule of each command that it was made from.
            for pointer in _alike(catalogue, vector, breach.pointer, breach.keyword):
                found[pointer].append(vector)
        elif breach.pointer in found:
            found[breach.pointer].append(vector)
    return found


def _rules(command: Command) -> Iterator[str]:
    base = command.pointer.split("/")[1:]
    for number in range(len(command.required)):
        yield join(*base, "required", number)
    for name, schema in command.properties.items():
        for keyword in schema:
            if keyword not in _ANNOTATIONS and not keyword.startswith("x-"):
                yield join(*base, "properties", name, keyword)


def _alike(catalogue: Catalogue, vector: Vector, pointer: str, keyword: str) -> Iterator[str]:
    """Yield the pointers of a broken rule of the selector in the schemas of the commands that a vector is about."""
    name = catalogue.spec.discriminator
    for command in catalogue.spec.commands:
        if vector.command not in {None, command.name}:
            continue
        base = command.pointer.split("/")[1:]
        match keyword:
            case "required":
                yield join(*base, "required", command.required.index(name))
            case "type":
                yield join(*base, "properties", name, "type")
            case _ if pointer.startswith(catalogue.spec.body_pointer):
                yield join(*base, "properties", name, "const")
            case _:
                pass
