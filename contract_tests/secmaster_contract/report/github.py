"""What GitHub Actions shows of a run: an annotation for each violated clause, and the job's summary."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from secmaster_contract.judge.verdicts import Verdict
from secmaster_contract.people import Voice, code, one_line
from secmaster_contract.report.words import answer_line, request_line

_COMMANDS = {Verdict.VIOLATES: "error", Verdict.ADVISES: "warning"}
_MARKS = {"conforms": "✅", "violates": "❌", "advises": "⚠️", "inconclusive": "❔", "withheld": "💤"}


def tell(document: dict[str, Any], environment: Mapping[str, str], voice: Voice) -> None:
    """Print annotations and append to the job's summary, where this runs in GitHub Actions."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return
    for clause in document["clauses"]:
        command = _COMMANDS.get(Verdict(clause["verdict"]))
        if command and not clause["known"]:
            voice.annotate(command, f"{clause['key']} ({clause['level']})", _message(clause))
    summary = environment.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(as_summary(document))


def _message(clause: dict[str, Any]) -> list[str]:
    failure = clause["failures"][0]
    lines = [f"{'; '.join(clause['where'])}: {clause['text']}", f"expected {failure['expected']}: {failure['fault']}"]
    if "sent" in failure:
        lines += [f"sent {request_line(failure['sent'])}", f"received {answer_line(failure['received'])}"]
    return lines


def as_summary(document: dict[str, Any]) -> str:
    """Return the job's summary in Markdown."""
    counts = ", ".join(f"{count} {name}" for name, count in document["verdicts"].items() if count)
    rows = [
        f"| {_MARKS[clause['verdict']]} {clause['verdict']} | `{clause['key']}` | {_cell(clause)} |"
        for clause in document["clauses"]
        if clause["verdict"] != Verdict.CONFORMS
    ]
    table = ["", "| verdict | clause | |", "|---|---|---|", *rows] if rows else []
    return "\n".join([f"### Contract of {code(document['target'])}: {counts}", *table, "", ""])


def _cell(clause: dict[str, Any]) -> str:
    said = clause["failures"][0]["fault"] if clause["failures"] else (clause["reasons"] or [""])[0]
    own = one_line(clause["text"]).replace("|", "\\|").replace("<", "&lt;")
    return f"{own}: {code(said)}" if said else own
