"""The clauses as tests of somebody's own suite: what `pytest_plugin` loads once a target is named."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from secmaster_contract.harness.answer import Answer, ClauseBroken, Inconclusive
from secmaster_contract.harness.connection import ConnectionFailed
from secmaster_contract.harness.enumeration import enumerate_vectors
from secmaster_contract.harness.examiner import Examiner
from secmaster_contract.harness.gate import Gate, Withheld, read_rate
from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.plugin import Readings, VerifierPlugin
from secmaster_contract.harness.preflight import NotReady, check
from secmaster_contract.harness.safety import Permissions, Safety
from secmaster_contract.harness.settle import settle
from secmaster_contract.harness.spec import SpecError, load_spec
from secmaster_contract.harness.target import Sender, Target
from secmaster_contract.harness.vectors import Vector
from secmaster_contract.harness.verdicts import Observation, Record, Verdict
from secmaster_contract.people import safe


def plugin_of(config: pytest.Config) -> TargetPlugin:
    """Return the plugin for the target that the options and the environment name.

    Raises:
        pytest.UsageError: The token is missing, an option has no such value, or the contract cannot be used.
    """
    url = str(config.getoption("--contract-target"))
    token = os.environ.get("SECMASTER_TOKEN", "")
    if not token:
        raise pytest.UsageError("the token is missing: set SECMASTER_TOKEN")
    identifiers = {
        f"{name}_id": config.getoption(f"--contract-{name}-id")
        or os.environ.get(f"SECMASTER_{name.upper()}_ID")
        or "example"
        for name in ("project", "workspace", "instance")
    }
    rate = config.getoption("--contract-rate")
    try:
        rate = read_rate(rate) if rate else None
    except ValueError as error:
        raise pytest.UsageError(f"--contract-rate: {error}") from None
    target = Target(url, token, identifiers)
    treat_as = config.getoption("--contract-treat-as")
    permissions = Permissions.for_target(target, live=treat_as == "live" if treat_as else None)
    try:
        return TargetPlugin(target, permissions, rate)
    except SpecError as error:
        raise pytest.UsageError(str(error)) from None


class Advice(UserWarning):
    """What reasonable people could dispute; `-W error` lets it fail a test."""


class TargetPlugin(VerifierPlugin):
    """Checks each vector by its own answer, so that any worker may run any test in any order.

    A live target is the exception: what its refusals show is said of all of them together, so that the first test
    sends all, and one worker runs them.
    """

    def __init__(self, target: Target, permissions: Permissions, rate: float | None = None) -> None:
        target, live = permissions.home(target), permissions.live
        catalogue = enumerate_vectors(target, load_spec())
        self._safety = safety = Safety(catalogue, permissions)
        usual = permissions.limits(target)
        sender = Sender(target, gate=Gate(replace(usual, rate=rate or usual.rate)), once=live)
        sender.gate.forbidden, sender.gate.harm = safety.forbidden, safety.harm
        sender.control = safety.control
        examiner = Examiner(catalogue, Record(catalogue.ledger), sender, *([1] if live else []))
        super().__init__(examiner, withheld=safety.withheld, sending=False)
        self._redact = sender.journal.redactor.text
        baselines = [catalogue.vectors[catalogue.baseline(command)] for command in catalogue.spec.commands]
        known = [*baselines, safety.control_vector]
        self._samples = [vector for vector in known if safety.withheld(vector) is None]
        self._begun = False
        self._unready: NotReady | None = None

    # -- collecting ---------------------------------------------------------------------------------------------------

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the order of other people's tests alone: theirs first, the clauses behind them."""
        mine = [item for item in items if item.get_closest_marker("vectors") or item.get_closest_marker("readings")]
        super().pytest_collection_modifyitems(mine)
        others = [item for item in items if item not in set(mine)]
        items[:] = [*others, *mine]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Forget the vectors of tests that were deselected."""
        super().pytest_collection_modifyitems([item for item in self.items if item in set(session.items)])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Share the clauses among the workers, as --dist says of other tests; a live target is never sent to by two."""
        from secmaster_contract.harness import sharing  # noqa: PLC0415  pytest-xdist is there only where this is called

        if config.getvalue("dist") not in sharing.OTHERS and not self._safety.permissions.live:
            return None
        catalogue = self.examiner.catalogue
        return sharing.Sharing(config, log, sharing.homes(catalogue.vectors, catalogue.ledger.clauses), self._is_single)

    def _is_single(self) -> bool:
        """Whether one worker must send all: workers know nothing of each other's requests, connections and harm."""
        if self._safety.permissions.live:
            return True
        with suppress(NotReady, ConnectionFailed, Withheld):  # the workers find the same, and say so in the tests
            check(self.examiner, self._safety)
            for vector in self._samples:
                for _ in range(2):  # a server that keeps a state may take a command once
                    self.examiner.look(vector)
        self.examiner.sender.close()
        return self.examiner.is_serial

    # -- checking -----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Once in a process: see whether the server is ready, and have the answers that all others are held against.

        Raises:
            Inconclusive: It is not ready.
        """
        if not self._begun:
            self._begun = True
            try:
                check(self.examiner, self._safety)
            except NotReady as error:
                self._unready = error
            else:
                live = self._safety.permissions.live
                for vector in (*self._samples, *(self.sent if live else ())):
                    with suppress(Withheld, ConnectionFailed):  # the vector's own test meets it again, and says so
                        self.examiner.conclude(vector)
                settle(self.examiner.record, self._safety)
        if self._unready:
            raise Inconclusive(safe(str(self._unready), self._redact))

    def _conclude(self, vector: Vector) -> Observation:
        """Conclude from a vector's answer, and hold against it what the answer does wrong besides."""
        seen = self.examiner.record.observations
        number = len(seen)
        own = self.examiner.conclude(vector)
        own = next((one for one in seen if one.vector == vector.name), own)
        besides = [one for one in seen[number:] if one.verdict is Verdict.VIOLATES] or self._read(vector)
        return besides[0] if besides and own.verdict is not Verdict.VIOLATES else own

    def _told(self, seen: Observation) -> Observation:
        """Return an observation in words that pytest may print."""
        expected, received, reason = (safe(said, self._redact) for said in (seen.expected, seen.received, seen.reason))
        return replace(seen, expected=expected, received=received, reason=reason)

    def _read(self, *vectors: Vector) -> list[Observation]:
        """What the answers to vectors do wrong, whatever they answer."""
        names = {f"answer to {vector.name}" for vector in vectors}
        seen = self.examiner.record.observations
        return [one for one in seen if one.vector in names and one.verdict is Verdict.VIOLATES]

    @pytest.fixture
    def examine(self) -> Callable[[Vector], Answer]:
        """Send a vector and conclude from its answer."""

        def examine(vector: Vector) -> Answer:
            reason = self.withheld(vector)
            if reason:
                pytest.skip(reason)
            try:
                self._begin()
                seen = self._told(self._conclude(vector))
            except (Withheld, ConnectionFailed) as stop:
                raise Inconclusive(safe(str(stop), self._redact)) from None
            if seen.withheld:
                pytest.skip(seen.reason)
            if seen.verdict is Verdict.ADVISES:
                warnings.warn(Advice(str(ClauseBroken(seen))), stacklevel=2)
                seen = replace(seen, verdict=Verdict.CONFORMS)
            return Answer(vector, seen)

        return examine

    @pytest.fixture
    def readings(self) -> Readings:
        """What the answers of this worker were read for."""
        self._begin()
        return _Readings(self.examiner, [self._told(seen) for seen in self._read(*self._samples)])


class _Readings(Readings):
    """The same, where a test of its own says what is wrong with the answers that every worker has."""

    def __init__(self, examiner: Examiner, broken: list[Observation]) -> None:
        super().__init__(examiner)
        self._broken = broken

    def keep(self, clause: Clause) -> None:
        """Claim that no such answer breaks the clause.

        Raises:
            ClauseBroken: One does.
        """
        for seen in self._broken:
            if seen.clause.key == clause.key:
                raise ClauseBroken(seen)
        silent = self._examiner.silence(clause)
        if silent is not None and silent.withheld:
            pytest.skip(silent.reason)
        super().keep(clause)
