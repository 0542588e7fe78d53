"""SARIF 2.1.0: a rule a clause, a result a failure, each at the line of the contract that states the rule."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import yaml

from secmaster_contract.harness.places import openapi_directory
from secmaster_contract.harness.verdicts import Verdict
from secmaster_contract.people import one_line
from secmaster_contract.report.words import answer_line, body_bytes, origin, request_line

_SPEC = "secmaster-workflows.yaml"
_LEVELS = {Verdict.VIOLATES: "error", Verdict.ADVISES: "warning"}


def as_sarif(document: dict[str, Any]) -> dict[str, Any]:
    """Return the failures of a verdict file as SARIF."""
    clauses = document["clauses"]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": document["tool"]["name"],
                        "version": document["tool"]["version"],
                        "rules": [_rule(clause) for clause in clauses],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": document["exit_status"] in (0, 1),
                        "startTimeUtc": document["run"]["started"],
                        "exitCode": document["exit_status"],
                    }
                ],
                "results": [
                    _result(index, clause, failure, document["target"])
                    for index, clause in enumerate(clauses)
                    for failure in clause["failures"]
                ],
                "columnKind": "unicodeCodePoints",
            }
        ],
    }


def _rule(clause: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": clause["key"],
        "shortDescription": {"text": clause["text"]},
        "fullDescription": {"text": f"{'; '.join(clause['where'])}: {clause['text']}"},
        "defaultConfiguration": {"level": "error" if clause["level"] == "MUST" else "warning"},
        "properties": {"level": clause["level"], "verdict": clause["verdict"]},
    }


def _result(index: int, clause: dict[str, Any], failure: dict[str, Any], target: str) -> dict[str, Any]:
    lines = [f"{clause['text']}: expected {failure['expected']}; {failure['fault']}."]
    if "sent" in failure:
        lines += [f"Sent: {request_line(failure['sent'])}", f"Received: {answer_line(failure['received'])}"]
    result: dict[str, Any] = {
        "ruleId": clause["key"],
        "ruleIndex": index,
        "level": _LEVELS[Verdict(clause["verdict"])],
        "message": {"text": "\n".join(_without_links(line) for line in lines)},
        "locations": [_location(clause)],
        "partialFingerprints": {"vector/v1": failure["vector"]},
    }
    if failure["known"]:
        result["suppressions"] = [{"kind": "external"}]
    if "sent" in failure:
        result["webRequest"] = _request(failure["sent"], target)
        result["webResponse"] = _response(failure["received"])
    return result


def _without_links(text: str) -> str:
    """Return a line of a message in which nothing is a link, as `[text](destination)` is (SARIF 3.11.6)."""
    return one_line(text).replace("](", "\\](")


def _location(clause: dict[str, Any]) -> dict[str, Any]:
    line = next((found for pointer in clause["pointers"] if (found := _line(pointer))), 1)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": f"openapi/{_SPEC}", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line},
        },
        "logicalLocations": [{"fullyQualifiedName": clause["key"], "kind": "member"}],
    }


@cache
def _document() -> yaml.Node:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    node = yaml.compose((openapi_directory() / _SPEC).read_text(encoding="utf-8"), Loader=loader)
    if node is None:
        raise ValueError(f"{_SPEC} is empty")
    return node


def _line(pointer: str) -> int | None:
    """Return the line of the contract that a JSON pointer leads to, counted from one."""
    node = _document()
    line = None
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == name), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and name.isdigit() and int(name) < len(node.value):
            node = node.value[int(name)]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _content(message: dict[str, Any]) -> dict[str, Any]:
    data = body_bytes(message)
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"binary": base64.b64encode(data).decode("ascii")}


def _headers(pairs: list[list[str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _request(sent: dict[str, Any], target: str) -> dict[str, Any]:
    return {
        "protocol": "HTTP",
        "version": "1.1",
        "target": origin(target) + sent["target"],
        "method": sent["method"],
        "headers": _headers(sent["headers"]),
        "body": _content(sent),
    }


def _response(received: dict[str, Any]) -> dict[str, Any]:
    if received["status"] is None:
        return {"noResponseReceived": True}
    return {
        "protocol": "HTTP",
        "version": "1.1",
        "statusCode": received["status"],
        "headers": _headers(received["headers"]),
        "body": _content(received),
    }
