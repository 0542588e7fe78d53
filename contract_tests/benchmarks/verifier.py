"""The verifier beside its peers: requests and seconds to a verdict, faults found a second, many targets at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.figures import median, quartiles, sample
from benchmarks.page import Section, Table
from benchmarks.processes import program, run
from benchmarks.target_server import CORRECT, SLOW
from benchmarks.tools import DEV, ROOT, SCRATCH
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
    section.axis = "faults found a second"
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
    return [section, _many_targets(tools[0]), _shards(tools[0])]


def _command(name: str) -> list[str]:
    return [str(DEV), "-m", "benchmarks.target_server", name]


def _verify_correct(tool: Verifier, tally: Tally) -> None:
    with program(_command(CORRECT), cwd=ROOT) as server:
        ended, faults = tool.verify(server.line())
        tally.requests.append(float(server.finish()))
    tally.seconds.append(ended.wall)
    tally.alarms.append(faults)


def _search(tool: Verifier, name: str, tally: Tally) -> None:
    with program(_command(name), cwd=ROOT) as server:
        ended, faults = tool.verify(server.line())
    tally.searching += ended.wall
    if faults > max(tally.alarms):
        tally.found.append(name)


def _many_targets(tool: Verifier) -> Section:
    """Verify as many targets as there are workers, for more and more of them."""
    how = (
        "As many correct servers as given, verified at once, each server and each verifier in a process of its own. "
        "Twice as many cores as targets are busy, so that the gain ends where the cores do."
    )
    section = Section("Verifier: many targets at once", how)
    table = Table(["targets at once", "seconds", "requests a second", "gain"])
    first = 0.0
    for count in (1, 2, 4):
        with ExitStack() as stack:
            servers = [stack.enter_context(program(_command(CORRECT), cwd=ROOT)) for _ in range(count)]
            urls = [server.line() for server in servers]
            started = time.perf_counter()
            with ThreadPoolExecutor(count) as pool:
                list(pool.map(tool.verify, urls))
            seconds = time.perf_counter() - started
            speed = sum(float(server.finish()) for server in servers) / seconds
        first = first or speed
        table.rows.append([str(count), f"{seconds:.2f}", f"{speed:.0f}", f"{speed / first:.2f}"])
    section.tables.append(table)
    return section


def _shards(tool: Verifier) -> Section:
    """Verify one slow target in more and more parts at once."""
    how = (
        "One correct server that takes 10 ms for each request, verified in so many shards at once (`--shard K/N`), "
        "each in a process of its own with one request under way, the reports merged; the time of `merge` counts. "
        "Every shard sends the valid commands that its own requests are held against, so that their sum grows."
    )
    section = Section("Verifier: one target in shards", how)
    table = Table(["shards", "seconds", "requests", "gain", "status of the merged report"])
    first = 0.0
    for count in (1, 2, 4):
        with program(_command(SLOW), cwd=ROOT) as server:
            seconds, status = _verify_in_shards(tool, server.line(), count)
            sent = server.finish()
        first = first or seconds
        table.rows.append([str(count), f"{seconds:.2f}", sent, f"{first / seconds:.2f}", str(status)])
    section.tables.append(table)
    return section


def _verify_in_shards(tool: Verifier, url: str, count: int) -> tuple[float, int]:
    """Return the seconds that it takes, and the exit status of the merged report."""
    reports = [SCRATCH / f"shard-{number}.json" for number in range(1, count + 1)]
    started = time.perf_counter()

    def verify(number: int) -> None:
        tool.verify(url, "--workers", "1", "--shard", f"{number}/{count}", "--json", str(reports[number - 1]))

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(verify, range(1, count + 1)))
    merged = run(
        [DEV.with_name("secmaster-contract"), "merge", *reports, "--json", SCRATCH / "merged.json"], must=False
    )
    return time.perf_counter() - started, merged.status
