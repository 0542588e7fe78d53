"""Verification under load: valid commands through the client, invalid ones raw, every answer judged.

Locust starts it in each of its processes; benchmarks.load says where to send by the environment.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from locust import User, constant_pacing, events, stats, task
from locust.env import Environment

from benchmarks.judging import Judge, Verdict
from benchmarks.load import INVALID, VALID, write_outcome
from secmaster_contract.run.target import Target
from secmaster_contract.vectors.vector import Expected
from secmaster_contract.wire.connection import Connection
from secmaster_workflows import WorkflowsClient

TARGET = Target(
    os.environ["SECMASTER_ENDPOINT"],
    os.environ["SECMASTER_TOKEN"],
    {name: os.environ[f"SECMASTER_{name.upper()}"] for name in ("project_id", "workspace_id", "instance_id")},
)
ALLOWED = frozenset(filter(None, os.environ.get("LOAD_ALLOW", "").split(",")))
PACE = float(os.environ.get("LOAD_PACE") or 0)
stats.HISTORY_STATS_INTERVAL_SEC = 1  # points of the report's charts; five seconds apart a short run has two
judge = Judge(TARGET, ALLOWED)
violations: Counter[str] = Counter()
_numbers = itertools.count()


class Engineer(User):
    """Sends three valid commands for one raw request; with a client and a connection of its own."""

    host = TARGET.url  # for the report
    if PACE:
        wait_time = constant_pacing(PACE)

    def on_start(self) -> None:
        self.client = WorkflowsClient(
            endpoint=TARGET.url,
            token=TARGET.token,
            project_id=TARGET.values["project_id"],
            workspace_id=TARGET.values["workspace_id"],
            max_retries=0,
            keepalive_expiry=60.0,
            allow_http=True,
        )
        self.connection: Connection = TARGET.connection()
        # Users begin at different places, so that unlike requests meet.
        start = next(_numbers) * 7
        self.commands = _from(judge.commands, start)
        self.vectors = _from(judge.vectors, start)

    def on_stop(self) -> None:
        self.client.close()
        self.connection.close()

    @task(3)
    def send_valid(self) -> None:
        command = next(self.commands)
        self._report(VALID, type(command).__name__, lambda: judge.through_client(self.client, command))

    @task(1)
    def send_raw(self) -> None:
        vector = next(self.vectors)
        kind = VALID if vector.expected is Expected.ACCEPTED else INVALID
        self._report(kind, vector.clause.key, lambda: judge.raw(self.connection, vector))

    def _report(self, kind: str, name: str, send: Callable[[], Verdict]) -> None:
        verdict = send()
        for clause in verdict.broken:
            violations[clause] += 1
        self.environment.events.request.fire(
            request_type=kind,
            name=name,
            response_time=verdict.seconds * 1e3,
            response_length=verdict.length,
            exception=verdict.exception,
            context={},
        )


def _from(items: list[Any], start: int) -> Iterator[Any]:
    return itertools.islice(itertools.cycle(items), start % len(items), None)


# Locust's workers report to its master every few seconds and once more when they end.
@events.report_to_master.add_listener
def _hand_over(data: dict[str, Any], **_: object) -> None:
    data["violations"] = dict(violations)
    violations.clear()


@events.worker_report.add_listener
def _take(data: dict[str, Any], **_: object) -> None:
    violations.update(data.get("violations", {}))


@events.quitting.add_listener
def _write(environment: Environment, **_: object) -> None:
    from locust.runners import WorkerRunner

    if not isinstance(environment.runner, WorkerRunner):
        write_outcome(environment, violations)
