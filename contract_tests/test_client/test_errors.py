"""Errors: one hierarchy, that pickles, copies and prints well."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest

import secmaster_workflows
from secmaster_workflows import (
    CallError,
    CallTimeoutError,
    ConnectionFailedError,
    InvalidArgumentError,
    InvalidModelError,
    RefusedError,
    SecMasterError,
    UndocumentedAnswerError,
    errors,
)
from test_client.generating import ROOT
from test_client.raw_server import Received, answer, resets, says

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, SecMasterError)]
CALLS = [kind for kind in CLASSES if issubclass(kind, CallError)]
FULL: dict[str, Any] = {
    "sent": "answered",
    "status": 429,
    "code": "APIGW.0308",
    "message": "slow down",
    "request_id": "r",
    "retry_after": 1.5,
    "headers": {"a": "b"},
    "body": b"{}",
    "body_cut": True,
    "attempts": 3,
}
DUPLICATES: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    lambda error: pickle.loads(pickle.dumps(error)),  # noqa: S301 - of this test
]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_is_public_and_of_one_family(kind: type[SecMasterError]) -> None:
    """One base catches all; all are importable from the package and documented."""
    assert getattr(secmaster_workflows, kind.__name__) is kind
    assert issubclass(kind, SecMasterError)
    assert inspect.getdoc(kind)
    assert kind("x").sent in {"no", "maybe"}


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("duplicate", DUPLICATES, ids=["copy", "deepcopy", "pickle"])
def test_a_duplicate_is_whole(kind: type[CallError], duplicate: Callable[[Any], Any]) -> None:
    """A copied or pickled error has everything that it had."""
    error = kind("HTTP 429", **FULL)
    error.add_note("seen at noon")

    again = duplicate(error)

    assert type(again) is kind
    assert vars(again) == vars(error)
    assert (str(again), repr(again)) == (str(error), repr(error))


def test_the_readme_has_each_error_once() -> None:
    """The table of README.md names each class that is raised, and no other."""
    rows = re.findall(r"^\| (`\w+Error`.*?) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"\w+Error", row)]

    bases = {SecMasterError, InvalidArgumentError, InvalidModelError, CallError}
    assert sorted(named) == sorted(kind.__name__ for kind in CLASSES if kind not in bases)


def test_familiar_exceptions_are_bases() -> None:
    """Code that catches the standard exceptions catches these."""
    assert issubclass(CallTimeoutError, TimeoutError)
    assert issubclass(ConnectionFailedError, ConnectionError)
    assert issubclass(InvalidArgumentError, ValueError)


def test_an_error_says_what_it_was(outcome: Callable[..., Any]) -> None:
    """The text has status, code, message and request ID."""
    error = outcome(says(answer({"code": "C.1", "message": "no\r\nsuch\x1b[31m thing"}, "400 No", "X-Request-Id: r-9")))

    assert type(error) is RefusedError
    assert str(error) == "HTTP 400, the request was refused. It says: C.1: no\\r\\nsuch\\x1b[31m thing [request r-9]"


def test_a_long_text_is_cut(outcome: Callable[..., Any]) -> None:
    """A long message is whole in the attribute and short in the text."""
    error = outcome(says(answer({"code": "C", "message": "m" * 10_000}, "400 No")))

    assert len(str(error)) < 1000
    assert error.message == "m" * 10_000


LONG = {
    "a content coding": answer({}, "200 OK", f"Content-Encoding: {'x' * 10_000}"),
    "a chunk that is none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"x" * 10_000 + b"\r\n",
}


@pytest.mark.parametrize("fault", LONG)
def test_a_long_fault_is_cut(fault: str, outcome: Callable[..., Any]) -> None:
    """What an answer has that is not as documented is short in the text."""
    error = outcome(says(LONG[fault], close=True))

    assert type(error) is UndocumentedAnswerError
    assert len(str(error)) < 1000


@pytest.mark.parametrize("after", [b"", answer()[:-5]], ids=["no answer", "half an answer"])
def test_a_reset_is_called_so(after: bytes, outcome: Callable[..., Any]) -> None:
    """The text says how the connection broke."""

    def breaks_off(connection: socket.socket, received: Received) -> bool:
        connection.sendall(after)
        return resets(connection, received)

    assert "reset" in str(outcome(breaks_off))


def test_an_unknown_outcome_is_called_so(outcome: Callable[..., Any]) -> None:
    """When the command may have been carried out, the text says so."""
    error = outcome(says(close=True))

    assert "not known" in str(error)
    assert error.sent == "maybe"
