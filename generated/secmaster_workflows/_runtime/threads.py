# Copied from openapi/generator/runtime/_runtime/threads.py by `make generate`; do not edit.
"""
What blocking calls wait and send with; `loops.py` has the same for asyncio. All else is written once, for both.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any, Final, TypeAlias

from .answer import Fault
from .secret import ReadToken, read_token

_SLICE: Final = 64 * 1024  # what is written between two looks at the clock
_EARLY: Final = 0.02  # seconds by which a time-out may come too soon
PORTION: Final = 64 * 1024
"""
The most that is read at once.
"""

Place: TypeAlias = int
TimeLimit = nullcontext  # each operation has the deadline as its time-out


def this_place() -> Place:
    """
    Where connections may be shared: this process, not one that is forked from it.
    """
    return os.getpid()


def is_over(place: Place) -> bool:
    """
    Whether no call can be made there any more.
    """
    return place != os.getpid()


class Wake:
    """
    Lets one thread wait until another wakes it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # held while there is nothing to wake for
        self._lock.acquire()

    def set(self) -> None:
        """
        Ends the wait, or the next one.
        """
        with suppress(RuntimeError):  # it is set already
            self._lock.release()

    def wait(self, until: float) -> bool:
        """
        Whether it was woken by a time on the monotonic clock.
        """
        return self._lock.acquire(timeout=max(until - time.monotonic(), 0))


def ask_for_token(source: Callable[[], object], *_: object) -> ReadToken:
    """
    What the function for the token gives. Nothing is raised once it is known: a traceback from here would show it.
    """
    return read_token(source())


def left(until: float) -> float:
    """
    Seconds until a time on the monotonic clock.

    Raises:
        Fault: There are none.
    """
    if (seconds := until - time.monotonic()) > 0:
        return seconds
    raise Fault("the deadline passed", timed_out=True)


def fault_of(action: str, error: OSError, until: float) -> Fault:
    """
    The fault that an error of the system stands for.

    Raises:
        OSError: It is none of the system's but, say, what a signal handler of the caller's has raised meanwhile.
    """
    late = isinstance(error, TimeoutError) and time.monotonic() >= until - _EARLY
    if error.errno is None and not late:
        raise error
    return Fault("the deadline passed", timed_out=True) if late else Fault(f"{action}: {error}")


class RawSocket:
    """
    A socket that is connected, or is to be.
    """

    def __init__(self, family: int) -> None:
        self._raw = socket.socket(family, socket.SOCK_STREAM)
        self._raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._raw.setblocking(False)

    def is_quiet(self) -> bool:
        """
        Whether nothing has come, nor the end.
        """
        try:
            self._raw.setblocking(False)
            self._raw.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def shut_down(self) -> None:
        """
        Wakes whoever sends or receives. The number of the socket stays taken until its owner closes it.
        """
        with suppress(OSError):
            self._raw.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """
        Closes it.
        """
        self._raw.close()


class Socket(RawSocket):
    """
    The same for blocking calls. Each operation ends by a time on the monotonic clock.
    """

    def connect(self, address: Any, until: float) -> None:
        """
        Connects.
        """
        try:
            self._raw.settimeout(left(until))
            self._raw.connect(address)
        except OSError as error:
            raise fault_of("no connection could be made", error, until) from error

    def send(self, data: memoryview, until: float) -> None:
        """
        Sends it all.
        """
        try:
            while data:
                self._raw.settimeout(left(until))
                data = data[self._raw.send(data[:_SLICE]) :]
        except OSError as error:
            raise fault_of("the connection broke while writing", error, until) from error

    def receive(self, until: float) -> bytes:
        """
        What has come, b"" at the end.
        """
        try:
            self._raw.settimeout(left(until))
            return self._raw.recv(PORTION)
        except OSError as error:
            raise fault_of("the connection broke while reading", error, until) from error
