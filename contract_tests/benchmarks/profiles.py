"""Where the time of a call goes, sampled by py-spy: shares by library, and this client's by module."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.client import commands, paths
from benchmarks.page import Section, Table
from benchmarks.processes import program
from benchmarks.tools import BENCH, PROGRAMS, SCRATCH

_CALLS = 6000
_RATE = 500
_OURS = "secmaster_workflows"
_FRAME = re.compile(r"(?P<function>.+) \((?P<file>.+?)(?::\d+)?\)$")
_KNOWN = (_OURS, "httpcore2", "h11", "anyio", "attr", "json", "asyncio")
_HOW = (
    "py-spy looks at the client's process {rate} times a second while it makes {calls:,} debug calls. A sample counts "
    "for the library whose code runs, system calls for the one that makes them; *with what it calls* counts each "
    "sample in which a module of this client is on the stack."
)


def measure() -> list[Section]:
    """Profile both clients."""
    section = Section("Client: where the time goes", _HOW.format(rate=_RATE, calls=_CALLS))
    body = list(commands().values())[-1]
    shares, modules = {}, {}
    for peer in ("ours", "ours async"):
        stacks = list(_stacks(_recorded(peer, body)))
        shares[peer], modules[peer] = by_library(stacks), by_module(stacks)
    section.tables += [_table("library", shares), _table("module of this client, with what it calls", modules)]
    return [section]


def _recorded(peer: str, body: str) -> Path:
    path = SCRATCH / f"{peer.replace(' ', '-')}.stacks"
    record = [BENCH.with_name("py-spy"), "record", "--rate", _RATE, "--format", "raw", "--output", path, "--"]
    with program([BENCH, PROGRAMS / "canned_server.py"]) as server:
        url = f"http://127.0.0.1:{server.line()}"
        with program([*record, BENCH, PROGRAMS / "client_worker.py", peer, url], env=paths()) as worker:
            worker.line_with("ready")
            worker.ask(f"{_CALLS} {body}")
            worker.finish()
    return path


def _stacks(path: Path) -> Iterator[tuple[list[str], int]]:
    """Yield the files on each stack, the outermost first, and the number of samples; only those of calls."""
    for line in path.read_text(encoding="utf-8").splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [match for frame in stack.split(";") if (match := _FRAME.match(frame))]
        if any(frame["function"].endswith("call") for frame in frames):
            yield [frame["file"] for frame in frames], int(count)


def by_library(stacks: Iterable[tuple[list[str], int]]) -> dict[str, float]:
    """Return each library's share of the samples: the one of the innermost frame."""
    counts: Counter[str] = Counter()
    for files, count in stacks:
        parts = Path(files[-1]).parts
        counts[next((name for name in _KNOWN if name in parts), "others")] += count
    return _shares(counts, counts.total())


def by_module(stacks: Iterable[tuple[list[str], int]]) -> dict[str, float]:
    """Return the share of the samples in which each module of this client is on the stack."""
    counts: Counter[str] = Counter()
    total = 0
    for files, count in stacks:
        total += count
        counts.update(dict.fromkeys({Path(file).stem for file in files if _OURS in Path(file).parts}, count))
    return _shares(counts, total)


def _shares(counts: Counter[str], total: int) -> dict[str, float]:
    return {name: count / total for name, count in counts.most_common()}


def _table(what: str, shares: dict[str, dict[str, float]]) -> Table:
    table = Table([what, *("blocking" if peer == "ours" else "asyncio" for peer in shares)])
    names = dict.fromkeys(name for found in shares.values() for name in found)
    for name in names:
        cells = [f"{found.get(name, 0.0):.0%}" for found in shares.values()]
        table.rows.append([f"**{name}**" if name == _OURS else name, *cells])
    return table
