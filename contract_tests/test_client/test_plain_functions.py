"""The plain endpoint functions: the raw answer, equally safe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from secmaster_workflows import (
    ActionInstanceRetryCommand,
    ConnectionFailedError,
    ErrorResponse,
    GatewayErrorResponse,
    SecMasterError,
    UpdateWorkflowInstanceResult,
)
from secmaster_workflows.api.workflows import update_workflow_instance as operation
from secmaster_workflows.types import Response
from test_client.conftest import TOKEN, Caller
from test_client.raw_server import SUCCESS, RawServer, answer, resets, says

COMMAND = ActionInstanceRetryCommand()
IDS = {"project_id": "pp", "workspace_id": "ww", "instance_id": "ii"}


def detailed(caller: Caller, server: RawServer, *, body: Any = COMMAND, **arguments: Any) -> Response[Any]:
    """The raw answer. Arguments that are no identifiers are options of the client."""
    identifiers = {name: arguments.pop(name, value) for name, value in IDS.items()}
    function: Any = operation.sync_detailed if caller.kind == "sync" else operation.asyncio_detailed
    response: Response[Any] = caller.run(
        lambda client: function(**identifiers, client=client, body=body),
        endpoint=server.url,
        max_retries=0,
        **arguments,
    )
    return response


ANSWERS: list[tuple[str, Any, type[Any] | None]] = [
    ("200 OK", SUCCESS, UpdateWorkflowInstanceResult),
    ("200 OK", {"success": False}, UpdateWorkflowInstanceResult),
    ("200 OK", {"success": 1}, None),
    ("200 OK", b"<html>", None),
    ("400 No", {"code": "c", "message": "m"}, ErrorResponse),
    ("401 No", {"error_code": "c", "error_msg": "m"}, GatewayErrorResponse),
    ("403 No", {"code": "c", "message": "m"}, ErrorResponse),
    ("503 No", {"error_code": "c", "error_msg": "m"}, GatewayErrorResponse),
    ("500 No", b"", None),
    ("299 Odd", SUCCESS, None),
    ("302 Found", b"", None),
]


@pytest.mark.parametrize("case", range(len(ANSWERS)))
def test_any_status_is_an_answer(case: int, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Status, headers and body come as they are, and parsed where they have a documented shape."""
    status, body, shape = ANSWERS[case]
    server = serve(says(answer(body, status, "X-A: b")))

    response = detailed(caller, server)

    assert response.status_code == int(status.split()[0])
    assert response.headers["x-a"] == "b"
    assert answer(body).endswith(response.content)
    assert (None if response.parsed is None else type(response.parsed)) is shape
    assert server.only.target == "/v1/pp/workspaces/ww/soc/workflows/instances/ii"
    assert server.only.header("X-Auth-Token") == TOKEN


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("value", ["", ".", "..", "a/b", None, 5])
def test_a_path_argument_that_changes_the_route_is_refused(
    name: str, value: Any, caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """The plain functions refuse what the client refuses; nothing is sent."""
    server = serve()

    with pytest.raises(SecMasterError, match=name):
        detailed(caller, server, **{name: value})

    assert server.connections == 0


@pytest.mark.parametrize("body", [None, {}, {"command_type": "ActionInstanceRetryCommand"}, "x"])
def test_what_is_no_command_is_refused(body: Any, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The plain functions send the command classes alone."""
    server = serve()

    with pytest.raises(SecMasterError, match="A command is one of"):
        detailed(caller, server, body=body)

    assert server.connections == 0


def test_an_echoed_token_is_masked(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The raw answer does not show the token either."""
    server = serve(says(answer({**SUCCESS, "message": TOKEN}, "200 OK", f"X-Echo: {TOKEN}")))

    assert TOKEN not in repr(detailed(caller, server))


def test_no_answer_is_a_typed_error(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Where there is no answer, the error is that of the client."""
    with pytest.raises(ConnectionFailedError):
        detailed(caller, serve(resets))


CUT = {
    "cut by the limit": (answer(b" " * 2000), "it is larger than 1024 bytes"),
    "cut off": (answer()[:-1], "it broke off"),
}


@pytest.mark.parametrize("case", CUT)
def test_a_cut_answer_is_marked(case: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """`fault` says that the body is not all that was sent, and why."""
    content, fault = CUT[case]
    server = serve(says(content, close=True))

    response = detailed(caller, server, max_answer_bytes=1024)

    assert fault in response.fault
    assert (response.late, response.parsed) == (False, None)


def test_a_late_answer_is_marked(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """`fault` says that the deadline came before the whole body."""
    response = detailed(caller, serve(says(answer()[:-1])), timeout=0.4)

    assert (response.late, response.fault) == (True, "it did not arrive by the deadline")
    assert response.content == answer().partition(b"\r\n\r\n")[2][:-1]


def test_a_whole_answer_has_no_mark(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A whole answer is neither cut nor late."""
    response = detailed(caller, serve())

    assert (response.late, response.fault) == (False, "")


@pytest.mark.parametrize("name", ["sync", "asyncio"])
def test_no_function_drops_the_status(name: str) -> None:
    """What would turn a 401 or 502 into None is not there."""
    assert not hasattr(operation, name)
