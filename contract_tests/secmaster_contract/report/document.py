"""The verdict file as a document: what every other report is made from, its form in `verdict.schema.json`."""

from __future__ import annotations

import hashlib
import platform
import ssl
from importlib import metadata
from pathlib import Path
from typing import Any

from openapi_contract.operations import Operation
from secmaster_contract.judge.outcome import Outcomes
from secmaster_contract.judge.report import Report
from secmaster_contract.judge.verdicts import ClauseResult, Observation, Verdict
from secmaster_contract.report.failure import curl
from secmaster_contract.run.journal import Entry, describe_answer, describe_request
from secmaster_contract.run.secret import Redactor
from secmaster_contract.run.spelling import permission
from secmaster_contract.vectors.vector import Expected, Vector

SCHEMA = "secmaster-contract/verdict/2"
_ANSWER = 65536  # bytes of an answer's body that a failure shows; the cassette has them all
_LIBRARIES = ("h11", "jsonschema-rs", "pytest", "schemathesis", "hypothesis")


def document(report: Report) -> dict[str, Any]:
    """Return the verdict file as a JSON value; the token is nowhere in it."""
    return _Writer(report).document()


def traffic(report: Report) -> list[Entry]:
    """Return all exchanges of a run that were answered or failed, in the order they were sent."""
    return [entry for entry in report.entries if "received" in entry]


class _Writer:
    """Writes one report down."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.ledger = report.ledger
        self.redactor = Redactor(report.target.token)
        self.outcomes = Outcomes(report.ledger.contract)

    def document(self) -> dict[str, Any]:
        report, text = self.report, self.redactor.text
        groups = dict.fromkeys(result.clause.group for result in report.results)
        return {
            "schema": SCHEMA,
            "tool": {"name": "secmaster-contract", "version": metadata.version("secmaster-contract")},
            "contract": self._contract(),
            "environment": _environment(),
            "target": text(report.target.url),
            "run": {
                "started": report.started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "seconds": round(report.seconds, 3),
                "requests": report.requests,
                "strict": report.strict,
                "require_all": report.require_all,
                "live": report.permissions.live,
                "allowed": sorted(report.permissions.allowed) if report.permissions.allowed is not None else None,
                "tls": _tls(report),
                "stopped": text(report.stopped) if report.stopped else None,
                "interrupted": report.interrupted,
            },
            "exit_status": int(report.exit_status),
            "verdicts": {str(verdict): len(report.of(verdict)) for verdict in Verdict},
            "operations": [self._operation(operation) for operation in self._operations()],
            "groups": {group: self.ledger.groups[group] for group in self.ledger.groups if group in groups},
            "clauses": [self._clause(result) for result in report.results],
            "vectors": self._vectors(),
            "known": _known(report),
            "harness_faults": [text(fault) for fault in report.harness_faults],
        }

    def _contract(self) -> dict[str, str | None]:
        file = Path(self.ledger.contract.document.file)
        return {
            "title": self.ledger.contract.title,
            "file": file.name,
            "contract_sha256": _hash(file),
            "ledger_sha256": _hash(self.ledger.file),
        }

    def _operations(self) -> list[Operation]:
        """The operations that the run was about, in the order of the contract."""
        judged = {result.clause.operation for result in self.report.results}
        return [operation for operation in self.ledger.contract.operations if operation.id in judged]

    @staticmethod
    def _operation(operation: Operation) -> dict[str, Any]:
        fields = dict.fromkeys(name for command in operation.commands for name in command.fields)
        headers = [operation.security.header] if operation.security else []
        return {
            "id": operation.id,
            "method": operation.method,
            "path": operation.path,
            "commands": [
                {"name": command.name, "label": command.label, "permission": permission(operation, command)}
                for command in operation.commands
            ],
            "fields": list(fields),
            "parameters": [*(parameter.name for parameter in operation.parameters), *headers],
        }

    def _clause(self, result: ClauseResult) -> dict[str, Any]:
        clause, report = result.clause, self.report
        issues = [issue.name for issue in report.known.behind(result)]
        return {
            "key": clause.key,
            "operation": clause.operation,
            "group": clause.group,
            "level": str(clause.level),
            "text": clause.text,
            "where": list(clause.where),
            "derived": not clause.written,
            "pointers": list(clause.pointers),
            "verdict": str(result.verdict),
            "observations": len(result.observations),
            "reasons": [self.redactor.text(reason) for reason in result.reasons],
            "needs": report.needs.get(clause.key, []),
            "withheld": result.standing is Verdict.WITHHELD,
            "known": bool(issues),
            "issues": issues,
            "failures": [self._failure(seen) for seen in result.failures],
            "therefore": [seen.vector for seen in result.consequences],
        }

    def _failure(self, seen: Observation) -> dict[str, Any]:
        report, redactor = self.report, self.redactor
        vector = report.vectors.get(seen.vector)
        operation = report.operation_of(seen)
        failure: dict[str, Any] = {
            "vector": seen.vector,
            "operation": operation.id if operation else None,
            "fault": redactor.text(seen.received),
            "expected": redactor.text(seen.expected),
            "follows": seen.follows,
            "flaky": seen.flaky,
            "known": bool(report.known.of(seen)),
        }
        if vector is not None:
            failure["expectation"] = str(vector.expected)
            failure["statuses"] = self._statuses(vector)
            failure["before"] = [describe_request(request, redactor) for request in vector.before]
            flag = self.outcomes.flag(vector.operation)
            if flag is not None:
                failure["succeeded"] = {"field": flag[0], "value": flag[1]}
        if seen.exchange is not None:
            failure["sent"] = describe_request(seen.exchange.request, redactor)
            failure["received"] = describe_answer(seen.exchange, redactor, _ANSWER)
            failure["again"] = curl(seen.exchange.request, report.target)
        return failure

    @staticmethod
    def _statuses(vector: Vector) -> list[int]:
        """The statuses that would be right: those of success, or those that reject."""
        accepted = sorted(vector.operation.success_statuses)
        return list(vector.statuses) if vector.expected is Expected.REJECTED else accepted

    def _vectors(self) -> list[dict[str, Any]]:
        """One row a vector that was observed: what it is about, what was said of it, how long its answer took."""
        rows: dict[str, dict[str, Any]] = {}
        for result in self.report.results:
            for seen in (*result.observations, *result.consequences):
                vector = self.report.vectors.get(seen.vector)
                if vector is not None:
                    rows[vector.name] = _row(vector, seen)
        return list(rows.values())


def _row(vector: Vector, seen: Observation) -> dict[str, Any]:
    exchange = seen.exchange
    return {
        "name": vector.name,
        "operation": vector.operation.id,
        "family": vector.family,
        "kind": vector.kind,
        "command": vector.command,
        "field": vector.field,
        "clause": seen.clause.key,
        "expectation": str(vector.expected),
        "verdict": str(seen.verdict),
        "status": exchange.status if exchange else None,
        "seconds": round(exchange.seconds, 6) if exchange else None,
    }


def _hash(file: Path | None) -> str | None:
    """Return the sha256 of a file, None where there is none."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() if file else None
    except OSError:
        return None


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
