"""Any contract of the form has a client: a method for each operation, checked, sent and answered as it says."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from openapi_contract.oracle import Standing
from test_client.generating import generate
from test_client.made import CONTRACTS, NAMES, TOKEN, made, method_of

EVERY = [(name, operation.id) for name in NAMES for operation in made(name).contract.operations]


@pytest.mark.parametrize(("name", "operation"), EVERY)
def test_each_operation_is_a_request_that_the_oracle_accepts(name: str, operation: str) -> None:
    """A method called with a valid value for each argument makes a documented request."""
    own = made(name)
    transport = own.part("testing").ExampleTransport()
    with own.client(transport) as client:
        method, arguments = method_of(own, client, own.contract.operation(operation))
        method(**arguments)

    (request,) = transport.requests
    judged = own.judged(request, operation)
    assert judged.standing is Standing.ACCEPTED, judged


@pytest.mark.parametrize(("name", "operation"), EVERY)
def test_each_operation_has_an_awaitable_twin(name: str, operation: str) -> None:
    """The client for asyncio sends the same request."""
    own = made(name)
    requests = []
    for kind in (own.kind, getattr(own.package, f"Async{own.kind.__name__}")):
        transport = own.part("testing").ExampleTransport()
        token = {"token": TOKEN} if "token" in inspect.signature(kind).parameters else {}
        client = kind(endpoint="https://host.example", transport=transport, **token, **own.own_arguments())
        method, arguments = method_of(own, client, own.contract.operation(operation))
        called = method(**arguments)
        if inspect.isawaitable(called):
            asyncio.run(_awaited(called))
        requests.append(transport.requests[0])

    first, second = requests
    assert (first.method, first.url, first.headers, first.read()) == (
        second.method,
        second.url,
        second.headers,
        second.read(),
    )


async def _awaited(call: Any) -> Any:
    return await call


@pytest.mark.parametrize("name", NAMES)
def test_the_client_of_another_contract_is_fully_typed(name: str) -> None:
    """Strict type checking finds nothing in a generated package."""
    own = made(name)
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11", "--cache-dir"]

    done = subprocess.run(
        [*command, str(own.directory / ".mypy"), own.package.__name__],
        cwd=own.directory,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def respond(status: int, content: bytes = b"") -> Any:
    """A transport that answers so."""
    return httpx2.MockTransport(lambda _: httpx2.Response(status, content=content))


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [(201, b'{"id": 1}', "Order"), (202, b'{"job": "j"}', "CreateOrder202"), (204, b"", "NoneType")],
)
def test_the_result_is_that_of_its_status(status: int, content: bytes, kind: str) -> None:
    """An operation with several answers of success gives what the one that came documents."""
    models = made("kinds").part("models")
    with made("kinds").client(respond(status, content)) as client:
        result = client.create_order(note_body="n", lines=[models.Line(sku="AB-1")])

    assert type(result).__name__ == kind


def test_nested_objects_are_models() -> None:
    """What stands inside an answer is read as the models of its schemas."""
    content = b'[{"id": 1, "payment": {"kind": "cash"}, "lines": [{"sku": "AB-1"}]}]'
    models = made("kinds").part("models")
    with made("kinds").client(respond(200, content)) as client:
        (order,) = client.patch_order(5)

    assert order == models.Order(id=1, payment=models.Cash(kind="cash"), lines=[models.Line(sku="AB-1")])


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (201, b'{"id": "1"}', "UndocumentedAnswerError"),
        (203, b"", "UndocumentedAnswerError"),
        (404, b"", "NotFoundError"),
        (500, b"{}", "ServerError"),
    ],
)
def test_any_other_answer_is_one_error(status: int, content: bytes, error: str) -> None:
    """A body of another form and a status that no answer of success documents raise, without an error schema too."""
    own = made("kinds")
    with own.client(respond(status, content), max_retries=0) as client, pytest.raises(own.package.CallError) as caught:
        client.create_order(note_body="n", lines=[own.part("models").Line(sku="AB-1")])

    assert type(caught.value).__name__ == error


def test_a_bearer_token_is_sent_as_one() -> None:
    """The word before the token is the scheme's."""
    transport = made("kinds").part("testing").ExampleTransport()
    with made("kinds").client(transport) as client:
        client.delete_order(5)

    assert transport.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_an_operation_without_security_goes_without_the_token() -> None:
    """Where a contract has both, a token is only asked for where it is needed."""
    transport = made("kinds").part("testing").ExampleTransport()
    with made("kinds").client(transport, token=None) as client:
        client.send_(text="hello")
        with pytest.raises(made("kinds").package.ConfigurationError, match="The token is missing"):
            client.delete_order(5)

    assert "Authorization" not in transport.requests[0].headers


