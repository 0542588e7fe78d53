"""The report for programs: the verdict file (JSON, schema 1) and JUnit, one test case a clause."""

from __future__ import annotations

import base64
import json
from typing import Any
from xml.etree import ElementTree as ET

from secmaster_contract.harness.connection import Exchange
from secmaster_contract.harness.runner import Report
from secmaster_contract.harness.verdicts import ClauseResult, Observation, Verdict
from secmaster_contract.report.failure import curl, failure_lines, redact

SCHEMA = "secmaster-contract/verdict/1"
_SHOWN = 5  # failures a clause that the files carry in full


def as_json(report: Report) -> str:
    """Return the verdict file."""
    document = {
        "schema": SCHEMA,
        "target": report.target.url,
        "exit_status": int(report.exit_status),
        "seconds": round(report.seconds, 3),
        "requests": report.requests,
        "verdicts": {str(verdict): len(report.of(verdict)) for verdict in Verdict},
        "clauses": [_clause(result, report) for result in report.results],
        "harness_faults": report.harness_faults,
    }
    return redact(json.dumps(document, indent=2, ensure_ascii=False), report.target.token) + "\n"


def _clause(result: ClauseResult, report: Report) -> dict[str, Any]:
    clause = result.clause
    return {
        "key": clause.key,
        "level": str(clause.level),
        "text": clause.text,
        "where": list(clause.where),
        "pointers": list(clause.pointers),
        "verdict": str(result.verdict),
        "observations": len(result.observations),
        "reasons": result.reasons,
        "failures": [_failure(seen, report) for seen in result.failures[:_SHOWN]],
        "also": [seen.vector for seen in result.failures[_SHOWN:]],
        "therefore": [seen.vector for seen in result.consequences],
    }


def _failure(seen: Observation, report: Report) -> dict[str, Any]:
    failure: dict[str, Any] = {"vector": seen.vector, "expected": seen.expected, "flaky": seen.flaky}
    if seen.exchange is not None:
        request = seen.exchange.request
        failure["sent"] = {
            "method": request.method,
            "target": request.target,
            "headers": [list(header) for header in request.headers],
            **_body(request.body),
        }
        failure["received"] = _received(seen.exchange)
        failure["again"] = curl(request, report.target)
    failure["fault"] = seen.received
    return failure


def _received(exchange: Exchange) -> dict[str, Any]:
    return {
        "status": exchange.status,
        "headers": [list(header) for header in exchange.headers],
        "trouble": exchange.trouble,
        "seconds": round(exchange.seconds, 4),
        **_body(exchange.body[:65536]),
    }


def _body(body: bytes) -> dict[str, str]:
    """Return a body as text, or in base64 where it is not UTF-8."""
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}


def as_junit(report: Report) -> str:
    """Return the JUnit file."""
    suite = ET.Element(
        "testsuite",
        name="secmaster-contract",
        tests=str(len(report.results)),
        failures=str(len(report.of(Verdict.VIOLATES))),
        errors=str(len(report.of(Verdict.INCONCLUSIVE))),
        skipped=str(len(report.of(Verdict.NOT_SENT))),
        time=f"{report.seconds:.3f}",
    )
    for result in report.results:
        case = ET.SubElement(suite, "testcase", classname=result.clause.group, name=result.clause.key)
        text = "\n".join(line for seen in result.failures[:_SHOWN] for line in failure_lines(seen, report.target))
        text = "".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in text)
        match result.verdict:
            case Verdict.VIOLATES:
                ET.SubElement(case, "failure", message=result.clause.text).text = text
            case Verdict.INCONCLUSIVE:
                ET.SubElement(case, "error", message=(result.reasons or ["nothing was seen of it"])[0])
            case Verdict.NOT_SENT:
                ET.SubElement(case, "skipped", message=(result.reasons or ["not sent"])[0])
            case Verdict.ADVISES:
                ET.SubElement(case, "system-out").text = text
            case _:
                pass
    suites = ET.Element("testsuites")
    suites.append(suite)
    return redact(ET.tostring(suites, encoding="unicode", xml_declaration=True), report.target.token) + "\n"
