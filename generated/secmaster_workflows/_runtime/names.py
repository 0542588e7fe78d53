# Copied from openapi/generator/runtime/_runtime/names.py by `make generate`; do not edit.
"""
Looks names up in few threads that are used again: getaddrinfo() takes no time-out, but a thread can be given up.
"""

import _thread
import os
import socket
import threading
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol

_THREADS: Final = 8
_IDLE: Final = 1.0  # seconds that a thread waits for another name

Address = tuple[int, Any]
"""
An address family and an address of it.
"""


class Wakeable(Protocol):
    """
    Something that waits and can be woken from any thread.
    """

    def set(self) -> None:
        """
        End the wait.
        """


class LookUp:
    """
    The look-up of one name; `result` is what it comes to, addresses or why there are none.
    """

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._waiting: list[Wakeable] = []
        self.result: list[Address] | str | None = None

    def tell(self, wake: Wakeable) -> None:
        """
        Whom to wake with the result.
        """
        self._waiting.append(wake)

    def run(self) -> None:
        """
        Asks the system.
        """
        try:
            host, port = self._place
            # As bytes, for which no codec is loaded: an import that an interruption of another thread broke would hang.
            plain = host.encode() if host.isascii() else host
            found = socket.getaddrinfo(plain, port, type=socket.SOCK_STREAM)
            self.result = list(dict.fromkeys((int(entry[0]), entry[4]) for entry in found)) or "it has no address"
        except (OSError, UnicodeError) as error:
            self.result = str(error)

    def end(self) -> None:
        """
        Wakes whoever waits for the result.
        """
        for wake in self._waiting:
            wake.set()


class _Resolver:
    # An interruption of a caller loses nothing: the next caller finds what is queued, and has a thread for it.
    def __init__(self) -> None:
        self.process = os.getpid()
        self._lock = threading.Lock()
        self._queue: SimpleQueue[tuple[tuple[str, int], LookUp]] = SimpleQueue()
        self._pending: dict[tuple[str, int], LookUp] = {}
        self._threads = 0
        self._idle = 0

    def look_up(self, host: str, port: int, wake: Wakeable) -> LookUp:
        place = (host, port)
        with self._lock:
            found = self._pending.get(place)
            if found is None:
                found = LookUp(host, port)
                self._queue.put((place, found))
                self._pending[place] = found
            found.tell(wake)
            try:
                self._staff()
            except RuntimeError:  # the interpreter ends, and starts no thread any more
                found.run()
                found.end()
                self._pending.clear()
        return found

    def _staff(self) -> None:
        if self._queue.qsize() > self._idle and self._threads < _THREADS:
            _thread.start_new_thread(self._work, ())  # threading's Thread.start() breaks if it is interrupted
            self._threads += 1
            self._idle += 1

    def _work(self) -> None:
        while True:
            try:
                place, found = self._queue.get(timeout=_IDLE)
            except Empty:
                with self._lock:
                    if self._queue.empty():
                        self._threads -= 1
                        self._idle -= 1
                        return
                continue
            with self._lock:
                self._idle -= 1
            found.run()
            with self._lock:  # this thread counts as idle before anybody learns of the result and asks again
                self._idle += 1
                self._pending.pop(place, None)
            found.end()


_resolver = _Resolver()


def look_up(host: str, port: int, wake: Wakeable) -> LookUp:
    """
    Begins to look a name up, or joins one who does. `wake` is told of the result.
    """
    global _resolver  # noqa: PLW0603 - a forked process has none of the threads
    if _resolver.process != os.getpid():
        _resolver = _Resolver()
    return _resolver.look_up(host, port, wake)
