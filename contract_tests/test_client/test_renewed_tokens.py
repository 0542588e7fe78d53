"""A token that is refused: the function that gave it is asked once more."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat
from typing import Any

import pytest

from secmaster_workflows import (
    AsyncWorkflowsClient,
    AttemptRecord,
    AuthenticationError,
    ConfigurationError,
    WorkflowsClient,
)
from test_client.conftest import IDENTITY, Caller
from test_client.raw_server import Behaviour, RawServer, Received, answer, in_turn, says

OLD, NEW = "an-old-token-1", "a-new-token-2"
REFUSAL = answer({"error_code": "APIGW.0301", "error_msg": "token expires"}, "401 Unauthorized")
PLACE: dict[str, Any] = {name: value for name, value in IDENTITY.items() if name != "token"}


def only(*good: str, status: bytes = REFUSAL) -> Behaviour:
    """Refuses every token but some."""

    def behave(connection: socket.socket, request: Received) -> None:
        connection.sendall(answer() if request.header("X-Auth-Token") in good else status)

    return behave


class Source:
    """A function for the token that counts how often it is asked."""

    def __init__(self, *tokens: str) -> None:
        self.asked = 0
        self._tokens: Iterator[str] = chain(tokens, repeat(tokens[-1]))
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """The next one, the last one again and again."""
        with self._lock:
            self.asked += 1
            return next(self._tokens)


def test_a_refused_token_is_renewed_and_the_command_sent_again(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """401 says that nothing was carried out: with another token the command is sent at once."""
    server = serve(only(NEW))
    source, records = Source(OLD, NEW), list[AttemptRecord]()

    result = caller.retry(endpoint=server.url, token=source, on_attempt=records.append)

    assert result.success is True
    assert source.asked == 2
    assert [request.header("X-Auth-Token") for request in server.received] == [OLD, NEW]
    assert [(record.status, record.wait) for record in records] == [(401, 0.0), (200, None)]


def test_an_async_function_is_asked_once_more(serve: Callable[..., RawServer]) -> None:
    """The client for asyncio awaits the second token as it does the first."""
    server = serve(only(NEW))
    source = Source(OLD, NEW)

    async def awaited() -> str:
        await asyncio.sleep(0)
        return source()

    Caller("async").retry(endpoint=server.url, token=awaited)

    assert source.asked == 2
    assert server.received[-1].header("X-Auth-Token") == NEW


def test_the_same_token_is_not_sent_again(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A function that gives what was refused is no reason to be refused twice."""
    server = serve(only(NEW))
    source, records = Source(OLD), list[AttemptRecord]()

    error = caller.error(endpoint=server.url, token=source, on_attempt=records.append)

    assert (type(error), error.attempts) == (AuthenticationError, 1)
    assert (source.asked, len(server.received)) == (2, 1)
    assert [record.wait for record in records] == [None]


