"""JUnit, SARIF, HAR and the cassette: each says the same as the verdict file, in the form that its readers know."""

from __future__ import annotations

import base64
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from secmaster_contract.shipped import openapi_directory
from test_reports.conftest import Made


@pytest.fixture(scope="module")
def suite(faulty: Made) -> ET.Element:
    suite = ET.fromstring(faulty.read("junit.xml")).find("testsuite")  # noqa: S314  a file of our own
    assert suite is not None
    return suite


@pytest.fixture(scope="module")
def sarif(faulty: Made) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(faulty.read("verdict.sarif"))["runs"][0]
    return run


def test_junit_has_a_case_a_clause(suite: ET.Element, faulty: Made) -> None:
    """
    Each clause is a test case, a violated one a failure with the text for a bug report.
    """
    failed = {case.get("name"): case.findtext("failure") for case in suite if case.find("failure") is not None}
    violated = {clause["key"] for clause in faulty.verdict["clauses"] if clause["verdict"] == "violates"}

    assert [case.get("name") for case in suite] == [clause["key"] for clause in faulty.verdict["clauses"]]
    assert set(failed) == violated
    assert all("  sent      " in str(text) and "  again     curl" in str(text) for text in failed.values())


@pytest.mark.parametrize(
    ("attribute", "element"), [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
)
def test_junit_counts_are_right(suite: ET.Element, attribute: str, element: str) -> None:
    """
    The suite's counts are those of its cases.
    """
    assert int(suite.get(attribute, "-1")) == len(suite.findall(f"testcase/{element}"))


def test_sarif_has_a_result_a_failure(sarif: dict[str, Any], faulty: Made) -> None:
    """
    Each failure is a result of its clause's rule, with the request and the answer.
    """
    rules = [rule["id"] for rule in sarif["tool"]["driver"]["rules"]]

    assert [result["ruleId"] for result in sarif["results"]] == [clause["key"] for clause, _ in faulty.failures]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in sarif["results"])
    assert all(result["webRequest"]["target"].startswith(faulty.url + "/v1/") for result in sarif["results"])


def test_sarif_points_into_the_contract(sarif: dict[str, Any]) -> None:
    """
    A result stands at the line of the contract that states the rule.
    """
    lines = (openapi_directory() / "secmaster-workflows.yaml").read_text(encoding="utf-8").splitlines()
    rule = "body.task-id.mandatory-for-debug"
    places = [result["locations"][0]["physicalLocation"] for result in sarif["results"] if result["ruleId"] == rule]
    line = lines[places[0]["region"]["startLine"] - 1]

    assert places[0]["artifactLocation"]["uri"] == "openapi/secmaster-workflows.yaml"
    assert line.strip() == "- task_id"


def test_har_has_all_traffic(faulty: Made) -> None:
    """
    The HAR file has as many entries as the server has seen requests, each in the form that HAR 1.2 demands.
    """
    log = json.loads(faulty.read("traffic.har"))["log"]
    needed = {"startedDateTime", "time", "request", "response", "cache", "timings"}
    request = {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"}
    response = {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize"}

    assert log["version"] == "1.2"
    assert len(log["entries"]) == faulty.verdict["run"]["requests"]
    assert all(needed <= set(entry) for entry in log["entries"])
    assert all(request <= set(entry["request"]) and response <= set(entry["response"]) for entry in log["entries"])
    assert all(entry["comment"] for entry in log["entries"])


def test_cassette_is_in_the_form_of_vcr(faulty: Made) -> None:
    """
    The cassette has what the JSON serializer of VCR.py plays back, and all traffic.
    """
    cassette = json.loads(faulty.read("cassette.json"))
    first = cassette["interactions"][0]

    assert cassette["version"] == 1
    assert set(first["request"]) == {"method", "uri", "headers", "body"}
    assert set(first["response"]) == {"status", "headers", "body"}
    answered = [
        entry for entry in json.loads(faulty.read("traffic.har"))["log"]["entries"] if entry["response"]["status"]
    ]
    assert len(cassette["interactions"]) == len(answered) > 500


def test_long_body_lies_beside_the_report(faulty: Made) -> None:
    """
    A body that is too long for a curl line is in the file that the line names.
    """
    named = [f["again"].partition("@bodies/")[2] for _, f in faulty.failures if "@bodies/" in f["again"]]
    bodies = {body for _, _, _, body in faulty.server.seen}

    assert named
    assert all((faulty.directory / "bodies" / name).read_bytes() in bodies for name in named)


def test_body_that_is_no_text_is_in_base64(faulty: Made) -> None:
    """
    What is not UTF-8 stands in the files as base64, exactly.
    """
    bodies = [base64.b64decode(f["sent"]["body_base64"]) for _, f in faulty.failures if "body_base64" in f["sent"]]

    assert any(b"\xff\xfe" in body for body in bodies)
