"""Sends vectors, each once a run, and reads every answer strictly, whatever it answers."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from typing import Any

from secmaster_contract.harness.catalogue import Catalogue
from secmaster_contract.harness.connection import ConnectionFailed
from secmaster_contract.harness.evidence import evidence
from secmaster_contract.harness.exchange import Exchange
from secmaster_contract.harness.gate import Withheld
from secmaster_contract.harness.ledger import Clause, Level
from secmaster_contract.harness.reading import Reader
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.states import is_unfit, ways
from secmaster_contract.harness.target import Sender
from secmaster_contract.harness.vectors import Due, Vector
from secmaster_contract.harness.verdicts import Observation, Record, fault

_MISFITS = 8  # commands that no state was found for, before no more is tried
_PROBE_SECONDS = 1.5  # how long a second connection may wait before the server counts as serving one at a time


@dataclass(frozen=True)
class Outcome:
    """What an answer amounts to: `taken`, `failed` (200 without success), `refused`, `throttled`, `broken` or `odd`."""

    name: str
    value: Any = None


class Dispatch:
    """Sends to one target and keeps the answers."""

    def __init__(self, catalogue: Catalogue, record: Record, sender: Sender, workers: int = 4) -> None:
        self.catalogue = catalogue
        self.spec = catalogue.spec
        self.record = record
        self.sender = sender
        self.reader = Reader(catalogue.spec, catalogue.ledger, catalogue.target.token)
        self.workers = workers
        self.spoken: set[str] = set()
        self._hidden: dict[str, str] = {}
        self._answers: dict[str, Exchange] = {}
        self._read: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()
        self._keeps_state = False
        self._misfits = 0
        self._turn = threading.RLock()

    @property
    def is_serial(self) -> bool:
        """Whether requests must follow one another: the server serves one connection at a time, or keeps a state."""
        return self.sender.serial or self._keeps_state

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
        """Send vectors ahead of their checks, several at once where the server allows it."""
        vectors = list(vectors)
        if self.workers == 1:
            return
        with ThreadPoolExecutor(self.workers) as pool:
            list(pool.map(self._ahead, vectors))

    def _ahead(self, vector: Vector) -> None:
        """Send a vector if that is possible; its check meets the same again, and says why, where it is not."""
        with suppress(Exception):
            self.answer(vector)

    def answer(self, vector: Vector) -> Exchange:
        """Return the answer to a vector; it is sent once a run."""
        known = self._answers.get(vector.name)
        if known is None:
            known = self._send(vector)
            with self._lock:
                self._answers[vector.name] = known
        return known

    def _send(self, vector: Vector) -> Exchange:
        with self._turn if self._keeps_state else nullcontext():
            exchange = self._send_once(vector)
        unfit = vector.due in (Due.TAKEN, Due.REFUSED) and self._is_unfit(exchange)
        return self._refit(vector, exchange) if unfit and (vector.due is Due.TAKEN or self._keeps_state) else exchange

    def _refit(self, vector: Vector, exchange: Exchange) -> Exchange:
        """Bring the instance into another state by other valid commands until it is one that fits the vector's."""
        self._keeps_state = True
        with self._turn:
            for way in ways(self.catalogue, vector):
                if self._misfits >= _MISFITS:
                    break
                with suppress(Withheld):
                    for request in way:
                        self._note(self.sender.send(request, about=vector.name), proper=True)
                    again = self._send_once(replace(vector, before=(), beside=()))
                    if not self._is_unfit(again):
                        return again
            self._misfits += 1
            return exchange

    def _send_once(self, vector: Vector) -> Exchange:
        connection = self.sender.fresh() if vector.fresh else None
        try:
            for request in vector.before:
                self._note(self.sender.send(request, connection, vector.name), proper=True)
            if vector.beside and not self.sender.serial:
                exchange = self._send_beside(vector)
            else:
                exchange = self.sender.send(vector.request, connection, vector.name)
            self._note(exchange, proper=vector.proper, name=vector.name)
            return exchange
        finally:
            if connection is not None:
                connection.close()

    def _send_beside(self, vector: Vector) -> Exchange:
        with ThreadPoolExecutor(len(vector.beside) + 1) as pool:
            others = [pool.submit(self._send_alone, request, vector.name) for request in vector.beside]
            own = pool.submit(self._send_alone, vector.request, vector.name)
            for other in others:
                self._note(other.result(), proper=True)
            return own.result()

    def _send_alone(self, request: Request, about: str) -> Exchange:
        connection = self.sender.fresh()
        try:
            return self.sender.send(request, connection, about)
        finally:
            connection.close()

    # -- reading ------------------------------------------------------------------------------------------------------

    def _note(self, exchange: Exchange, *, proper: bool, name: str = "") -> None:
        """Read an answer strictly, and keep what it does wrong, one observation a clause and fault."""
        self.record.seconds.append(exchange.seconds)
        findings = list(self.reader.read(exchange, proper=proper))
        seen = evidence(self.reader, exchange, findings, proper=proper)
        with self._lock:
            self.spoken.update(seen.shown)
            self._hidden.update(seen.hidden)
            findings = [finding for finding in findings if (finding.clause, finding.what) not in self._read]
            self._read.update({(finding.clause, finding.what): name for finding in findings})
        for finding in findings:
            clause = self.catalogue.ledger.clauses.get(finding.clause) or self._made(finding.clause)
            verdict = fault(clause, finding.level)
            self.record.add(
                Observation(
                    clause, f"answer to {name or 'a step'}", verdict, clause.text, finding.what, exchange=exchange
                )
            )

    def _made(self, key: str) -> Clause:
        return Clause(key, Level.MUST, "the answer keeps its schema", ("not in the ledger",), ())

    def outcome(self, exchange: Exchange) -> Outcome:
        """Say what an answer amounts to."""
        if exchange.trouble or exchange.status is None:
            return Outcome("broken")
        value = self.reader.parse(exchange)
        if exchange.status == self.spec.success_status:
            success = value.get("success") if isinstance(value, dict) else None
            return Outcome("failed" if success is False else "taken", value)
        if exchange.status == 429:
            return Outcome("throttled", value)
        if exchange.status >= 500:
            return Outcome("error", value)
        return Outcome("refused" if exchange.status >= 400 else "odd", value)

    def _is_unfit(self, exchange: Exchange) -> bool:
        return is_unfit(exchange, self.reader.parse(exchange))
