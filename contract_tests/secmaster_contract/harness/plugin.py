"""The pytest plugin under `verify`: gives each check its vectors, runs the readings last, keeps what was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from secmaster_contract.harness.answer import Answer, Inconclusive
from secmaster_contract.harness.connection import ConnectionFailed
from secmaster_contract.harness.examiner import Examiner
from secmaster_contract.harness.gate import Withheld
from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.order import Order
from secmaster_contract.harness.vectors import Vector
from secmaster_contract.harness.verdicts import Observation, Verdict, every_answer

Progress = Callable[[str, int, int], None]
Chooser = Callable[[Vector], str | None]


class Readings:
    """What every answer of the run was read for."""

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner

    def keep(self, clause: Clause) -> None:
        """Claim that every answer that the clause speaks of keeps it.

        Raises:
            Inconclusive: No answer of the run speaks of it.
        """
        seen = self._examiner.silence(clause)
        self._examiner.record.add(seen or Observation(clause, every_answer(clause), Verdict.CONFORMS))
        if seen is not None:
            raise Inconclusive(seen.reason)


class VerifierPlugin:
    """Connects the checks to one examiner.

    `withheld` says of a vector why it is not sent, None to send it; `progress` hears of each check done.
    """

    def __init__(
        self,
        examiner: Examiner,
        *,
        withheld: Chooser = lambda _: None,
        wanted: Callable[[Clause], bool] = lambda _: True,
        chosen: Callable[[Vector], bool] = lambda _: True,
        progress: Progress = lambda *_: None,
        order: Order = Order(),  # noqa: B008  it is frozen
        sending: bool = True,
    ) -> None:
        self.examiner = examiner
        self.withheld = withheld
        self.wanted = wanted
        self.chosen = chosen
        self.progress = progress
        self.order = order
        self.sending = sending
        self.items: list[pytest.Item] = []
        self.vectors: list[Vector] = []
        self.checked: set[str] = set()
        self.faults_of_the_harness: list[str] = []
        self._done = 0

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Parametrise a check with the vectors or the clauses that it is for."""
        catalogue = self.examiner.catalogue
        for mark in metafunc.definition.iter_markers("vectors"):
            vectors = [
                vector for vector in catalogue.of(*mark.args) if self.wanted(vector.clause) and self.chosen(vector)
            ]
            metafunc.parametrize("vector", vectors, ids=[vector.name for vector in vectors])
        for mark in metafunc.definition.iter_markers("readings"):
            taken = {vector.clause.key for vector in catalogue.vectors.values()} - _ALSO_READ
            clauses = [
                clause
                for key, clause in catalogue.ledger.testable.items()
                if key.startswith(mark.args) and key not in taken and self.wanted(clause)
            ]
            metafunc.parametrize("clause", clauses, ids=[clause.key for clause in clauses])

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Run the vectors in the catalogue's order, causes before consequences, and the readings last."""
        names = list(self.examiner.catalogue.vectors)
        rank = {name: number for number, name in enumerate(names)}

        def place(item: pytest.Item) -> int:
            vector = _params(item).get("vector")
            return rank[vector.name] if vector else len(rank)

        items.sort(key=place)
        self.items = items
        self.vectors = [params["vector"] for item in items if "vector" in (params := _params(item))]
        self.checked = {clause.key for item in items if (clause := _clause(item))}

    def pytest_runtestloop(self) -> None:
        """Send the vectors ahead of the checks."""
        if self.sending:
            self.examiner.prefetch(self.order.arrange(self.sent, 0))

    @property
    def sent(self) -> list[Vector]:
        """The vectors that are sent."""
        return [vector for vector in self.vectors if self.withheld(vector) is None]

    @pytest.fixture
    def examine(self) -> Callable[[Vector], Answer]:
        """Send a vector and conclude from its answer."""

        def examine(vector: Vector) -> Answer:
            reason, verdict = self.withheld(vector), Verdict.NOT_SENT
            try:
                if reason is None:
                    return Answer(vector, self.examiner.conclude(vector))
            except Withheld as stop:
                reason = str(stop)
            except ConnectionFailed as error:
                reason, verdict = str(error), Verdict.INCONCLUSIVE
            self.examiner.record.add(Observation(vector.clause, vector.name, verdict, reason=reason))
            pytest.skip(reason)

        return examine

    @pytest.fixture
    def readings(self) -> Readings:
        """What every answer was read for."""
        return Readings(self.examiner)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Keep faults of the harness apart from what is said of the server."""
        report = yield
        error = call.excinfo.value if call.excinfo else None
        if error is not None and not isinstance(error, AssertionError | Inconclusive | pytest.skip.Exception):
            self.faults_of_the_harness.append(f"{item.nodeid}: {type(error).__name__}: {error}")
        if call.when == "call":
            self._done += 1
            self.progress(_subject(item), self._done, len(self.items))
        return report


# Clauses that vectors blame and that every answer is read for as well.
_ALSO_READ = {"guard.no-server-error"}


def _params(item: pytest.Item) -> dict[str, Any]:
    callspec = getattr(item, "callspec", None)
    known = callspec.params if callspec else {}
    # Where a family has no vector (the YAML has no keyword of its kind), pytest passes a placeholder and skips.
    return {name: value for name, value in known.items() if isinstance(value, Vector | Clause)}


def _clause(item: pytest.Item) -> Clause | None:
    params = _params(item)
    clause: Clause | None = params["vector"].clause if "vector" in params else params.get("clause")
    return clause


def _subject(item: pytest.Item) -> str:
    clause = _clause(item)
    return clause.key if clause else item.name