def test_such_an_operation_asks_for_no_other_token() -> None:
    """A 401 to a request without the token says nothing of the token."""
    asked = list[None]()

    def token() -> str:
        asked.append(None)
        return f"{TOKEN}-{len(asked)}"

    with made("kinds").client(respond(401), token=token) as client:
        with pytest.raises(made("kinds").package.AuthenticationError) as caught:
            client.send_(text="hello")
        with pytest.raises(made("kinds").package.AuthenticationError) as renewed:
            client.delete_order(5)

    assert (caught.value.attempts, renewed.value.attempts) == (1, 2)


def test_the_header_of_the_token_is_the_clients() -> None:
    """Whatever header a contract has for the token, the caller's own headers may not have it."""
    with pytest.raises(made("kinds").package.ConfigurationError, match="headers must not have authorization"):
        made("kinds").client(respond(204), headers={"authorization": "Bearer mine"})


def test_an_argument_comes_before_a_header_of_its_name() -> None:
    """A header that the contract has a parameter for is sent once, as the argument says."""
    transport = made("kinds").part("testing").ExampleTransport()
    with made("kinds").client(transport, headers={"x-trace-level": "9"}) as client:
        client.list_orders(x_trace_level=1, headers={"X-Other": "2"})

    sent = transport.requests[0].headers
    assert (sent.get_list("X-Trace-Level"), sent["X-Other"]) == (["1"], "2")


def test_a_token_that_is_a_word_of_a_nested_answer_does_not_damage_it() -> None:
    """The names of the fields of any documented answer stay, at any depth."""
    content = b'[{"id": 1, "payment": {"kind": "card", "number": "payment number"}}]'
    kept = []
    for token in ("payment", "number"):
        with made("kinds").client(respond(200, content), token=token) as client:
            (order,) = client.patch_order(5)
            kept.append(order.payment.number)

    assert kept == ["*** number", "payment ***"]


def test_an_example_of_one_operation_is_known_when_the_transport_is_made() -> None:
    """A name that several operations have an example of is given by each as its own."""
    transport = made("kinds").part("testing").ExampleTransport("200 made")
    with made("kinds").client(transport) as client:
        shown = client.send_(text="hello"), client.patch_order(5)

    assert [type(own) for own in shown] == [int, list]


def test_the_one_server_of_a_contract_is_where_a_client_sends_to() -> None:
    """Without an endpoint the server's URL is used."""
    transport = made("kinds").part("testing").ExampleTransport()
    with made("kinds").client(transport, endpoint=None) as client:
        client.delete_order(5)

    assert (
        str(transport.requests[0].url)
        == f"https://api.host.example/base/shops/{client._identifiers['shop_id']}/orders/5"
    )


@pytest.mark.parametrize("value", ["A", "", "a/b", 5])
def test_the_clients_own_argument_is_checked_when_it_is_built(value: Any) -> None:
    """A path argument that all operations share breaks its rule at once."""
    own = made("kinds")

    with pytest.raises(own.package.ConfigurationError, match="shop_id"):
        own.client(respond(204), shop_id=value)


def test_a_read_is_repeated_after_a_broken_connection() -> None:
    """What changes nothing may be asked again, though it may have been received."""
    own, seen = made("kinds"), list[str]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.method)
        if len(seen) == 1:
            raise httpx2.ReadError("gone")
        return httpx2.Response(200, content=b"{}")

    with own.client(httpx2.MockTransport(answer)) as client:
        client.list_orders(x_trace_level=1)

    assert seen == ["GET", "GET"]


def test_a_body_that_may_be_left_out_is_an_argument() -> None:
    """Without it neither body nor media type is sent; with it both are."""
    transport = made("kinds").part("testing").ExampleTransport()
    item = made("kinds").part("models").PatchOrderBodyItem(op=None)
    with made("kinds").client(transport) as client:
        client.patch_order(5)
        client.patch_order(5, body=[item])

    shown = [(request.headers.get("Content-Type"), request.read()) for request in transport.requests]
    assert shown == [(None, b""), ("application/json-patch+json", b'[{"op":null}]')]


def test_names_of_pythons_own_are_marked() -> None:
    """A field that Python or the package has a meaning for is an argument of nearly its name."""
    parameters = inspect.signature(made("kinds").kind.create_order).parameters

    assert {"class_", "list_", "field_", "to_dict_", "field_hidden", "case", "note", "note_body"} <= set(parameters)


def test_a_model_of_an_errors_name_stands_beside_it() -> None:
    """A schema that is called as an error of the package is found among the models; the error keeps its place."""
    own = made("kinds")

    assert issubclass(own.package.NotFoundError, own.package.CallError)
    assert own.part("models").NotFoundError(options="x").to_dict() == {"options": "x"}


def test_the_package_has_no_name_of_this_project(tmp_path: Path) -> None:
    """A client of another contract is named by the option alone."""
    done = generate("--contract", CONTRACTS / "kinds.yaml", "--package", "shop", "--output", tmp_path / "out")

    assert done.status == 0, done.said
    text = "".join(path.read_text() for path in (tmp_path / "out" / "shop").rglob("*.py"))
    assert "SecMaster" not in text
    assert "secmaster" not in text.replace("secmaster.command", "")
    assert "class ShopClient" in text
    assert "class ShopError" in text
