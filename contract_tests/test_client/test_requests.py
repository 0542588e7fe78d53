"""What is sent: exactly the documented request, or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openapi_contract.oracle import Standing
from secmaster_workflows import (
    ActionInstanceDebugCommand,
    ActionInstanceRetryCommand,
    ConfigurationError,
    DryRun,
    InvalidArgumentError,
    SecMasterError,
    WorkflowInstanceCommand,
    WorkflowsClient,
)
from test_client.conftest import IDENTITY, TOKEN, Caller
from test_client.drawn import commands, not_strings, segments, texts, tokens
from test_client.generating import OPERATION, ORACLE
from test_client.raw_server import RawServer, Received, answer, says

ON_THE_WIRE = settings(max_examples=150, deadline=None)


def judged(request: Received) -> set[Standing]:
    """What the oracle says of a request, from its final bytes."""
    types = [value for name, value in request.headers if name.lower() == "content-type"]
    return {ORACLE.body(OPERATION, request.body).standing, ORACLE.content_type(OPERATION, types).standing}


@ON_THE_WIRE
@given(command=commands(), project_id=segments, workspace_id=segments, instance_id=segments, token=tokens)
def test_every_command_is_a_request_that_the_oracle_accepts(
    command: WorkflowInstanceCommand,
    project_id: str,
    workspace_id: str,
    instance_id: str,
    token: str,
) -> None:
    """Any command, any identifiers and any token make a documented request, exactly encoded."""
    arguments: dict[str, Any] = {"token": token, "project_id": project_id, "workspace_id": workspace_id}
    with RawServer().running() as server, WorkflowsClient(endpoint=server.url, **arguments) as client:
        client.send(instance_id, command)
    sent = server.only

    assert judged(sent) == {Standing.ACCEPTED}
    assert json.loads(sent.body) == command.to_dict()
    parts = [unquote(part, errors="strict") for part in sent.target.split("/")]
    assert [parts[2], parts[4], parts[-1]] == [project_id, workspace_id, instance_id]
    assert len(parts) == len(OPERATION.path.split("/"))
    assert sent.header("X-Auth-Token") == token


def test_the_request_is_the_documented_one(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Method, path, header fields and body, and nothing besides."""
    server = serve()

    caller.send(ActionInstanceDebugCommand(task_id="t", input_dataobject=[{"value": "é"}]), endpoint=server.url)

    sent = server.only
    body = '{"command_type":"ActionInstanceDebugCommand","task_id":"t","input_dataobject":"[{\\"value\\":\\"é\\"}]"}'
    assert (sent.method, sent.target) == ("PUT", "/v1/p/workspaces/w/soc/workflows/instances/i")
    assert sent.body == body.encode()
    names = ["Host", "User-Agent", "Accept", "Accept-Encoding", "Content-Type", "X-Auth-Token", "Content-Length"]
    assert [name for name, _ in sent.headers] == names
    assert sent.header("Host") == f"localhost:{server.port}"
    assert sent.header("User-Agent").startswith("secmaster-workflows/")
    assert sent.header("Accept-Encoding") == "identity"
    assert sent.header("Content-Type") == "application/json;charset=UTF-8"
    assert sent.header("X-Auth-Token") == TOKEN
    assert sent.header("Content-Length") == str(len(sent.body))


