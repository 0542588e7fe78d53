"""Runs the checks against one target with pytest underneath and returns what was found."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from secmaster_contract.harness.enumeration import enumerate_vectors
from secmaster_contract.harness.examiner import Examiner
from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.plugin import Progress, VerifierPlugin
from secmaster_contract.harness.preflight import check
from secmaster_contract.harness.spec import Spec, load_spec
from secmaster_contract.harness.target import Sender, Target
from secmaster_contract.harness.vectors import Vector
from secmaster_contract.harness.verdicts import ClauseResult, ExitStatus, Record, Verdict, exit_status

CLAUSES = Path(__file__).resolve().parents[1] / "clauses"


@dataclass
class Report:
    """What a run has found; `seconds` is the whole run, `requests` counts what was sent."""

    target: Target
    results: list[ClauseResult]
    requests: int
    seconds: float
    strict: bool = False
    harness_faults: list[str] = field(default_factory=list)

    @property
    def exit_status(self) -> ExitStatus:
        """The exit status that the verdicts come to; a fault of the harness proves nothing."""
        status = exit_status(self.results, strict=self.strict)
        return ExitStatus.INCONCLUSIVE if self.harness_faults and status is ExitStatus.CONFORMS else status

    def of(self, verdict: Verdict) -> list[ClauseResult]:
        """The clauses with a verdict."""
        return [result for result in self.results if result.verdict is verdict]


def run(
    target: Target,
    *,
    spec: Spec | None = None,
    allowed: frozenset[str] | None = None,
    only: frozenset[str] = frozenset(),
    skip: frozenset[str] = frozenset(),
    workers: int = 4,
    strict: bool = False,
    progress: Progress = lambda *_: None,
) -> Report:
    """Verify a target.

    `allowed` are the commands that may be carried out there, None for all; `only` and `skip` are clauses or groups.

    Raises:
        NotReady: Nothing can be said of the server.
    """
    started = time.monotonic()
    catalogue = enumerate_vectors(target, spec or load_spec())
    record = Record(catalogue.ledger)
    sender = Sender(target)
    examiner = Examiner(catalogue, record, sender, workers)
    try:
        check(examiner, may_act=allowed is None or bool(allowed))
        plugin = VerifierPlugin(
            examiner,
            withheld=_withheld(catalogue.spec, allowed),
            wanted=lambda clause: _is_wanted(clause, only, skip),
            progress=progress,
        )
        run_checks(plugin)
    finally:
        sender.close()
    keys = [key for key in _all_keys(record) if _is_wanted_key(key, only, skip)]
    return Report(
        target, record.results(keys), sender.sent, time.monotonic() - started, strict, plugin.faults_of_the_harness
    )


def run_checks(plugin: VerifierPlugin, *arguments: str) -> None:
    """Run pytest over the checks, out of reach of the settings of whoever runs it."""
    options = ["-c", str(CLAUSES / "pytest.ini"), "--rootdir", str(CLAUSES), "--assert=plain", "-p", "no:cacheprovider"]
    options += ["-p", "no:terminal", "--strict-markers", "-p", "no:logging", "-p", "no:doctest"]
    said = io.StringIO()
    with _own_environment(), redirect_stderr(said), redirect_stdout(said):
        status = pytest.ExitCode(pytest.main([*options, *arguments, str(CLAUSES)], plugins=[plugin]))
    if status in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        plugin.faults_of_the_harness.append(f"pytest ended with {status.name}: {said.getvalue()[-400:].strip()}")
    if status is pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt


@contextmanager
def _own_environment() -> Generator[None]:
    own = {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": ""}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _withheld(spec: Spec, allowed: frozenset[str] | None) -> Callable[[Vector], str | None]:
    def withheld(vector: Vector) -> str | None:
        if allowed is None or not vector.acts:
            return None
        name = spec.short_names.get(vector.command or "")
        if allowed and (name is None or name in allowed):
            return None
        return f"it may carry out {name or 'a command'}, which is not allowed; see --allow"

    return withheld


def _all_keys(record: Record) -> list[str]:
    return list(dict.fromkeys([*record.ledger.testable, *(seen.clause.key for seen in record.observations)]))


def _is_wanted(clause: Clause, only: frozenset[str], skip: frozenset[str]) -> bool:
    return _is_wanted_key(clause.key, only, skip)


def _is_wanted_key(key: str, only: frozenset[str], skip: frozenset[str]) -> bool:
    def matches(names: frozenset[str]) -> bool:
        return any(key == name or key.startswith(f"{name}.") for name in names)

    return (not only or matches(only)) and not matches(skip)


def checked_clauses() -> set[str]:
    """Return the keys of the clauses that some check speaks for, by collecting the checks without running them."""
    spec = load_spec()
    target = Target("http://127.0.0.1:1", "0" * 16, dict.fromkeys(spec.path_parameters, "x"))
    catalogue = enumerate_vectors(target, spec)
    plugin = VerifierPlugin(Examiner(catalogue, Record(catalogue.ledger), Sender(target)), sending=False)
    run_checks(plugin, "--collect-only")
    return plugin.checked
