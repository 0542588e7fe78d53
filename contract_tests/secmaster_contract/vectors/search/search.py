"""Draws requests until the budget is spent; a find is shrunk, judged by the oracle, and asked for once more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase
from hypothesis.errors import FlakyFailure, Unsatisfiable
from hypothesis.strategies import SearchStrategy

from openapi_contract.oracle import Judgement, Standing
from secmaster_contract.judge.examiner import Examiner
from secmaster_contract.judge.verdicts import Observation, Verdict
from secmaster_contract.run.gate import Withheld
from secmaster_contract.vectors.catalogue import Scope
from secmaster_contract.vectors.search import strategies
from secmaster_contract.vectors.search.budget import Budget
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.connection import ConnectionFailed
from secmaster_contract.wire.request import Request

_FAULTY = (Verdict.VIOLATES, Verdict.ADVISES)
_FINDS = 20  # faults of different clauses after which a search has told enough


class _Found(AssertionError):
    """A drawn request that the server answers wrongly."""


class _Spent(BaseException):  # no Exception: Hypothesis would take it for a find, and shrink it
    """Nothing is left of the budget."""


class Search:
    """Searches one target. `number` is the seed; `database` the directory that keeps finds for the next search."""

    def __init__(self, examiner: Examiner, budget: Budget, number: int, database: Path | None = None) -> None:
        self._examiner = examiner
        self._budget = budget
        self._seed = number
        self._directory = database
        self._known = {seen.clause.key for seen in examiner.record.observations if seen.verdict in _FAULTY}
        self._best: dict[str, tuple[Vector, Observation]] = {}

    def run(self) -> None:
        """Search each operation with each strategy for its share of the budget, and record what was found."""
        scopes = self._examiner.catalogue.scopes
        with suppress(Withheld, ConnectionFailed):
            for scope in scopes:
                for name, share, strategy in (
                    ("forms", 0.6, strategies.requests(scope)),
                    ("schemathesis-positive", 0.15, strategies.of_schemathesis(scope, positive=True)),
                    ("schemathesis-negative", 0.25, strategies.of_schemathesis(scope, positive=False)),
                ):
                    self._search(scope, name, strategy, self._budget.part(share / len(scopes)))

    def _search(self, scope: Scope, name: str, strategy: SearchStrategy[Request], budget: Budget) -> None:
        # What is kept is a strategy's choices, which mean nothing to another one.
        kept = self._directory / scope.prefix / name if self._directory else None
        database = DirectoryBasedExampleDatabase(kept) if kept else None
        for number in range(_FINDS):
            if not self._one_find(scope, strategy, budget, database, again=number == 0):
                break

    def _one_find(
        self,
        scope: Scope,
        strategy: SearchStrategy[Request],
        budget: Budget,
        database: ExampleDatabase | None,
        *,
        again: bool,
    ) -> bool:
        """Search for one more fault, in what is kept if `again`; true where one was found and the search may go on.

        What is kept is read once: a fault that is known by then would look mended, and be forgotten.
        """
        found: set[str] = set()

        @settings(
            max_examples=budget.requests or 100_000,
            database=database,
            deadline=None,
            suppress_health_check=tuple(check for check in HealthCheck if isinstance(check, HealthCheck)),
            phases=[*([Phase.reuse] if again else []), Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
        )
        @seed(self._seed)  # below the settings: above them it would take their database away
        @given(strategy)
        def draw(request: Request) -> None:
            if not budget.spend():
                raise _Spent
            if self._examiner.answers.sender.gate.forbidden(request):
                reject()
            vector = _vector(scope, request)
            seen = self._examiner.look(vector)
            key = seen.clause.key
            if seen.verdict in _FAULTY and (key not in self._known or key in found):
                found.add(key)
                self._known.add(key)
                self._keep(vector, seen)
                raise _Found(key)

        more = False
        with suppress(Unsatisfiable, _Spent):
            try:
                draw()
            except (_Found, FlakyFailure):
                more = True
        for key in found:
            self._record(key)
        return more

    def _keep(self, vector: Vector, seen: Observation) -> None:
        best = self._best.get(seen.clause.key)
        if best is None or len(vector.request.body) <= len(best[0].request.body):
            self._best[seen.clause.key] = (vector, seen)

    def _record(self, key: str) -> None:
        vector, seen = self._best[key]
        self._examiner.found(vector, seen)


def _vector(scope: Scope, request: Request) -> Vector:
    """Judge a drawn request from its bytes; what the contract leaves open in it is left open."""
    judgement = scope.judge(request)
    digest = hashlib.sha256(repr(request).encode("utf-8", "surrogatepass")).hexdigest()[:10]
    is_open = judgement.standing is Standing.ACCEPTED and any(_left_open(scope, request, judgement))
    more: dict[str, Any] = {"expected": Expected.ANY} if is_open else {}
    vector = scope.classified(
        f"search/{digest}",
        "search",
        request,
        equivalence=scope.ledger["http.json-equivalence" if scope.operation.body else "http.header-equivalence"],
        command=judgement.command.name if judgement.command else None,
        fresh=bool(request.pieces),
        **more,
    )
    del scope.catalogue.vectors[vector.name]
    return vector


def _left_open(scope: Scope, request: Request, judgement: Judgement) -> Iterator[bool]:
    """Yield for each part of a valid request whether a server may reject it: unknown, or with a value of its own."""
    usual = scope.full(judgement.command) if judgement.command and scope.operation.body else {}
    yield bool(request.pieces or request.target != scope.valid().target)
    yield any(not scope.valid().values(name) for name, _ in request.headers)
    if not isinstance(judgement.value, dict) or not isinstance(usual, dict):
        yield judgement.value != usual
        return
    for name, value in judgement.value.items():
        yield name not in usual or usual[name] != value