@pytest.mark.parametrize("method", ["terminate", "retry"])
@pytest.mark.parametrize(
    "fields", [{}, {"task_id": ""}, {"input_dataobject": "{}"}, {"task_id": "t", "input_dataobject": ""}]
)
def test_each_method_sends_its_command(
    method: str, fields: dict[str, str], caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """A method is its command; a field that is not given is not sent, an empty one is."""
    server = serve()

    caller.run(lambda client: getattr(client, method)("i", **fields), endpoint=server.url)

    name = f"ActionInstance{method.capitalize()}Command"
    assert json.loads(server.only.body) == {"command_type": name, **fields}


def test_a_prefix_of_the_endpoint_is_kept(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """An endpoint behind a path is sent to behind that path."""
    server = serve()

    caller.retry(endpoint=f"{server.url}/gate%20way/")

    assert server.only.target == "/gate%20way/v1/p/workspaces/w/soc/workflows/instances/i"


ROUTES: Sequence[Any] = ["", ".", "..", "a/b", "/", "../x", "a\\b", "..\\x", "\ud800", None, 5, b"i", ["i"], object()]


@pytest.mark.parametrize("value", ROUTES)
@pytest.mark.parametrize("name", ["project_id", "workspace_id", "instance_id"])
def test_an_identifier_that_changes_the_route_is_refused(
    name: str, value: Any, caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """No identifier addresses another resource; nothing is sent."""
    server = serve()
    arguments = {name: value} if name != "instance_id" else {}
    instance_id = value if name == "instance_id" else "i"

    with pytest.raises(ConfigurationError, match=name):
        caller.retry(instance_id, endpoint=server.url, **arguments)

    assert (server.connections, server.octets) == (0, 0)


@settings(max_examples=200, deadline=None)
@given(instance_id=not_strings | texts)
def test_whatever_the_identifier_the_route_stays(instance_id: Any) -> None:
    """An identifier is refused, or is the last segment of the path, exactly."""
    with WorkflowsClient(endpoint="https://example.test", **IDENTITY) as client:
        try:
            shown = client.dry_run(instance_id, ActionInstanceRetryCommand())
        except InvalidArgumentError:
            return

    start = "https://example.test/v1/p/workspaces/w/soc/workflows/instances/"
    assert shown.url.startswith(start)
    assert unquote(shown.url.removeprefix(start), errors="strict") == instance_id
    assert re.fullmatch(r"([A-Za-z0-9._~-]|%[0-9A-F]{2})+", shown.url.removeprefix(start))


REFUSED: dict[str, Callable[[Any], Any]] = {
    "no task_id": lambda client: client.debug("i", input_dataobject="[]"),
    "task_id None": lambda client: client.debug("i", task_id=None, input_dataobject="[]"),
    "task_id a number": lambda client: client.retry("i", task_id=5),
    "input_dataobject None": lambda client: client.debug("i", task_id="t", input_dataobject=None),
    "input_dataobject bytes": lambda client: client.terminate("i", input_dataobject=b"[]"),
    "input_dataobject NaN": lambda client: client.debug("i", task_id="t", input_dataobject=[float("nan")]),
    "an unknown field": lambda client: client.retry("i", taskid="t"),
    "a dictionary": lambda client: client.send("i", {"command_type": "ActionInstanceRetryCommand"}),
    "None": lambda client: client.send("i", None),
    "no instance": lambda client: client.retry(),
    "instance ..": lambda client: client.retry(".."),
    "instance empty": lambda client: client.terminate(""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_puts_nothing_on_the_network(
    case: str, caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """A command refused here opens no connection and sends not one byte; a good one right after does."""
    server = serve()

    with pytest.raises((SecMasterError, TypeError)) as caught:
        caller.run(REFUSED[case], endpoint=server.url)
    assert (server.connections, server.octets) == (0, 0)
    assert not isinstance(caught.value, SecMasterError) or caught.value.sent == "no"

    caller.retry(endpoint=server.url)
    assert server.connections == 1


BAD_TOKENS = {
    "a line break": "secret-part\nX-Other: 1",
    "a carriage return": "secret-part\r",
    "a line break behind": "secret-part\n",
    "a space before": " secret-part",
    "a NUL": "secret-part\0",
    "beyond ASCII": "secret-part-é",
    "a lone surrogate": "secret-part\ud800",
    "DEL": "secret-part\x7f",
    "empty": "",
    "bytes": b"secret-part",
    "a number": 12345678,
    "a list": ["secret-part"],
}


@pytest.mark.parametrize("case", BAD_TOKENS)
@pytest.mark.parametrize("way", ["argument", "function"])
def test_a_bad_token_is_refused_without_being_shown(
    case: str, way: str, caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """A token that is none is refused; the message does not show it; nothing is sent."""
    server = serve()
    token: Any = BAD_TOKENS[case] if way == "argument" else lambda: BAD_TOKENS[case]

    with pytest.raises(ConfigurationError, match="token") as caught:
        caller.retry(endpoint=server.url, token=token)

    assert "secret" not in str(caught.value)
    assert "1234" not in str(caught.value)
    assert server.connections == 0


@settings(max_examples=100, deadline=None)
@given(command=commands(), token=st.from_regex(r"[A-Za-z0-9+/=]{20,40}", fullmatch=True))
def test_a_dry_run_shows_the_request_and_not_the_token(command: WorkflowInstanceCommand, token: str) -> None:
    """A dry run shows method, URL, headers and body; the token is masked."""
    arguments: dict[str, Any] = {**IDENTITY, "token": token}
    client = WorkflowsClient(endpoint="https://example.test", **arguments)

    shown = client.dry_run("i", command)

    assert isinstance(shown, DryRun)
    assert (shown.method, shown.url) == ("PUT", "https://example.test/v1/p/workspaces/w/soc/workflows/instances/i")
    assert shown.headers["X-Auth-Token"] == "***"
    assert json.loads(shown.body) == command.to_dict()
    assert shown.headers["Content-Length"] == str(len(shown.body.encode()))
    assert token not in str(shown).replace(shown.body, "")


def test_a_dry_run_shows_what_is_then_sent(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The request that follows is the one that was shown."""
    server = serve(says(answer()))
    shown: list[DryRun] = []

    def use(client: Any) -> Any:
        shown.append(client.dry_run("i", ActionInstanceRetryCommand()))
        assert server.connections == 0
        return client.send("i", ActionInstanceRetryCommand())

    caller.run(use, endpoint=server.url)

    fields = [(name, "***" if name == "X-Auth-Token" else value) for name, value in server.only.headers]
    assert list(shown[0].headers.items()) == fields
    assert shown[0].body.encode() == server.only.body
