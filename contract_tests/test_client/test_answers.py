"""Every kind of answer: the result, or the one error that says what it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from secmaster_workflows import (
    AuthenticationError,
    CallError,
    CommandFailedError,
    GatewayError,
    NotFoundError,
    RefusedError,
    ServerError,
    ThrottledError,
    UndocumentedAnswerError,
    UpdateWorkflowInstanceResult,
)
from secmaster_workflows.testing import EXAMPLES
from test_client.raw_server import SUCCESS, Behaviour, answer, says

SERVICE = {"code": "SecMaster.20030001", "message": "Invalid parameter."}
GATEWAY = {"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information", "request_id": "r-1"}
BY_STATUS: dict[int, tuple[type[CallError], type[CallError]]] = {
    # status: with a body of the service, with a body of the gateway
    400: (RefusedError, GatewayError),
    401: (AuthenticationError, AuthenticationError),
    402: (RefusedError, GatewayError),
    403: (AuthenticationError, AuthenticationError),
    404: (NotFoundError, NotFoundError),
    405: (RefusedError, GatewayError),
    409: (RefusedError, GatewayError),
    413: (RefusedError, GatewayError),
    415: (RefusedError, GatewayError),
    422: (RefusedError, GatewayError),
    429: (ThrottledError, ThrottledError),
    451: (RefusedError, GatewayError),
    499: (RefusedError, GatewayError),
    500: (ServerError, GatewayError),
    501: (ServerError, GatewayError),
    502: (GatewayError, GatewayError),
    503: (GatewayError, GatewayError),
    504: (GatewayError, GatewayError),
    507: (ServerError, GatewayError),
    599: (ServerError, GatewayError),
    201: (UndocumentedAnswerError, UndocumentedAnswerError),
    202: (UndocumentedAnswerError, UndocumentedAnswerError),
    204: (UndocumentedAnswerError, UndocumentedAnswerError),
    206: (UndocumentedAnswerError, UndocumentedAnswerError),
    299: (UndocumentedAnswerError, UndocumentedAnswerError),
    300: (UndocumentedAnswerError, UndocumentedAnswerError),
    301: (UndocumentedAnswerError, UndocumentedAnswerError),
    304: (UndocumentedAnswerError, UndocumentedAnswerError),
    308: (UndocumentedAnswerError, UndocumentedAnswerError),
    399: (UndocumentedAnswerError, UndocumentedAnswerError),
    600: (UndocumentedAnswerError, UndocumentedAnswerError),
    999: (UndocumentedAnswerError, UndocumentedAnswerError),
}


@pytest.mark.parametrize("status", BY_STATUS)
@pytest.mark.parametrize("speaker", ["service", "gateway"])
def test_each_status_has_its_error(status: int, speaker: str, outcome: Callable[..., Any]) -> None:
    """The status, and who speaks, decide the error; both bodies are read."""
    body = SERVICE if speaker == "service" else GATEWAY

    error = outcome(says(answer(body, f"{status} Whatever", "X-Request-Id: r-2"), close=True))

    assert type(error) is BY_STATUS[status][speaker == "gateway"]
    assert (error.sent, error.status) == ("answered", status)
    if status not in {204, 304}:  # these have no body (RFC 9110, 15.3.5 and 15.4.5)
        code, message = list(body.values())[:2]
        assert (error.code, error.message) == (code, message)
        assert error.request_id == body.get("request_id", "r-2")
        assert json.loads(error.body) == body


UNREADABLE = {
    "empty": b"",
    "white space": b" \r\n",
    "HTML": b"<html><body>It works!</body></html>",
    "text": b"OK",
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a string": b'"success"',
    "a list": b"[]",
    "a list of a success": json.dumps([SUCCESS]).encode(),
    "an empty object": b"{}",
    "a success within": json.dumps({"data": SUCCESS}).encode(),
    "success missing": b'{"code":"00000000","message":"","request_id":""}',
    "success null": b'{"success": null}',
    "success as text": b'{"success": "true"}',
    "failure as text": b'{"success": "false"}',
    "success as number": b'{"success": 1}',
    "success as list": b'{"success": [true]}',
    "Success capitalised": b'{"Success": true}',
    "success twice": b'{"success": true, "success": false}',
    "code as number": b'{"code": 0, "success": true}',
    "code null": b'{"code": null, "success": true}',
    "message as list": b'{"message": [], "success": true}',
    "request_id as number": b'{"request_id": 7, "success": true}',
    "cut off": json.dumps(SUCCESS).encode()[:-1],
    "two values": json.dumps(SUCCESS).encode() * 2,
    "trailing comma": b'{"success": true,}',
    "single quotes": b"{'success': true}",
    "Python": b"{'success': True}",
    "a comment": b'{"success": true} // ok',
    "NaN": b'{"success": true, "took": NaN}',
    "Infinity": b'{"success": true, "took": -Infinity}',
    "invalid UTF-8": b'{"message": "\xff", "success": true}',
    "UTF-16": json.dumps(SUCCESS).encode("utf-16"),
    "UTF-32": json.dumps(SUCCESS).encode("utf-32"),
    "Latin-1": '{"message": "\xe9", "success": true}'.encode("latin-1"),
    "a control character": b'{"message": "\x01", "success": true}',
    "nested deeply": b'{"success": true, "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested without end": b"[" * 200_000,
    "a number of 10,000 digits": b'{"success": true, "took": ' + b"9" * 10_000 + b"}",
    "an error of the service": json.dumps(SERVICE).encode(),
    "an error of the gateway": json.dumps(GATEWAY).encode(),
    "JSONP": b'callback({"success": true})',
    "a BOM of UTF-16": b"\xfe\xff" + b'{"success": true}',
    "a NUL behind": b'{"success": true}\x00',
}


@pytest.mark.parametrize("body", UNREADABLE)
def test_a_200_of_another_shape_proves_nothing(body: str, outcome: Callable[..., Any]) -> None:
    """A 200 that does not state its success is no success."""
    error = outcome(says(answer(UNREADABLE[body])))

    assert type(error) is UndocumentedAnswerError
    assert (error.sent, error.status) == ("answered", 200)
    assert error.body == UNREADABLE[body][: 64 * 1024]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
@pytest.mark.parametrize("body", UNREADABLE)
def test_an_error_status_needs_no_readable_body(body: str, status: int, outcome: Callable[..., Any]) -> None:
    """Whatever the body of a refusal is, the status is kept."""
    error = outcome(says(answer(UNREADABLE[body], f"{status} No")))

    assert type(error) in BY_STATUS[status]
    assert error.status == status


READABLE = {
    "the example": SUCCESS,
    "success alone": {"success": True},
    "an unknown field": {**SUCCESS, "trace": {"span": [1, None]}},
    "text beyond ASCII": {**SUCCESS, "message": "已执行 ☃ 😀"},
}


@pytest.mark.parametrize("body", READABLE)
def test_a_documented_success_is_a_result(body: str, outcome: Callable[..., Any]) -> None:
    """A success is a typed result that keeps every field."""
    result = outcome(says(answer(READABLE[body])))

    assert type(result) is UpdateWorkflowInstanceResult
    assert result.to_dict() == READABLE[body]


@pytest.mark.parametrize("body", [{"success": False}, {**SUCCESS, "success": False, "code": "SecMaster.1", "x": 1}])
def test_a_stated_failure_is_an_error(body: dict[str, Any], outcome: Callable[..., Any]) -> None:
    """`success: false` is never a result."""
    error = outcome(says(answer(body, "200 OK", "X-Request-Id: r-2")))

    assert type(error) is CommandFailedError
    assert (error.code, error.request_id, error.sent) == (body.get("code"), "r-2", "answered")


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_of_the_contract_is_read(name: str, outcome: Callable[..., Any]) -> None:
    """The answers that the contract shows are understood, code and message included."""
    value = EXAMPLES[name]
    status = int(name[:3].replace("XX", "00"))

    understood = outcome(says(answer(value, f"{status} {name}")))

    if value.get("success"):
        assert understood == UpdateWorkflowInstanceResult.from_dict(value)
    else:
        assert type(understood) in BY_STATUS.get(status, (CommandFailedError,))
        assert understood.code == value.get("code", value.get("error_code"))
        assert understood.message == value.get("message", value.get("error_msg"))


RETRY_AFTER = {
    "7": 7.0,
    "0": 0.0,
    "007": 7.0,
    "": None,
    "-1": None,
    "1.5": None,
    "soon": None,
    "1e3": None,
    "٣": None,
    "9" * 400: 1e9,
    "5, 120": 120.0,
    "5, soon": None,
    "Sun, 06 Nov 1994 08:49:37 GMT": 0.0,
    "Sun, 06 Nov 99999999 08:49:37 GMT": None,
}


@pytest.mark.parametrize("value", RETRY_AFTER)
def test_retry_after_is_read_in_both_forms(value: str, outcome: Callable[..., Any]) -> None:
    """Retry-After is seconds or a date (RFC 9110, 10.2.3), the longest of several; anything else is none."""
    field = b"Retry-After: " + value.encode()

    error = outcome(says(answer(SERVICE, "429 No").replace(b"Content-Type", field + b"\r\nContent-Type", 1)))

    assert error.retry_after == RETRY_AFTER[value]


def test_repeated_headers_are_joined(outcome: Callable[..., Any]) -> None:
    """The error carries the headers by lower-case name."""
    error = outcome(says(answer(SERVICE, "400 No", "X-A: 1", "x-a: 2")))

    assert error.headers["x-a"] == "1, 2"


CUT: dict[str, tuple[Behaviour, bool]] = {
    "whole": (says(answer(b"x" * 1000, "400 No")), False),
    "empty": (says(answer(b"", "400 No")), False),
    "64 KiB": (says(answer(b"x" * 64 * 1024, "400 No")), False),
    "more than an error keeps": (says(answer(b"x" * 64 * 1024 + b"x", "400 No")), True),
    "more than max_answer_bytes": (says(answer(b"x" * 2_000_000, "400 No")), True),
    "broken off": (says(answer(b"x" * 1000, "400 No")[:-1], close=True), True),
    "late": (says(answer(b"x" * 1000, "400 No")[:-1], b"x", pause=2), True),
    "of an unknown coding": (says(answer(b"x" * 1000, "400 No", "Content-Encoding: br")), True),
    "a success of another shape": (says(answer({})), False),
    "half a success": (says(answer()[:-5], close=True), True),
}


@pytest.mark.parametrize("case", CUT)
def test_an_error_says_whether_its_body_is_all_of_it(case: str, outcome: Callable[..., Any]) -> None:
    """`body_cut` is true if `body` is not the whole body of the answer, whatever the reason."""
    behave, cut = CUT[case]

    error = outcome(behave, timeout=1)

    assert error.body_cut is cut


def test_the_kept_body_is_bounded(outcome: Callable[..., Any]) -> None:
    """An error keeps 64 KiB of a body."""
    error = outcome(says(answer(b"x" * 300_000, "400 No")))

    assert error.body == b"x" * 64 * 1024


def test_there_are_enough_kinds_of_answer() -> None:
    """At least 90 kinds are told apart."""
    kinds = 2 * len(BY_STATUS) + len(UNREADABLE) + len(READABLE) + len(EXAMPLES) + len(RETRY_AFTER)

    assert kinds >= 90
