"""Signals: the first one ends the sending, the second one everything."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager

from secmaster_contract.judge.verdicts import ExitStatus
from secmaster_contract.run.gate import Gate


@contextmanager
def interruptible(gate: Gate) -> Generator[None]:
    """Let Ctrl-C and SIGTERM end the sending, not the judging of what was answered; a second one ends at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def end(number: int, _: object) -> None:
        for each in before:
            signal.signal(each, lambda *_: os._exit(int(ExitStatus.INTERRUPTED)))
        gate.interrupt(f"the run was interrupted ({signal.Signals(number).name})")

    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
