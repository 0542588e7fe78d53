"""What the contract leaves to the server, and what this one does."""

from __future__ import annotations

import pytest

from openapi_contract.oracle import Oracle, Standing
from secmaster_contract.mock.server import Running
from test_mock.wire import CONTRACT, OPERATION, PATH, RETRY, TOKEN_LINE, ask, message

ESSENCE = "application/json"


@pytest.mark.parametrize(
    "value",
    [
        ESSENCE,
        "application/json;charset=UTF-8",
        "application/json; charset=utf-8",
        'APPLICATION/JSON ;charset="Utf-8"',
        "application/json;profile=x",
    ],
)
def test_a_label_that_means_the_documented_one_is_accepted(server: Running, value: str) -> None:
    """
    JSON in UTF-8 is accepted however its media type is spelt.
    """
    assert ask(server.url, message(headers=[TOKEN_LINE, ("Content-Type", value)])).status == 200


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ["text/plain"],
        ["application/json;charset=latin-1"],
        ["application/merge-patch+json"],
        ["application/jsonx"],
        [ESSENCE, ESSENCE],
        ["application/json, text/plain"],
    ],
)
def test_another_label_is_rejected_by_name(server: Running, values: list[str]) -> None:
    """
    Any other media type is a 400 that names Content-Type.
    """
    reply = ask(server.url, message(headers=[TOKEN_LINE, *(("Content-Type", value) for value in values)]))

    assert reply.status == 400
    assert "Content-Type" in reply.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            b'{"command_type":"ActionInstanceRetryCommand","command_type":"ActionInstanceRetryCommand"}', id="twice"
        ),
        pytest.param(b'{"command_type":"x","command_type":"ActionInstanceRetryCommand"}', id="last-good"),
        pytest.param(b"\xef\xbb\xbf" + RETRY, id="byte-order-mark"),
        pytest.param(RETRY[:-1] + b',"x":NaN}', id="nan"),
        pytest.param(RETRY[:-1] + b',"x":"\\ud800"}', id="lone-surrogate"),
        pytest.param(RETRY[:-1] + b',"x":' + b"[" * 500 + b"]" * 500 + b"}", id="deep"),
    ],
)
def test_a_body_that_parsers_read_differently_is_rejected(server: Running, body: bytes) -> None:
    """
    Where two parsers could see two commands, none is carried out.
    """
    assert Oracle(CONTRACT).body(OPERATION, body).standing is Standing.OPEN
    assert ask(server.url, message(body)).status == 400


@pytest.mark.parametrize(
    ("segment", "status"),
    [
        ("a%2Fb", 200),
        ("a%2fb%5c", 200),
        ("%2e%2e%2f", 200),
        ("%E4%BD%A0", 200),
        ("%F0%9F%98%80", 200),
        ("a%20b", 200),
        ("%25", 200),
        ("100%", 200),
        ("%zz", 200),
        ("a;b=c", 200),
        ("i?x=1", 200),
        ("%00", 400),
        ("%1f", 400),
        ("%7F", 400),
        ("%ff", 400),
        ("%c0%af", 400),
        ("%2e%2e", 404),
        ("..", 404),
        ("%2E", 404),
        ("", 404),
        ("a/b", 404),
        ("a//b", 404),
    ],
)
def test_a_segment_is_split_before_it_is_decoded(server: Running, segment: str, status: int) -> None:
    """
    An encoded slash stays in its segment; dot segments and empty ones name no instance; other bytes are no text.
    """
    assert ask(server.url, message(target=PATH.removesuffix("i") + segment)).status == status


def test_a_content_coding_is_rejected_by_name(server: Running) -> None:
    """
    A coded body is not read as if it were plain.
    """
    reply = ask(server.url, message(extra=[("Content-Encoding", "gzip")]))

    assert reply.status == 400
    assert "Content-Encoding" in reply.json()["message"]


@pytest.mark.parametrize("value", ["identity", "Identity", ""])
def test_a_content_coding_that_changes_nothing_is_accepted(server: Running, value: str) -> None:
    """
    A body that is as it was before any coding is read.
    """
    assert ask(server.url, message(extra=[("Content-Encoding", value)])).status == 200


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_an_override_of_the_method_counts_for_nothing(server: Running, name: str) -> None:
    """
    The method is what the request line says.
    """
    assert ask(server.url, message(method="POST", extra=[(name, "PUT")])).status == 404
    assert ask(server.url, message(extra=[(name, "DELETE")])).status == 200
