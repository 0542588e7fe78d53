"""What a client costs before its first call: import, memory, size on disk."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

from benchmarks.figures import in_turn, median, quartiles
from benchmarks.page import Section, Table, verdict
from benchmarks.processes import run
from benchmarks.tools import BENCH, DEV, PROGRAMS, ROOT, SCRATCH

_ROUNDS = 15
_IMPORTS = {
    "bare Python": "pass",
    "this client: the package": "import secmaster_workflows",
    "this client: WorkflowsClient": "from secmaster_workflows import WorkflowsClient",
    "this client: what the first call loads, too": (
        "import secmaster_workflows.client, secmaster_workflows._runtime.connections"
    ),
    "huaweicloudsdksecmaster": "from huaweicloudsdksecmaster.v1 import SecMasterClient",
    "openapi-python-client's own output": "from stock_client import AuthenticatedClient",
    "httpx2": "import httpx2",
    "requests": "import requests",
    "urllib3": "import urllib3",
    "niquests": "import niquests",
    "aiohttp": "import aiohttp",
}
_PACKAGES = {
    "huaweicloudsdksecmaster": "huaweicloudsdksecmaster",
    "httpx2": "httpx2",
    "requests": "requests",
    "urllib3": "urllib3",
    "niquests": "niquests",
    "aiohttp": "aiohttp",
}
_GOALS = {"import": 60.0, "size": 5.2, "memory": 27.0}
_HOW = (
    "Import: a new Python each time, bytecode cached, over the same Python that imports nothing; medians of {rounds} "
    "rounds in turn. Memory: the most that a process has held when one call has been answered. Size: the client's "
    "wheel, or the peer, with all that it requires, bytecode included, as installed."
)


def measure(url: str, env: Mapping[str, str], peers: Sequence[str]) -> Section:
    """Measure all three."""
    section = Section("Client: import, memory, size", _HOW.format(rounds=_ROUNDS), axis="ms of import over bare Python")
    _imports(section, env)
    _memory(section, url, env, peers)
    _sizes(section)
    return section


def _imports(section: Section, env: Mapping[str, str]) -> None:
    used: dict[str, list[float]] = {name: [] for name in _IMPORTS}

    def wall_of(name: str) -> Callable[[], float]:
        def measured() -> float:
            ended = run([BENCH, "-c", _IMPORTS[name]], env=env)
            used[name].append(ended.cpu)
            return ended.wall

        return measured

    series = in_turn({name: wall_of(name) for name in _IMPORTS}, _ROUNDS)
    table = Table(["import", "ms over bare Python", "quartiles", "ms of CPU over bare Python"])
    bare, bare_cpu = median(series["bare Python"]), median(used["bare Python"])
    for name, values in series.items():
        if name == "bare Python":
            continue
        low, high = quartiles([value - bare for value in values])
        over = section.bars[name] = (median(values) - bare) * 1e3
        cpu = (median(used[name]) - bare_cpu) * 1e3
        table.rows.append([_own(name), f"{over:.0f}", f"{low * 1e3:.0f} to {high * 1e3:.0f}", f"{cpu:.0f}"])
    section.tables.append(table)
    whole = section.bars["this client: WorkflowsClient"]
    section.goals["this client: WorkflowsClient"] = _GOALS["import"]
    section.remarks.append(verdict("import over bare Python", whole, _GOALS["import"], " ms"))


def _memory(section: Section, url: str, env: Mapping[str, str], peers: Sequence[str]) -> None:
    def bytes_of(name: str) -> Callable[[], float]:
        command = [BENCH, PROGRAMS / "first_call.py", name, url]
        return lambda: float(run(command, env=env).output.split()[-1])

    series = in_turn({name: bytes_of(name) for name in ("nothing", *peers)}, 3, warm_up=0)
    table = Table(["memory after one call", "MB"])
    for name, values in series.items():
        title = "bare Python, no call" if name == "nothing" else name
        table.rows.append([_own(title), f"{median(values) / 1e6:.1f}"])
    section.tables.append(table)
    section.remarks.append(verdict("memory after one call", median(series["ours"]) / 1e6, _GOALS["memory"], " MB"))


def _sizes(section: Section) -> None:
    places = next((ROOT / ".venv-bench" / "lib").glob("python3*/site-packages"))
    installed = {_plain(entry.name): entry for entry in distributions(path=[str(places)])}
    ours = _unpacked_wheel()
    closure = _closure(_required(Distribution.at(_metadata(ours))), installed)
    own = _bytes_of(ours) + sum(_size(installed[name]) for name in closure)
    table = Table(["installed", "MB", "distributions"])
    table.rows.append(["**this client**", f"{own / 1e6:.1f}", str(len(closure) + 1)])
    for title, package in _PACKAGES.items():
        names = _closure([package], installed)
        table.rows.append([title, f"{sum(_size(installed[name]) for name in names) / 1e6:.1f}", str(len(names))])
    section.tables.append(table)
    section.remarks.append(verdict("installed size", own / 1e6, _GOALS["size"], " MB"))


def _unpacked_wheel() -> Path:
    """Build a wheel and lay it out with bytecode, as pip does."""
    place = SCRATCH / "wheel"
    run([DEV, "-m", "build", "--no-isolation", "--wheel", "--outdir", place, ROOT])
    run([DEV, "-m", "zipfile", "-e", next(place.glob("*.whl")), place / "unpacked"])
    subprocess.run([sys.executable, "-m", "compileall", "-q", place / "unpacked"], check=False)  # noqa: S603  our own
    return place / "unpacked"


def _metadata(place: Path) -> Path:
    return next(place.glob("*.dist-info"))


def _bytes_of(place: Path) -> int:
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def _size(distribution: Distribution) -> int:
    paths = [Path(str(distribution.locate_file(file))) for file in distribution.files or []]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _closure(names: Iterable[str], installed: Mapping[str, Distribution]) -> set[str]:
    """Return distributions and all that they require here."""
    found, waiting = set[str](), [_plain(name) for name in names]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += _required(installed[current])
    return found


def _required(distribution: Distribution) -> list[str]:
    wanted = [Requirement(text) for text in distribution.requires or []]
    return [_plain(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _own(title: str) -> str:
    return f"**{title}**" if title.startswith(("this client", "ours")) else title
