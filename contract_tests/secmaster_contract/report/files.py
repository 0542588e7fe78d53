"""Reads the files that runs have written: verdict files, cassettes, journals."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from secmaster_contract.people import one_line
from secmaster_contract.report import cassette, document

_BEFORE = "secmaster-contract/verdict/1"
SCHEMA_FILE = Path(__file__).with_name("verdict.schema.json")


class UnreadableFile(Exception):
    """A file cannot be used; the text says why, in one line whatever the file holds."""

    def __init__(self, text: str) -> None:
        super().__init__(one_line(text))


@cache
def validator() -> jsonschema_rs.Draft202012Validator:
    """Return the validator of verdict files."""
    return jsonschema_rs.Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableFile(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path} is not text") from None


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path} is not JSON: {error}") from None


def read_verdict(path: Path) -> dict[str, Any]:
    """Return a verdict file.

    Raises:
        UnreadableFile: It cannot be read or is none.
    """
    value = _parsed(path, _text(path))
    if not isinstance(value, dict):
        raise UnreadableFile(f"{path} is no verdict file; it holds no object")
    found: dict[str, Any] = value
    schema = found.get("schema")
    if schema == _BEFORE:
        raise UnreadableFile(
            f"{path} is a verdict file of version 1; this program reads version 2: verify the server again"
        )
    if schema != document.SCHEMA:
        raise UnreadableFile(f"{path} is no verdict file; its schema has to be {document.SCHEMA}")
    fault = _fault(validator(), found)
    if fault is not None:
        raise UnreadableFile(f"{path} is no verdict file of {document.SCHEMA}: {fault}")
    return found


def _fault(form: jsonschema_rs.Draft202012Validator, value: Any) -> str | None:
    """Say where a value breaks a form, and how; None where it keeps it."""
    try:
        error = next(form.iter_errors(value), None)
    except ValueError as refusal:  # what is too deep for the validator
        return str(refusal)
    return f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}" if error else None


_LINES: dict[str, Any] = {"type": "array", "items": {"type": "array", "prefixItems": [{"type": "string"}] * 2}}
_BODY = {"body": {"type": "string"}, "body_base64": {"type": "string"}, "body_withheld": {"type": "string"}}
_SENT: dict[str, Any] = {
    "type": "object",
    "required": ["method", "target", "headers"],
    "properties": {
        "method": {"type": "string"},
        "target": {"type": "string"},
        "headers": _LINES,
        "pieces": {"type": "array", "items": {"type": "integer", "minimum": 1}},
        **_BODY,
    },
}
_RECORDED = jsonschema_rs.Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "number": {"type": "integer"},
            "about": {"type": "string"},
            "target": {"type": "string"},
            "sent": _SENT,
            "before": {"type": "array", "items": _SENT},
            "received": {
                "type": ["object", "null"],
                "required": ["status"],
                "properties": {
                    "status": {"type": ["integer", "null"]},
                    "trouble": {"type": ["string", "null"]},
                    **_BODY,
                },
            },
        },
    }
)


def read_requests(path: Path) -> list[dict[str, Any]]:
    """Return the recorded requests of a cassette, a journal or a verdict file.

    Each has `number`, `about` (the vector), `sent`, `before`, `target` (where it went) and `received`, None if unknown.

    Raises:
        UnreadableFile: It cannot be read or is none of the three.
    """
    text = _text(path)
    try:
        requests = _requests(path, text)
    except (AttributeError, KeyError, TypeError) as error:
        raise UnreadableFile(f"{path} lacks what a recorded request has: {error}") from None
    for request in requests:
        fault = _fault(_RECORDED, request)
        if fault is not None:
            raise UnreadableFile(f"{path} holds what is no recorded request: {fault}")
    return requests


def _requests(path: Path, text: str) -> list[dict[str, Any]]:
    if text.startswith('{"journal"'):
        return _of_a_journal(path, text)
    value = _parsed(path, text)
    if isinstance(value, dict) and value.get("schema") == cassette.SCHEMA:
        return [_of_a_cassette(value["target"], each) for each in value["interactions"]]
    return _of_a_verdict(read_verdict(path))


def _of_a_journal(path: Path, text: str) -> list[dict[str, Any]]:
    requests: dict[int, dict[str, Any]] = {}
    # Line feeds alone end a line of JSON; texts in it hold other line separators as they are.
    head, *lines = text.removesuffix("\n").split("\n")
    target = _parsed(path, head).get("target")
    for number, line in enumerate(lines, 2):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            if number == len(lines) + 1:
                continue  # the line that was being written when the run was killed
            raise UnreadableFile(f"line {number} of {path} is not JSON") from None
        if "sent" in entry:
            requests[entry["n"]] = {
                "number": entry["n"],
                "about": entry["about"],
                "sent": entry["sent"],
                "before": [],
                "target": target,
                "received": None,
            }
        elif entry["n"] in requests:
            requests[entry["n"]]["received"] = entry["received"]
    return list(requests.values())


def _of_a_cassette(target: str, each: dict[str, Any]) -> dict[str, Any]:
    sent = {**each["exact"]}
    if "body_base64" not in sent and "body_withheld" not in sent:
        sent["body"] = each["request"]["body"]
    response = each["response"]
    headers = [[name, value] for name, values in response["headers"].items() for value in values]
    body = response["body"]
    held = {"body": body["string"]} if "string" in body else {"body_base64": body["base64_string"]}
    received = {"status": response["status"]["code"], "headers": headers, "trouble": None, **held}
    return {
        "number": each["number"],
        "about": each["about"],
        "sent": sent,
        "before": [],
        "target": target,
        "received": received,
    }


def _of_a_verdict(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    failures = [f for clause in verdict["clauses"] for f in clause["failures"] if "sent" in f]
    return [
        {
            "number": number,
            "about": failure["vector"],
            "sent": failure["sent"],
            "before": failure.get("before", []),
            "target": verdict["target"],
            "received": failure["received"],
        }
        for number, failure in enumerate(failures, 1)
    ]


def body_of(message: dict[str, Any]) -> bytes:
    """Return the bytes of a recorded body, placeholders left in.

    Raises:
        UnreadableFile: The body was withheld.
    """
    if "body_withheld" in message:
        raise UnreadableFile(f"the body was not recorded: {message['body_withheld']}")
    if "body_base64" in message:
        try:
            return base64.b64decode(message["body_base64"])
        except ValueError:
            raise UnreadableFile("the body that was recorded is not base64") from None
    return str(message.get("body", "")).encode("utf-8", "surrogatepass")
