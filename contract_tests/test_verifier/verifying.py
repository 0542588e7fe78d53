"""Runs the verifier against a server of this folder and reads what it says."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from secmaster_contract.run.session import Report, run
from openapi_contract import Spec, load_spec
from secmaster_contract.run.target import Target
from secmaster_contract.judge.verdicts import Verdict
from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.wire import serving

HANG = 1.0  # seconds after which a server of this folder counts as hanging


def target_at(url: str, *, seconds: float = HANG, spec: Spec | None = None) -> Target:
    """Return the target of a server of this folder."""
    return Target(url, TOKEN, dict.fromkeys((spec or load_spec()).path_parameters, "example"), seconds=seconds)


@contextmanager
def verified(server: Reference, *, seconds: float = HANG) -> Generator[Report]:
    """Serve and verify."""
    with serving(server) as url:
        yield run(target_at(url, seconds=seconds))


def report_on(server: Reference, *, seconds: float = HANG) -> Report:
    """Return the report on a server."""
    with verified(server, seconds=seconds) as report:
        return report


def keys(report: Report, verdict: Verdict) -> set[str]:
    """Return the keys of the clauses with a verdict."""
    return {result.clause.key for result in report.of(verdict)}


def told(report: Report) -> str:
    """Return what speaks against the server, for the message of an assertion."""
    return "\n".join(
        f"{result.clause.key}: {seen.vector}: {seen.received}{' (flaky)' if seen.flaky else ''}"
        for verdict in (Verdict.VIOLATES, Verdict.ADVISES)
        for result in report.of(verdict)
        for seen in result.failures[:3]
    )
