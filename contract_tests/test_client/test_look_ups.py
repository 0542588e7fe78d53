"""Names are looked up in few threads of the client's own, which are used again; at the very end without one."""

from __future__ import annotations

import asyncio
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from secmaster_workflows import AsyncWorkflowsClient, CallError, WorkflowsClient
from secmaster_workflows._runtime import names
from test_client.conftest import IDENTITY, Caller
from test_client.raw_server import RawServer

OPTIONS: dict[str, Any] = {**IDENTITY, "allow_http": True, "max_retries": 0, "timeout": 5}
HASTY: dict[str, Any] = {**OPTIONS, "timeout": 1}


@pytest.fixture(autouse=True)
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread of another test is left to look up."""
    monkeypatch.setattr(names, "_resolver", names._Resolver())


def some_name() -> str:
    """A host that nobody else asks for."""
    return f"{secrets.token_hex(6)}.example"


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Lets go of all look-ups, which take for ever until then and come to nothing."""
    event = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: event.wait(20) and [])
    yield event
    event.set()


def looking() -> set[int]:
    """The threads of the process but for those that make calls."""
    calling = {thread.ident for thread in threading.enumerate() if thread.name == "calls"}
    return {ident for ident in sys._current_frames() if ident not in calling}


def test_hanging_look_ups_take_few_threads(release: threading.Event) -> None:
    """Forty names that do not resolve take eight threads, and the calls end by their deadline."""
    before = looking()
    errors: list[CallError] = []

    def call() -> None:
        with (
            WorkflowsClient(endpoint=f"http://{some_name()}", **HASTY) as client,
            pytest.raises(CallError) as caught,
        ):
            client.retry("i")
        errors.append(caught.value)

    threads = [threading.Thread(target=call, name="calls") for _ in range(40)]
    for thread in threads:
        thread.start()
    release.wait(0.5)
    after = looking()
    for thread in threads:
        thread.join(3)

    assert len(after - before) <= 8
    assert [error.sent for error in errors] == ["no"] * 40


def test_calls_for_one_name_share_its_look_up(release: threading.Event) -> None:
    """However many calls wait for a name, it is asked for once."""
    before = looking()
    with WorkflowsClient(endpoint=f"http://{some_name()}", **HASTY) as client:

        def call() -> None:
            with pytest.raises(CallError):
                client.retry("i")

        threads = [threading.Thread(target=call, name="calls") for _ in range(20)]
        for thread in threads:
            thread.start()
        release.wait(0.5)
        after = looking()
        for thread in threads:
            thread.join(3)

    assert len(after - before) <= 1


def test_a_look_up_thread_is_used_again(monkeypatch: pytest.MonkeyPatch, caller: Caller) -> None:
    """Twenty look-ups, one after the other, are made by one thread."""
    hosts = [some_name() for _ in range(20)]
    asked: dict[str, int] = {}

    def none(host: bytes, *_: object, **__: object) -> list[object]:
        asked[host.decode()] = threading.get_ident()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", none)
    for host in hosts:
        caller.error(endpoint=f"http://{host}", allow_http=True, max_retries=0)

    assert len({asked[host] for host in hosts}) == 1


def test_look_ups_leave_the_executor_of_the_application_alone(release: threading.Event) -> None:
    """While forty look-ups hang, what the application runs in its loop's executor runs."""

    async def main() -> str:
        clients = [AsyncWorkflowsClient(endpoint=f"http://{some_name()}", **OPTIONS) for _ in range(40)]
        calls = [asyncio.create_task(client.retry("i")) for client in clients]
        await asyncio.sleep(0.2)
        try:
            async with asyncio.timeout(2):
                return await asyncio.get_running_loop().run_in_executor(None, lambda: "done")
        finally:
            release.set()
            await asyncio.gather(*calls, return_exceptions=True)

    assert asyncio.run(main()) == "done"


AT_EXIT = """
import _thread, asyncio, atexit, sys
from secmaster_workflows import AsyncWorkflowsClient, WorkflowsClient

options = dict(endpoint=sys.argv[1], token="t", project_id="p", workspace_id="w", max_retries=0)

def say_goodbye():
    print(WorkflowsClient(**options).retry("1").success)
    async def call():
        async with AsyncWorkflowsClient(**options) as client:
            print((await client.retry("2")).success)
    asyncio.run(call())

def no_thread(*_):
    raise RuntimeError("can't create new thread at interpreter shutdown")

atexit.register(say_goodbye)
if sys.argv[2] == "as Python 3.12":
    _thread.start_new_thread = no_thread
"""


@pytest.mark.parametrize("python", ["this Python", "as Python 3.12"])
def test_a_name_is_resolved_while_the_interpreter_ends(python: str, serve: Callable[..., RawServer]) -> None:
    """A call from atexit finds its host, where no thread can be started any more, too."""
    server = serve()

    done = subprocess.run(
        [sys.executable, "-c", AT_EXIT, server.url, python], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.stdout, done.stderr) == ("True\nTrue\n", "")
