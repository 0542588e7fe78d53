"""What the rejections of a live system show when no valid command may be sent beside them.

A server that knows no such instance rejects everything. Its rejection shows that it keeps a rule only if it tells this
rule from the others: answers to faults of other fields look different. 404, or one answer to all, shows nothing.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from typing import Any

from openapi_contract import strict_json
from secmaster_contract.judge.verdicts import Observation, Record, Verdict
from secmaster_contract.run.permissions import Safety
from secmaster_contract.run.spelling import permission
from secmaster_contract.vectors.vector import Vector
from secmaster_contract.wire.exchange import Exchange

Subjects = dict[str, set[frozenset[str]]]
_CHANGING = re.compile(r"[0-9a-f]{8,}(?:-[0-9a-f]{4,})*|\d+", re.IGNORECASE)


def settle(record: Record, safety: Safety) -> None:
    """Conclude from all the rejections of a live run together; what one of them does not show stays inconclusive."""
    if not safety.permissions.live:
        return
    open_ones: list[tuple[int, Vector, Exchange]] = []
    subjects: Subjects = defaultdict(set)
    vectors = safety.catalogue.vectors
    for number, seen in enumerate(record.observations):
        vector = vectors.get(seen.vector)
        if vector is None or seen.exchange is None or seen.exchange.status is None or not safety.must_reject(vector):
            continue
        subjects[_face(seen.exchange)].add(_subjects(vector))
        if seen.verdict is Verdict.INCONCLUSIVE:
            open_ones.append((number, vector, seen.exchange))
    for number, vector, exchange in open_ones:
        record.observations[number] = _settled(record.observations[number], vector, exchange, subjects, safety)


def _settled(seen: Observation, vector: Vector, exchange: Exchange, subjects: Subjects, safety: Safety) -> Observation:
    alike = subjects[_face(exchange)]
    needed = next((own for own in vector.operation.commands if own.label == safety.needs(vector)), None)
    more = f"; conclusive with {permission(vector.operation, needed)}" if needed else ""
    if exchange.status == 429:
        return seen
    if exchange.status == 404:
        why = "404: the server knows nothing there, which does not show which rule was broken"
    elif len(subjects) == 1:
        why = "the server answers everything alike, which does not show which rule was broken"
    elif not frozenset.intersection(*alike):
        every: set[str] = set().union(*alike)
        others = sorted(every - _subjects(vector) or every)
        why = f"faults of {_listed(others)} are answered just like this, which does not show which rule was broken"
    elif exchange.status not in vector.statuses:
        why = f"rejected with {exchange.status}, which the clause does not name, for an instance that does not exist"
    else:
        return replace(seen, verdict=Verdict.CONFORMS, reason="", follows=None, withheld=False)
    return replace(seen, reason=why + more)


def _subjects(vector: Vector) -> frozenset[str]:
    """What a request breaks: fields and headers, or where it has none, JSON or the body as a whole."""
    broken = {
        breach.field or ("JSON" if breach.keyword in {"json", "utf-8"} else "the body")
        for breach in vector.judgement.breaches
        if not breach.tolerable
    }
    return frozenset(broken)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _face(exchange: Exchange) -> str:
    """An answer without what changes from one to the next: ids, counters, times."""
    try:
        value: Any = strict_json.read(exchange.content).value
    except strict_json.NotJson:
        value = exchange.content.decode("utf-8", "replace")
    if isinstance(value, dict):
        value = {name: item for name, item in value.items() if name != "request_id"}
    return f"{exchange.status} {_CHANGING.sub('#', json.dumps(value, sort_keys=True, default=str))}"
