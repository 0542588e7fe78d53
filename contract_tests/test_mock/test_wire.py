"""Bytes that no well-behaved client sends."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable

import pytest

from secmaster_contract.mock.app import create_app
from secmaster_contract.mock.server import Running
from test_mock.wire import OPERATION, PATH, RETRY, TOKEN_LINE, TYPE_LINE, Wire, ask, call, message

HEAD = f"PUT {PATH} HTTP/1.1\r\nHost: mock\r\nX-Auth-Token: mock-token\r\nContent-Type: application/json\r\n".encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"nonsense\r\n\r\n", id="no-request-line"),
        pytest.param(b"PUT  HTTP/1.1\r\n\r\n", id="no-target"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40, id="tls"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="http2"),
        pytest.param(b"PUT / HTTP/9.9\r\n\r\n", id="version"),
        pytest.param(b"PUT /caf\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n", id="raw-utf8-in-target"),
        pytest.param(b"PUT /a b HTTP/1.1\r\nHost: x\r\n\r\n", id="space-in-target"),
        pytest.param(b"CONNECT mock:80 HTTP/1.1\r\nHost: x\r\n\r\n", id="connect"),
        pytest.param(HEAD + b"Content-Length: -1\r\n\r\n", id="negative-length"),
        pytest.param(HEAD + b"Content-Length: 2, 3\r\n\r\n{}", id="two-lengths-in-one"),
        pytest.param(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", id="two-lengths"),
        pytest.param(
            HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", id="length-and-chunks"
        ),
        pytest.param(HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n", id="length-beyond-64-bits"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad-chunk"),
        pytest.param(HEAD + b"Bad Name: x\r\n\r\n", id="bad-header-name"),
        pytest.param(HEAD + b"X: a\x00b\r\n\r\n", id="nul-in-header"),
        pytest.param(HEAD + b" folded: x\r\n\r\n", id="folded-first-line"),
    ],
)
def test_bytes_that_are_not_http_are_rejected(server: Running, data: bytes) -> None:
    """
    Malformed HTTP is answered with a 4xx in JSON, or the connection ends; then the server serves on.
    """
    with Wire(server.url) as wire:
        wire.send(data)
        wire.socket.shutdown(socket.SHUT_WR)
        reply = wire.read()

    assert reply is None or 400 <= reply.status < 500
    assert reply is None or reply.json()
    assert ask(server.url, message()).status == 200


def test_an_expectation_is_met_before_the_body_is_sent(server: Running) -> None:
    """
    A client that waits for 100 is told to go on.
    """
    with Wire(server.url) as wire:
        head, body = message(extra=[("Expect", "100-continue")]).split(b"\r\n\r\n", 1)
        wire.send(head + b"\r\n\r\n")
        interim = wire.socket.recv(100)
        wire.send(body)

        assert interim.startswith(b"HTTP/1.1 100")
        assert wire.answer().status == 200


def test_a_rejected_expectation_needs_no_body(server: Running) -> None:
    """
    A client that waits for 100 and has no token hears so at once.
    """
    with Wire(server.url) as wire:
        wire.send(
            message(headers=[TYPE_LINE], extra=[("Expect", "100-continue")]).split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n"
        )

        assert wire.socket.recv(100).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_chunked_body_is_read(server: Running, size: int) -> None:
    """
    A body without a length counts like one with a length.
    """
    pieces = [RETRY[start : start + size] for start in range(0, len(RETRY), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)

    assert ask(server.url, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n").status == 200


def test_a_chunked_body_beyond_the_limit_is_rejected(serve: Callable[..., Running]) -> None:
    """
    The limit holds where no length announces the body.
    """
    server = serve(body_limit=1000)
    chunk = b"%x\r\n%s\r\n" % (500, b" " * 500)

    assert ask(server.url, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 3 + b"0\r\n\r\n").status == 413


@pytest.mark.parametrize("digits", [9, 30, 5000])
def test_a_length_of_any_size_is_read(digits: int) -> None:
    """
    A number that no parser in front has rejected, and that Python itself does not read, is a body too large.
    """
    lines = (TOKEN_LINE, TYPE_LINE, ("Content-Length", "9" * digits))
    reply = call(create_app(), headers=[(name.lower().encode(), value.encode()) for name, value in lines])

    assert reply.status == 413


def test_a_request_that_comes_byte_by_byte_is_read(server: Running) -> None:
    """
    How the bytes are cut into segments does not matter.
    """
    with Wire(server.url) as wire:
        wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in message():
            wire.send(bytes([byte]))

        assert wire.answer().status == 200


@pytest.mark.parametrize(("protocol", "options"), [("h2c", "Upgrade, HTTP2-Settings"), ("websocket", "upgrade")])
def test_an_offer_to_upgrade_is_ignored(server: Running, protocol: str, options: str) -> None:
    """
    A request that offers another protocol is answered in this one, its body read, the connection kept.
    """
    offer = [("Connection", options), ("upgrade", protocol), ("HTTP2-Settings", "AAEAAEAAAAIAAAAB")]
    with Wire(server.url) as wire:
        wire.send(message(extra=offer))
        first = wire.answer()
        wire.send(message(b"{}", extra=offer))

        assert (first.status, wire.answer().status) == (200, 400)


def test_requests_in_one_segment_are_answered_in_order(server: Running) -> None:
    """
    Pipelined requests get their answers in the order that they came.
    """
    known = [(message(), 200), (message(b"{}"), 400), (message(target="/x"), 404), (message(headers=[]), 401)]
    with Wire(server.url) as wire:
        wire.send(b"".join(data for data, _ in known * 5))

        assert [wire.answer().status for _ in known * 5] == [status for _, status in known * 5]


def test_a_slow_answer_is_not_overtaken(server: Running) -> None:
    """
    A request that waits keeps its place among pipelined ones.
    """
    with Wire(server.url) as wire:
        wire.send(message(extra=[("Prefer", "delay=0.2")]) + message(b"{}"))

        assert [wire.answer().status for _ in range(2)] == [200, 400]


def test_a_body_that_never_comes_is_not_waited_for(serve: Callable[..., Running]) -> None:
    """
    A request whose body stays out is answered when its time is over, and the connection ends.
    """
    server = serve(body_seconds=0.2)
    started = time.monotonic()
    with Wire(server.url) as wire:
        wire.send(HEAD + b"Content-Length: 10\r\n\r\n{")
        reply = wire.answer()

        assert reply.status == 400
        assert "0.2 seconds" in reply.json()["message"]
        assert wire.ended()
    assert time.monotonic() - started < 5


def test_a_client_that_leaves_early_harms_nobody(server: Running) -> None:
    """
    A connection that ends in the middle of a request leaves the server as it was.
    """
    for data in (b"PUT", HEAD, HEAD + b"Content-Length: 10\r\n\r\n{", message()):
        with Wire(server.url) as wire:
            wire.send(data)

    assert ask(server.url, message()).status == 200


def test_head_is_answered_without_a_body(server: Running) -> None:
    """
    HEAD is answered as GET is, with the length of its body, and no body.
    """
    with Wire(server.url) as wire:
        wire.send(message(b"", method="HEAD") + message())
        first, second = wire.answer(head_only=True), wire.answer()

    assert (first.status, second.status) == (200, 200)
    assert int(first.headers["content-length"]) > 0


MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * MEBIBYTE, id="brackets"),
        pytest.param(b"[" + b"[]," * 300 + b'"' + b'\\"' * MEBIBYTE, id="escaped-quotes-without-an-end"),
        pytest.param(b"[" + b"[]," * MEBIBYTE + b"1]", id="empty-arrays"),
        pytest.param(b'{"command_type":' * 100000, id="nested-commands"),
        pytest.param(b"{" + b'"a":1,' * MEBIBYTE + b'"a":1}', id="one-name-a-million-times"),
        pytest.param(RETRY[:-1] + b',"x":' + b"9" * MEBIBYTE + b"}", id="long-integer"),
        pytest.param(RETRY[:-1] + b',"x":1e' + b"9" * 1000 + b"}", id="exponent-beyond-every-type"),
        pytest.param(RETRY[:-1] + b',"x":-1E-' + b"9" * 1000 + b"}", id="exponent-below-every-type"),
        pytest.param(RETRY[:-1] + b',"x":"' + b"\\ud800" * MEBIBYTE + b'"}', id="lone-surrogates"),
        pytest.param(b" " * 12 * MEBIBYTE, id="white-space"),
        pytest.param(b'"' * 12 * MEBIBYTE, id="quotes"),
        pytest.param(b"\xff" * 12 * MEBIBYTE, id="not-utf-8"),
    ],
)
def test_a_hostile_body_is_answered_soon(server: Running, body: bytes) -> None:
    """
    What makes a parser slow, deep or large is judged within seconds.
    """
    started = time.monotonic()

    assert ask(server.url, message(body)).status in {200, 400}
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("target", [f"http://mock{PATH}", f"http://other:1{PATH}?x=1", f"HTTPS://mock{PATH}"])
def test_the_absolute_form_of_a_target_is_accepted(server: Running, target: str) -> None:
    """
    RFC 9112 section 3.2.2: a server accepts the absolute form.
    """
    assert ask(server.url, message(target=target)).status == 200


@pytest.mark.parametrize(
    "data",
    [
        message(extra=[("Connection", "close")]),
        message().replace(b"HTTP/1.1", b"HTTP/1.0"),
        message(extra=[("Connection", "keep-alive")]).replace(b"HTTP/1.1", b"HTTP/1.0"),
        message(headers=[], extra=[("Connection", "close")]),
    ],
)
def test_a_connection_ends_when_its_client_says_so(server: Running, data: bytes) -> None:
    """
    After `Connection: close`, and after HTTP/1.0, the server ends the connection, and does not wait till it is idle.
    """
    with Wire(server.url, seconds=3) as wire:
        wire.send(data)
        reply = wire.answer()

        assert reply.headers["connection"] == "close"
        assert wire.ended()


def test_what_follows_the_end_of_a_connection_is_not_carried_out(serve: Callable[..., Running]) -> None:
    """
    RFC 9112 section 9.6: a command behind one that closes the connection counts for nothing.
    """
    log = io.StringIO()
    with Wire(serve(log=log).url) as wire:
        wire.send(message(extra=[("Connection", "close")]) + message() + message())

        assert wire.answer().status == 200
        assert wire.ended()
    assert len(log.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    "extra",
    [
        [("X-Long", "a" * 30000)],
        [(f"X-{number}", "a") for number in range(500)],
        [("X-Auth-Token", "\xff\xfe")],
        [("Upgrade", "websocket"), ("Connection", "Upgrade")],
        [("Upgrade", "h2c"), ("Connection", "Upgrade, HTTP2-Settings")],
        [("Prefer", "\xff=\xff; code=;;,,=")],
        [("Accept", "text/html"), ("Range", "bytes=0-1"), ("If-None-Match", "*")],
        [("Trailer", "x"), ("TE", "trailers"), ("Cookie", "a=b")],
    ],
)
def test_odd_headers_are_answered(server: Running, extra: list[tuple[str, str]]) -> None:
    """
    No header makes the server fail.
    """
    assert ask(server.url, message(extra=extra)).status < 500


def test_the_short_way_and_the_usual_way_give_the_same_answers(server: Running) -> None:
    """
    A request that is complete at once and one that is not are judged alike.
    """
    bodies = (RETRY, b"{}", b"", b"{", b'{"command_type":"ActionInstanceDebugCommand"}')
    lines: tuple[list[tuple[str, str]], ...] = ([TOKEN_LINE, TYPE_LINE], [TOKEN_LINE], [TYPE_LINE], [])
    for method in (OPERATION.method, "GET", "POST"):
        for body in bodies:
            for headers in lines:
                data = message(body, method=method, headers=headers)
                at_once = ask(server.url, data)
                in_pieces = ask(
                    server.url, message(body, method=method, headers=[*headers, ("Expect", "100-continue")])
                )

                assert (at_once.status, at_once.headers.keys()) == (in_pieces.status, in_pieces.headers.keys())
                assert stable(at_once.body, at_once.headers) == stable(in_pieces.body, in_pieces.headers)


def stable(body: bytes, headers: object) -> bytes:
    """Return a body without its request id."""
    assert isinstance(headers, dict)
    return body.replace(headers["x-request-id"].encode(), b"")
