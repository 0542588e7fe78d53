"""Whether the ledger, the source page's outline and the YAML cover each other without gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from openapi_contract import Spec, SpecError, join
from test_spec.rules import Document, rules

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+")
# A row names a place of the page, or else what binds every endpoint.
_ELSEWHERE = re.compile(r"RFC \d{4}, sections? \d+(\.\d+)*((, | and )\d+(\.\d+)*)*|guarded endpoint")
_LEVELS = frozenset({"MUST", "SHOULD", "MAY"})
_FIELDS = frozenset({"level", "text", "where", "pointer", "refusal", "untested"})

Rows = Mapping[str, Mapping[str, Any]]


def as_list(value: Any) -> list[Any]:
    """Return a cell of the ledger, which holds one value or a list of them, as a list."""
    return value if isinstance(value, list) else [value]


def places(outline: Mapping[str, Any]) -> list[str]:
    """Return the places of the page that a clause must be traced to."""
    cells = [
        f"{table}, {name}, {cell}"
        for table, rows in outline["tables"].items()
        for name, row in rows.items()
        for kind in ("stated", "none")
        for cell in row.get(kind, ())
    ]
    return [*outline["sections"], *cells]


def untraced_places(rows: Rows, outline: Mapping[str, Any]) -> list[str]:
    """Return the places of the page that no clause names."""
    named = {place for row in rows.values() for place in as_list(row["where"])}
    return [place for place in places(outline) if place not in named]


def unknown_places(rows: Rows, outline: Mapping[str, Any]) -> list[str]:
    """Return each `where` that names no place of the page and no standard."""
    known = {*places(outline), *outline["tables"]}
    return [
        f"{key}: {place}"
        for key, row in rows.items()
        for place in as_list(row["where"])
        if place not in known and not _ELSEWHERE.fullmatch(str(place))
    ]


def dangling_pointers(rows: Rows, document: Document) -> list[str]:
    """Return each `pointer` that leads nowhere in the YAML."""
    return [
        f"{key}: {pointer}"
        for key, row in rows.items()
        for pointer in as_list(row["pointer"])
        if not _leads_somewhere(Spec(document), pointer)
    ]


def _leads_somewhere(spec: Spec, pointer: str) -> bool:
    try:
        spec.at(pointer)
    except SpecError:
        return False
    return pointer.startswith("/")


def rule_pointers(document: Document) -> Iterator[str]:
    """Yield the pointer of each rule that the YAML states about a request or an answer of the page's own."""
    spec = Spec(document)
    operation = join("paths", spec.path, spec.method.lower())
    yield f"{operation}/security"
    yield f"{operation}/requestBody/required"
    for media_type in spec.operation["requestBody"]["content"]:
        yield f"{operation}/requestBody/content{join(media_type)}"
    for parameter in spec.operation["parameters"]:
        pointer = parameter["$ref"].removeprefix("#")
        yield f"{pointer}/required"
        yield from rules(document, f"{pointer}/schema")
    yield from rules(document, spec.body_pointer)
    for status in spec.page_statuses:
        yield f"{operation}{join('responses', status)}"
        yield from rules(document, spec.response_schema(status) or "")


def uncovered_rules(rows: Rows, document: Document) -> list[str]:
    """Return the rules of the YAML that no clause points to."""
    covered = {pointer for row in rows.values() for pointer in as_list(row["pointer"])}
    return sorted(set(rule_pointers(document)) - covered)


def ill_formed_rows(rows: Rows, groups: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the form of rows: key, level, wording, refusals, reasons."""
    faults = []
    for key, row in rows.items():
        faults += [f"{key}: no field {name}" for name in row.keys() - _FIELDS]
        if not _KEY.fullmatch(key) or key.split(".")[0] not in groups:
            faults.append(f"{key}: no dotted name that begins with a group")
        if row["level"] not in _LEVELS:
            faults.append(f"{key}: no level {row['level']}")
        if not re.fullmatch(r"\S.{8,110}[^.\s]", str(row["text"])):
            faults.append(f"{key}: the text is no short phrase without a full stop")
        if "refusal" in row and not (row["refusal"] and all(400 <= status < 600 for status in row["refusal"])):
            faults.append(f"{key}: a refusal is a status from 400 to 599")
        if "untested" in row and not re.fullmatch(r"\S.{20,}", str(row["untested"])):
            faults.append(f"{key}: untested without a reason")
        if "untested" in row and "refusal" in row:
            faults.append(f"{key}: nothing is refused where nothing is tested")
        if row["level"] == "MAY" and "untested" not in row:
            faults.append(f"{key}: a freedom cannot be broken, so it is untested, with a reason")
    texts = Counter((key.split(".")[0], row["text"]) for key, row in rows.items())
    faults += [f"{group}: two rows say {text!r}" for (group, text), count in texts.items() if count > 1]
    used = {group for group, _ in texts}
    return faults + [f"group {group} is empty" for group in groups if group not in used]


def unchecked_clauses(rows: Rows, checked: set[str]) -> list[str]:
    """Return the clauses that have neither a check nor a reason, or both, and the checks without a clause."""
    testable = {key for key, row in rows.items() if "untested" not in row}
    return [
        *(f"{key} has no check" for key in sorted(testable - checked)),
        *(f"{key} is checked but called untested" for key in sorted(checked & (rows.keys() - testable))),
        *(f"{key} is checked but in no row" for key in sorted(checked - rows.keys())),
    ]
