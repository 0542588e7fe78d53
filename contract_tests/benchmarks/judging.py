"""Judges the answers under load by the contract: what the client sent, what came back, what was rejected."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from openapi_contract import Operation
from openapi_contract.oracle import Standing
from secmaster_contract.judge import verdicts
from secmaster_contract.judge.outcome import Kind, Outcomes
from secmaster_contract.judge.reading import Reader
from secmaster_contract.run.session import chosen
from secmaster_contract.run.target import Target
from secmaster_contract.shipped import shipped_ledger
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.connection import Connection, ConnectionFailed
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request
from secmaster_workflows import CallError, WorkflowInstanceCommand, WorkflowsClient, parse_command
from secmaster_workflows.api.workflows.update_workflow_instance import sync_detailed

# Statuses that say to try later.
_LATER = (429, 502, 503, 504)


class ViolationError(Exception):
    """An answer breaks clauses of the contract; the text names them, so that equal ones count together."""


class UnavailableError(Exception):
    """No answer, or one that says to try later: nothing that the contract forbids."""


@dataclass(frozen=True)
class Verdict:
    """What one exchange has come to; `broken` are the clauses, `exception` what Locust counts as a failure."""

    seconds: float
    length: int
    broken: tuple[str, ...] = ()
    exception: Exception | None = None


class Judge:
    """Knows what may be sent to a target, and judges what comes back.

    `allowed` are the short names of the commands that may be carried out, empty for all; `operations` are those that
    are asked, by default all that are no mere knowledge of the platform. `commands` go through the
    client, `vectors` byte for byte: what the contract rejects, and the valid requests of what has no command of the
    client's.
    """

    def __init__(
        self, target: Target, allowed: frozenset[str] = frozenset(), operations: Iterable[str] | None = None
    ) -> None:
        self.target = target
        self.ledger = shipped_ledger()
        contract = self.ledger.contract
        self.operation = contract.operation("updateWorkflowInstance")
        catalogue = enumerate_vectors(target, self.ledger, chosen(contract, operations))
        self.oracle = catalogue.oracle
        self._path = catalogue.scope(self.operation).path()
        self._reader = Reader(self.ledger, self.oracle, target.token)
        self._outcomes = Outcomes(contract)
        self._allowed = allowed
        self.commands = [
            parse_command(catalogue.samples.body(self.operation, command))
            for command in self.operation.commands
            if not allowed or command.label in allowed
        ]
        self.vectors = [
            vector
            for vector in catalogue.vectors.values()
            if self._may_be_sent(vector) and (self._is_plainly_invalid(vector) or self._is_anothers(vector))
        ]

    def _may_be_sent(self, vector: Vector) -> bool:
        """Whether a vector is one request on a kept connection, of what is allowed."""
        command = vector.operation.command(vector.command)
        alone = vector.proper and not (vector.before or vector.beside or vector.fresh)
        return alone and (
            not self._allowed or vector.operation.reads or (command is not None and command.label in self._allowed)
        )

    def _is_plainly_invalid(self, vector: Vector) -> bool:
        """Whether the oracle, too, rejects a request for what it holds."""
        same = vector.request.method == vector.operation.method and len(vector.request.body) <= 1 << 14
        return vector.expected is Expected.REJECTED and same and vector.judgement.standing is Standing.REJECTED

    def _is_anothers(self, vector: Vector) -> bool:
        """Whether a request is the usual one of an operation that the client is not measured by."""
        return (
            vector.expected is Expected.ACCEPTED and vector.family == "accepted" and vector.operation != self.operation
        )

    def through_client(self, client: WorkflowsClient, command: WorkflowInstanceCommand) -> Verdict:
        """Send a valid command through the client and judge the answer as it came."""
        values = {name: self.target.values[name] for name in self.operation.path_names}
        planned = client.dry_run(values[self.operation.path_names[-1]], command)
        body = planned.body.encode()
        if self.oracle.body(self.operation, body).standing is not Standing.ACCEPTED:
            return _verdict(0.0, 0, ["client.sends-what-is-valid"])
        started = time.perf_counter()
        try:
            answer = sync_detailed(**values, client=client, body=command)
        except CallError as error:
            return _unavailable(time.perf_counter() - started, str(error))
        seconds = time.perf_counter() - started
        request = Request(self.operation.method, self._path, (), body)
        status = answer.status_code
        exchange = Exchange(request, status, tuple(answer.headers.items()), answer.content)
        if status in _LATER or answer.late:
            return _unavailable(seconds, f"HTTP {status}{', cut off by the deadline' * answer.late}")
        if answer.fault:
            return _verdict(seconds, len(answer.content), ["http.framing"])
        broken = [*self._read(self.operation, exchange), *self._refused(self.operation, exchange)]
        return _verdict(seconds, len(answer.content), broken)

    def raw(self, connection: Connection, vector: Vector) -> Verdict:
        """Send a request byte for byte and judge the answer: it is the documented one to what was sent."""
        try:
            exchange = connection.exchange(vector.request)
        except ConnectionFailed as error:
            return _unavailable(0.0, str(error))
        if "close" in vector.request.values("Connection"):
            connection.close()  # RFC 9112, 9.6: who has said close sends nothing more
        if exchange.status is None or exchange.status in _LATER:
            return _unavailable(exchange.seconds, exchange.trouble or f"HTTP {exchange.status}")
        broken = self._read(vector.operation, exchange)
        if exchange.trouble:
            return _verdict(exchange.seconds, len(exchange.body), broken or ["guard.answers"])
        if exchange.status >= 500:
            broken.append("guard.no-server-error")
        elif vector.expected is Expected.ACCEPTED:
            broken += self._refused(vector.operation, exchange)
        elif exchange.status < 400:
            broken.append(vector.clause.key)
        elif exchange.status not in vector.statuses:
            broken.append(self._role(vector.operation, "error.status"))
        return _verdict(exchange.seconds, len(exchange.body), broken)

    def _read(self, operation: Operation, exchange: Exchange) -> list[str]:
        return [
            found.clause
            for found in self._reader.read(operation, exchange).faults
            if verdicts.fault(self.ledger[found.clause], found.level) is verdicts.Verdict.VIOLATES
        ]

    def _refused(self, operation: Operation, exchange: Exchange) -> list[str]:
        """Return what a valid request's answer breaks by not being one of success."""
        match self._outcomes.of(operation, exchange).kind:
            case Kind.ACCEPTED:
                return []
            case Kind.FAILED:
                return [self._role(operation, "result.success")]
            case _:
                return [self._role(operation, "result.status")]

    def _role(self, operation: Operation, role: str) -> str:
        return (self.ledger.of_role(operation, role) or self.ledger["http.status"]).key


def _verdict(seconds: float, length: int, broken: Iterable[str]) -> Verdict:
    clauses = tuple(dict.fromkeys(broken))
    return Verdict(seconds, length, clauses, ViolationError(f"violates {', '.join(clauses)}") if clauses else None)


def _unavailable(seconds: float, reason: str) -> Verdict:
    return Verdict(seconds, 0, (), UnavailableError(reason))
