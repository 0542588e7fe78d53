"""What the caller's own code raises during a call is the caller's: it passes as it is, at once, and costs nothing."""

from __future__ import annotations

import asyncio
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx2
import pytest

from secmaster_workflows import AsyncWorkflowsClient, AttemptRecord, WorkflowsClient
from test_client.conftest import IDENTITY
from test_client.raw_server import RawServer, Received, answer, hangs, in_turn, says
from test_client.test_deadlines import listening

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer that signals")


class TimeLimitExceededError(Exception):
    """As task queues have one."""


class GreenletTimeout(BaseException):
    """As gevent has one."""


KINDS = [TimeLimitExceededError, TimeoutError, ConnectionResetError, OSError, GreenletTimeout]


@contextmanager
def alarm(error: BaseException, seconds: float) -> Generator[None]:
    """Raises the error in the block, from a signal handler."""

    def raise_it(*_: object) -> None:
        raise error

    before = signal.signal(signal.SIGALRM, raise_it)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def phase(request: pytest.FixtureRequest, serve: Callable[..., RawServer]) -> Generator[dict[str, Any]]:
    """The options of a client whose call stays in a phase for seconds."""
    with ExitStack() as stack:
        options: dict[str, Any] = {"endpoint": "http://unused.test"}
        match request.param:
            case "the look-up":
                release = threading.Event()
                stack.callback(release.set)
                patch = stack.enter_context(pytest.MonkeyPatch.context())
                patch.setattr(socket, "getaddrinfo", lambda *_, **__: release.wait(5) and [])
                options = {"endpoint": f"http://{secrets.token_hex(4)}.example", "allow_http": True}
            case "connecting":
                options = {"endpoint": stack.enter_context(listening(accept=False))}
            case "the handshake":
                url = stack.enter_context(listening(accept=True))
                options = {"endpoint": url.replace("http:", "https:")}
            case "writing":
                options = {"endpoint": stack.enter_context(listening(accept=True)), "size": 12_000_000}
            case "the answer":
                options = {"endpoint": serve(hangs).url}
            case "the body":
                options = {"endpoint": serve(says(answer()[:-5])).url}
            case _:
                options = {"endpoint": serve(says(answer({}, "429 No", "Retry-After: 5"))).url}
        yield options


PHASES = ["the look-up", "connecting", "the handshake", "writing", "the answer", "the body", "the pause"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("phase", PHASES, indirect=True)
def test_what_a_signal_handler_raises_passes(kind: type[BaseException], phase: dict[str, Any]) -> None:
    """The very exception comes out of the call when it is raised, with its traceback; nothing is tried again."""
    size, error, records = phase.pop("size", 1), kind("mine"), list[AttemptRecord]()
    begun = time.monotonic()
    with (
        WorkflowsClient(**IDENTITY, **phase, timeout=20, on_attempt=records.append) as client,
        alarm(error, 0.3),
        pytest.raises(kind) as caught,
    ):
        client.debug("i", task_id="t", input_dataobject="x" * size)

    assert caught.value is error
    assert time.monotonic() - begun < 2
    assert traceback.extract_tb(error.__traceback__)[-1].name == "raise_it"
    assert [record.sent for record in records] in ([], ["answered"])


def test_waiting_for_a_connection_is_interrupted(serve: Callable[..., RawServer]) -> None:
    """A call that waits for a free connection lets the exception pass, too, and the place in the queue goes on."""
    release, error = threading.Event(), TimeoutError("mine")

    def late(connection: socket.socket, _: Received) -> None:
        release.wait(10)
        connection.sendall(answer())

    server = serve(in_turn(late, says(answer())))
    with WorkflowsClient(endpoint=server.url, max_connections=1, **IDENTITY) as client:
        first = threading.Thread(target=client.retry, args=["1"])
        first.start()
        while not server.received:
            time.sleep(0.01)
        with alarm(error, 0.2), pytest.raises(TimeoutError) as caught:
            client.retry("2")
        release.set()
        first.join()

        assert caught.value is error
        assert client.retry("3").success is True


@pytest.mark.parametrize("kind", [KeyboardInterrupt, TimeLimitExceededError, ValueError])
def test_a_traceback_is_left_whole(kind: type[BaseException]) -> None:
    """What a transport of the caller's lets pass comes with the frames that it came through."""

    class Interrupted(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            raise kind(request.method)

    client = WorkflowsClient(endpoint="https://example.test", transport=Interrupted(), **IDENTITY)
    with pytest.raises(kind) as caught:
        client.retry("i")

    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "handle_request"


def test_a_cancellation_has_its_traceback(serve: Callable[..., RawServer]) -> None:
    """A cancelled call shows where it was cancelled."""
    server = serve(hangs)

    async def main() -> asyncio.CancelledError:
        async with AsyncWorkflowsClient(endpoint=server.url, **IDENTITY) as client:
            task = asyncio.create_task(client.retry("i"))
            while not server.received:  # noqa: ASYNC110 - the server is a thread
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            return caught.value

    names = [frame.name for frame in traceback.extract_tb(asyncio.run(main()).__traceback__)]
    assert {"retry", "_send", "exchange"} <= set(names)


INTERRUPTED = """
import random, signal, sys
from secmaster_workflows import WorkflowsClient

class TimeLimitExceededError(Exception):
    pass

def raise_it(*_):
    raise TimeLimitExceededError

signal.signal(signal.SIGALRM, raise_it)
draw = random.Random(1)
client = WorkflowsClient(
    endpoint=sys.argv[1], token="t", project_id="p", workspace_id="w", max_connections=1, timeout=5, max_retries=0
)
client.retry("i")  # what is imported late is there: CPython's import is not made to be interrupted
for _ in range(600):
    try:
        signal.setitimer(signal.ITIMER_REAL, draw.uniform(0.0001, 0.002))
        for _call in range(100):  # the interpreter itself swallows what is raised while it frees something
            client.retry("i")
    except TimeLimitExceededError:
        pass
print(client.retry("i").success)
"""


def test_no_interruption_costs_a_place_in_the_pool(serve: Callable[..., RawServer]) -> None:
    """After 600 interruptions at any moment, a client with one connection makes its call."""
    server = serve(says(answer()))

    # In a process of its own: pytest keeps the frames of what the interpreter reports, and what is in them.
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, server.url], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stdout == "True\n", done.stderr


def test_no_cancellation_costs_a_place_in_the_pool(serve: Callable[..., RawServer]) -> None:
    """After 300 cancellations at any moment, a client with one connection makes its call."""
    server = serve(says(answer()))
    moments = random.Random(1)  # noqa: S311 - moments, no secret

    async def main() -> bool:
        async with AsyncWorkflowsClient(endpoint=server.url, max_connections=1, timeout=5, **IDENTITY) as client:
            for _ in range(300):
                calls = [asyncio.create_task(client.retry("i")) for _ in range(3)]
                for _turn in range(moments.randrange(1, 12)):
                    await asyncio.sleep(0)
                for call in calls:
                    call.cancel()
                await asyncio.gather(*calls, return_exceptions=True)
            return (await client.retry("i")).success is True

    assert asyncio.run(main())
