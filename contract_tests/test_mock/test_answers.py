"""What the server answers, request by request."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from openapi_contract import Contract
from openapi_contract.document import Document
from openapi_contract.oracle import Oracle
from secmaster_contract.mock.app import create_app
from secmaster_contract.mock.server import Running
from test_mock.wire import (
    COMMANDS,
    CONTRACT,
    DEBUG,
    OPERATION,
    PATH,
    RETRY,
    TERMINATE,
    TOKEN_LINE,
    TYPE_LINE,
    Reply,
    ask,
    call,
    message,
)


def valid(reply: Reply) -> bool:
    """Say whether a body is valid under the schema that the contract has for its status."""
    response = OPERATION.response(reply.status)
    assert response is not None
    return Oracle(CONTRACT).validator(str(response.schema_pointer)).is_valid(reply.json())


@pytest.mark.parametrize("body", [TERMINATE, RETRY, DEBUG], ids=list(COMMANDS))
def test_each_example_is_carried_out(server: Running, body: bytes) -> None:
    """
    Each of the page's example requests is answered with the page's example answer.
    """
    reply = ask(server.url, message(body))

    assert reply.status == 200
    assert reply.json() == {
        "code": "00000000",
        "message": "",
        "success": True,
        "request_id": reply.headers["x-request-id"],
    }


def test_an_answer_is_json_with_a_length_and_a_request_id(server: Running) -> None:
    """
    Media type, length and request id stand in the head of every answer.
    """
    for data in (message(), message(headers=()), message(b"{"), message(target="/nowhere")):
        reply = ask(server.url, data)

        assert reply.headers["content-type"] == "application/json"
        assert int(reply.headers["content-length"]) == len(reply.body)
        assert len(reply.headers["x-request-id"]) == 32


def test_request_ids_differ(server: Running) -> None:
    """
    No two answers have the same request id.
    """
    assert len({ask(server.url, message()).headers["x-request-id"] for _ in range(20)}) == 20


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        pytest.param(message(headers=[TYPE_LINE]), 401, "APIGW.0301", id="no-token"),
        pytest.param(message(headers=[TYPE_LINE, (TOKEN_LINE[0], "other")]), 401, "APIGW.0301", id="wrong-token"),
        pytest.param(message(headers=[TYPE_LINE, (TOKEN_LINE[0], "")]), 401, "APIGW.0301", id="empty-token"),
        pytest.param(message(headers=[TYPE_LINE, TOKEN_LINE, TOKEN_LINE]), 401, "APIGW.0301", id="token-twice"),
        pytest.param(message(b"{", headers=[TYPE_LINE]), 401, "APIGW.0301", id="token-before-body"),
        pytest.param(message(headers=[], target=PATH + "/x"), 404, "APIGW.0101", id="path-before-token"),
        pytest.param(message(method="POST"), 404, "APIGW.0101", id="unknown-method"),
        pytest.param(message(target=PATH.replace("/soc/", "/SOC/")), 404, "APIGW.0101", id="case-of-the-path"),
        pytest.param(message(target=PATH + "/"), 404, "APIGW.0101", id="trailing-slash"),
    ],
)
def test_the_gateway_rejects_in_its_own_words(server: Running, data: bytes, status: int, code: str) -> None:
    """
    What the gateway rejects has the gateway's body.
    """
    reply = ask(server.url, data)

    assert (reply.status, reply.json()["error_code"]) == (status, code)
    assert reply.json()["request_id"] == reply.headers["x-request-id"]
    assert valid(reply)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"{}", ["command_type is missing"], id="no-command"),
        pytest.param(b'{"command_type": null}', ["command_type is null, not a string"], id="null-command"),
        pytest.param(b'{"command_type": "x"}', ["command_type is none of", *COMMANDS], id="unknown-command"),
        pytest.param(
            b'{"command_type": "ActionInstanceDebugCommand", "input_dataobject": "[]"}',
            [
                "task_id is missing",
                "ActionInstanceDebugCommand",
                "body.task-id.mandatory-for-debug",
                "Table 3, task_id",
            ],
            id="debug-without-task",
        ),
        pytest.param(
            b'{"command_type": "ActionInstanceRetryCommand", "task_id": 1}',
            ["task_id is an integer", "string", "rule type", "#/components/schemas/TaskId"],
            id="task-of-the-wrong-type",
        ),
        pytest.param(b"[]", ["an array, not an object"], id="array"),
        pytest.param(b"", ["empty"], id="empty"),
        pytest.param(b"{", ["JSON"], id="not-json"),
    ],
)
def test_a_rejection_names_field_rule_and_clause(server: Running, body: bytes, words: list[str]) -> None:
    """
    The service's rejection says what was wrong, by which rule, and where that stands.
    """
    reply = ask(server.url, message(body))

    assert reply.status == 400
    assert reply.json()["code"] == "SecMaster.20030001"
    assert [word for word in words if word not in reply.json()["message"]] == []
    assert valid(reply)


def test_a_body_of_12_mebibytes_is_accepted_and_a_longer_one_is_not(server: Running) -> None:
    """
    The gateway's limit holds to the byte.
    """
    frame = len(json.dumps({"command_type": "ActionInstanceRetryCommand", "x": ""}))
    fitting, excess = (
        json.dumps(
            {"command_type": "ActionInstanceRetryCommand", "x": "a" * (12 * 1024 * 1024 - frame + more)}
        ).encode()
        for more in (0, 1)
    )

    assert ask(server.url, message(fitting)).status == 200
    assert ask(server.url, message(excess)).json()["error_code"] == "APIGW.0201"


def test_get_shows_the_instance_as_platform_behaviour(server: Running) -> None:
    """
    GET on the path answers with details, marked as no rule of the endpoint.
    """
    reply = ask(server.url, message(b"", method="GET", headers=[TOKEN_LINE]))

    assert reply.json() == {"id": "i", "name": "i", "trigger_type": "DEBUG", "status": "RUNNING", "retry_count": 0}
    assert reply.headers["x-mock-origin"] == "platform"
    assert ask(server.url, message(b"", method="GET", headers=[])).status == 401


def tighten(document: Any) -> None:
    """Demand a shorter task_id."""
    document["components"]["schemas"]["TaskId"]["maxLength"] = 40


def oblige(document: Any) -> None:
    """Demand a task_id of a retry, in its example too."""
    document["components"]["schemas"]["ActionInstanceRetryCommand"]["required"].append("task_id")
    (media,) = document["paths"][OPERATION.path]["put"]["requestBody"]["content"].values()
    media["examples"]["retry"]["value"]["task_id"] = "t"


LONG = json.dumps({**COMMANDS["ActionInstanceDebugCommand"], "task_id": "t" * 41}).encode()


def relabel(document: Any) -> None:
    """Name another header for the token."""
    document["components"]["securitySchemes"]["XAuthToken"]["name"] = "X-Other-Token"


@pytest.mark.parametrize(
    ("change", "body", "status"), [(tighten, LONG, 400), (oblige, RETRY, 400), (relabel, RETRY, 401)]
)
def test_a_rule_changed_in_the_yaml_is_enforced(change: Callable[[Any], None], body: bytes, status: int) -> None:
    """
    The server has no copy of a rule: a changed contract changes its answers.
    """
    document = copy.deepcopy(dict(CONTRACT.document.root))
    change(document)

    assert call(create_app(), body).status == 200
    assert call(create_app(contract=Contract.of(Document("edited.yaml", document))), body).status == status
