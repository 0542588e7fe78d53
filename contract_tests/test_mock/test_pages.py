"""The pages beside the operation: health, the contract, the admin endpoints."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secmaster_contract.mock.instances import Instance, Status
from secmaster_contract.mock.server import Running
from secmaster_contract.shipped import openapi_directory
from test_mock.wire import CONTRACT, PATH, RETRY, TERMINATE, TOKEN_LINE, Reply, Wire, ask, message

NAMES = st.sampled_from(sorted({*Instance(project_id="", workspace_id="", instance_id="").describe(), "settles_at"}))
LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["RUNNING", "DEBUG"])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=8))
SEED = Instance(project_id="i", workspace_id="i", instance_id="i")


@pytest.fixture
def stateful(serve: Callable[..., Running]) -> Running:
    """A server with one instance."""
    return serve(state=":memory:", instances=(SEED,))


def admin(server: Running, path: str, body: object = None, *, method: str = "GET", token: bool = True) -> Reply:
    """Send a request to an admin endpoint."""
    data = b"" if body is None else json.dumps(body).encode()
    headers = [TOKEN_LINE] if token else []
    return ask(server.url, message(data, method=method, target=f"/__mock__/{path}", headers=headers))


def page(server: Running, path: str, method: str = "GET") -> Reply:
    """Read a page."""
    return ask(server.url, message(b"", method=method, target=path, headers=[]))


def test_the_health_check_needs_no_token(server: Running) -> None:
    """
    A container's health check knows no secret.
    """
    reply = page(server, "/healthz")

    assert (reply.status, reply.json()) == (200, {"status": "ok", "mode": "stateless"})


def test_the_contract_is_served_as_it_stands(server: Running) -> None:
    """
    YAML byte for byte, JSON value for value.
    """
    text = (openapi_directory() / "secmaster-workflows.yaml").read_bytes()

    assert page(server, "/openapi.yaml").body == text
    assert page(server, "/openapi.json").json() == yaml.safe_load(text)


@pytest.mark.parametrize("path", ["/", "/healthz", "/openapi.yaml", "/openapi.json"])
def test_the_pages_can_be_read_and_nothing_else(server: Running, path: str) -> None:
    """
    Another method on a page is an unknown API.
    """
    whole = page(server, path)
    head = ask(server.url, message(b"", method="HEAD", target=path, headers=[]), head_only=True)

    assert (whole.status, head.status) == (200, 200)
    assert head.headers["content-length"] == str(len(whole.body))
    assert page(server, path, "POST").status == 404
    assert page(server, path + "/x").status == 404


def test_the_reference_page_bids_the_browser_be_careful(server: Running) -> None:
    """
    It is read as HTML alone, tells no other site where its reader comes from, and lets nothing else in.
    """
    headers = page(server, "/").headers

    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["content-security-policy"].startswith("default-src 'none'; ")


@pytest.mark.parametrize(
    ("path", "method"), [("instances", "GET"), ("instances", "POST"), ("reset", "POST"), ("commands", "GET")]
)
def test_the_admin_endpoints_want_the_token(stateful: Running, path: str, method: str) -> None:
    """
    No other door leads to an instance.
    """
    reply = admin(stateful, path, {}, method=method, token=False)

    assert (reply.status, reply.json()["error_code"]) == (401, "APIGW.0301")


def test_instances_are_listed_created_and_reset(stateful: Running) -> None:
    """
    What was created is listed and takes commands; a reset brings the seed back.
    """
    other = {"project_id": "i", "workspace_id": "i", "instance_id": "other", "status": "FAILED"}
    created = admin(stateful, "instances", other, method="POST")
    target = PATH[:-1] + "other"
    taken = ask(stateful.url, message(RETRY, target=target))
    listed = admin(stateful, "instances").json()["instances"]
    reset = admin(stateful, "reset", method="POST").json()["instances"]

    assert (created.status, taken.status) == (201, 200)
    assert [one["instance_id"] for one in listed] == ["i", "other"]
    assert listed[1]["status"] == "RETRYING"
    assert reset == [SEED.describe()]


def test_the_commands_that_an_instance_took_are_listed(stateful: Running) -> None:
    """
    Refused commands are not among them.
    """
    request_id = ask(stateful.url, message(TERMINATE)).headers["x-request-id"]
    ask(stateful.url, message(TERMINATE))
    (command,) = admin(stateful, "commands?project_id=i&workspace_id=i&instance_id=i").json()["commands"]

    assert (command["command"], command["request_id"]) == ("ActionInstanceTerminateCommand", request_id)
    assert json.loads(command["body"]) == json.loads(TERMINATE)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], None),
        ({}, "project_id is a string"),
        (7, "an instance is an object"),
        ({**SEED.describe(), "status": "SLEEPING"}, f"status is one of {', '.join(Status)}"),
        ({**SEED.describe(), "status": []}, "status is one of"),
        ({**SEED.describe(), "retry_count": -1}, "retry_count is a whole number"),
        ({**SEED.describe(), "retry_count": 10**30}, "retry_count is a whole number"),
        ({**SEED.describe(), "lenient": 1}, "lenient is true or false"),
        ({**SEED.describe(), "colour": "red"}, "'colour' is no field"),
        ({**SEED.describe(), "instance_id": "\ud800"}, "instance_id"),
    ],
)
def test_a_bad_instance_is_explained(stateful: Running, body: object, words: str | None) -> None:
    """
    A 400 that names the field, and nothing is created.
    """
    reply = admin(stateful, "instances", body, method="POST")

    assert reply.status == (201 if words is None else 400)
    assert (words or "") in reply.body.decode()
    assert len(admin(stateful, "instances").json()["instances"]) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100000])
def test_a_body_that_is_not_json_is_explained(stateful: Running, body: bytes) -> None:
    """
    The admin endpoints fail as little as the operation does.
    """
    reply = ask(stateful.url, message(body, method="POST", target="/__mock__/instances", headers=[TOKEN_LINE]))

    assert (reply.status, reply.json()) == (400, {"message": "the body is not JSON."})


def test_a_body_beyond_the_limit_is_explained(serve: Callable[..., Running]) -> None:
    """
    The admin endpoints have the operation's limit.
    """
    server = serve(state=":memory:", body_limit=100)
    replies = [admin(server, "instances", [" " * size], method="POST") for size in (96, 97)]

    assert [reply.json()["message"] for reply in replies] == [
        "an instance is an object.",
        "the body is longer than 100 bytes.",
    ]


def test_a_client_that_leaves_early_is_no_error(stateful: Running, caplog: pytest.LogCaptureFixture) -> None:
    """
    A request for an instance that breaks off creates none, and the server's own log has nothing to say of it.
    """
    data = message(json.dumps(SEED.describe()).encode(), method="POST", target="/__mock__/instances")
    with Wire(stateful.url) as wire:
        wire.send(data[:-1])
        wire.socket.shutdown(socket.SHUT_WR)
        assert wire.ended()

    assert admin(stateful, "instances").json()["instances"] == [SEED.describe()]
    assert caplog.messages == []


@given(body=VALUES)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_makes_the_admin_endpoints_fail(stateful: Running, body: object) -> None:
    """
    Whatever JSON is sent, the answer is 201 or an explained 400.
    """
    assert admin(stateful, "instances", body, method="POST").status in {201, 400}


def test_a_query_that_lacks_a_name_is_explained(stateful: Running) -> None:
    """
    The commands of an instance need all of its key.
    """
    assert "workspace_id is missing" in admin(stateful, "commands?project_id=i").json()["message"]


def test_a_stateless_server_says_how_to_get_instances(server: Running) -> None:
    """
    The answer names the option.
    """
    reply = admin(server, "instances")

    assert reply.status == 404
    assert "--state" in reply.json()["message"]


@pytest.mark.parametrize("path", ["", "nothing", "instances/", "instances/x", "../v1"])
def test_an_unknown_admin_path_is_a_404_in_json(stateful: Running, path: str) -> None:
    """
    The prefix holds nothing but what is documented.
    """
    reply = admin(stateful, path)

    assert reply.status == 404
    assert reply.json()


def test_the_reserved_prefix_is_no_path_of_the_contract() -> None:
    """
    The admin endpoints cannot stand in the service's way.
    """
    assert not any(path.startswith("/__mock__") for path in CONTRACT.document.root["paths"])
