"""The clients that are measured: each builds a command, sends it, and looks whether the answer says success.

A peer is a function that opens its client, once, and returns the call: `call(command)`, `command` being the body as a
dict. Where a client has types of its own for the command, the call builds them.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

PROJECT, WORKSPACE, INSTANCE, TOKEN = "p" * 32, "w" * 36, "909494e3-558e-46b6-a9eb-07a8e18ca62f", "t" * 600
PATH = f"/v1/{PROJECT}/workspaces/{WORKSPACE}/soc/workflows/instances/{INSTANCE}"
HEADERS = {"X-Auth-Token": TOKEN, "Content-Type": "application/json;charset=UTF-8", "Accept": "application/json"}

Call = Callable[[dict[str, str]], None]
AsyncCall = Callable[[dict[str, str]], Awaitable[None]]


def _must(success: object) -> None:
    if success is not True:
        raise AssertionError(f"the answer says success {success!r}")


def _write(command: dict[str, str]) -> bytes:
    return json.dumps(command, separators=(",", ":")).encode()


_METHODS = {
    "ActionInstanceDebugCommand": "debug",
    "ActionInstanceRetryCommand": "retry",
    "ActionInstanceTerminateCommand": "terminate",
}


def _members(command: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in command.items() if name != "command_type"}


def ours(url: str) -> Call:
    from secmaster_workflows import WorkflowsClient

    client = WorkflowsClient(endpoint=url, token=TOKEN, project_id=PROJECT, workspace_id=WORKSPACE)

    def call(command: dict[str, str]) -> None:
        _must(getattr(client, _METHODS[command["command_type"]])(INSTANCE, **_members(command)).success)

    return call


def ours_async(url: str) -> AsyncCall:
    from secmaster_workflows import AsyncWorkflowsClient

    client = AsyncWorkflowsClient(endpoint=url, token=TOKEN, project_id=PROJECT, workspace_id=WORKSPACE)

    async def call(command: dict[str, str]) -> None:
        method = getattr(client, _METHODS[command["command_type"]])
        _must((await method(INSTANCE, **_members(command))).success)

    return call


def _official(url: str, kind: str) -> tuple[Any, Callable[[dict[str, str]], Any]]:
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdksecmaster.v1 import (
        AopInstanceUpdateDataPojo,
        SecMasterAsyncClient,
        SecMasterClient,
        UpdateWorkflowInstanceRequest,
    )

    # It knows no token: each request is signed with a key pair.
    credentials = BasicCredentials("A" * 20, "S" * 40, PROJECT)
    built = {"sync": SecMasterClient, "async": SecMasterAsyncClient}[kind].new_builder()
    client = built.with_credentials(credentials).with_endpoint(url).build()

    def request(command: dict[str, str]) -> Any:
        return UpdateWorkflowInstanceRequest(
            workspace_id=WORKSPACE, instance_id=INSTANCE, body=AopInstanceUpdateDataPojo(**command)
        )

    return client, request


def official(url: str) -> Call:
    client, request = _official(url, "sync")
    return lambda command: _must(client.update_workflow_instance(request(command)).success)


def official_async(url: str) -> AsyncCall:
    client, request = _official(url, "async")

    async def call(command: dict[str, str]) -> None:
        # Its "async" hands the call to a thread and returns that thread's future.
        import asyncio

        future = client.update_workflow_instance_async(request(command))
        _must((await asyncio.to_thread(future.result)).success)

    return call


def _stock(url: str) -> tuple[Any, Any, dict[str, Any]]:
    from stock_client import AuthenticatedClient, models
    from stock_client.api.workflows import update_workflow_instance

    client = AuthenticatedClient(base_url=url, token=TOKEN, prefix="", auth_header_name="X-Auth-Token")
    return client, update_workflow_instance, {name: getattr(models, name) for name in _METHODS}


def stock(url: str) -> Call:
    client, operation, models = _stock(url)

    def call(command: dict[str, str]) -> None:
        body = models[command["command_type"]].from_dict(command)
        _must(operation.sync(PROJECT, WORKSPACE, INSTANCE, client=client, body=body).success)

    return call


def stock_async(url: str) -> AsyncCall:
    client, operation, models = _stock(url)

    async def call(command: dict[str, str]) -> None:
        body = models[command["command_type"]].from_dict(command)
        _must((await operation.asyncio(PROJECT, WORKSPACE, INSTANCE, client=client, body=body)).success)

    return call


def plain_httpx2(url: str) -> Call:
    import httpx2

    client = httpx2.Client(base_url=url, headers=HEADERS)
    return lambda command: _must(client.put(PATH, content=_write(command)).raise_for_status().json()["success"])


def plain_httpx2_async(url: str) -> AsyncCall:
    import httpx2

    client = httpx2.AsyncClient(base_url=url, headers=HEADERS)

    async def call(command: dict[str, str]) -> None:
        _must((await client.put(PATH, content=_write(command))).raise_for_status().json()["success"])

    return call


def plain_requests(url: str) -> Call:
    import requests

    session = requests.Session()
    session.headers.update(HEADERS)

    def call(command: dict[str, str]) -> None:
        answer = session.put(url + PATH, data=_write(command), timeout=30)
        answer.raise_for_status()
        _must(answer.json()["success"])

    return call


def plain_niquests(url: str) -> Call:
    import niquests

    session = niquests.Session()
    session.headers.update(HEADERS)

    def call(command: dict[str, str]) -> None:
        answer = session.put(url + PATH, data=_write(command), timeout=30)
        answer.raise_for_status()
        _must(answer.json()["success"])

    return call


def plain_niquests_async(url: str) -> AsyncCall:
    import niquests

    session = niquests.AsyncSession()
    session.headers.update(HEADERS)

    async def call(command: dict[str, str]) -> None:
        answer = await session.put(url + PATH, data=_write(command), timeout=30)
        answer.raise_for_status()
        _must(answer.json()["success"])

    return call


def plain_aiohttp(url: str) -> AsyncCall:
    import aiohttp

    sessions: list[aiohttp.ClientSession] = []

    async def call(command: dict[str, str]) -> None:
        if not sessions:  # it wants the running loop
            sessions.append(aiohttp.ClientSession(headers=HEADERS, raise_for_status=True))
        async with sessions[0].put(url + PATH, data=_write(command)) as answer:
            _must((await answer.json())["success"])

    return call


def plain_urllib3(url: str) -> Call:
    import urllib3

    pool = urllib3.PoolManager(headers=HEADERS, timeout=30)
    return lambda command: _must(pool.request("PUT", url + PATH, body=_write(command)).json()["success"])


def plain_http_client(url: str) -> Call:
    import http.client

    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)

    def call(command: dict[str, str]) -> None:
        connection.request("PUT", PATH, _write(command), HEADERS)
        _must(json.loads(connection.getresponse().read())["success"])

    return call


SYNC: dict[str, Callable[[str], Call]] = {
    "ours": ours,
    "official": official,
    "stock": stock,
    "httpx2": plain_httpx2,
    "requests": plain_requests,
    "niquests": plain_niquests,
    "urllib3": plain_urllib3,
    "http.client": plain_http_client,
}
ASYNC: dict[str, Callable[[str], AsyncCall]] = {
    "ours async": ours_async,
    "official async": official_async,
    "stock async": stock_async,
    "httpx2 async": plain_httpx2_async,
    "niquests async": plain_niquests_async,
    "aiohttp async": plain_aiohttp,
}
