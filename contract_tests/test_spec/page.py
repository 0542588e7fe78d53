"""Reads the source page: its tables, statuses and examples, as far as they bind anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT.parent / "shared" / "source"

_LABELS = ("Definition", "Constraints", "Range", "Default Value")
_BULLET = "• "
_TABLE = re.compile(r"(Table \d+) .+")
_ENDS_A_TABLE = re.compile(r"Table \d+ .+|Request Parameters|Response Parameters|Status code: \d+|Example Requests")
_TYPES = ("String", "Boolean", "Integer", "Number", "Object", "Array")


class PageError(Exception):
    """The text is not laid out as this reader expects."""


@dataclass(frozen=True)
class Field:
    """One row of a table: its cells by label, a cell being the lines it holds.

    `mandatory` is None in a table without that column; a description without labels stands under `Description`.
    """

    name: str
    mandatory: bool | None
    type: str
    cells: Mapping[str, tuple[str, ...]]

    def says(self, label: str) -> bool:
        """Whether a cell states anything."""
        return self.cells.get(label, ("N/A",)) != ("N/A",)

    def choices(self, label: str) -> tuple[str, ...]:
        """The bulleted values of a cell, without what is said of them."""
        lines = (line for line in self.cells.get(label, ()) if line.startswith(_BULLET))
        return tuple(line.removeprefix(_BULLET).split(":", 1)[0].strip() for line in lines)


@dataclass(frozen=True)
class Page:
    """The page as data; an example is the printed text, the indentation of its list item removed."""

    title: str
    updated: date
    method: str
    path: str
    headings: tuple[str, ...]
    tables: Mapping[str, Mapping[str, Field]]
    statuses: tuple[int, ...]
    requests: Mapping[str, str]
    responses: Mapping[int, str]
    text: str = field(repr=False, default="")


def source_file() -> Path | None:
    """Return the page's text where it lies beside the checkout."""
    return next(iter(sorted(SOURCE.glob("*.txt"))), None)


def parse(text: str) -> Page:
    """Read the page.

    Raises:
        PageError: A part that every such page has is not found.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    updated = _match(r"Updated on (\d{4}-\d\d-\d\d)", text)
    operation = _match(r"^(GET|PUT|POST|DELETE|PATCH) (/\S+)$", text)
    requests, responses = _between(text, "Example Requests", "Example Responses"), _after(text, "Example Responses")
    statuses = lines[lines.index("Status Codes") : lines.index("Error Codes")]
    return Page(
        title=lines[1],
        updated=date.fromisoformat(updated[1]),
        method=operation[1],
        path=operation[2],
        headings=tuple(lines),
        tables=_tables(lines),
        statuses=tuple(int(line) for line in statuses if re.fullmatch(r"\d{3}", line)),
        requests=dict(_requests(requests)),
        responses=dict(_responses(responses.split("Status Codes", 1)[0])),
        text=text,
    )


def _match(pattern: str, text: str) -> re.Match[str]:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise PageError(f"the source page has no {pattern}")
    return found


def _after(text: str, start: str) -> str:
    return text[_match(rf"^{start}$", text).end() :]


def _between(text: str, start: str, end: str) -> str:
    return text[_match(rf"^{start}$", text).end() : _match(rf"^{end}$", text).start()]


def _tables(lines: list[str]) -> dict[str, dict[str, Field]]:
    tables = {}
    for number, line in enumerate(lines):
        title = _TABLE.fullmatch(line)
        if title:
            rest = lines[number + 1 :]
            end = next((at for at, line in enumerate(rest) if _ENDS_A_TABLE.fullmatch(line)), len(rest))
            tables[title[1]] = {row.name: row for row in _rows(rest[:end])}
    return tables


def _rows(lines: list[str]) -> Iterator[Field]:
    head = lines.index("Description") + 1
    columns = lines[:head]
    has_mandatory = "Mandatory" in columns
    body = lines[head:]
    width = len(columns) - 1
    starts = [at for at in range(len(body)) if _is_row(body[at : at + width], has_mandatory=has_mandatory)]
    if starts[:1] != [0]:
        raise PageError(f"cannot read the row that begins with {body[:width]}")
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        mandatory = body[start + 1] == "Yes" if has_mandatory else None
        cells = _cells(body[start + width : end])
        yield Field(body[start], mandatory, body[start + width - 1], cells)


def _is_row(cells: list[str], *, has_mandatory: bool) -> bool:
    if len(cells) < (3 if has_mandatory else 2):
        return False
    return " " not in cells[0] and cells[-1] in _TYPES and (not has_mandatory or cells[1] in ("Yes", "No"))


def _cells(lines: list[str]) -> dict[str, tuple[str, ...]]:
    cells: dict[str, list[str]] = {}
    label = "Description"
    for line in lines:
        if line in _LABELS:
            label = line
        else:
            cells.setdefault(label, []).append(line)
    return {label: tuple(said) for label, said in cells.items()}


def _requests(text: str) -> Iterator[tuple[str, str]]:
    # An item is its caption behind a bullet, and below it the body, four columns in.
    for caption, block in re.findall(r"^  • (.+)\n\n((?:    .*\n?)+)", text, re.MULTILINE):
        yield caption, "".join(f"{line[4:]}\n" for line in block.splitlines())


def _responses(text: str) -> Iterator[tuple[int, str]]:
    for status, block in re.findall(r"^Status code: (\d+)$.*?^({\n.*?^}\n)", text, re.MULTILINE | re.DOTALL):
        yield int(status), block
