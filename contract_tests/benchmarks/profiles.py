"""Where the time of a call goes: CPU by library, module and function (py-spy), passed time as a tree (pyinstrument)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.client import commands, paths
from benchmarks.page import Section, Table
from benchmarks.processes import program
from benchmarks.tools import BENCH, PROGRAMS, SCRATCH

Frame = tuple[str, str]
"""A function and its file."""
_CALLS = 6000
_RATE = 500
_FUNCTIONS = 12
_COLUMNS = {
    "ours": "blocking",
    "stock": "the generator's own, blocking",
    "ours async": "asyncio",
    "stock async": "the generator's own, asyncio",
}
_OURS = "secmaster_workflows"
_FRAME = re.compile(r"(?P<function>.+) \((?P<file>.+?)(?::\d+)?\)$")
_KNOWN = (_OURS, "stock_client", "httpcore2", "httpx2", "httpx", "httpcore", "h11", "anyio", "attr", "json", "asyncio")
_HOW = (
    "py-spy looks at the client's process {rate} times a second while it makes {calls:,} debug calls; only what uses a "
    "core counts. A sample counts for the library, and the function, whose code runs, system calls for the one that "
    "makes them; *with what it calls* counts each sample in which a module of this client is on the stack. Beside this "
    "client stands what it would be without its own templates and runtime: the generator's own output, which checks, "
    "guards and masks nothing."
)
_TREES = (
    "pyinstrument's trees of where the time passes, waiting included, are written to `reports/benchmarks/`: {names}."
)


def measure() -> list[Section]:
    """Profile this client, and the one that the generator makes by itself."""
    section = Section("Client: where the time goes", _HOW.format(rate=_RATE, calls=_CALLS))
    body = list(commands().values())[-1]
    stacks = {peer: list(_stacks(_recorded(peer, body))) for peer in _COLUMNS}
    ours = {peer: found for peer, found in stacks.items() if peer.startswith("ours")}
    section.tables += [
        _table("library", {peer: by_library(found) for peer, found in stacks.items()}),
        _table("module of this client, with what it calls", {peer: by_module(found) for peer, found in ours.items()}),
        *(
            _table(f"function, {_COLUMNS[peer]}", {peer: dict(list(by_function(found).items())[:_FUNCTIONS])})
            for peer, found in ours.items()
        ),
    ]
    names = [f"`{_tree(peer, body).name}`" for peer in ours]
    section.remarks.append(_TREES.format(names=", ".join(names)))
    return [section]


def _recorded(peer: str, body: str) -> Path:
    path = _file(peer, "stacks")
    py_spy = [BENCH.with_name("py-spy"), "record", "--rate", _RATE, "--format", "raw", "--output", path, "--", BENCH]
    _under(py_spy, peer, body)
    return path


def _tree(peer: str, body: str) -> Path:
    path = _file(peer, "tree.txt")
    _under([BENCH, "-m", "pyinstrument", "--renderer", "text", "--outfile", path], peer, body)
    return path


def _file(peer: str, kind: str) -> Path:
    return SCRATCH / f"{peer.replace(' ', '-')}.{kind}"


def _under(profiler: Sequence[object], peer: str, body: str) -> None:
    """Let a client make its calls under a profiler."""
    with program([BENCH, PROGRAMS / "canned_server.py"]) as server:
        url = f"http://127.0.0.1:{server.line()}"
        with program([*profiler, PROGRAMS / "client_worker.py", peer, url], env=paths()) as worker:
            worker.line_with("ready")
            worker.ask(f"{_CALLS} {body}")
            worker.finish()


def _stacks(path: Path) -> Iterator[tuple[list[Frame], int]]:
    """Yield the frames of each stack, the outermost first, and the number of samples; only those of calls."""
    for line in path.read_text(encoding="utf-8").splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [match for frame in stack.split(";") if (match := _FRAME.match(frame))]
        if any(frame["function"].endswith("call") for frame in frames):
            yield [(frame["function"], frame["file"]) for frame in frames], int(count)


def by_library(stacks: Iterable[tuple[list[Frame], int]]) -> dict[str, float]:
    """Return each library's share of the samples: the one of the innermost frame."""
    counts: Counter[str] = Counter()
    for frames, count in stacks:
        parts = Path(frames[-1][1]).parts
        counts[next((name for name in _KNOWN if name in parts), "others")] += count
    return _shares(counts, counts.total())


def by_function(stacks: Iterable[tuple[list[Frame], int]]) -> dict[str, float]:
    """Return each function's own share of the samples, the largest first; named with its library and module."""
    counts: Counter[str] = Counter()
    for frames, count in stacks:
        function, file = frames[-1]
        parts = Path(file).with_suffix("").parts
        library = next((name for name in _KNOWN if name in parts), None)
        counts[".".join([*([library] if library else []), parts[-1], function])] += count
    return _shares(counts, counts.total())


def by_module(stacks: Iterable[tuple[list[Frame], int]]) -> dict[str, float]:
    """Return the share of the samples in which each module of this client is on the stack."""
    counts: Counter[str] = Counter()
    total = 0
    for frames, count in stacks:
        total += count
        counts.update(dict.fromkeys({Path(file).stem for _, file in frames if _OURS in Path(file).parts}, count))
    return _shares(counts, total)


def _shares(counts: Counter[str], total: int) -> dict[str, float]:
    return {name: count / total for name, count in counts.most_common()}


def _table(what: str, shares: dict[str, dict[str, float]]) -> Table:
    table = Table([what, *(_COLUMNS[peer] for peer in shares)])
    names = dict.fromkeys(name for found in shares.values() for name in found)
    for name in names:
        cells = [f"{found.get(name, 0.0):.0%}" for found in shares.values()]
        table.rows.append([f"**{name}**" if name == _OURS else name, *cells])
    return table
