"""The page: one self-contained HTML file, made from a verdict file."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from secmaster_contract.judge.verdicts import ExitStatus, Verdict
from secmaster_contract.people import is_web, one_line
from secmaster_contract.report.grouping import sections
from secmaster_contract.report.picture import COLUMNS, matrix, plot
from secmaster_contract.report.words import MARKS, answer_line, failure_text, minute, outcome, permissions, request_line

_HEADLINES = {
    ExitStatus.VIOLATES: ("Violates the contract", "violates"),
    ExitStatus.INCONCLUSIVE: ("Inconclusive", "inconclusive"),
    ExitStatus.INTERRUPTED: ("Interrupted", "inconclusive"),
}
SHOWN = 10  # failures of a clause that the page shows in full; the verdict file has them all


@cache
def environment() -> jinja2.Environment:
    """Return jinja2 with the templates of this package, every value escaped."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("secmaster_contract.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    values: dict[str, Any] = {
        "marks": MARKS,
        "verdicts": [str(verdict) for verdict in Verdict],
        "columns": COLUMNS,
        "shown": SHOWN,
        "failure_text": failure_text,
        "is_web": is_web,
    }
    made.globals.update(values)
    made.filters.update(minute=minute, request_line=request_line, answer_line=answer_line, one_line=one_line)
    return made


def as_html(document: dict[str, Any]) -> str:
    """Return the page of a verdict file."""
    status = ExitStatus(document["exit_status"])
    said = outcome(document)
    headline, colour = _HEADLINES.get(status, (said[:1].upper() + said[1:], "conforms"))
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            document=document,
            headline=headline,
            colour=colour,
            failing=[clause for clause in document["clauses"] if clause["failures"]],
            sections=sections(document),
            permissions=permissions(document),
            matrix=matrix(document),
            plot=plot(document),
        )
    )
