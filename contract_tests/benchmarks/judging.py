"""Judges the answers under load by the contract: what the client sent, what came back, what was refused."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from secmaster_contract.wire.connection import Connection, ConnectionFailed
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.wire.exchange import Exchange
from openapi_contract.oracle import Oracle, Standing
from secmaster_contract.judge.reading import Reader
from secmaster_contract.wire.request import Request
from openapi_contract import Spec, load_spec
from secmaster_contract.run.target import Target
from secmaster_contract.vectors.vector import Due, Vector
from secmaster_workflows import CallError, WorkflowInstanceCommand, WorkflowsClient, parse_command
from secmaster_workflows.api.workflows.update_workflow_instance import sync_detailed


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

    `allowed` are the short names of the commands that may be carried out, empty for all.
    """

    def __init__(self, target: Target, allowed: frozenset[str] = frozenset()) -> None:
        self.target = target
        self.spec: Spec = load_spec()
        self._oracle = Oracle(self.spec)
        catalogue = enumerate_vectors(target, self.spec)
        self._reader = Reader(self.spec, catalogue.ledger)
        names = self.spec.short_names
        self.valid = [
            parse_command(self.spec.example(command))
            for command in self.spec.commands
            if not allowed or names[command.name] in allowed
        ]
        self.invalid = [vector for vector in catalogue.vectors.values() if self._is_plainly_invalid(vector)]
        if allowed:
            self.invalid = [vector for vector in self.invalid if names.get(vector.command or "") in allowed]

    def _is_plainly_invalid(self, vector: Vector) -> bool:
        """Whether a vector is one request on a kept connection that the oracle, too, refuses for its body or token."""
        request = vector.request
        plain = vector.due is Due.REFUSED and vector.proper and not (vector.before or vector.beside or vector.fresh)
        if not plain or request.method != self.spec.method or len(request.body) > 1 << 14:
            return False
        judged = (
            self._oracle.judge_body(request.body),
            self._oracle.judge_token(request.values(self.spec.token_header), [self.target.token]),
            self._oracle.judge_content_type(request.values("Content-Type")),
        )
        return any(judgement.standing is Standing.REFUSED for judgement in judged)

    def through_client(self, client: WorkflowsClient, command: WorkflowInstanceCommand) -> Verdict:
        """Send a valid command through the client and judge the answer as it came."""
        instance = self.target.identifiers[self.spec.path_parameters[-1]]
        planned = client.dry_run(instance, command)
        if self._oracle.judge_body(planned.body.encode()).standing is not Standing.ACCEPTED:
            return _verdict(0.0, 0, ["client.sends-what-is-valid"])
        started = time.perf_counter()
        try:
            answer = sync_detailed(**self.target.identifiers, client=client, body=command)
        except CallError as error:
            return _unavailable(time.perf_counter() - started, str(error))
        seconds = time.perf_counter() - started
        request = Request(self.spec.method, self.target.path(self.spec), (), planned.body.encode())
        status = answer.status_code
        exchange = Exchange(request, status, tuple(answer.headers.items()), answer.content)
        if status in (429, 502, 503, 504) or answer.late:
            return _unavailable(seconds, f"HTTP {status}{', cut off by the deadline' * answer.late}")
        if answer.fault:
            return _verdict(seconds, len(answer.content), ["http.framing"])
        broken = self._read(exchange)
        value = self._reader.parse(exchange)
        if status != self.spec.success_status:
            broken.append("result.status")
        elif not isinstance(value, dict) or value.get("success") is not True:
            broken.append("result.success.true")
        return _verdict(seconds, len(answer.content), broken)

    def raw(self, connection: Connection, vector: Vector) -> Verdict:
        """Send an invalid request byte for byte and judge the answer: it is a refusal, in the documented shape."""
        try:
            exchange = connection.exchange(vector.request)
        except ConnectionFailed as error:
            return _unavailable(0.0, str(error))
        if "close" in vector.request.values("Connection"):
            connection.close()  # RFC 9112, 9.6: who has said close sends nothing more
        if exchange.status is None or exchange.status in (429, 502, 503, 504):
            return _unavailable(exchange.seconds, exchange.trouble or f"HTTP {exchange.status}")
        broken = self._read(exchange)
        if exchange.trouble:
            return _verdict(exchange.seconds, len(exchange.body), broken or ["guard.answers"])
        if exchange.status < 400:
            broken.append(vector.clause.key)
        elif exchange.status >= 500:
            broken.append("guard.no-server-error")
        elif exchange.status not in vector.statuses:
            broken.append("error.status")
        return _verdict(exchange.seconds, len(exchange.body), broken)

    def _read(self, exchange: Exchange) -> list[str]:
        return [finding.clause for finding in self._reader.read(exchange)]


def _verdict(seconds: float, length: int, broken: Iterable[str]) -> Verdict:
    clauses = tuple(dict.fromkeys(broken))
    return Verdict(seconds, length, clauses, ViolationError(f"violates {', '.join(clauses)}") if clauses else None)


def _unavailable(seconds: float, reason: str) -> Verdict:
    return Verdict(seconds, 0, (), UnavailableError(reason))
