"""Runs a contract through the whole chain: a server that keeps it, or one that does not, and the verifier's session."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from openapi_contract.ledger import Ledger
from secmaster_contract.judge.verdicts import Verdict
from secmaster_contract.mock.server import Running, running
from secmaster_contract.run.session import Report, Session
from secmaster_contract.run.target import Target
from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.wire import serving


@contextmanager
def mock_of(ledger: Ledger) -> Generator[Running]:
    """Serve the mock of a contract."""
    with running(contract=ledger.contract, ledger=ledger) as server:
        yield server


@contextmanager
def reference() -> Generator[Running]:
    """Serve the server of the shipped contract that is written by hand."""
    with serving(Reference()) as url:
        yield Running(url, TOKEN)


def session_on(server: Running, ledger: Ledger) -> Session:
    """Return the session that judges every operation of a contract, those of the platform too, on a server."""
    operations = [operation.id for operation in ledger.contract.operations]
    return Session(Target(server.url, server.token), ledger, operations=operations)


def verified(server: Running, ledger: Ledger) -> Report:
    """Return the report on a server; the verifier itself did not fail."""
    report = session_on(server, ledger).run()
    assert not report.harness_faults
    return report


def keys(report: Report, verdict: Verdict) -> set[str]:
    """Return the keys of the clauses with a verdict."""
    return {result.clause.key for result in report.of(verdict)}


def verdicts(report: Report) -> dict[str, Verdict]:
    """Return the verdict on each clause."""
    return {result.clause.key: result.verdict for result in report.results}