def test_a_function_is_asked_once_more_and_not_twice(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """When the second token is refused too, the call has failed."""
    server = serve(only())
    source = Source(OLD, NEW, "a-third-token-3")

    error = caller.error(endpoint=server.url, token=source, max_retries=5)

    assert (type(error), error.attempts) == (AuthenticationError, 2)
    assert (source.asked, len(server.received)) == (2, 2)


@pytest.mark.parametrize(
    "case", ["a token that is no function", "max_retries=0", "403", "200 failed", "after other retries"]
)
def test_when_a_token_is_not_renewed(case: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Only a 401 to a token that a function gave, and only while the request may be sent again."""
    forbidden, failed = answer({}, "403 No"), answer({"success": False})
    status = {"403": forbidden, "200 failed": failed}.get(case, REFUSAL)
    server = serve(only(NEW, status=status))
    source = Source(OLD, NEW)
    options: dict[str, Any] = {"token": source}
    if case == "max_retries=0":
        options["max_retries"] = 0
    if "no function" in case:
        options["token"] = OLD
    if case == "after other retries":
        server.behave = in_turn(says(answer({}, "429 No", "Retry-After: 0")), only(NEW))
        options["max_retries"] = 1

    caller.error(endpoint=server.url, **options)

    assert source.asked == (0 if "no function" in case else 1)
    assert len(server.received) == (2 if case == "after other retries" else 1)


def test_what_the_function_raises_then_passes(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A fault of the user's own function comes to the user as it is, the second time too."""
    server = serve(only(NEW))
    tokens = iter([OLD])

    def faulty() -> str:
        for token in tokens:
            return token
        raise RuntimeError("no token today")

    with pytest.raises(RuntimeError, match="no token today"):
        caller.retry(endpoint=server.url, token=faulty)


def test_what_is_no_token_is_refused_then(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The second token is checked like the first, and not shown."""
    server = serve(only(NEW))

    with pytest.raises(ConfigurationError, match="The token has line breaks") as caught:
        caller.retry(endpoint=server.url, token=Source(OLD, "open\r\nsesame"))

    assert "sesame" not in str(caught.value)
    assert len(server.received) == 1


def test_a_second_token_that_does_not_come_leaves_the_refusal(serve: Callable[..., RawServer]) -> None:
    """When the deadline passes while the function runs, the call ends with the answer that there is."""
    server = serve(only(NEW))
    tokens = iter([OLD])
    begun = time.monotonic()

    async def slow() -> str:
        for token in tokens:
            return token
        await asyncio.sleep(20)
        return NEW

    error = Caller("async").error(endpoint=server.url, token=slow, timeout=0.5)

    assert time.monotonic() - begun < 5
    assert (type(error), error.attempts) == (AuthenticationError, 1)


CALLS = 8


def refuses_together() -> Behaviour:
    """Refuses the old token once all calls have sent it."""
    barrier = threading.Barrier(CALLS)

    def behave(connection: socket.socket, request: Received) -> None:
        if request.header("X-Auth-Token") == OLD:
            barrier.wait(20)
        only(NEW)(connection, request)

    return behave


def test_threads_share_a_renewal(serve: Callable[..., RawServer]) -> None:
    """Of many threads whose token is refused, one asks for another; the rest wait for it and use it."""
    server = serve(refuses_together())
    source = Source(*[OLD] * CALLS, NEW, "one-too-many")

    def slow() -> str:
        token = source()
        if token != OLD:
            time.sleep(0.2)
        return token

    with WorkflowsClient(endpoint=server.url, token=slow, **PLACE) as client, ThreadPoolExecutor(CALLS) as pool:
        results = list(pool.map(client.retry, "abcdefgh"))

    assert all(result.success for result in results)
    assert source.asked == CALLS + 1


def test_tasks_share_a_renewal(serve: Callable[..., RawServer]) -> None:
    """The same for tasks."""
    server = serve(refuses_together())
    source = Source(*[OLD] * CALLS, NEW, "one-too-many")

    async def slow() -> str:
        token = source()
        if token != OLD:
            await asyncio.sleep(0.2)
        return token

    async def use(client: Any) -> list[Any]:
        calls: list[Awaitable[Any]] = [client.retry(name) for name in "abcdefgh"]
        return await asyncio.gather(*calls)

    results = Caller("async").run(use, endpoint=server.url, token=slow)

    assert all(result.success for result in results)
    assert source.asked == CALLS + 1


def test_a_task_that_is_cancelled_leaves_the_renewal_to_the_next(serve: Callable[..., RawServer]) -> None:
    """The end of the task that asks is not the end of those that wait for it."""
    asking, refused = asyncio.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    def behave(connection: socket.socket, request: Received) -> None:
        only(NEW)(connection, request)
        if request.target.endswith("/two"):
            loops[0].call_soon_threadsafe(refused.set)

    server = serve(behave)
    asked = 0

    async def source() -> str:
        nonlocal asked
        asked += 1
        if asked == 2:
            asking.set()
            await asyncio.sleep(20)
        return NEW if asked == 4 else OLD

    async def main() -> Any:
        loops.append(asyncio.get_running_loop())
        async with asyncio.timeout(20), AsyncWorkflowsClient(endpoint=server.url, token=source, **PLACE) as client:
            first = asyncio.create_task(client.retry("one"))
            await asking.wait()
            second = asyncio.create_task(client.retry("two"))
            await refused.wait()
            first.cancel()
            return await second

    assert asyncio.run(main()).success is True
    assert asked == 4


def test_a_renewal_of_long_ago_is_not_used_again(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """What was renewed once may have expired since: each refusal of a later token asks anew."""
    tokens = [OLD, NEW, "a-third-token-3", "a-fourth-token-4"]
    server = serve(only(NEW, tokens[-1]))
    source = Source(*tokens)

    if caller.kind == "sync":
        caller.run(lambda client: [client.retry("i"), client.retry("i")], endpoint=server.url, token=source)
    else:

        async def twice(client: Any) -> None:
            await client.retry("i")
            await client.retry("i")

        caller.run(twice, endpoint=server.url, token=source)

    assert [request.header("X-Auth-Token") for request in server.received] == tokens
