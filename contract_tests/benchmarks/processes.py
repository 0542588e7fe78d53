"""Processes that are measured: started, waited for, asked for their CPU and memory, and ended by their own handle."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_LEFT_OUT = ("PYTHON", "SECMASTER_", "VIRTUAL_ENV", "PYTEST_", "MAKE", "MFLAGS")
_SECONDS = 300


class ProgramError(Exception):
    """A program did not do what it was started for; the text says which and what it said."""


@dataclass(frozen=True)
class Ended:
    """A process that has ended: seconds of CPU, its children's included, seconds that passed, and what it wrote."""

    cpu: float
    wall: float
    status: int
    output: str


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment without what would steer the programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    return kept | dict(more or {})


def run(
    command: Sequence[object], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, must: bool = True
) -> Ended:
    """Run a program to its end.

    Raises:
        ProgramError: It failed, and `must` says that it must not; or it took longer than five minutes.
    """
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  the commands are the benchmarks' own
        [str(part) for part in command],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    watch = threading.Timer(_SECONDS, process.kill)
    watch.start()
    try:
        assert process.stdout is not None  # noqa: S101  asked for above
        with process.stdout:
            output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        watch.cancel()
    ended = Ended(usage.ru_utime + usage.ru_stime, time.perf_counter() - started, process.returncode, output)
    if must and ended.status:
        message = f"{Path(str(command[0])).name} ended with status {ended.status}: {last_line(output)}"
        raise ProgramError(message)
    return ended


def last_line(output: str) -> str:
    """Return the last line that says something."""
    return next((line for line in reversed(output.splitlines()) if line.strip()), "it said nothing")


class Program:
    """A process that runs beside the others and speaks in lines."""

    def __init__(self, process: subprocess.Popen[str], name: str, errors: IO[str]) -> None:
        self._process = process
        self._name = name
        self._errors = errors

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def line(self) -> str:
        """Return its next line.

        Raises:
            ProgramError: It has ended.
        """
        assert self._process.stdout is not None  # noqa: S101  asked for below
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait(10)
            self._errors.seek(0)
            message = f"{self._name} ended with status {status}: {last_line(self._errors.read())}"
            raise ProgramError(message)
        return line.strip()

    def line_with(self, mark: str) -> str:
        """Return the next line that holds a mark."""
        while mark not in (line := self.line()):
            pass
        return line

    def ask(self, line: str) -> str:
        """Send a line and return the answer."""
        assert self._process.stdin is not None  # noqa: S101  asked for below
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self.line()

    def finish(self) -> str:
        """End its input and return what it writes last."""
        output, _ = self._process.communicate(timeout=20)
        return output.strip()


@contextmanager
def program(
    command: Sequence[object], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Generator[Program]:
    """Start a process; it ends with the block at the latest."""
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        process = subprocess.Popen(  # noqa: S603  the commands are the benchmarks' own
            [str(part) for part in command],
            cwd=cwd,
            env=environment(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield Program(process, " ".join(Path(str(part)).name for part in command[:3]), errors)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None and not stream.closed:
                    stream.close()


def cpu_seconds(pid: int) -> float | None:
    """Return the CPU that a running process has used, None where the system does not tell (no /proc)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int | None:
    """Return the memory that a running process holds, None where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None
