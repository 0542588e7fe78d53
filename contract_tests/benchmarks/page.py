"""The page of results: sections with tables in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """A table; the first column is text, the others are aligned right."""

    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)

    def __str__(self) -> str:
        rule = ["---", *["---:"] * (len(self.head) - 1)]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in (self.head, rule, *self.rows))


@dataclass
class Section:
    """What one part has measured: how it was done, tables, remarks, and bars for the plot.

    `bars` are values by name, `axis` is what they are, `goals` are the values that some of them are to reach.
    """

    title: str
    how: str
    tables: list[Table] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    bars: dict[str, float] = field(default_factory=dict)
    axis: str = ""
    goals: dict[str, float] = field(default_factory=dict)
    more_is_better: bool = False

    def __str__(self) -> str:
        parts = [f"## {self.title}", self.how, *map(str, self.tables)]
        if self.remarks:
            parts.append("\n".join(f"- {remark}" for remark in self.remarks))
        return "\n\n".join(parts)


def verdict(name: str, value: float, limit: float, unit: str = "") -> str:
    """Return a remark that holds a value against its goal."""
    said = "reached" if value <= limit else "MISSED"
    return f"Goal {name}: at most {limit:g}{unit}, measured {value:.3g}{unit}: {said}."
