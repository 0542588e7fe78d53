"""The report on a terminal: a bar while it runs, then a line a clause in the order of the page, then the result."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from secmaster_contract.harness.plugin import Progress as OnProgress
from secmaster_contract.harness.runner import Report
from secmaster_contract.harness.verdicts import ClauseResult, ExitStatus, Verdict
from secmaster_contract.report.failure import failure_lines

_LOOK = {
    Verdict.CONFORMS: ("✓", "green"),
    Verdict.VIOLATES: ("✗", "bold red"),
    Verdict.ADVISES: ("!", "yellow"),
    Verdict.INCONCLUSIVE: ("?", "magenta"),
    Verdict.NOT_SENT: ("-", "dim"),
}
_PLAIN_STEPS = 4  # how many lines tell of the progress where there is no terminal


@contextmanager
def progress(console: Console, url: str) -> Generator[OnProgress]:
    """Show how far a run is: a bar on a terminal, a few plain lines elsewhere."""
    if not console.is_terminal:
        console.print(f"Verifying {url}", highlight=False, markup=False)

        def plain(_: str, done: int, total: int) -> None:
            if total and done < total and done % max(1, total // _PLAIN_STEPS) == 0:
                console.print(f"  {done} of {total} checks done", highlight=False)

        yield plain
        return
    columns = (
        TextColumn("Verifying"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def live(subject: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=subject)

        yield live


def show(console: Console, report: Report, *, brief: bool = False) -> None:
    """Print the report; in brief, the result alone."""
    if not brief:
        _details(console, report)
    console.print(Text(f"\n{_summary(report)}", style="bold"), soft_wrap=True)


def _details(console: Console, report: Report) -> None:
    groups = _groups(report)
    width = max((len(result.clause.key) for result in report.results), default=0)
    for heading, results in groups.items():
        console.print(Text(f"\n{heading}", style="bold"))
        for result in results:
            mark, style = _LOOK[result.verdict]
            line = Text(f"  {mark} ", style=style)
            line.append(f"{result.verdict:<12} ", style=style)
            line.append(f"{result.clause.key:<{width}}  ", style="default")
            line.append(_remark(result), style="dim")
            console.print(line, soft_wrap=True)
    for verdict in (Verdict.VIOLATES, Verdict.ADVISES):
        for result in report.of(verdict):
            _failures(console, report, result)
    for fault in report.harness_faults:
        console.print(Text(f"\nThe verifier itself failed, which says nothing of the server: {fault}", style="magenta"))


def _groups(report: Report) -> dict[str, list[ClauseResult]]:
    from secmaster_contract.harness.ledger import load_ledger  # noqa: PLC0415  the ledger's headings, once a report

    headings = load_ledger().groups
    groups: dict[str, list[ClauseResult]] = {heading: [] for heading in headings.values()}
    for result in report.results:
        groups.setdefault(headings.get(result.clause.group, result.clause.group), []).append(result)
    return {heading: results for heading, results in groups.items() if results}


def _remark(result: ClauseResult) -> str:
    if result.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_SENT):
        return (result.reasons or ["nothing was seen of it"])[0]
    count = len(result.observations)
    if result.failures:
        return f"{result.clause.text} ({len(result.failures)} of {count} observations)"
    return result.clause.text


def _failures(console: Console, report: Report, result: ClauseResult) -> None:
    first = next((seen for seen in result.failures if not seen.follows), result.failures[0])
    style = _LOOK[result.verdict][1]
    lines = failure_lines(first, report.target)
    console.print(Text(f"\n{lines[0]}", style=style), soft_wrap=True)
    for line in lines[1:]:
        console.print(Text(line), soft_wrap=True)
    others = [seen.vector for seen in result.failures if seen is not first]
    if others:
        console.print(Text(f"  also      {', '.join(others[:6])}{_more(others, 6)}", style="dim"), soft_wrap=True)
    if result.consequences:
        names = [seen.vector for seen in result.consequences]
        console.print(Text(f"  therefore {', '.join(names[:6])}{_more(names, 6)}", style="dim"), soft_wrap=True)


def _more(names: list[str], shown: int) -> str:
    return f" and {len(names) - shown} more" if len(names) > shown else ""


def _summary(report: Report) -> str:
    counts = ", ".join(f"{len(report.of(verdict))} {verdict}" for verdict in Verdict if report.of(verdict))
    verdict = {
        ExitStatus.CONFORMS: "conforms",
        ExitStatus.VIOLATES: "violates the contract",
        ExitStatus.INCONCLUSIVE: "is not fully known: some clauses are inconclusive",
    }[report.exit_status]
    return (
        f"{report.target.url} {verdict}: {counts} "
        f"({len(report.results)} clauses, {report.requests} requests, {report.seconds:.1f} s)"
    )
