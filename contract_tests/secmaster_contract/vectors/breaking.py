"""Whether a request breaks a rule, and what is told of a rule that none was made for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi_contract.errors import Problem
from openapi_contract.oracle import Judgement, Standing
from openapi_contract.rules import Rule
from secmaster_contract.vectors.catalogue import Scope


def breaks(judged: Judgement, rule: Rule, *, alone: bool) -> bool:
    """Whether a judgement rejects a request for a rule alone, or with others of the same value."""
    pointers = {breach.pointer for breach in judged.breaches}
    if judged.standing is not Standing.REJECTED or rule.reported not in pointers:
        return False
    return pointers == {rule.reported} or (not alone and len({breach.field for breach in judged.breaches}) == 1)


def unique(named: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield the named values that are new by name and by value."""
    seen: set[str] = set()
    kinds: set[str] = set()
    for kind, value in named:
        if repr(value) not in seen and kind not in kinds:
            seen.add(repr(value))
            kinds.add(kind)
            yield kind, value


def report(scope: Scope, rule: Rule) -> None:
    """Tell that no vector could be made for a rule."""
    what = f"no request could be made that breaks this rule alone ({scope.ledger.of_rule(scope.operation, rule).key})"
    instead = (
        "Give values that break it as x-rejected-examples of its schema, or leave out a rule that another one implies"
    )
    scope.catalogue.problems.append(Problem(rule.pointer, what, instead))
