"""Which of pytest-xdist's workers checks what: what explains each other stays together, and so does all that must."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from xdist.scheduler import (  # type: ignore[import-untyped]  # xdist has no types
    LoadFileScheduling,
    LoadGroupScheduling,
    LoadScopeScheduling,
)

from secmaster_contract.harness.shards import groups
from secmaster_contract.harness.vectors import Vector

# By the value of --dist: how the tests of others are shared out, which is left as it was asked for.
OTHERS: Mapping[str, type[LoadScopeScheduling]] = {
    "load": LoadGroupScheduling,
    "loadgroup": LoadGroupScheduling,
    "loadscope": LoadScopeScheduling,
    "loadfile": LoadFileScheduling,
}
_ALL = "the clauses"


class Sharing(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Shares the clauses among the workers, all of them to one where `is_single` says so."""

    def __init__(
        self, config: pytest.Config, log: Any, homes: Mapping[str, str], is_single: Callable[[], bool]
    ) -> None:
        super().__init__(config, log)
        self._others = OTHERS.get(str(config.getvalue("dist")), LoadGroupScheduling)(config, log)
        self._homes = homes
        self._is_single = is_single
        self._single = False

    def schedule(self) -> None:
        """Share out what the workers have collected."""
        if self.collection is None:
            collected, *others = self.registered_collections.values()
            self._single = bool(others) and any(map(self._home, collected)) and self._is_single()
        super().schedule()

    def _home(self, nodeid: str) -> str | None:
        return self._homes.get(nodeid.rpartition("]")[0].partition("[")[2])

    def _split_scope(self, nodeid: str) -> str:
        home = self._home(nodeid)
        if home is None:
            return str(self._others._split_scope(nodeid))  # noqa: SLF001  the point where xdist lets a scheduler be extended
        return _ALL if self._single else f"{_ALL}: {home}"


def homes(vectors: Mapping[str, Vector], clauses: Iterable[str]) -> dict[str, str]:
    """Return, for each vector and each clause that answers are read for, what it stays together with."""
    return {name: group[0] for group in groups(vectors) for name in group} | {key: key for key in clauses}
