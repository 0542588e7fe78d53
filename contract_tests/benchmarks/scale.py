"""The verifier over many targets at once, over one by threads, and under load: what more processes bring."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from benchmarks.load import drive, mock_settings, serving_mock
from benchmarks.page import Section, Table
from benchmarks.processes import program
from benchmarks.target_server import CORRECT, SLOW, serve
from benchmarks.tools import BENCH, ROOT
from benchmarks.verifiers import Verifier, ours

_USERS = 40
_LOAD = (
    "`make load` with {users} users for {seconds} s, against one mock, with 1, 2 and 3 of Locust's worker processes: "
    "three valid commands through the client for one invalid request sent raw; every answer is judged by the contract, "
    "in the same process."
)
_TARGETS = (
    "As many correct servers as given, verified at once, each server and each verifier in a process of its own. "
    "Twice as many cores as targets are busy, so that the gain ends where the cores do."
)
_THREADS = (
    "One correct server that takes 10 ms for each request, verified by one process with so many requests under way "
    "(`--workers N`); the smaller of two runs. Requests are counted by the server."
)


def measure() -> list[Section]:
    """Measure the verifier over many targets, and over one by threads."""
    tool = ours()
    return [_many_targets(tool), _by_threads(tool)]


def _many_targets(tool: Verifier) -> Section:
    section = Section("Verifier: many targets at once", _TARGETS)
    table = Table(["targets at once", "seconds", "requests a second", "gain"])
    first = 0.0
    for count in (1, 2, 4):
        with ExitStack() as stack:
            servers = [stack.enter_context(program(serve(CORRECT), cwd=ROOT)) for _ in range(count)]
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


def _by_threads(tool: Verifier) -> Section:
    section = Section("Verifier: one target by threads", _THREADS)
    table = Table(["requests under way", "seconds", "requests", "gain", "exit status"])
    first = 0.0
    for count in (1, 2, 4, 8):
        seconds, sent, status = min(_timed(tool, count) for _ in range(2))
        first = first or seconds
        table.rows.append([str(count), f"{seconds:.2f}", sent, f"{first / seconds:.2f}", str(status)])
    section.tables.append(table)
    return section


def _timed(tool: Verifier, count: int) -> tuple[float, str, int]:
    """Return the seconds that it takes, the requests that the server has read, and the exit status."""
    with program(serve(SLOW), cwd=ROOT) as server:
        url = server.line()
        started = time.perf_counter()
        ended, _ = tool.verify(url, "--workers", str(count))
        seconds = time.perf_counter() - started
        return seconds, server.finish(), ended.status


def measure_load(seconds: int) -> list[Section]:
    """Measure the load that workers can make."""
    section = Section("Verification under load", _LOAD.format(users=_USERS, seconds=seconds))
    table = Table(
        ["workers", "requests a second", "gain", "violations", "unanswered", "p50", "p95", "p99 (ms)", "CPU µs each"]
    )
    cores = os.cpu_count() or 1
    first = 0.0
    with serving_mock() as url:
        for workers in range(1, 4):
            outcome = drive(mock_settings(url), _USERS, seconds, workers, BENCH)
            speed = outcome["requests"] / outcome["seconds"]
            first = first or speed
            times = [f"{outcome['milliseconds'][name]:.0f}" for name in ("50", "95", "99")]
            counts = [str(sum(outcome["violations"].values())), str(outcome["unavailable"])]
            used = f"{outcome['cpu'] / outcome['requests'] * 1e6:.0f}"
            table.rows.append([str(workers), f"{speed:.0f}", f"{speed / first:.2f}", *counts, *times, used])
    section.tables.append(table)
    section.remarks.append(
        "CPU each is what a request costs on the side that sends: Locust, client or raw connection, and judge. It "
        "bounds a worker; as long as it stays the same with more workers, each free core adds as much as the first."
    )
    section.remarks.append(
        f"Measured on {cores} cores, which the workers share with Locust's master, the mock and whatever else ran. "
        "That workers on further machines add as much again is extrapolated: they share nothing but the master, "
        "which receives one report every three seconds from each."
    )
    return [section]
