"""JUnit XML: one test case a clause."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from secmaster_contract.judge.verdicts import UNSEEN, Verdict
from secmaster_contract.people import one_line
from secmaster_contract.report.words import failure_text

_SHOWN = 5  # failures a clause


def as_junit(document: dict[str, Any]) -> str:
    """Return the JUnit file of a verdict file.

    A violated clause is a failure, an inconclusive one an error; one that is known or was withheld is skipped.
    """
    issues = {issue["about"]: issue for issue in document["known"]}
    counts = {"failures": 0, "errors": 0, "skipped": 0}
    suite = ET.Element("testsuite", name="secmaster-contract", tests=str(len(document["clauses"])))
    suite.set("time", f"{document['run']['seconds']:.3f}")
    suite.set("timestamp", document["run"]["started"].rstrip("Z"))
    for clause in document["clauses"]:
        group, key = one_line(clause["group"]), one_line(clause["key"])
        case = ET.SubElement(suite, "testcase", classname=group, name=key)
        reason = (clause["reasons"] or [UNSEEN])[0]
        text = "\n\n".join(failure_text(clause, failure) for failure in clause["failures"][:_SHOWN])
        verdict = clause["verdict"]
        if clause["known"]:
            counts["skipped"] += 1
            reasons = [f"{issues[about]['reason']} ({issues[about]['link']})" for about in clause["issues"]]
            ET.SubElement(case, "skipped", message=one_line(f"known: {'; '.join(reasons)}"))
        elif verdict == Verdict.WITHHELD or clause["withheld"]:
            counts["skipped"] += 1
            ET.SubElement(case, "skipped", message=one_line(reason))
        elif verdict == Verdict.VIOLATES:
            counts["failures"] += 1
            ET.SubElement(case, "failure", message=one_line(clause["text"])).text = text
        elif verdict == Verdict.INCONCLUSIVE:
            counts["errors"] += 1
            ET.SubElement(case, "error", message=one_line(reason))
        if text and case.find("failure") is None:
            ET.SubElement(case, "system-out").text = text
    for name, count in counts.items():
        suite.set(name, str(count))
    suites = ET.Element("testsuites")
    suites.append(suite)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"
