"""`secmaster-contract diff` and `matrix`: verdict files of other runs put beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from secmaster_contract.judge.verdicts import ExitStatus, Verdict
from secmaster_contract.people import Part, Voice
from secmaster_contract.report import compare
from secmaster_contract.report.files import UnreadableFile, read_verdict
from secmaster_contract.report.html import environment
from secmaster_contract.report.terminal import STYLES
from secmaster_contract.report.words import MARKS
from secmaster_contract.report.write import try_writing

_FILE = click.Path(path_type=Path, dir_okay=False)
_TITLES = {
    "broken": "Broken",
    "fixed": "Fixed",
    "still": "Still failing",
    "unknown": "No longer conclusive",
    "conclusive": "Conclusive now",
    "added": "Checked now",
    "removed": "No longer checked",
}


def _read(*paths: Path) -> list[dict[str, Any]]:
    try:
        return [read_verdict(path) for path in paths]
    except UnreadableFile as error:
        raise click.UsageError(str(error)) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from None


@click.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
def diff(old: Path, new: Path) -> None:
    """Say what got fixed and what broke from one verdict file to the next.

    Exit status: 0 nothing broke, 1 something did, 2 bad usage.
    """
    found = compare.difference(*_read(old, new))
    voice = Voice.out()
    for name, title in _TITLES.items():
        for change in getattr(found, name):
            vectors = f": {', '.join(change.vectors[:4])}" if change.vectors else ""
            more = f" and {len(change.vectors) - 4} more" if len(change.vectors) > 4 else ""
            verdicts = f"{change.old or 'not checked'} -> {change.new or 'not checked'}"
            line = f"{title}: {change.clause} ({verdicts}){vectors}{more}"
            voice.say(line, style={"broken": "bold red", "fixed": "green"}.get(name, ""))
    voice.say(f"{len(found.broken)} broken, {len(found.fixed)} fixed, {len(found.still)} still failing")
    click.get_current_context().exit(int(ExitStatus.VIOLATES if found.broken else ExitStatus.CONFORMS))


@click.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option("--html", "html_file", type=_FILE, help="Write the table as a page.")
def matrix(files: tuple[Path, ...], html_file: Path | None) -> None:
    """Put the servers of several verdict files side by side."""
    table = compare.table(_read(*files))
    if html_file:
        try_writing(html_file)
        _write(html_file, environment().get_template("matrix.html.jinja").render(table=table))
    _show(Voice.out(), table)


def _show(voice: Voice, table: compare.Table) -> None:
    """Print a column a server, as narrow as its number; what the numbers and the marks mean stands above."""
    width = max(2, len(str(len(table.servers))))
    for number, server in enumerate(table.servers, 1):
        violated = server.counts.get(Verdict.VIOLATES, 0)
        voice.say(f"{number:>{width}}  {server.target}, {server.started}: {violated} violated")
    voice.say()
    voice.say("  ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items()), style="dim")
    first = max((len(clause["key"]) for _, rows in table.groups for clause, _ in rows), default=0)
    numbers = "".join(f" {number:>{width}}" for number in range(1, len(table.servers) + 1))
    voice.say()
    voice.say(f"  {'':<{first}}{numbers}")
    for heading, rows in table.groups:
        voice.say(heading, style="bold")
        for clause, found in rows:
            marks = (_mark(verdict, width) for verdict in found)
            voice.say(f"  {clause['key']:<{first}}", *marks)


def _mark(verdict: str | None, width: int) -> Part:
    if verdict is None:
        return f" {'':>{width}}", ""
    return f" {MARKS[Verdict(verdict)]:>{width}}", STYLES[Verdict(verdict)]
