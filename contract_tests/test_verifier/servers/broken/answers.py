"""Servers that decide rightly and say it wrongly."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from test_verifier.servers.broken.registry import Fault, add
from test_verifier.servers.reference import Reference
from test_verifier.servers.wire import Answer, Request

Change = Callable[[Answer], None]
_SUCCESS: dict[str, Any] = {"code": "00000000", "message": "", "request_id": "0f1e", "success": True}
_ERROR: dict[str, Any] = {"code": "SecMaster.20030001", "message": "Invalid."}


class Misspeaking(Reference):
    """Changes its answers of one status."""

    def __init__(self, status: int, change: Change, only: Callable[[Request], bool] | None = None) -> None:
        super().__init__()
        self._status, self._change, self._only = status, change, only

    def dress(self, answer: Answer, request: Request) -> Answer:
        """Change the answer."""
        if answer.status == self._status and (self._only is None or self._only(request)):
            self._change(answer)
        return answer


def _body(value: bytes) -> Change:
    def change(answer: Answer) -> None:
        answer.body = value

    return change


def _json(value: Any) -> Change:
    return _body(json.dumps(value).encode())


def _with(fields: dict[str, Any], **changes: Any) -> Change:
    return _json({**fields, **changes})


def _status(status: int) -> Change:
    def change(answer: Answer) -> None:
        answer.status = status

    return change


def _media_type(value: str | None, body: bytes | None = None) -> Change:
    def change(answer: Answer) -> None:
        answer.headers = [header for header in answer.headers if header[0] != "Content-Type"]
        answer.headers += [] if value is None else [("Content-Type", value)]
        answer.body = answer.body if body is None else body

    return change


def _set(**changes: Any) -> Change:
    def change(answer: Answer) -> None:
        for name, value in changes.items():
            setattr(answer, name, value)

    return change


def _raw(text: bytes) -> Change:
    def change(answer: Answer) -> None:
        answer.raw = text % {b"length": len(answer.body), b"body": answer.body, b"status": answer.status}

    return change


def _truncated(answer: Answer) -> None:
    answer.length, answer.close = len(answer.body) + 20, True


def _shortened(answer: Answer) -> None:
    answer.length = len(answer.body) - 1


def _bare_line_feeds(answer: Answer) -> None:
    head, _, body = answer.wire("PUT").partition(b"\r\n\r\n")
    answer.raw = head.replace(b"\r\n", b"\n") + b"\n\n" + body


def _cut(answer: Answer) -> None:
    answer.raw = answer.wire("PUT")[:-3]


def _unended(answer: Answer) -> None:
    answer.chunked = True
    answer.raw = answer.wire("PUT")[:-5]


_HTML = b"<html><body><h1>Bad Request</h1></body></html>"
_BOTH = {
    "json-cut-short": ("http.json", _body(b'{"code": "x"')),
    "json-with-single-quotes": ("http.json", _body(b"{'code': 'x'}")),
    "json-behind-a-guard": ("http.json", _body(b")]}'\n" + json.dumps(_ERROR | _SUCCESS).encode())),
    "json-twice": ("http.json", _body(json.dumps(_SUCCESS).encode() * 2)),
    "json-with-nan": ("http.json", _body(b'{"code": "x", "message": "", "request_id": "", "success": true, "x": NaN}')),
    "json-with-a-comma-too-many": ("http.json", _body(b'{"code": "x", "message": "",}')),
    "repeated-name": ("http.json", _body(b'{"code":"x","message":"","request_id":"","success":true,"code":"x"}')),
    "byte-order-mark": ("http.json", _body(b"\xef\xbb\xbf" + json.dumps(_SUCCESS).encode())),
    "not-utf-8": ("http.json", _body(b'{"code":"x","message":"\xe9","request_id":"","success":true}')),
    "utf-16": ("http.json", _body(json.dumps(_SUCCESS).encode("utf-16"))),
    "wrong-charset": ("http.json", _media_type("application/json; charset=utf-16")),
    "plain-media-type": ("http.media-type", _media_type("text/plain; charset=utf-8")),
    "html-media-type": ("http.media-type", _media_type("text/html")),
    "no-media-type": ("http.media-type", _media_type(None)),
    "invalid-media-type": ("http.media-type", _media_type("json")),
    "too-long-a-length": ("http.framing", _truncated),
    "too-short-a-length": ("http.framing", _shortened),
    "bare-line-feeds": ("http.framing", _bare_line_feeds),
    "bytes-behind": ("http.framing", _set(tail=b"\r\n<!-- served in 3 ms -->")),
    "cut-off": ("http.framing", _cut),
    "chunks-without-end": ("http.framing", _unended),
    "length-and-chunks": (
        "http.framing",
        _raw(
            b"HTTP/1.1 %(status)d Answer\r\nContent-Type: application/json\r\nContent-Length: %(length)d\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n%(length)x\r\n%(body)s\r\n0\r\n\r\n"
        ),
    ),
    "two-lengths": (
        "http.framing",
        _raw(
            b"HTTP/1.1 %(status)d Answer\r\nContent-Type: application/json\r\nContent-Length: %(length)d\r\n"
            b"Content-Length: 3\r\n\r\n%(body)s"
        ),
    ),
    "no-http": ("http.framing", _raw(b"%(body)s")),
    "closed-without-a-word": ("guard.answers", _raw(b"")),
}
_TABLE_4 = {
    "code-number": ("result.code.type", _with(_SUCCESS, code=0)),
    "code-null": ("result.code.type", _with(_SUCCESS, code=None)),
    "message-null": ("result.message.type", _with(_SUCCESS, message=None)),
    "message-object": ("result.message.type", _with(_SUCCESS, message={"en": ""})),
    "request-id-number": ("result.request-id.type", _with(_SUCCESS, request_id=7)),
    "request-id-null": ("result.request-id.type", _with(_SUCCESS, request_id=None)),
    "success-text": ("result.success.type", _with(_SUCCESS, success="true")),
    "success-number": ("result.success.type", _with(_SUCCESS, success=1)),
    "success-null": ("result.success.type", _with(_SUCCESS, success=None)),
    "success-false": ("result.success.true", _with(_SUCCESS, success=False)),
    "in-array": ("result.body", _json([_SUCCESS])),
    "null": ("result.body", _json(None)),
    "text": ("result.body", _json("OK")),
    "encoded-twice": ("result.body", _json(json.dumps(_SUCCESS))),
    "empty": ("result.body", _body(b"")),
    "empty-object": ("result.body", _json({})),
    "wrapped": ("result.body", _json({"data": _SUCCESS})),
    "plain-text": ("result.body", _media_type("text/plain", b"OK")),
    "html": ("result.body", _media_type("text/html", _HTML)),
    "created": ("result.status", _status(201)),
    "accepted": ("result.status", _status(202)),
    "no-content": ("result.status", _set(status=204, body=b"", headers=[])),
    "partial": ("result.status", _status(206)),
    "moved": ("http.status", _set(status=302, headers=[("Location", "/"), ("Content-Type", "application/json")])),
    "undocumented": ("result.status", _status(299)),
}
_TABLE_5 = {
    "code-number": ("error.code.type", _with(_ERROR, code=400)),
    "code-null": ("error.code.type", _with(_ERROR, code=None)),
    "message-list": ("error.message.type", _with(_ERROR, message=["Invalid."])),
    "message-object": ("error.message.type", _with(_ERROR, message={"task_id": "is missing"})),
    "message-null": ("error.message.type", _with(_ERROR, message=None)),
    "in-array": ("error.body", _json([_ERROR])),
    "text": ("error.body", _json("Invalid.")),
    "empty": ("error.body", _body(b"")),
    "empty-object": ("error.body", _json({})),
    "wrapped": ("error.body", _json({"error": _ERROR})),
    "problem-details": ("error.body", _json({"type": "about:blank", "title": "Bad Request", "status": 400})),
    "no-body": ("error.body", _media_type(None, b"")),
    "html": ("error.body", _media_type("text/html", _HTML)),
    "plain-text": ("error.body", _media_type("text/plain", b"Invalid.")),
    "unprocessable": ("error.status", _status(422)),
    "conflict": ("error.status", _status(409)),
    "not-found": ("error.status", _status(404)),
    "not-acceptable": ("error.status", _status(406)),
    "success-false": ("error.status", _set(status=200, body=json.dumps(_SUCCESS | {"success": False}).encode())),
    "teapot": ("error.status", _status(418)),
    "moved": ("http.status", _set(status=303, headers=[("Location", "/"), ("Content-Type", "application/json")])),
    "server-error": ("guard.no-server-error", _status(500)),
    "not-implemented": ("guard.no-server-error", _status(501)),
}
_RARE: dict[str, Callable[[Request], bool]] = {
    "for-a-number": lambda request: b'"task_id":7' in request.body,
    "for-no-json": lambda request: not request.body.endswith(b"}"),
    "for-an-unknown-command": lambda request: b'"command_type":"Unknown"' in request.body,
}
_SELDOM = {
    "unprocessable": ("error.status", _status(422)),
    "html": ("error.body", _media_type("text/html", _HTML)),
    "code-number": ("error.code.type", _with(_ERROR, code=400)),
    "server-error": ("guard.no-server-error", _status(500)),
}


def _register(name: str, status: int, clause: str, change: Change, only: Callable[[Request], bool] | None) -> None:
    make = partial(Misspeaking, status, change, only)
    add(Fault(name, f"Answers {status} with {name.partition('-')[2].replace('-', ' ')}.", make, frozenset({clause})))


for _name, (_clause, _change) in _BOTH.items():
    _register(f"result-{_name}", 200, _clause, _change, None)
    _register(f"error-{_name}", 400, _clause, _change, None)
for _name, (_clause, _change) in _TABLE_4.items():
    _register(f"result-{_name}", 200, _clause, _change, None)
for _name, (_clause, _change) in _TABLE_5.items():
    _register(f"error-{_name}", 400, _clause, _change, None)
for _when, _only in _RARE.items():
    for _name, (_clause, _change) in _SELDOM.items():
        _register(f"error-{_name}-{_when}", 400, _clause, _change, _only)
add(Fault("result-incomplete", "Leaves fields of Table 4 out.", partial(Misspeaking, 200, _json({"success": True})),
          frozenset({"result.complete"})))  # fmt: skip  # one row as the others
add(Fault("error-incomplete", "Leaves fields of Table 5 out.", partial(Misspeaking, 400, _json({"code": "x"})),
          frozenset({"error.complete"})))  # fmt: skip  # one row as the others
