"""The client beside its peers: CPU per call, import, memory, size."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from benchmarks import footprint
from benchmarks.figures import in_turn, median, quartiles, ratio
from benchmarks.page import Section, Table, verdict
from benchmarks.processes import Program, program
from benchmarks.tools import BENCH, PROGRAMS, SCRATCH, bench_versions
from secmaster_contract.shipped import shipped_contract

BASE = "official"
PEERS = {
    "ours": "this client",
    "official": "huaweicloudsdksecmaster",
    "stock": "openapi-python-client's own output",
    "httpx2": "httpx2",
    "requests": "requests",
    "niquests": "niquests",
    "urllib3": "urllib3",
    "http.client": "http.client",
    "ours async": "this client, asyncio",
    "official async": "huaweicloudsdksecmaster, its threads awaited",
    "stock async": "openapi-python-client's own output, asyncio",
    "httpx2 async": "httpx2, asyncio",
    "niquests async": "niquests, asyncio",
    "aiohttp async": "aiohttp, asyncio",
}
_CALLS = 50
_GOALS = {"ours": 0.28, "ours async": 0.49}
_HOW = (
    "Each client is in a process of its own and makes calls, one after the other, over one kept connection to a server "
    "in another process that answers everything with the same success. A call builds the command, sends it, reads the "
    "answer and looks whether it says success; those with types of their own use them. CPU is that of the client's "
    "process, user and system. In each round every client makes {calls} calls of each command, in a new order; ratios "
    "are those of the medians, with the quartiles of the ratios round by round. The official SDK knows no token and "
    "signs each request with a key pair. This client runs with its defaults: every check, deadline, guard and mask."
)


def paths() -> dict[str, str]:
    """Return the environment in which the peers find the stock client."""
    return {"PYTHONPATH": str(SCRATCH / "stock")}


def commands() -> dict[str, str]:
    """Return the commands that are sent: the contract's own examples, the smallest and the largest."""
    body = shipped_contract().operation("updateWorkflowInstance").body
    written = {name: json.dumps(value) for name, value in (body.examples if body else {}).items()}
    by_size = sorted(written, key=lambda name: len(written[name]))
    return {name: written[name] for name in (by_size[0], by_size[-1])}


def measure(rounds: int) -> list[Section]:
    """Measure the client."""
    with ExitStack() as stack:
        server = stack.enter_context(program([BENCH, PROGRAMS / "canned_server.py"]))
        url = f"http://127.0.0.1:{server.line()}"
        workers = {}
        for name in PEERS:
            command = [BENCH, PROGRAMS / "client_worker.py", name, url]
            workers[name] = stack.enter_context(program(command, env=paths()))
            workers[name].line_with("ready")
        calls = _calls(workers, rounds)
        return [calls, footprint.measure(url, paths(), list(PEERS))]


def _calls(workers: Mapping[str, Program], rounds: int) -> Section:
    bodies = commands()

    def cpu_of(name: str, body: str) -> Callable[[], float]:
        return lambda: float(workers[name].ask(f"{_CALLS} {body}").split()[0])

    series = in_turn(
        {f"{name}/{kind}": cpu_of(name, body) for name in PEERS for kind, body in bodies.items()}, rounds, warm_up=2
    )
    versions = bench_versions("aiohttp", "httpx2", "huaweicloudsdksecmaster", "niquests", "requests", "urllib3")
    section = Section("Client: CPU per call", _HOW.format(calls=_CALLS), axis="CPU per call, official SDK = 1")
    section.tables.append(
        Table(["client", *(part for kind in bodies for part in (f"{kind}: ratio", f"{kind}: µs of CPU"))])
    )
    for name, title in PEERS.items():
        cells = [f"**{title}**" if name.startswith("ours") else title]
        for kind in bodies:
            own = series[f"{name}/{kind}"]
            low, high = quartiles(own)
            cells += [
                str(ratio(own, series[f"{BASE}/{kind}"])),
                f"{median(own) * 1e6:.0f} ({low * 1e6:.0f} to {high * 1e6:.0f})",
            ]
        section.tables[0].rows.append(cells)
        section.bars[title] = max(ratio(series[f"{name}/{k}"], series[f"{BASE}/{k}"]).value for k in bodies)
    section.goals = {PEERS[name]: limit for name, limit in _GOALS.items()}
    for name, limit in _GOALS.items():
        section.remarks.append(verdict(f"{PEERS[name]}, official SDK = 1", section.bars[PEERS[name]], limit))
    section.remarks.append(f"{rounds} rounds; " + ", ".join(f"{name} {version}" for name, version in versions.items()))
    return section
