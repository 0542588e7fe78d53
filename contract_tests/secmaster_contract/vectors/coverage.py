"""What the vectors cover: clauses by kinds and commands, and the rules of requests that are broken alone.

A rule counts only where it is the one that a request breaks; a request that breaks another one on its way proves
nothing about it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from openapi_contract.oracle import Standing
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.vectors.vector import Vector

_ANSWERS = "every answer"
_NONE = "-"


@dataclass
class ClauseCoverage:
    """How many vectors speak for a clause, by family and by the short name of the command; `-` where there is none."""

    key: str
    kinds: Counter[str] = field(default_factory=Counter[str])
    commands: Counter[str] = field(default_factory=Counter[str])


class Coverage:
    """The coverage of the clauses of a catalogue's operations, in the order of the ledger."""

    def __init__(self, catalogue: Catalogue) -> None:
        operations = [scope.operation for scope in catalogue.scopes]
        rows = {clause.key: ClauseCoverage(clause.key) for clause in catalogue.ledger.judged(operations)}
        for vector in catalogue.vectors.values():
            command = vector.operation.command(vector.command)
            rows[vector.clause.key].kinds[vector.family] += 1
            rows[vector.clause.key].commands[command.label if command else _NONE] += 1
        for row in rows.values():
            if not row.kinds:
                row.kinds[_ANSWERS] = 1
        self.clauses = list(rows.values())
        labels = dict.fromkeys(command.label for operation in operations for command in operation.commands)
        self.commands = [*labels, _NONE]


def alone(catalogue: Catalogue) -> dict[str, list[Vector]]:
    """Return each rule of the requests by its pointer, with the vectors that break it alone.

    A rule in an alternative stands for all that its alternatives report.
    """
    found: dict[str, list[Vector]] = {
        rule.reported: [] for scope in catalogue.scopes for rule in catalogue.rules.of_request(scope.operation)
    }
    for vector in catalogue.vectors.values():
        judgement = vector.judgement
        broken = {breach.pointer for breach in judgement.breaches}
        if judgement.standing is Standing.REJECTED and len(broken) == 1:
            found.get(broken.pop(), []).append(vector)
        elif vector.family == "door":
            # A path without a value is another path: the door that must not lead there is what breaks the rule.
            for pointer in vector.clause.pointers:
                found.get(pointer, []).append(vector)
    return found
