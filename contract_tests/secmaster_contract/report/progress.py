"""How far a run is: a bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from secmaster_contract.people import Voice
from secmaster_contract.run.sender import retry_after
from secmaster_contract.wire.exchange import Exchange

_PLAIN_STEPS = 4  # how many lines tell of the progress where there is no terminal
_NARROW = 120  # columns of a terminal below which the bar has no room for the times


class Watcher:
    """Shows how far a run is; hears of each exchange and of each check."""

    def __init__(self, voice: Voice, bar: Progress | None, *, verbose: bool) -> None:
        self._voice = voice
        self._bar = bar
        self._task = bar.add_task("", total=None, requests=0) if bar else None
        self._verbose = verbose
        self._requests = 0
        self._told = 0
        self._throttled = 0
        self._lock = threading.Lock()

    def heard(self, about: str, exchange: Exchange) -> None:
        """Count a request; in verbose, say what came of it."""
        with self._lock:
            self._requests += 1
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, requests=self._requests)
        if self._verbose:
            came = exchange.status or exchange.trouble
            self._voice.say(
                f"  {exchange.request.method} {about or 'a step'}: ",
                f"{came}",
                f" in {exchange.seconds * 1000:.0f} ms",
            )
        pause = retry_after(exchange)
        if pause is not None:
            self._asked_to_wait(pause)

    def _asked_to_wait(self, pause: float) -> None:
        """Say that the server throttles; in a log the first time, then the second, the fourth, the eighth."""
        with self._lock:
            self._throttled += 1
            number = self._throttled
        times = f" {number} times" if number > 1 else ""
        said = f"throttled (429){times}, asked to wait {pause:g} s"
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=said)
        elif number & (number - 1) == 0:
            self._voice.say(f"  {said}")

    def checked(self, subject: str, done: int, total: int) -> None:
        """Move on to the next check."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, description=subject)
        elif total and done < total and done * _PLAIN_STEPS // total > self._told:
            self._told = done * _PLAIN_STEPS // total
            self._voice.say(f"  {done} of {total} checks done, {self._requests} requests ({subject})")


class _Rate(ProgressColumn):
    """Requests, and how many a second."""

    def render(self, task: Task) -> Text:
        requests = int(task.fields.get("requests", 0))
        return Text(f"{requests} requests, {requests / (task.elapsed or 1):.0f}/s", style="cyan")


@contextmanager
def progress(voice: Voice, *, verbose: bool = False) -> Generator[Watcher]:
    """Show how far a run is: a bar on a terminal, a few plain lines elsewhere."""
    console = voice.console
    if not console.is_terminal:
        yield Watcher(voice, None, verbose=verbose)
        return
    with Progress(*_columns(console.width), console=console, transient=True) as bar:
        yield Watcher(voice, bar, verbose=verbose)


def _columns(width: int) -> Iterator[ProgressColumn]:
    one_line = Column(no_wrap=True)
    yield TextColumn("Verifying")
    yield BarColumn(bar_width=None if width < _NARROW else 40, table_column=Column(min_width=8))
    yield MofNCompleteColumn(table_column=one_line)
    yield _Rate(table_column=one_line)
    if width >= _NARROW:
        yield TimeElapsedColumn(table_column=one_line)
        yield TimeRemainingColumn(table_column=one_line)
    yield TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1))
