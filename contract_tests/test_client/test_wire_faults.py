"""Faults of the wire: each ends in one typed error that says how far the request came."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable
from typing import Any

import pytest

from secmaster_workflows import (
    CallTimeoutError,
    ConnectionFailedError,
    GatewayError,
    RefusedError,
    UndocumentedAnswerError,
    UpdateWorkflowInstanceResult,
)
from test_client.raw_server import Behaviour, Received, answer, hangs, resets, says

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BODY = b'{"success": true}'
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def forever(part: bytes, *first: bytes) -> Behaviour:
    """Sends the same again and again."""

    def behave(connection: socket.socket, _: Received) -> bool:
        for begin in first:
            connection.sendall(begin)
        while True:
            connection.sendall(part)

    return behave


BROKEN = {
    "closed without an answer": (says(close=True), ConnectionFailedError, "maybe"),
    "reset without an answer": (resets, ConnectionFailedError, "maybe"),
    "never answered": (hangs, CallTimeoutError, "maybe"),
    "no HTTP at all": (says(b"220 smtp.example ESMTP\r\n", close=True), ConnectionFailedError, "maybe"),
    "TLS instead of HTTP": (says(b"\x15\x03\x01\x00\x02\x02\x28", close=True), ConnectionFailedError, "maybe"),
    "closed within the status line": (says(b"HTTP/1.1 20", close=True), ConnectionFailedError, "maybe"),
    "closed within the headers": (says(HEAD, close=True), ConnectionFailedError, "maybe"),
    "header without a colon": (says(HEAD + b"nonsense\r\n\r\n"), ConnectionFailedError, "maybe"),
    "two different lengths": (
        says(HEAD + b"Content-Length: 17\r\nContent-Length: 18\r\n\r\n" + BODY),
        ConnectionFailedError,
        "maybe",
    ),
    "a length that is no number": (says(HEAD + b"Content-Length: -1\r\n\r\n"), ConnectionFailedError, "maybe"),
    "a status that is no number": (says(b"HTTP/1.1 OK 200\r\n\r\n"), ConnectionFailedError, "maybe"),
    "headers without end": (forever(b"X-More: " + b"a" * 4096 + b"\r\n", HEAD), ConnectionFailedError, "maybe"),
    "continue without end": (forever(b"HTTP/1.1 100 Continue\r\n\r\n"), CallTimeoutError, "maybe"),
    "another protocol": (
        says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        ConnectionFailedError,
        "maybe",
    ),
    "body shorter than its length": (
        says(HEAD + b"Content-Length: 99\r\n\r\n" + BODY, close=True),
        UndocumentedAnswerError,
        "answered",
    ),
    "chunk that never ends": (says(CHUNKED + b"ff\r\n" + BODY, close=True), UndocumentedAnswerError, "answered"),
    "chunk size that is no number": (says(CHUNKED + b"zz\r\n" + BODY + b"\r\n"), UndocumentedAnswerError, "answered"),
    "last chunk missing": (says(CHUNKED + b"11\r\n" + BODY + b"\r\n", close=True), UndocumentedAnswerError, "answered"),
    "body that stops": (says(HEAD + b"Content-Length: 99\r\n\r\n" + BODY), CallTimeoutError, "answered"),
    "body without end": (forever(b"10000\r\n" + b" " * 65536 + b"\r\n", CHUNKED), UndocumentedAnswerError, "answered"),
    "body with a huge length": (
        forever(b" " * 65536, HEAD + b"Content-Length: 600000000\r\n\r\n"),
        UndocumentedAnswerError,
        "answered",
    ),
    "refusal without its body": (
        says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 99\r\n\r\n", close=True),
        RefusedError,
        "answered",
    ),
    "gateway fault without its body": (
        says(b"HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n", close=True),
        GatewayError,
        "answered",
    ),
    "gzip that is none": (says(answer(BODY, "200 OK", "Content-Encoding: gzip")), UndocumentedAnswerError, "answered"),
    "gzip cut off": (
        says(answer(gzip.compress(BODY)[:-4], "200 OK", "Content-Encoding: gzip")),
        UndocumentedAnswerError,
        "answered",
    ),
    "gzip within gzip": (
        says(answer(gzip.compress(gzip.compress(BODY)), "200 OK", "Content-Encoding: gzip, gzip")),
        UndocumentedAnswerError,
        "answered",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_answer_is_one_typed_error(fault: str, outcome: Callable[..., Any]) -> None:
    """A fault of the wire ends in its error, which says truly how far the request came."""
    behave, kind, sent = BROKEN[fault]

    error = outcome(behave, timeout=0.7)

    assert (type(error), error.sent) == (kind, sent)


WHOLE = {
    "plain": answer(BODY),
    "chunked": CHUNKED + b"11\r\n" + BODY + b"\r\n0\r\n\r\n",
    "chunked with a trailer": CHUNKED + b"11;x=y\r\n" + BODY + b"\r\n0\r\nX-Sum: 1\r\n\r\n",
    "gzip": answer(gzip.compress(BODY), "200 OK", "Content-Encoding: gzip"),
    "after early hints": b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer(BODY),
    "with bare line feeds": answer(BODY).replace(b"\r\n", b"\n"),
    "without a reason": answer(BODY).replace(b"200 OK", b"200 "),
    "with folded headers": HEAD + b"X-Long: a\r\n b\r\nContent-Length: 17\r\n\r\n" + BODY,
}


@pytest.mark.parametrize("form", WHOLE)
def test_a_whole_answer_is_read_in_every_form(form: str, outcome: Callable[..., Any]) -> None:
    """Every lawful framing of a success is a success."""
    result = outcome(says(WHOLE[form]))

    assert isinstance(result, UpdateWorkflowInstanceResult)


def test_an_answer_that_ends_with_its_connection_is_read(outcome: Callable[..., Any]) -> None:
    """A body without a length ends with the connection (RFC 9112, 6.3)."""
    result = outcome(says(HEAD + b"\r\n" + BODY, close=True))

    assert result.success is True


@pytest.mark.parametrize("size", [1, 7, 64])
def test_an_answer_in_small_pieces_is_read(size: int, outcome: Callable[..., Any]) -> None:
    """The answer may come in pieces of any size."""
    whole = answer(BODY)

    result = outcome(says(*(whole[start : start + size] for start in range(0, len(whole), size))))

    assert result.success is True
