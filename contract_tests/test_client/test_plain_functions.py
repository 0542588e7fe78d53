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


def detailed(caller: Caller, server: RawServer, *, body: Any = COMMAND, **identifiers: Any) -> Response[Any]:
    """The raw answer."""
    function: Any = operation.sync_detailed if caller.kind == "sync" else operation.asyncio_detailed
    response: Response[Any] = caller.run(
        lambda client: function(**{**IDS, **identifiers}, client=client, body=body), endpoint=server.url, max_retries=0
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


def test_the_short_functions_give_the_body(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """`sync` and `asyncio` give what is parsed."""
    server = serve()
    function: Any = operation.sync if caller.kind == "sync" else operation.asyncio

    parsed = caller.run(lambda client: function(**IDS, client=client, body=COMMAND), endpoint=server.url)

    assert parsed == UpdateWorkflowInstanceResult.from_dict(SUCCESS)


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
