"""Sends vectors, each once a run, and reads every answer strictly, whatever it answers."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import replace

from openapi_contract.operations import Operation
from secmaster_contract.judge.outcome import Kind, Outcome, Outcomes
from secmaster_contract.judge.reading import Fault, Reader
from secmaster_contract.judge.verdicts import ANSWER_TO
from secmaster_contract.run.gate import Withheld
from secmaster_contract.run.sender import Sender
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.connection import ConnectionFailed
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request

_MISFITS = 8  # commands that no state was found for, before no more is tried
_PROBE_SECONDS = 1.5  # how long a second connection may wait before the server counts as serving one at a time


class Answers:
    """The answers to the vectors of one run; what they do wrong is handed to `noted` as it is read."""

    def __init__(
        self, catalogue: Catalogue, sender: Sender, noted: Callable[[Fault, Exchange, str], None], workers: int = 4
    ) -> None:
        self.catalogue = catalogue
        self.sender = sender
        self.reader = Reader(catalogue.ledger, catalogue.oracle, catalogue.target.token)
        self.outcomes = Outcomes(catalogue.contract)
        self.workers = workers
        self.shown: set[str] = set()
        self.hidden: dict[str, str] = {}
        self.seconds: list[float] = []
        self._noted = noted
        self._answers: dict[str, Exchange] = {}
        self._read: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._keeps_state = False
        self._misfits = 0
        self._turn = threading.RLock()

    @property
    def is_serial(self) -> bool:
        """Whether requests must follow one another: the server serves one connection at a time, or keeps a state."""
        return self.sender.serial or self._keeps_state

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._answers))

    def known(self, name: str) -> Exchange | None:
        """Return the answer to a vector that was sent."""
        return self._answers.get(name)

    def keep(self, vector: Vector, exchange: Exchange) -> None:
        """Let another exchange be the answer to a vector."""
        with self._lock:
            self._answers[vector.name] = exchange

    def show(self, *keys: str) -> None:
        """Note that some answer shows something of these clauses."""
        with self._lock:
            self.shown.update(keys)

    def outcome(self, vector: Vector, exchange: Exchange) -> Outcome:
        """Say what an answer to a vector amounts to."""
        return self.outcomes.of(vector.operation, exchange)

    def is_accepted(self, vector: Vector) -> bool:
        """Whether a vector is accepted; it is sent unless it was."""
        return self.outcome(vector, self.answer(vector)).kind is Kind.ACCEPTED

    # -- sending ------------------------------------------------------------------------------------------------------

    def probe(self, request: Request) -> None:
        """Find out whether the server serves a second connection while a first one is kept open."""
        if self.workers == 1:
            self.sender.serial = True
            return
        first, second = self.sender.fresh(), self.sender.fresh()
        self.sender.send(request, first, "probe")
        second.seconds = min(_PROBE_SECONDS, second.seconds)
        try:
            served = not self.sender.send(request, second, "probe").timed_out
        except ConnectionFailed:
            served = False
        first.close()
        second.close()
        if not served:
            self.workers, self.sender.serial = 1, True

    def prefetch(self, vectors: Iterable[Vector]) -> None:
        """Send vectors ahead of their judging, several at once where the server allows it."""
        vectors = list(vectors)
        if self.workers == 1:
            return
        with ThreadPoolExecutor(self.workers) as pool:
            list(pool.map(self._ahead, vectors))

    def _ahead(self, vector: Vector) -> None:
        """Send a vector if that is possible; its judging meets the same again, and says why, where it is not."""
        with suppress(Exception):
            self.answer(vector)

    def answer(self, vector: Vector) -> Exchange:
        """Return the answer to a vector; it is sent once a run.

        Raises:
            Withheld: The run may not send it.
            ConnectionFailed: The server cannot be reached.
        """
        known = self._answers.get(vector.name)
        if known is None:
            known = self.send(vector)
            self.keep(vector, known)
        return known

    def send(self, vector: Vector) -> Exchange:
        """Send a vector, once more if it was sent, and read the answer."""
        with self._turn if self._keeps_state else nullcontext():
            exchange = self._send_once(vector)
        unfit = vector.expected in (Expected.ACCEPTED, Expected.REJECTED) and self._is_unfit(vector, exchange)
        if unfit and (vector.expected is Expected.ACCEPTED or self._keeps_state):
            return self._refit(vector, exchange)
        return exchange

    def _is_unfit(self, vector: Vector, exchange: Exchange) -> bool:
        return self.outcomes.is_unfit(vector.operation, exchange)

    def _refit(self, vector: Vector, exchange: Exchange) -> Exchange:
        """Bring the resource into another state by other valid commands until it is one that fits the vector's."""
        self._keeps_state = True
        with self._turn:
            for way in self._ways(vector):
                if self._misfits >= _MISFITS:
                    break
                with suppress(Withheld):
                    for request in way:
                        self._note(vector.operation, self.sender.send(request, about=vector.name), proper=True)
                    again = self._send_once(replace(vector, before=(), beside=()))
                    if not self._is_unfit(vector, again):
                        return again
            self._misfits += 1
            return exchange

    def _ways(self, vector: Vector) -> Iterator[tuple[Request, ...]]:
        """Yield sequences of other valid commands: no transition is assumed, what fits is found by trying."""
        scope = self.catalogue.scope(vector.operation)
        twin = self.catalogue.vectors.get(vector.twin or "")
        command = vector.command or (twin.command if twin else None)
        others = [
            self.catalogue.vectors[scope.baseline(other)].request for other in scope.commands if other.name != command
        ]
        for length in range(1, len(others) + 1):
            yield from itertools.permutations(others, length)

    def _send_once(self, vector: Vector) -> Exchange:
        connection = self.sender.fresh() if vector.fresh else None
        try:
            for request in vector.before:
                self._note(vector.operation, self.sender.send(request, connection, vector.name), proper=True)
            if vector.beside and not self.sender.serial:
                exchange = self._send_beside(vector)
            else:
                exchange = self.sender.send(vector.request, connection, vector.name)
            self._note(vector.operation, exchange, proper=vector.proper, name=vector.name)
            return exchange
        finally:
            if connection is not None:
                connection.close()

    def _send_beside(self, vector: Vector) -> Exchange:
        with ThreadPoolExecutor(len(vector.beside) + 1) as pool:
            others = [pool.submit(self._send_alone, request, vector.name) for request in vector.beside]
            own = pool.submit(self._send_alone, vector.request, vector.name)
            for other in others:
                self._note(vector.operation, other.result(), proper=True)
            return own.result()

    def _send_alone(self, request: Request, about: str) -> Exchange:
        connection = self.sender.fresh()
        try:
            return self.sender.send(request, connection, about)
        finally:
            connection.close()

    # -- reading ------------------------------------------------------------------------------------------------------

    def _note(self, operation: Operation, exchange: Exchange, *, proper: bool, name: str = "") -> None:
        """Read an answer strictly; each clause and fault is told once a run."""
        self.seconds.append(exchange.seconds)
        reading = self.reader.read(operation, exchange, proper=proper)
        with self._lock:
            self.shown.update(reading.shown)
            self.hidden.update(reading.hidden)
            new = [fault for fault in reading.faults if (fault.clause, fault.what) not in self._read]
            self._read.update((fault.clause, fault.what) for fault in new)
        for fault in new:
            self._noted(fault, exchange, f"{ANSWER_TO}{name or 'a step'}")
