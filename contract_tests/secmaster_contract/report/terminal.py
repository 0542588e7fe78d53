"""The report on a terminal: a line a clause in the order of the page, then each failure, then the result."""

from __future__ import annotations

import textwrap
from typing import Any

from rich.text import Text

from secmaster_contract.harness.ledger import load_ledger
from secmaster_contract.harness.runner import Report
from secmaster_contract.harness.safety import Permissions
from secmaster_contract.harness.target import Target
from secmaster_contract.harness.verdicts import UNSEEN, ClauseResult, Verdict
from secmaster_contract.people import Voice
from secmaster_contract.report.failure import failure_lines
from secmaster_contract.report.words import MARKS, headline

STYLES = {
    Verdict.CONFORMS: "green",
    Verdict.VIOLATES: "bold red",
    Verdict.ADVISES: "yellow",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.NOT_SENT: "dim",
}
_VERDICT = max(map(len, Verdict))  # characters


def warn(loud: Voice, notes: Voice, target: Target, permissions: Permissions, *, insecure: bool) -> None:
    """Say what is at stake before a run: an exposed token loudly, a live target as a note."""
    warnings = []
    if insecure:
        warnings.append("--insecure: TLS is not verified. Whoever sits between here and the server can read the token.")
    if target.origin.scheme == "http" and not target.is_loopback:
        warnings.append(f"{target.url} is no https: whoever sits in between reads the token.")
    if not permissions.live and not target.is_loopback:
        may = "every command" if permissions.allowed is None else ", ".join(sorted(permissions.allowed)) or "nothing"
        warnings.append(f"--treat-as local: {target.url} is another machine, and {may} may be carried out there.")
    for warning in warnings:
        loud.say(f"WARNING: {warning}", style="bold red")
    if permissions.live:
        allowed = ", ".join(f"{name} on {permissions.instances[name]}" for name in sorted(permissions.allowed or ()))
        notes.say(
            f"{target.url} is live: it is sent only what a correct server refuses",
            f", and {allowed}." if allowed else " (see --allow).",
        )


def show_result(voice: Voice, report: Report, verdict: dict[str, Any]) -> None:
    """Print the result, the last line of a run, whose verdict file is `verdict`."""
    for line in _summary(report, verdict):
        voice.say(line, style="bold")


def show_details(voice: Voice, report: Report) -> None:
    """Print what the result comes from."""
    groups = _groups(report)
    width = max((len(result.clause.key) for result in report.results), default=0)
    for heading, results in groups.items():
        voice.say()
        voice.say(heading, style="bold")
        for result in results:
            _row(voice, report, result, width)
    for verdict in (Verdict.VIOLATES, Verdict.ADVISES):
        for result in report.of(verdict):
            _failures(voice, report, result)
    for fault in report.harness_faults:
        voice.say()
        voice.say("The verifier itself failed, which says nothing of the server: ", fault, style="magenta")
    _permissions(voice, report)
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
    """Print a clause in a line; on a terminal too narrow for it, what is as due is cut and all else goes on below."""
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


def _permissions(voice: Voice, report: Report) -> None:
    """Say which clauses would become conclusive with which permission."""
    by_need: dict[str, list[str]] = {}
    for key, commands in report.needs.items():
        for command in commands:
            by_need.setdefault(command, []).append(key)
    for command, keys in by_need.items():
        voice.say()
        voice.say(f"With --allow {command} --instance-id {command}=ID conclusive: {', '.join(keys)}", style="cyan")


def _groups(report: Report) -> dict[str, list[ClauseResult]]:
    headings = load_ledger().groups
    groups: dict[str, list[ClauseResult]] = {heading: [] for heading in headings.values()}
    for result in report.results:
        groups.setdefault(headings.get(result.clause.group, result.clause.group), []).append(result)
    return {heading: results for heading, results in groups.items() if results}


def _remark(report: Report, result: ClauseResult) -> str:
    known = next((issue for seen in result.observations if (issue := report.known.of(seen))), None)
    tracked = f"; known: {known.reason}, {known.link}" if known else ""
    if result.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_SENT):
        return (result.reasons or [UNSEEN])[0] + tracked
    count = len(result.observations)
    if result.failures:
        return f"{result.clause.text} ({len(result.failures)} of {count} observations{tracked})"
    return result.clause.text


def _failures(voice: Voice, report: Report, result: ClauseResult) -> None:
    first = next((seen for seen in result.failures if not seen.follows), result.failures[0])
    style = STYLES[result.verdict]
    vector = report.vectors.get(first.vector)
    before, field = (vector.before, vector.field) if vector else ((), None)
    lines = failure_lines(first, report.target, before, field)
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


def _summary(report: Report, verdict: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{len(report.of(verdict))} {verdict}" for verdict in Verdict if report.of(verdict))
    told = (
        f"{report.target.name} {headline(verdict)}: {counts} "
        f"({len(report.results)} clauses, {report.requests} requests, {report.seconds:.1f} s)"
    )
    return [*([report.stopped] if report.stopped else []), told]
