"""A client through its life: threads, forks, event loops, cancellation, copies, its end."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from secmaster_workflows import (
    AsyncWorkflowsClient,
    SecMasterError,
    WorkflowsClient,
)
from test_client.conftest import IDENTITY, TOKEN, Caller
from test_client.raw_server import RawServer, answer, hangs, in_turn, says


def test_threads_share_one_pool(serve: Callable[..., RawServer]) -> None:
    """However many threads come first, the connections are of one pool."""
    server = serve()
    with WorkflowsClient(endpoint=server.url, max_connections=2, **IDENTITY) as client:
        barrier = threading.Barrier(16)

        def call() -> None:
            barrier.wait()
            client.retry("i")

        threads = [threading.Thread(target=call) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(server.received) == 16
    assert server.connections <= 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")  # the threads are the test's server
def test_a_fork_makes_connections_of_its_own(serve: Callable[..., RawServer]) -> None:
    """A forked child leaves the parent's connection alone, and a lock that a thread held at that moment."""
    server = serve()
    with WorkflowsClient(endpoint=server.url, **IDENTITY) as client:
        client.retry("parent")
        (way,) = client._shared.ways.values()
        with way._lock:
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    code = 0 if client.retry("child").success else 1
                finally:
                    os._exit(code)
        _, status = os.waitpid(child, 0)
        client.retry("parent")

    assert os.waitstatus_to_exitcode(status) == 0
    assert [request.connection for request in server.received] == [1, 2, 1]


LOOPS = """
import asyncio, sys, threading
from secmaster_workflows import AsyncWorkflowsClient

client = AsyncWorkflowsClient(endpoint=sys.argv[1], token="t", project_id="p", workspace_id="w")

async def call():
    first, second = await asyncio.gather(client.retry("1"), client.retry("2"))
    return first.success and second.success

results = [asyncio.run(call()) for _ in range(3)]
threads = [threading.Thread(target=lambda: results.append(asyncio.run(call()))) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
results.append(asyncio.run(call()))
assert results == [True] * 8, results
assert len(client._shared.ways) == 1, "loops that have ended are kept"
"""


def test_one_client_serves_many_event_loops(serve: Callable[..., RawServer]) -> None:
    """Each event loop has connections of its own, one loop after the other or several at once."""
    server = serve()

    done = subprocess.run(
        [sys.executable, "-c", LOOPS, server.url], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert len(server.received) == 16


def test_cancellation_passes_and_loses_no_connection(serve: Callable[..., RawServer]) -> None:
    """A cancelled call is cancelled at once; the pool goes on."""
    server = serve(in_turn(hangs, says(answer())))

    async def main() -> bool:
        async with AsyncWorkflowsClient(endpoint=server.url, max_connections=1, **IDENTITY) as client:
            task = asyncio.create_task(client.retry("1"))
            while not server.received:  # noqa: ASYNC110 - the server is a thread
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert TOKEN not in repr(caught.value)
            return (await client.retry("2")).success is True

    assert asyncio.run(main())


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_a_copy_is_a_client_of_its_own(duplicate: Callable[[Any], Any], serve: Callable[..., RawServer]) -> None:
    """A copy has the configuration and the token, and connections of its own."""
    server = serve()
    with WorkflowsClient(endpoint=server.url, timeout=7, **IDENTITY) as client:
        client.retry("1")
        with duplicate(client) as other:
            other.retry("2")
            assert other._settings == client._settings
        client.retry("3")

    assert [request.connection for request in server.received] == [1, 2, 1]


@pytest.mark.parametrize("kind", [WorkflowsClient, AsyncWorkflowsClient])
def test_a_client_is_not_pickled(kind: Any) -> None:
    """A client with its token does not end up in a file or a queue."""
    with pytest.raises(TypeError, match="not pickled: build it where it is used"):
        pickle.dumps(kind(endpoint="https://example.test", **IDENTITY))


def test_a_closed_client_refuses(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A client is not used after its end."""
    server = serve()

    def use(client: Any) -> Any:
        client._shared.closed = True
        return client.retry("i")

    with pytest.raises(SecMasterError, match="closed"):
        caller.run(use, endpoint=server.url)
    assert server.connections == 0
