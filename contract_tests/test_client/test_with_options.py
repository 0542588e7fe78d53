"""`with_options()`: the same client for some calls, with other options."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

import pytest

from secmaster_workflows import (
    ActionInstanceRetryCommand,
    AsyncWorkflowsClient,
    AttemptRecord,
    CallTimeoutError,
    ConfigurationError,
    ThrottledError,
    UndocumentedAnswerError,
    WorkflowsClient,
)
from test_client.conftest import IDENTITY, TOKEN, Caller
from test_client.raw_server import SUCCESS, RawServer, answer, hangs, says

KINDS = pytest.mark.parametrize("kind", [WorkflowsClient, AsyncWorkflowsClient])
RETRY = ActionInstanceRetryCommand()


def both(caller: Caller, use: Callable[[Any], tuple[Any, ...]], **options: Any) -> None:
    """Makes the calls that `use` names for a client, one after the other."""
    if caller.kind == "sync":
        caller.run(lambda client: [call() for call in use(client)], **options)
        return

    async def run(client: Any) -> None:
        for call in use(client):
            await call()

    caller.run(run, **options)


def test_the_second_sends_over_the_connections_of_the_first(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The two share a connection, and each has its own options."""
    server = serve()
    first: list[AttemptRecord] = []
    second: list[AttemptRecord] = []

    both(
        caller,
        lambda client: (
            lambda: client.retry("one"),
            lambda: client.with_options(on_attempt=second.append).retry("two"),
            lambda: client.retry("three"),
        ),
        endpoint=server.url,
        on_attempt=first.append,
    )

    assert server.connections == 1
    assert [record.url.rpartition("/")[2] for record in first] == ["one", "three"]
    assert [record.url.rpartition("/")[2] for record in second] == ["two"]


def test_the_timeout_may_be_another(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A call of the second ends by its own deadline."""
    server = serve(hangs)
    begun = time.monotonic()

    with pytest.raises(CallTimeoutError):
        caller.run(lambda client: client.with_options(timeout=0.3).retry("i"), endpoint=server.url, timeout=20)

    assert time.monotonic() - begun < 5


def test_retries_may_be_others(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """`max_retries` and `retry_on` are those of the second."""
    server = serve(says(answer({}, "429 No", "Retry-After: 0")))

    with pytest.raises(ThrottledError) as caught:
        caller.run(lambda client: client.with_options(max_retries=0).retry("i"), endpoint=server.url)

    assert caught.value.attempts == 1


@pytest.mark.parametrize("limits", [(1024, 1024 * 1024), (1024 * 1024, 1024)])
def test_the_largest_answer_may_be_another(
    limits: tuple[int, int], caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """An answer is read as far as the options of its call say, whoever opened the connection."""
    server = serve(says(answer({**SUCCESS, "more": "x" * 2000})))
    outcomes: list[str] = []

    def told(call: Callable[[], Any]) -> Callable[[], Any]:
        if caller.kind == "sync":

            def run() -> None:
                try:
                    outcomes.append(type(call()).__name__)
                except UndocumentedAnswerError:
                    outcomes.append("too large")

            return run

        async def wait() -> None:
            try:
                outcomes.append(type(await call()).__name__)
            except UndocumentedAnswerError:
                outcomes.append("too large")

        return wait

    both(
        caller,
        lambda client: (
            told(lambda: client.retry("i")),
            told(lambda: client.with_options(max_answer_bytes=limits[1]).retry("i")),
        ),
        endpoint=server.url,
        max_answer_bytes=limits[0],
    )

    wanted = ["too large" if limit == 1024 else "UpdateWorkflowInstanceResult" for limit in limits]
    assert outcomes == wanted


@KINDS
def test_what_is_not_named_stays(kind: Any) -> None:
    """Place, identifiers and the other options are those of the first; headers are added to its own."""
    first = kind(region="cn-north-4", timeout=7, headers={"X-A": "1", "X-B": "1"}, **IDENTITY)

    second = first.with_options(max_retries=5).with_options(headers={"x-b": "2"})

    assert type(second) is kind
    assert second.dry_run("i", RETRY).url == first.dry_run("i", RETRY).url
    assert (second._settings.timeout, second._settings.max_retries) == (7, 5)
    headers = second.dry_run("i", RETRY).headers
    assert (headers["X-A"], headers["x-b"]) == ("1", "2")
    assert first.dry_run("i", RETRY).headers["X-B"] == "1"


@KINDS
def test_what_was_given_and_is_changed_later_changes_nothing(kind: Any) -> None:
    """The second client, and a copy, have the options as they were checked for the first."""
    headers, statuses = {"X-A": "1"}, {503}
    first = kind(region="cn-north-4", headers=headers, retry_on=statuses, **IDENTITY)
    headers["X-A"] = "2"
    statuses.add(502)

    for other in (first.with_options(timeout=1), copy.copy(first)):
        assert other.dry_run("i", RETRY).headers["X-A"] == "1"
        assert other._settings.retry_on == {503}


@KINDS
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"timeout": -1}, "timeout is a positive number"),
        ({"retry_on": {200}}, "retry_on is a collection"),
        ({"ak": "x"}, "ak is not an option"),
        ({"proxy": "http://user:opensesame@proxy.test"}, "proxy is an option of the connections"),
        ({"keepalive_expiry": 1}, "keepalive_expiry is an option of the connections"),
        ({"max_connections": 1}, "max_connections is an option of the connections"),
        ({"ssl_context": None}, "ssl_context is an option of the connections"),
        ({"allow_http": True}, "allow_http is an option of the connections"),
        ({"token": TOKEN}, "token is not an option"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_cannot_be_changed_is_refused_by_name(kind: Any, options: dict[str, Any], reason: str) -> None:
    """A wrong value, an unknown option, and one of the connections, which the two share."""
    client = kind(region="cn-north-4", **IDENTITY)

    with pytest.raises(ConfigurationError, match=reason) as caught:
        client.with_options(**options)

    assert caught.value.argument == next(iter(options))
    assert TOKEN not in str(caught.value)
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize("closed", ["first", "second"])
def test_closing_either_closes_both(closed: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """They share the connections: afterwards nothing is sent by either."""
    server = serve()
    if caller.kind == "sync":
        first: Any = WorkflowsClient(endpoint=server.url, **IDENTITY)
        second = first.with_options(timeout=5)
        first.retry("i")
        {"first": first, "second": second}[closed].close()
        for client in (first, second):
            with pytest.raises(ConfigurationError, match="closed"):
                client.retry("i")
    else:

        async def use(first: Any) -> None:
            second = first.with_options(timeout=5)
            await first.retry("i")
            await {"first": first, "second": second}[closed].aclose()
            for client in (first, second):
                with pytest.raises(ConfigurationError, match="closed"):
                    await client.retry("i")

        caller.run(use, endpoint=server.url)

    assert len(server.received) == 1


@KINDS
def test_the_second_does_not_show_the_token(kind: Any) -> None:
    """The second shows as little as the first."""
    client = kind(region="cn-north-4", **IDENTITY).with_options(timeout=5)

    assert TOKEN not in repr(client) + repr(vars(client))
