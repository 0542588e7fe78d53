"""SARIF 2.1.0: a rule a clause, a result a failure, each at the line of the contract that states the rule."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import yaml

from openapi_contract.document import split
from secmaster_contract.judge.verdicts import Verdict
from secmaster_contract.people import one_line
from secmaster_contract.report.words import answer_line, body_bytes, origin, request_line
from secmaster_contract.shipped import openapi_directory

_LEVELS = {Verdict.VIOLATES: "error", Verdict.ADVISES: "warning"}


def as_sarif(document: dict[str, Any], contract: Path) -> dict[str, Any]:
    """Return the failures of a verdict file as SARIF; `contract` is the file that states the rules."""
    clauses, lines = document["clauses"], _Lines(contract)
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
                    _result(index, clause, failure, document["target"], lines)
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


def _result(index: int, clause: dict[str, Any], failure: dict[str, Any], target: str, lines: _Lines) -> dict[str, Any]:
    told = [f"{clause['text']}: expected {failure['expected']}; {failure['fault']}."]
    if "sent" in failure:
        told += [f"Sent: {request_line(failure['sent'])}", f"Received: {answer_line(failure['received'])}"]
    result: dict[str, Any] = {
        "ruleId": clause["key"],
        "ruleIndex": index,
        "level": _LEVELS[Verdict(clause["verdict"])],
        "message": {"text": "\n".join(_without_links(line) for line in told)},
        "locations": [lines.location(clause)],
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


class _Lines:
    """Finds the lines of a contract that its JSON pointers lead to."""

    def __init__(self, contract: Path) -> None:
        self._file = contract
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._root = yaml.compose(contract.read_text(encoding="utf-8"), Loader=loader) if contract.is_file() else None

    def location(self, clause: dict[str, Any]) -> dict[str, Any]:
        """Return the place of a clause."""
        line = next((found for pointer in clause["pointers"] if (found := self._line(pointer))), 1)
        return {
            "physicalLocation": {"artifactLocation": self._artifact(), "region": {"startLine": line}},
            "logicalLocations": [{"fullyQualifiedName": clause["key"], "kind": "member"}],
        }

    def _artifact(self) -> dict[str, str]:
        """Return where the file lies: below the source root if it is shipped or below this directory, else its URI."""
        file = self._file.resolve()
        if file.parent == openapi_directory():
            return {"uri": f"openapi/{file.name}", "uriBaseId": "%SRCROOT%"}
        if file.is_relative_to(Path.cwd()):
            return {"uri": file.relative_to(Path.cwd()).as_posix(), "uriBaseId": "%SRCROOT%"}
        return {"uri": file.as_uri()}

    def _line(self, pointer: str) -> int | None:
        """Return the line that a JSON pointer leads to, counted from one; as far as it leads anywhere."""
        node, line = self._root, None
        for token in split(pointer):
            found = _step(node, token)
            if found is None:
                return line
            line, node = found
        return line


def _step(node: yaml.Node | None, token: str) -> tuple[int, yaml.Node] | None:
    """Return the line and the node of a member, in a list by its position or its name."""
    if isinstance(node, yaml.MappingNode):
        pairs = ((key, value) for key, value in node.value if key.value == token)
        return next(((key.start_mark.line + 1, value) for key, value in pairs), None)
    if isinstance(node, yaml.SequenceNode):
        members = [(item.start_mark.line + 1, item) for item in node.value]
        if token.isdecimal() and int(token) < len(members):
            return members[int(token)]
        return next((member for member in members if token in (member[1].value, _name(member[1]))), None)
    return None


def _name(node: yaml.Node) -> str | None:
    """Return what a member of a list is called, as `Document` calls it."""
    pairs = {key.value: value.value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
    return pairs.get("name") if "in" in pairs else None


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
