"""A token from a function, so that it can be renewed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from secmaster_workflows import CallTimeoutError, ConfigurationError, WorkflowsClient
from test_client.conftest import TOKEN, Caller
from test_client.raw_server import RawServer

ASYNC = Caller("async")


def test_a_token_may_come_from_a_function(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The function is asked for each call, so that a token can be renewed."""
    server = serve()
    renewed = iter(["first-token", "second-token"])
    if caller.kind == "sync":
        caller.run(
            lambda client: [client.retry("i"), client.retry("i")], endpoint=server.url, token=lambda: next(renewed)
        )
    else:

        async def both(client: Any) -> None:
            await client.retry("i")
            await client.retry("i")

        caller.run(both, endpoint=server.url, token=lambda: next(renewed))

    assert [request.header("X-Auth-Token") for request in server.received] == ["first-token", "second-token"]


async def awaited() -> str:
    """A token that takes a moment."""
    await asyncio.sleep(0)
    return TOKEN


def test_an_async_function_is_awaited(serve: Callable[..., RawServer]) -> None:
    """The client for asyncio awaits what it is given."""
    server = serve()

    ASYNC.retry(endpoint=server.url, token=awaited)

    assert server.only.header("X-Auth-Token") == TOKEN


def test_an_async_function_is_refused_where_nothing_awaits_it() -> None:
    """The blocking client says which one takes an async function."""
    token: Any = awaited

    with pytest.raises(ConfigurationError, match="Only the client for asyncio"):
        WorkflowsClient(region="cn-north-4", token=token)


def test_waiting_for_a_token_ends_by_the_deadline(serve: Callable[..., RawServer]) -> None:
    """A token that does not come ends the call; nothing was sent."""
    server = serve()
    begun = time.monotonic()

    error = ASYNC.error(endpoint=server.url, timeout=0.3, token=lambda: asyncio.sleep(20, TOKEN))

    assert time.monotonic() - begun < 2
    assert (type(error), error.sent, error.attempts) == (CallTimeoutError, "no", 0)
    assert server.connections == 0


def test_the_time_for_a_token_is_time_of_the_call(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A token that comes after the deadline sends nothing."""
    server = serve()

    def late() -> str:
        time.sleep(0.3)
        return TOKEN

    error = caller.error(endpoint=server.url, timeout=0.2, token=late)

    assert (type(error), error.sent) == (CallTimeoutError, "no")
    assert server.received == []


@pytest.mark.parametrize("fault", [TimeoutError, RuntimeError])
def test_what_a_function_raises_passes(fault: type[Exception], caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A fault of the user's own function comes to the user as it is."""
    server = serve()

    def faulty() -> str:
        raise fault("no token today")

    with pytest.raises(fault, match="no token today") as caught:
        caller.retry(endpoint=server.url, token=faulty)

    assert type(caught.value) is fault
    assert server.connections == 0
