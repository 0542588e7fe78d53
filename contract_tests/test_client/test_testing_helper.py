"""The helper for users' own tests answers as the contract shows, without a socket."""

from __future__ import annotations

import socket
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from openapi_contract.ledger import Ledger
from secmaster_contract.mock.app import MockApp
from secmaster_contract.mock.settings import MockSettings
from secmaster_workflows import (
    ActionInstanceDebugCommand,
    ActionInstanceRetryCommand,
    AsyncWorkflowsClient,
    AuthenticationError,
    CallError,
    CommandFailedError,
    ConfigurationError,
    RefusedError,
    ThrottledError,
    WorkflowsClient,
)
from secmaster_workflows.testing import EXAMPLES, AppTransport, ExampleTransport, answer
from test_client.conftest import IDENTITY, Caller
from test_client.generating import CONTRACT
from test_client.raw_server import SUCCESS

PLACE: dict[str, Any] = {"region": "cn-north-4", "max_retries": 0}


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting fails the test."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_examples_come_in_turn(caller: Caller) -> None:
    """Each request has the next example; the commands are kept."""
    transport = ExampleTransport("200 success", "429 throttled")

    assert caller.retry(transport=transport, **PLACE).to_dict() == EXAMPLES["200 success"]
    assert type(caller.error(transport=transport, **PLACE)) is ThrottledError
    assert type(caller.error(transport=transport, **PLACE)) is ThrottledError
    assert transport.commands == [ActionInstanceRetryCommand()] * 3
    assert len(transport.requests) == 3


def test_success_is_the_default(caller: Caller) -> None:
    """Without a word the answer is the example of a success."""
    assert caller.retry(transport=ExampleTransport(), **PLACE).success is True


def test_an_answer_may_be_made_from_the_command(caller: Caller) -> None:
    """A function is given the command."""
    transport = ExampleTransport(lambda command: answer("401 token-expired", headers={"X-Got": command.command_type}))

    error = caller.error(transport=transport, **PLACE)

    assert type(error) is AuthenticationError
    assert error.headers["x-got"] == "ActionInstanceRetryCommand"


def test_an_unknown_example_is_named() -> None:
    """The refusal lists the examples that there are."""
    with pytest.raises(ValueError, match="200 success"):
        answer("200 nonsense")


def test_an_unknown_example_is_named_when_the_transport_is_made() -> None:
    """A wrong name is a fault of the test that gives it, and no outcome of a call."""
    with pytest.raises(ValueError, match=r"There is no example 'nope'; there are: .*200 success"):
        ExampleTransport("200 success", "nope")


@pytest.mark.parametrize("given", [429, None, b"200 success"])
def test_what_is_no_answer_is_refused_when_the_transport_is_made(given: Any) -> None:
    """An answer is the name of an example, an httpx2.Response, or a function."""
    with pytest.raises(TypeError, match="An answer is the name of an example"):
        ExampleTransport(given)


@pytest.mark.parametrize(
    ("name", "kind"), [("200 failure", CommandFailedError), ("400 invalid-parameter", RefusedError)]
)
def test_a_failure_and_a_refusal_are_examples(name: str, kind: type[CallError], caller: Caller) -> None:
    """What a test of one's own needs first, after a success."""
    error = caller.error(transport=ExampleTransport(name), **PLACE)

    assert type(error) is kind
    assert error.code == EXAMPLES[name]["code"]


@pytest.mark.parametrize(
    "request_",
    [
        httpx2.Request("POST", "https://x.test/v1/p/workspaces/w/soc/workflows/instances/i"),
        httpx2.Request("PUT", "https://x.test/v1/p/workspaces/w/soc/workflows/instances"),
        httpx2.Request("PUT", "https://x.test/v1/p/workspaces/w/soc/workflows/instances/i"),
        httpx2.Request(
            "PUT", "https://x.test/v1/p/workspaces/w/soc/workflows/instances/i", headers={"X-Auth-Token": "t"}
        ),
    ],
    ids=["method", "path", "token", "media type"],
)
def test_another_request_is_refused(request_: httpx2.Request) -> None:
    """The transport answers the contract's requests alone."""
    with pytest.raises(AssertionError):
        ExampleTransport().handle_request(request_)


async def echo(request: Request) -> Response:
    """An application that answers with what it was sent."""
    body = await request.json()
    return JSONResponse({**SUCCESS, "message": body["task_id"], "request_id": request.path_params["instance"]})


APP = Starlette(routes=[Route("/v1/p/workspaces/w/soc/workflows/instances/{instance}", echo, methods=["PUT"])])


def test_an_application_answers_in_process(caller: Caller) -> None:
    """An ASGI application, such as the embedded mock's, answers both clients."""
    command = ActionInstanceDebugCommand(task_id="t-7", input_dataobject="[]")

    result = caller.send(command, transport=AppTransport(APP), **PLACE)

    assert (result.message, result.request_id) == ("t-7", "i")


def test_the_embedded_mock_answers_in_process(caller: Caller) -> None:
    """The mock answers without a socket: a command with its success, another token with its refusal."""
    settings = MockSettings(tokens=(IDENTITY["token"],))

    ledger = Ledger.load(CONTRACT)

    result = caller.retry(transport=AppTransport(MockApp(settings, CONTRACT, ledger)), **PLACE)
    error = caller.error(transport=AppTransport(MockApp(settings, CONTRACT, ledger)), **(PLACE | {"token": "another"}))

    assert result.success is True
    assert type(error) is AuthenticationError


def test_a_transport_of_the_other_kind_is_refused() -> None:
    """A blocking transport for the asyncio client, and the other way round, is refused when the client is built."""
    blocking: Any = httpx2.BaseTransport()
    concurrent: Any = httpx2.AsyncBaseTransport()

    with pytest.raises(ConfigurationError, match=r"with handle_request\(\)"):
        WorkflowsClient(transport=concurrent, **PLACE, **IDENTITY)
    with pytest.raises(ConfigurationError, match=r"with handle_async_request\(\)"):
        AsyncWorkflowsClient(transport=blocking, **PLACE, **IDENTITY)
