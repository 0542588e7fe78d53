"""The cassette: all traffic in the form that VCR.py plays back (its JSON serializer), and `replay` sends again."""

from __future__ import annotations

from typing import Any

from secmaster_contract.report.words import origin
from secmaster_contract.run.journal import Entry

SCHEMA = "secmaster-contract/cassette/1"


def as_cassette(document: dict[str, Any], entries: list[Entry]) -> dict[str, Any]:
    """Return all exchanges of a run as a cassette; `exact` is what VCR.py has no place for."""
    return {
        "version": 1,
        "schema": SCHEMA,
        "target": document["target"],
        "interactions": [
            _interaction(entry, origin(document["target"]))
            for entry in entries
            if entry["received"]["status"] is not None
        ],
    }


def _interaction(entry: Entry, base: str) -> dict[str, Any]:
    sent, received = entry["sent"], entry["received"]
    return {
        "request": {
            "method": sent["method"],
            "uri": base + sent["target"],
            "headers": _grouped(sent["headers"]),
            "body": sent.get("body", ""),
        },
        "response": {
            "status": {"code": received["status"], "message": ""},
            "headers": _grouped(received["headers"]),
            "body": _body(received),
        },
        "number": entry["n"],
        "about": entry["about"],
        "exact": {name: value for name, value in sent.items() if name != "body"},
    }


def _grouped(headers: list[list[str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        grouped.setdefault(name, []).append(value)
    return grouped


def _body(received: dict[str, Any]) -> dict[str, str]:
    if "body_base64" in received:
        return {"base64_string": received["body_base64"]}
    return {"string": received.get("body", "")}
