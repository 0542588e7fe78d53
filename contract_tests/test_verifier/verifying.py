"""Runs the verifier against a server of this folder and reads what it says."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from openapi_contract.ledger import Ledger
from secmaster_contract.judge.verdicts import Verdict
from secmaster_contract.run.session import Options, Report, Session
from secmaster_contract.run.target import Target
from secmaster_contract.wire.exchange import Exchange
from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.wire import serving

HANG = 1.0  # seconds after which a server of this folder counts as hanging


def target_at(url: str, *, seconds: float = HANG) -> Target:
    """Return the target of a server of this folder."""
    return Target(url, TOKEN, dict.fromkeys(("project_id", "workspace_id", "instance_id"), "example"), seconds=seconds)


def verify(
    url: str,
    ledger: Ledger | None = None,
    *,
    seconds: float = HANG,
    options: Options | None = None,
    heard: Callable[[str, Exchange], None] = lambda *_: None,
) -> Report:
    """Verify a server of this folder at an address."""
    return Session(target_at(url, seconds=seconds), ledger, options=options, heard=heard).run()


@contextmanager
def verified(server: Reference, *, seconds: float = HANG) -> Generator[Report]:
    """Serve and verify."""
    with serving(server) as url:
        yield verify(url, seconds=seconds)


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
