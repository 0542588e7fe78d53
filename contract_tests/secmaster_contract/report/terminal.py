"""The report on a terminal: a line a clause in the order of the page, then each failure, then the result."""

from __future__ import annotations

import textwrap
from typing import Any

from rich.text import Text

from secmaster_contract.judge.report import Report
from secmaster_contract.judge.verdicts import UNSEEN, ClauseResult, Verdict
from secmaster_contract.people import Voice
from secmaster_contract.report.failure import failure_lines
from secmaster_contract.report.grouping import sections
from secmaster_contract.report.words import MARKS, headline, permissions
from secmaster_contract.run.permissions import Permissions
from secmaster_contract.run.target import Target

STYLES = {
    Verdict.CONFORMS: "green",
    Verdict.VIOLATES: "bold red",
    Verdict.ADVISES: "yellow",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.WITHHELD: "dim",
}
_VERDICT = max(map(len, Verdict))  # characters


def warn(loud: Voice, notes: Voice, target: Target, let: Permissions, *, insecure: bool) -> None:
    """Say what is at stake before a run: an exposed token loudly, a live target as a note."""
    warnings = []
    if insecure:
        warnings.append("--insecure: TLS is not verified. Whoever sits between here and the server can read the token.")
    if target.origin.scheme == "http" and not target.is_loopback:
        warnings.append(f"{target.url} is no https: whoever sits in between reads the token.")
    if not let.live and not target.is_loopback:
        may = "every command" if let.allowed is None else ", ".join(sorted(let.allowed)) or "nothing"
        warnings.append(f"--treat-as local: {target.url} is another machine, and {may} may be carried out there.")
    for warning in warnings:
        loud.say(f"WARNING: {warning}", style="bold red")
    if let.live:
        named = let.instances
        allowed = ", ".join(f"{name} on {named[name]}" if named[name] else name for name in sorted(let.allowed or ()))
        notes.say(
            f"{target.url} is live: it gets only requests that a correct server rejects or that read",
            f", and {allowed}." if allowed else " (see --allow).",
        )


def show_result(voice: Voice, report: Report, verdict: dict[str, Any]) -> None:
    """Print the result, the last line of a run, whose verdict file is `verdict`; why it ended early stands above it."""
    if report.stopped:
        voice.say(report.stopped, style="bold")
    counts = ", ".join(f"{len(report.of(each))} {each}" for each in Verdict if report.of(each))
    told = f"({len(report.results)} clauses, {report.requests} requests, {report.seconds:.1f} s)"
    voice.say(f"{report.target.name} {headline(verdict)}: {counts} {told}", style="bold")


def show_details(voice: Voice, report: Report, verdict: dict[str, Any]) -> None:
    """Print what the result comes from."""
    results = {result.clause.key: result for result in report.results}
    width = max(map(len, results), default=0)
    for section in sections(verdict):
        if section.heading:
            voice.say()
            voice.say(section.heading, style="bold underline")
        for heading, clauses in section.groups:
            voice.say()
            voice.say(heading, style="bold")
            for clause in clauses:
                _row(voice, report, results[clause["key"]], width)
    for fails in (Verdict.VIOLATES, Verdict.ADVISES):
        for result in report.of(fails):
            _failures(voice, report, result)
    for fault in report.harness_faults:
        voice.say()
        voice.say("The verifier itself failed, which says nothing of the server: ", fault, style="magenta")
    _permissions(voice, report, permissions(verdict))
    for issue in report.known.stale(report.results):
        voice.say()
        voice.say(f"The known issue {issue.name} no longer fails: take it out ({issue.link}).", style="bold red")
    for issue in report.known.expired:
        voice.say()
        voice.say(
            f"The known issue {issue.name} expired on {issue.expires}: it counts again ({issue.link}).", style="yellow"
        )
    voice.say()


def _row(voice: Voice, report: Report, result: ClauseResult, width: int) -> None:
    """Print a clause in a line; on a terminal too narrow for it, what conforms is cut and all else goes on below."""
    style, remark = STYLES[result.verdict], voice.safe(_remark(report, result))  # a token cut in two is found no more
    mark, key = f"  {MARKS[result.verdict]} {result.verdict:<{_VERDICT}} ", f"{result.clause.key:<{width}}  "
    indent, room = Text(mark).cell_len, voice.console.width
    below: list[str] = []
    if voice.console.is_terminal and Text(mark + key + remark).cell_len > room:
        if result.verdict is Verdict.CONFORMS:
            cut = Text(remark)
            cut.truncate(room - Text(mark + key).cell_len, overflow="ellipsis")
            remark = cut.plain
        else:
            below, remark, key = textwrap.wrap(remark, max(20, room - indent)), "", key.rstrip()
    voice.say((mark, style), key, (remark, "dim"))
    for part in below:
        voice.say(f"{'':{indent}}{part}", style="dim")


def _permissions(voice: Voice, report: Report, options: dict[str, str]) -> None:
    """Say which clauses would become conclusive with which permission."""
    by_need: dict[str, list[str]] = {}
    for key, commands in report.needs.items():
        for command in commands:
            by_need.setdefault(command, []).append(key)
    for command, keys in by_need.items():
        voice.say()
        voice.say(f"With {options[command]} conclusive: {', '.join(keys)}", style="cyan")


def _remark(report: Report, result: ClauseResult) -> str:
    known = next((issue for seen in result.observations if (issue := report.known.of(seen))), None)
    tracked = f"; known: {known.reason}, {known.link}" if known else ""
    if result.verdict in (Verdict.INCONCLUSIVE, Verdict.WITHHELD):
        return (result.reasons or [UNSEEN])[0] + tracked
    count = len(result.observations)
    if result.failures:
        return f"{result.clause.text} ({len(result.failures)} of {count} observations{tracked})"
    return result.clause.text


def _failures(voice: Voice, report: Report, result: ClauseResult) -> None:
    first = next((seen for seen in result.failures if not seen.follows), result.failures[0])
    style = STYLES[result.verdict]
    lines = failure_lines(first, report)
    voice.say()
    voice.say(*lines[0], style=style)
    for line in lines[1:]:
        voice.say(*line)
    others = [seen.vector for seen in result.failures if seen is not first]
    if others:
        voice.say(f"  also      {', '.join(others[:6])}{_more(others, 6)}", style="dim")
    if result.consequences:
        names = [seen.vector for seen in result.consequences]
        voice.say(f"  therefore {', '.join(names[:6])}{_more(names, 6)}", style="dim")


def _more(names: list[str], shown: int) -> str:
    return f" and {len(names) - shown} more" if len(names) > shown else ""
