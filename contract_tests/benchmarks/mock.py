"""The mock beside Prism: requests per second, time to the first answer, memory over many requests."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import in_turn, median, quartiles, ratio
from benchmarks.mock_load import requests
from benchmarks.page import Section, Table, verdict
from benchmarks.processes import Program, ProgramError, program, resident_bytes, run
from benchmarks.tools import DEV, HERE, SPEC, node, npm_versions

OURS, THEIRS = "this mock", "Prism"
_CLIENTS, _CONNECTIONS, _SECONDS = 2, 16, 2.0
_MANY = 200_000
_TIMES_FASTER, _START, _GROWTH = 15, 0.2, 4.0
_HOW = (
    f"Each server is started as a user starts it and gets valid commands, no two of {len(requests())} alike, from "
    f"{_CLIENTS} processes with {_CONNECTIONS} kept connections each, for {_SECONDS:g} s a round, in a new order each "
    "round; any answer but 200 ends the run. Both judge token, media type and body by the same file. The start is from "
    "the launch of the process to the first answered command. Memory is what the process holds resident."
)


@dataclass(frozen=True)
class Server:
    """How to start a server on a port, given or its own, and the words of the line that says it listens."""

    command: list[str | Path]
    mark: str
    port: int = 0

    @contextmanager
    def started(self) -> Generator[tuple[Program, int]]:
        """Start it, wait until it listens, end it."""
        with program(self.command) as process:
            line = process.line_with(self.mark)
            yield process, self.port or int(line.rsplit(":", 1)[1])

    def first_answer(self) -> float:
        """Return the seconds from the launch to the first answered command."""
        begun = time.perf_counter()
        with self.started() as (_, port), socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(requests_once()[0])
            answer = connection.recv(65536)
            taken = time.perf_counter() - begun
        if not answer.startswith(b"HTTP/1.1 200"):
            message = f"{self.command[0]} answered its first command with {answer[:60]!r}"
            raise ProgramError(message)
        return taken


_written: list[bytes] = []


def requests_once() -> list[bytes]:
    """Return the requests, written once, so that writing them is no part of a measurement."""
    if not _written:
        _written.extend(requests())
    return _written


def servers() -> dict[str, Server]:
    """Return the servers that can be started here."""
    found = {OURS: Server([DEV.with_name("secmaster-contract"), "mock", "--port", "0"], "Listening on")}
    prism = node("@stoplight/prism-cli", "dist/index.js")
    if prism:
        port = _free_port()
        found[THEIRS] = Server([*prism, "mock", "--port", str(port), SPEC], "is listening on", port)
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def load(port: int, until: str) -> float:
    """Load a server; return its answers per second.

    Raises:
        ProgramError: It refused a valid command.
    """
    command: list[str | Path] = [DEV, HERE / "mock_load.py", str(port), until, str(_CONNECTIONS)]
    with ThreadPoolExecutor(_CLIENTS) as pool:
        outputs = list(pool.map(lambda _: run(command).output.split(), range(_CLIENTS)))
    if refused := sum(int(other) for _, _, other in outputs):
        message = f"{refused} valid commands were not answered with 200"
        raise ProgramError(message)
    return sum(int(done) / float(seconds) for done, seconds, _ in outputs)


def measure(rounds: int) -> list[Section]:
    """Measure the mock."""
    requests_once()
    section = Section("Mock: speed, start and memory", _HOW, axis="requests per second, Prism = 1", more_is_better=True)
    found = servers()
    starts = in_turn({name: server.first_answer for name, server in found.items()}, rounds)
    rates = in_turn({name: _rate(server) for name, server in found.items()}, rounds)
    section.tables.append(Table(["server", "requests per second", "ms to the first answer"]))
    for name in found:
        cells = [_spread(rates[name], 1), _spread(starts[name], 1000)]
        section.tables[0].rows.append([f"**{name}**" if name == OURS else name, *cells])
    if THEIRS in found:
        faster, start = ratio(rates[OURS], rates[THEIRS]), ratio(starts[OURS], starts[THEIRS])
        section.bars, section.goals = {OURS: faster.value, THEIRS: 1.0}, {OURS: _TIMES_FASTER}
        section.remarks += [
            verdict("a request of this mock, Prism = 1", 1 / faster.value, 1 / _TIMES_FASTER),
            verdict("the start, Prism = 1", start.value, _START),
            f"{faster} times Prism's requests per second, {start} of its start",
            f"Prism {npm_versions()['@stoplight/prism-cli']}",
        ]
    section.remarks.append(_growth(found[OURS]))
    return [section]


def _rate(server: Server) -> Callable[[], float]:
    def once() -> float:
        with server.started() as (_, port):
            load(port, "0.5")
            return load(port, str(_SECONDS))

    return once


def _growth(server: Server) -> str:
    with server.started() as (process, port):
        load(port, f"{_MANY // 10 // _CLIENTS}x")
        early = resident_bytes(process.pid)
        load(port, f"{_MANY // _CLIENTS}x")
        late = resident_bytes(process.pid)
    if early is None or late is None:
        return "Memory: this system does not tell what a process holds."
    held = f"{early / 2**20:.0f} MiB after {_MANY // 10} requests, {late / 2**20:.0f} MiB after {_MANY} more"
    return f"{held}. {verdict('growth', (late - early) / 2**20, _GROWTH, ' MiB')}"


def _spread(series: list[float], scale: float) -> str:
    low, high = quartiles(series)
    return f"{median(series) * scale:.0f} ({low * scale:.0f} to {high * scale:.0f})"
