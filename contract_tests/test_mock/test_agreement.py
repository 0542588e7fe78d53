"""Drawn requests: the server agrees with the oracle, and never fails by itself."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openapi_contract import Contract
from openapi_contract.oracle import Oracle, Standing
from secmaster_contract.mock.app import MockApp, create_app
from secmaster_contract.mock.server import Running
from test_mock.wire import COMMANDS, CONTRACT, MEDIA_TYPE, OPERATION, PATH, Wire, call, message

ORACLE = Oracle(CONTRACT)
SELECTOR = "command_type"
NAMES = st.sampled_from([*OPERATION.commands[0].fields, "x", "", "__proto__"])
SELECTORS = st.sampled_from([*COMMANDS, "", "x", None, 1])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | SELECTORS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))
COMMAND_LIKE = st.builds(
    lambda selector, rest: {**rest, SELECTOR: selector}, SELECTORS, st.dictionaries(NAMES, LEAVES, max_size=4)
)
# Beyond what Python's own numbers hold.
NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,30})?", fullmatch=True)
BODIES = (
    st.binary(max_size=200)
    | (COMMAND_LIKE | VALUES).map(lambda value: json.dumps(value).encode())
    | COMMAND_LIKE.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    | NUMBERS.map(lambda number: b'{"command_type":"ActionInstanceRetryCommand","x":%s}' % number.encode())
    | st.sampled_from(sorted(COMMANDS)).flatmap(
        lambda name: st.binary(max_size=5).map(lambda tail: json.dumps(COMMANDS[name]).encode() + tail)
    )
)
HEADER_NAMES = st.sampled_from(
    [b"x-auth-token", b"content-type", b"content-encoding", b"content-length", b"prefer", b"expect", b"x-y"]
)
HEADER_VALUES = st.sampled_from(
    [b"mock-token", MEDIA_TYPE.encode(), b"application/json", b"code=429", b"example=success"]
) | st.binary(max_size=20).map(lambda value: value.translate(None, b"\r\n\x00"))


@cache
def app() -> MockApp:
    """Return one server for all draws; it remembers nothing."""
    return create_app()


@given(body=BODIES)
@settings(max_examples=600, deadline=None)
def test_a_body_is_accepted_exactly_when_the_oracle_accepts_it(body: bytes) -> None:
    """
    200 for what the contract accepts, 400 for what it rejects and for what it leaves open.
    """
    accepted = ORACLE.body(OPERATION, body).standing is Standing.ACCEPTED

    assert call(app(), body).status == (200 if accepted else 400)


@given(
    values=st.lists(
        HEADER_VALUES | st.text(max_size=20).map(lambda text: text.encode("latin-1", "replace")), max_size=3
    )
)
@settings(max_examples=200, deadline=None)
def test_a_label_is_never_accepted_that_the_oracle_rejects(values: list[bytes]) -> None:
    """
    A Content-Type that the contract rejects is a 400; one that it accepts is accepted.
    """
    standing = ORACLE.content_type(OPERATION, (value.decode("latin-1") for value in values)).standing
    status = call(
        app(), headers=[(b"x-auth-token", b"mock-token"), *((b"content-type", value) for value in values)]
    ).status

    assert status in {Standing.ACCEPTED: {200}, Standing.REJECTED: {400}, Standing.OPEN: {200, 400}}[standing]


@given(
    method=st.sampled_from(["PUT", "GET", "POST", "HEAD", "OPTIONS", "DELETE", "TRACE", "M-SEARCH"]),
    raw_path=st.sampled_from([PATH.encode()])
    | st.binary(max_size=60)
    | st.lists(
        st.sampled_from(
            [b"v1", b"i", b"workspaces", b"soc", b"workflows", b"instances", b"..", b"%2e", b"%", b"\xff", b""]
        ),
        max_size=9,
    ).map(b"/".join),
    headers=st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=6),
    body=BODIES,
)
@settings(max_examples=600, deadline=None)
def test_no_request_makes_the_server_fail(
    method: str, raw_path: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """
    Every answer is a documented one below 500, whole, and JSON; none shows the token.
    """
    assume(raw_path not in {b"/", b"/openapi.yaml"})  # HTML and YAML; Hypothesis knows the addresses from the code
    reply = call(app(), body, method=method, raw_path=raw_path, headers=headers)

    assert reply.status in {200, 400, 401, 404, 413, 429}
    assert isinstance(reply.json(), dict)
    assert b"mock-token" not in reply.body


LIBRARY = Contract.load(Path(__file__).parents[1] / "data" / "contracts" / "library.yaml")
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(["order", "limit", "tag", "", "x"]),
        st.sampled_from(["title", "1", "101", "-1", "1e2", "1.0", "ab", "", "null"]) | st.text(max_size=3),
    ),
    max_size=4,
).map(urlencode)
LINES = st.sampled_from(
    [
        ("x-trace-level", "1"),
        ("x-trace-level", "9"),
        ("cookie", "tenant=abc"),
        ("cookie", "tenant=A; tenant=b"),
        ("x", "y"),
    ]
)


@cache
def library() -> MockApp:
    """Return one server of the library for all draws."""
    return create_app(contract=LIBRARY)


@given(query=QUERIES, lines=st.lists(LINES, max_size=3))
@settings(max_examples=300, deadline=None)
def test_parameters_are_accepted_exactly_when_the_oracle_accepts_them(query: str, lines: list[tuple[str, str]]) -> None:
    """
    200 for what the contract accepts, 400 for what it rejects and for what it leaves open.
    """
    operation, oracle = LIBRARY.operation("listBooks"), Oracle(LIBRARY)
    judged = {oracle.query(operation, query).standing, oracle.headers(operation, lines).standing}
    headers = [(name.encode(), value.encode()) for name, value in [("authorization", "Bearer mock-token"), *lines]]
    reply = call(library(), b"", method="GET", raw_path=b"/books", query=query.encode(), headers=headers)

    assert reply.status == (200 if judged == {Standing.ACCEPTED} else 400)


@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
    raw_path=st.sampled_from(
        [b"/books", b"/books/b1", b"/books/latest", b"/books/", b"/books/%ff", b"/books/..", b"/x"]
    ),
    query=st.binary(max_size=12) | QUERIES.map(str.encode),
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"authorization", b"content-type", b"cookie", b"x-trace-level", b"prefer"]), HEADER_VALUES
        )
        | st.sampled_from([(b"authorization", b"Bearer mock-token"), (b"content-type", b"application/json")]),
        max_size=5,
    ),
    body=BODIES | VALUES.map(lambda value: json.dumps({"title": value, "author": {"name": value}}).encode()),
)
@settings(max_examples=400, deadline=None)
def test_no_request_makes_the_server_of_another_contract_fail(
    method: str, raw_path: bytes, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """
    Every answer is below 500 and shows no token.
    """
    reply = call(library(), body, method=method, raw_path=raw_path, query=query, headers=headers)

    assert reply.status < 500
    assert b"mock-token" not in reply.body


@given(data=st.lists(st.binary(max_size=80) | st.sampled_from([message(), message(b"{"), b"\r\n"]), max_size=6))
@settings(max_examples=150, deadline=None)
def test_no_bytes_make_the_server_fail(server: Running, data: list[bytes]) -> None:
    """
    Whatever is sent on a connection, no answer on it is a 5xx, and a good request is then carried out.
    """
    with Wire(server.url) as wire:
        wire.send(b"".join(data))
        wire.socket.shutdown(1)
        statuses: list[Any] = []
        while (reply := wire.read()) is not None:
            statuses.append(reply.status)
    with Wire(server.url) as wire:
        wire.send(message())
        last = wire.read()

    assert all(status < 500 for status in statuses)
    assert last is not None
    assert last.status == 200
