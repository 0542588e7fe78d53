"""HAR 1.2 of all traffic, for browsers' and proxies' viewers."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from secmaster_contract.report.words import body_bytes, origin
from secmaster_contract.run.journal import Entry


def as_har(document: dict[str, Any], entries: list[Entry]) -> dict[str, Any]:
    """Return all exchanges of a run as a HAR document; `comment` of each is the vector that it belongs to."""
    return {
        "log": {
            "version": "1.2",
            "creator": dict(document["tool"]),
            "entries": [_entry(entry, origin(document["target"])) for entry in entries],
        }
    }


def _entry(entry: Entry, base: str) -> dict[str, Any]:
    sent, received = entry["sent"], entry["received"]
    milliseconds = round(received.get("seconds", 0.0) * 1000, 3)
    return {
        "startedDateTime": entry["at"],
        "time": milliseconds,
        "request": _request(sent, base),
        "response": _response(received),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": entry["about"],
    }


def _pairs(headers: list[list[str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _request(sent: dict[str, Any], base: str) -> dict[str, Any]:
    query = urlsplit(sent["target"]).query if "?" in sent["target"] else ""
    request: dict[str, Any] = {
        "method": sent["method"],
        "url": base + sent["target"],
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(sent["headers"]),
        "queryString": _pairs([[name, value] for name, value in parse_qsl(query, keep_blank_values=True)]),
        "headersSize": -1,
        "bodySize": len(body_bytes(sent)),
    }
    data = body_bytes(sent)
    if data:
        media = next((value for name, value in sent["headers"] if name.lower() == "content-type"), "")
        request["postData"] = {"mimeType": media, "params": [], **_text(sent)}
    return request


def _text(message: dict[str, Any]) -> dict[str, str]:
    if "body_base64" in message:
        # HAR has no encoding for postData; the field is the one that it has for content.
        return {"text": message["body_base64"], "encoding": "base64"}
    return {"text": message.get("body", ""), **_comment(message)}


def _comment(message: dict[str, Any]) -> dict[str, str]:
    return {"comment": f"withheld: {message['body_withheld']}"} if "body_withheld" in message else {}


def _response(received: dict[str, Any]) -> dict[str, Any]:
    headers = received.get("headers", [])
    media = next((value for name, value in headers if name.lower() == "content-type"), "")
    response: dict[str, Any] = {
        "status": received["status"] or 0,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "content": {"size": len(body_bytes(received)), "mimeType": media, **_text(received)},
        "redirectURL": next((value for name, value in headers if name.lower() == "location"), ""),
        "headersSize": -1,
        "bodySize": len(body_bytes(received)),
    }
    if received.get("trouble"):
        response["comment"] = received["trouble"]
    return response
