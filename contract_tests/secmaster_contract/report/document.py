"""The verdict file as a document: what every other report is made from, its form in `verdict.schema.json`."""

from __future__ import annotations

import hashlib
import platform
import ssl
from importlib import metadata
from typing import Any

from openapi_contract.ledger import load_ledger
from secmaster_contract.judge.verdicts import ClauseResult, Observation, Verdict
from secmaster_contract.report.failure import curl
from secmaster_contract.run.journal import Entry, describe_answer, describe_request
from secmaster_contract.run.secret import Redactor
from secmaster_contract.run.session import Report
from secmaster_contract.shipped import openapi_directory
from secmaster_contract.vectors.vector import Vector

SCHEMA = "secmaster-contract/verdict/1"
_ANSWER = 65536  # bytes of an answer's body that a failure shows; the cassette has them all
_LIBRARIES = ("h11", "jsonschema-rs", "pytest", "schemathesis", "hypothesis")


def document(report: Report) -> dict[str, Any]:
    """Return the verdict file as a JSON value; the token is nowhere in it."""
    redactor = Redactor(report.target.token)
    return {
        "schema": SCHEMA,
        "tool": {"name": "secmaster-contract", "version": metadata.version("secmaster-contract")},
        "contract": _contract(),
        "environment": _environment(),
        "target": redactor.text(report.target.url),
        "run": {
            "started": report.started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "seconds": round(report.seconds, 3),
            "requests": report.requests,
            "strict": report.strict,
            "require_all": report.require_all,
            "live": report.permissions.live,
            "allowed": sorted(report.permissions.allowed) if report.permissions.allowed is not None else None,
            "tls": _tls(report),
            "shard": str(report.shard) if report.shard else None,
            "stopped": redactor.text(report.stopped) if report.stopped else None,
            "interrupted": report.interrupted,
        },
        "exit_status": int(report.exit_status),
        "verdicts": {str(verdict): len(report.of(verdict)) for verdict in Verdict},
        "groups": dict(load_ledger().groups),
        "clauses": [_clause(result, report, redactor) for result in report.results],
        "vectors": _vectors(report),
        "known": _known(report),
        "harness_faults": [redactor.text(fault) for fault in report.harness_faults],
    }


def _contract() -> dict[str, str]:
    files = {"spec": "secmaster-workflows.yaml", "ledger": "clauses.yaml"}
    return {
        f"{name}_sha256": hashlib.sha256((openapi_directory() / file).read_bytes()).hexdigest()
        for name, file in files.items()
    }


def _environment() -> dict[str, str]:
    versions = {name: metadata.version(name) for name in _LIBRARIES}
    return {
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
        "openssl": ssl.OPENSSL_VERSION,
        **versions,
    }


def _tls(report: Report) -> str:
    if report.target.origin.scheme != "https":
        return "none"
    given = report.target.tls
    return "not verified" if given is not None and given.verify_mode is ssl.CERT_NONE else "verified"


def _clause(result: ClauseResult, report: Report, redactor: Redactor) -> dict[str, Any]:
    clause = result.clause
    issues = [issue.name for issue in report.known.behind(result)]
    return {
        "key": clause.key,
        "level": str(clause.level),
        "text": clause.text,
        "where": list(clause.where),
        "pointers": list(clause.pointers),
        "verdict": str(result.verdict),
        "observations": len(result.observations),
        "reasons": [redactor.text(reason) for reason in result.reasons],
        "needs": report.needs.get(clause.key, []),
        "withheld": result.standing is Verdict.NOT_SENT,
        "known": bool(issues),
        "issues": issues,
        "failures": [_failure(seen, report, redactor) for seen in result.failures],
        "therefore": [seen.vector for seen in result.consequences],
    }


def _failure(seen: Observation, report: Report, redactor: Redactor) -> dict[str, Any]:
    vector = report.vectors.get(seen.vector)
    failure: dict[str, Any] = {
        "vector": seen.vector,
        "expected": redactor.text(seen.expected),
        "fault": redactor.text(seen.received),
        "follows": seen.follows,
        "flaky": seen.flaky,
        "known": bool(report.known.of(seen)),
    }
    if vector is not None:
        failure["due"] = str(vector.due)
        failure["statuses"] = list(vector.statuses)
        failure["before"] = [describe_request(request, redactor) for request in vector.before]
    if seen.exchange is not None:
        failure["sent"] = describe_request(seen.exchange.request, redactor)
        failure["received"] = describe_answer(seen.exchange, redactor, _ANSWER)
        failure["again"] = curl(seen.exchange.request, report.target)
    return failure


def _vectors(report: Report) -> list[dict[str, Any]]:
    """One row a vector that was observed: what it is about, what was said of it, how long its answer took."""
    rows: dict[str, dict[str, Any]] = {}
    for result in report.results:
        for seen in (*result.observations, *result.consequences):
            vector = report.vectors.get(seen.vector)
            if vector is not None:
                rows[vector.name] = _row(vector, seen)
    return list(rows.values())


def _row(vector: Vector, seen: Observation) -> dict[str, Any]:
    exchange = seen.exchange
    return {
        "name": vector.name,
        "family": vector.family,
        "kind": vector.kind,
        "command": vector.command,
        "field": vector.field,
        "clause": seen.clause.key,
        "due": str(vector.due),
        "verdict": str(seen.verdict),
        "status": exchange.status if exchange else None,
        "seconds": round(exchange.seconds, 6) if exchange else None,
    }


def _known(report: Report) -> list[dict[str, Any]]:
    stale, expired = report.known.stale(report.results), report.known.expired
    return [
        {
            "about": issue.name,
            "reason": issue.reason,
            "link": issue.link,
            "expires": issue.expires.isoformat(),
            "state": "no longer fails" if issue in stale else "expired" if issue in expired else "known",
        }
        for issue in report.known.issues
    ]


def traffic(report: Report) -> list[Entry]:
    """Return all exchanges of a run that were answered or failed, in the order they were sent."""
    return [entry for entry in report.entries if "received" in entry]
