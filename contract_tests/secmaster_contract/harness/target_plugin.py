"""The clauses as tests of somebody's own suite: what `pytest_plugin` loads once a target is named."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from secmaster_contract.harness.answer import Answer
from secmaster_contract.harness.enumeration import enumerate_vectors
from secmaster_contract.harness.examiner import Examiner
from secmaster_contract.harness.plugin import Readings, VerifierPlugin
from secmaster_contract.harness.safety import SENTINEL, Permissions, Safety
from secmaster_contract.harness.settle import settle
from secmaster_contract.harness.spec import load_spec
from secmaster_contract.harness.target import Sender, Target
from secmaster_contract.harness.vectors import Vector
from secmaster_contract.harness.verdicts import Record, Verdict


def target_of(config: pytest.Config) -> Target:
    """Return the target that the options and the environment name.

    Raises:
        pytest.UsageError: The token is missing.
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
    target = Target(url, token, identifiers)
    return target if target.is_loopback else Target(url, token, {**identifiers, "instance_id": SENTINEL})


class TargetPlugin(VerifierPlugin):
    """Checks each vector by its own answer alone, so that any worker may run any test in any order."""

    def __init__(self, target: Target) -> None:
        live = not target.is_loopback
        catalogue = enumerate_vectors(target, load_spec())
        allowed: frozenset[str] | None = frozenset() if live else None
        safety = Safety(catalogue, Permissions(live=live, allowed=allowed))
        sender = Sender(target, once=live)
        sender.gate.forbidden, sender.gate.harm = safety.forbidden, safety.harm
        examiner = Examiner(catalogue, Record(catalogue.ledger), sender, workers=1)
        super().__init__(examiner, withheld=safety.withheld, sending=False)
        self._safety = safety

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the order of other people's tests alone: theirs first, the clauses behind them."""
        mine = [item for item in items if item.get_closest_marker("vectors") or item.get_closest_marker("readings")]
        super().pytest_collection_modifyitems(mine)
        others = [item for item in items if item not in set(mine)]
        items[:] = [*others, *mine]

    @pytest.fixture
    def examine(self) -> Callable[[Vector], Answer]:
        """Send a vector, conclude from its answer, and hold against it what the answer does wrong besides."""

        def examine(vector: Vector) -> Answer:
            reason = self.withheld(vector)
            if reason:
                pytest.skip(reason)
            record = self.examiner.record
            number = len(record.observations)
            seen = self.examiner.conclude(vector)
            settle(record, self._safety)
            worse = [one for one in record.observations[number:] if one.verdict is Verdict.VIOLATES]
            return Answer(vector, worse[0] if worse and seen.verdict is not Verdict.VIOLATES else seen)

        return examine

    @pytest.fixture
    def readings(self) -> Readings:
        """What the answers of this worker were read for; it asks for some where it has none yet."""
        catalogue = self.examiner.catalogue
        samples = [catalogue.vectors[catalogue.baseline(command)] for command in catalogue.spec.commands]
        samples += [catalogue.vectors["unknown-command/unknown"]]
        for vector in samples:
            if self.withheld(vector) is None:
                self.examiner.conclude(vector)
        return Readings(self.examiner)
