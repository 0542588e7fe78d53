"""The verifier beside its peers: requests and seconds to a verdict, faults found a second."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.figures import median, quartiles, sample
from benchmarks.page import Section, Table
from benchmarks.processes import program
from benchmarks.target_server import CORRECT, serve
from benchmarks.tools import ROOT
from benchmarks.verifiers import Verifier, available
from test_verifier.servers.broken import FAULTS

_HOW = (
    "All tools verify the same servers in the same run, one tool after the other, each server started anew for each. "
    "The correct server is the one that the verifier's own tests use, {rounds} times; the broken ones are {count} of "
    "the repo's {all}, spread evenly over the list: each breaks one rule. Requests are counted by the server. A fault "
    "counts as found where a tool reports more than it does of the correct server; what it reports of that one is a "
    "false alarm. Seconds are those of the whole program, its start included."
)


@dataclass
class Tally:
    """What one tool has shown."""

    alarms: list[int] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    searching: float = 0.0


def measure(rounds: int, count: int) -> list[Section]:
    """Measure the verifier."""
    tools = available()
    names = list(sample(sorted(FAULTS), count))
    tallies = {tool.name: Tally() for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            _verify_correct(tool, tallies[tool.name])
    for name in names:
        for tool in tools:
            _search(tool, name, tallies[tool.name])
    section = Section("Verifier", _HOW.format(rounds=rounds, count=len(names), all=len(FAULTS)))
    section.axis, section.more_is_better = "faults found a second", True
    table = Table(
        ["tool", "requests", "seconds", "false alarms", f"of {len(names)} faults found", "faults found a second"]
    )
    for name, tally in tallies.items():
        low, high = quartiles(tally.seconds)
        speed = section.bars[name] = len(tally.found) / tally.searching
        table.rows.append(
            [
                f"**{name}**" if name == tools[0].name else name,
                f"{median(tally.requests):.0f}",
                f"{median(tally.seconds):.2f} ({low:.2f} to {high:.2f})",
                str(max(tally.alarms)),
                str(len(tally.found)),
                f"{speed:.2f}",
            ]
        )
        if missed := [fault for fault in names if fault not in tally.found]:
            section.remarks.append(f"{name} missed {', '.join(missed)}.")
    section.tables.append(table)
    section.remarks.append("Specmatic and Dredd are given the contract in a form that they can read: see verifiers.py.")
    return [section]


def _verify_correct(tool: Verifier, tally: Tally) -> None:
    with program(serve(CORRECT), cwd=ROOT) as server:
        ended, faults = tool.verify(server.line())
        tally.requests.append(float(server.finish()))
    tally.seconds.append(ended.wall)
    tally.alarms.append(faults)


def _search(tool: Verifier, name: str, tally: Tally) -> None:
    with program(serve(name), cwd=ROOT) as server:
        ended, faults = tool.verify(server.line())
    tally.searching += ended.wall
    if faults > max(tally.alarms):
        tally.found.append(name)
