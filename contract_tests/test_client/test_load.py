"""Many calls at once: each gets its own answer, none twice, none lost."""

from __future__ import annotations

import asyncio
import collections
import json
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from secmaster_workflows import AsyncWorkflowsClient, WorkflowsClient
from test_client.conftest import IDENTITY
from test_client.raw_server import SUCCESS, Behaviour, RawServer, Received, answer

THREADED = 1600
SIMULTANEOUS = 1000


def echo() -> tuple[Behaviour, collections.Counter[str]]:
    """Answers with the instance and the task of the request; counts what it was sent."""
    counts: collections.Counter[str] = collections.Counter()
    lock = threading.Lock()

    def behave(connection: socket.socket, received: Received) -> None:
        instance_id = received.target.rsplit("/", 1)[-1]
        task_id = json.loads(received.body)["task_id"]
        with lock:
            counts[instance_id] += 1
        connection.sendall(answer({**SUCCESS, "message": f"{instance_id} {task_id}", "request_id": instance_id}))

    return behave, counts


def test_threaded_calls_keep_their_answers(serve: Callable[..., RawServer]) -> None:
    """1,600 calls from 64 threads through one client: each has its own answer, and was sent once."""
    behave, counts = echo()
    server = serve(behave)
    with WorkflowsClient(endpoint=server.url, timeout=60, **IDENTITY) as client, ThreadPoolExecutor(64) as threads:
        results = list(threads.map(lambda number: client.retry(f"i{number}", task_id=f"t{number}"), range(THREADED)))

    assert [result.message for result in results] == [f"i{number} t{number}" for number in range(THREADED)]
    assert counts == {f"i{number}": 1 for number in range(THREADED)}


def test_simultaneous_calls_keep_their_answers(serve: Callable[..., RawServer]) -> None:
    """1,000 calls at the same time through one asyncio client: each has its own answer, and was sent once."""
    behave, counts = echo()
    server = serve(behave)

    async def main() -> list[object]:
        async with AsyncWorkflowsClient(endpoint=server.url, timeout=60, **IDENTITY) as client:
            calls = [client.retry(f"i{number}", task_id=f"t{number}") for number in range(SIMULTANEOUS)]
            return [result.message for result in await asyncio.gather(*calls)]

    messages = asyncio.run(main())

    assert messages == [f"i{number} t{number}" for number in range(SIMULTANEOUS)]
    assert counts == {f"i{number}": 1 for number in range(SIMULTANEOUS)}


def test_threads_that_share_few_connections_all_have_their_turn(serve: Callable[..., RawServer]) -> None:
    """800 calls from 32 threads over three connections: each has its own answer, and none waits in vain."""
    behave, counts = echo()
    server = serve(behave)
    options: dict[str, Any] = {"timeout": 60, "max_connections": 3, **IDENTITY}
    with WorkflowsClient(endpoint=server.url, **options) as client, ThreadPoolExecutor(32) as threads:
        results = list(threads.map(lambda number: client.retry(f"i{number}", task_id=f"t{number}"), range(800)))

    assert [result.message for result in results] == [f"i{number} t{number}" for number in range(800)]
    assert counts == {f"i{number}": 1 for number in range(800)}
    assert server.connections <= 3
