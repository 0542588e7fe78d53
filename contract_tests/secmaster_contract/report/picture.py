"""The picture of a run: for each operation, command and field, what became of each kind of request."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from secmaster_contract.judge.verdicts import WORST_FIRST, Verdict
from secmaster_contract.vectors.vector import Expected

# The kinds of request, from what must be accepted to what must not be, and how a vector is told to be of one.
COLUMNS = (
    "valid",
    "other forms",
    "absent",
    "elsewhere",
    "null",
    "boolean",
    "number",
    "array",
    "object",
    "out of range",
    "malformed",
    "situations",
)
_BY_FAMILY = {
    "accepted": "valid",
    "optional": "valid",
    "example": "valid",
    "equivalence": "other forms",
    "media-type-form": "other forms",
    "stateless": "situations",
    "circumstance": "situations",
    "unrestricted": "other forms",
    "open": "other forms",
    "malformed": "malformed",
    "extension": "malformed",
    "door": "elsewhere",
}
_BY_WORD = {"null": "null", "true": "boolean", "false": "boolean", "zero": "number", "integer": "number"} | {
    "fraction": "number",
    "number": "number",
}


@dataclass
class Cell:
    """What was said of the vectors of one kind about one field of one command."""

    counts: dict[str, int] = field(default_factory=dict)
    clause: str = ""

    def add(self, verdict: str, clause: str) -> None:
        """Count a vector; the clause of the worst one stays."""
        if not self.counts or WORST_FIRST.index(Verdict(verdict)) < WORST_FIRST.index(Verdict(self.worst)):
            self.clause = clause
        self.counts[verdict] = self.counts.get(verdict, 0) + 1

    @property
    def total(self) -> int:
        """How many vectors there are."""
        return sum(self.counts.values())

    @property
    def worst(self) -> str:
        """The verdict that counts."""
        return next(str(verdict) for verdict in WORST_FIRST if verdict in self.counts)

    @property
    def share(self) -> str:
        """How many of the vectors have the verdict that counts."""
        count = self.counts[self.worst]
        return str(self.total) if count == self.total else f"{count}/{self.total}"


@dataclass
class Row:
    """A field of a command, or a part of the request."""

    name: str
    cells: dict[str, Cell] = field(default_factory=dict)


def matrix(document: dict[str, Any]) -> dict[str, list[Row]]:
    """Return the rows of the picture by operation and command; what no command can be told of comes last there."""
    found: dict[str, list[Row]] = {}
    for operation in document["operations"]:
        several = len(document["operations"]) > 1
        labels = {command["name"]: command["label"] for command in operation["commands"]}
        rows: dict[str, dict[str, Row]] = {label: {} for label in labels.values()}
        for vector in document["vectors"]:
            if vector["operation"] == operation["id"]:
                group, name = _place_of(vector, labels)
                row = rows.setdefault(group, {}).setdefault(name, Row(name))
                row.cells.setdefault(_column(vector), Cell()).add(vector["verdict"], vector["clause"])
        for group, own in rows.items():
            if own:
                heading = (
                    f"{operation['id']}, {group}"
                    if several and len(rows) > 1
                    else operation["id"]
                    if several
                    else group
                )
                found[heading] = sorted(own.values(), key=partial(_order, operation))
    return found


def _place_of(vector: dict[str, Any], labels: dict[str, str]) -> tuple[str, str]:
    """Return the command and the field, or the part of the request, that a vector is about."""
    alone = next(iter(labels.values())) if len(labels) == 1 else "any command"
    if vector["family"] == "door":
        return alone, "path and method"
    usual = "the command" if vector["command"] and len(labels) > 1 else "the request"
    return labels.get(vector["command"] or "", alone), vector["field"] or usual


def _order(operation: dict[str, Any], row: Row) -> int:
    """The command itself, its fields in the order of the contract, its parameters and headers, the rest."""
    order = [
        "the command",
        *operation["fields"],
        *operation["parameters"],
        "Content-Type",
        "the request",
        "path and method",
    ]
    return order.index(row.name) if row.name in order else len(order)


def _column(vector: dict[str, Any]) -> str:
    family, kind = vector["family"], vector["kind"]
    if family in _BY_FAMILY:
        return _BY_FAMILY[family]
    if vector["expectation"] == Expected.ACCEPTED:
        return "valid"
    if kind in {"absent", "none", "white-space", "bare"} or family == "authentication-first":
        return "absent"
    if kind.startswith(("named-", "in-")) or kind in {"nested", "wrapped"}:
        return "elsewhere"
    if kind in _BY_WORD:
        return _BY_WORD[kind]
    for word in ("array", "object"):
        if word in kind:
            return word
    return "out of range"


@dataclass(frozen=True)
class Bar:
    """A bar of the plot of times: its place and size in per cent, and what it says."""

    left: float
    width: float
    height: float
    label: str


@dataclass(frozen=True)
class Plot:
    """How long answers took: bars over a logarithmic scale of milliseconds, its marks, and the usual numbers."""

    bars: tuple[Bar, ...]
    marks: tuple[tuple[float, str], ...]
    median: float
    p95: float
    longest: float
    count: int


_STEPS = 8  # bars a decade


def plot(document: dict[str, Any]) -> Plot | None:
    """Return the plot of a run's times, None where nothing was answered."""
    times = sorted(v["seconds"] * 1000 for v in document["vectors"] if v["seconds"])
    if not times:
        return None
    low, high = math.floor(math.log10(max(times[0], 0.01))), math.floor(math.log10(times[-1])) + 1
    bins = [0] * (_STEPS * (high - low))
    for time in times:
        bins[min(len(bins) - 1, max(0, int((math.log10(max(time, 0.01)) - low) * _STEPS)))] += 1
    width = 100 / len(bins)
    return Plot(
        tuple(_bars(bins, low, width)),
        tuple(((decade - low) * _STEPS * width, _milliseconds(10**decade)) for decade in range(low, high + 1)),
        times[len(times) // 2],
        times[min(len(times) - 1, len(times) * 95 // 100)],
        times[-1],
        len(times),
    )


def _bars(bins: list[int], low: int, width: float) -> Iterator[Bar]:
    for number, count in enumerate(bins):
        if count:
            begin, end = (10 ** (low + step / _STEPS) for step in (number, number + 1))
            label = f"{count} answers in {_milliseconds(begin)} to {_milliseconds(end)}"
            yield Bar(number * width, width, 100 * count / max(bins), label)


def _milliseconds(value: float) -> str:
    return f"{value / 1000:g} s" if value >= 1000 else f"{value:.3g} ms"
