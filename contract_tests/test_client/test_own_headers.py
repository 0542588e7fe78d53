"""Header fields of the user's own: for each call of a client, or for one call."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from secmaster_workflows import (
    ActionInstanceRetryCommand,
    AsyncWorkflowsClient,
    ConfigurationError,
    WorkflowsClient,
)
from secmaster_workflows.api.workflows import update_workflow_instance
from secmaster_workflows.testing import ExampleTransport
from test_client.conftest import IDENTITY, TOKEN, Caller
from test_client.raw_server import RawServer, answer, in_turn, says

KINDS = pytest.mark.parametrize("kind", [WorkflowsClient, AsyncWorkflowsClient])
RETRY = ActionInstanceRetryCommand()


def test_the_headers_of_a_client_are_in_each_call(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """They come beside the client's own."""
    server = serve()

    caller.retry(endpoint=server.url, headers={"X-Language": "en-us"})

    assert server.only.header("X-Language") == "en-us"
    assert server.only.header("X-Auth-Token") == TOKEN


def test_the_headers_of_a_call_are_in_it_alone(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A name of the client's is replaced, in letters of either case; the next call has the client's again."""
    server = serve()

    own: list[dict[str, str] | None] = [{"x-language": "zh-cn", "X-Request-Id": "r-1"}, None]

    for headers in own:

        def use(client: Any, headers: dict[str, str] | None = headers) -> Any:
            return client.retry("i", headers=headers)

        caller.run(use, endpoint=server.url, headers={"X-Language": "en-us"})

    first, second = server.received
    assert (first.header("X-Language"), first.header("X-Request-Id")) == ("zh-cn", "r-1")
    assert second.header("X-Language") == "en-us"
    assert "X-Request-Id" not in dict(second.headers)


WAYS: dict[str, Callable[[Any], Any]] = {
    "retry": lambda client: client.retry("i", headers={"X-A": "1"}),
    "terminate": lambda client: client.terminate("i", headers={"X-A": "1"}),
    "debug": lambda client: client.debug("i", task_id="t", input_dataobject="[]", headers={"X-A": "1"}),
    "send": lambda client: client.send("i", RETRY, headers={"X-A": "1"}),
    "with_options": lambda client: client.with_options(headers={"X-A": "1"}).retry("i"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_method_takes_headers(way: str, caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Each method sends the headers of the call."""
    server = serve()

    caller.run(WAYS[way], endpoint=server.url)

    assert server.only.header("X-A") == "1"


def test_a_plain_function_sends_those_of_the_client(serve: Callable[..., RawServer]) -> None:
    """The plain functions use the client, with its headers."""
    server = serve()

    with WorkflowsClient(endpoint=server.url, headers={"X-A": "1"}, **IDENTITY) as client:
        update_workflow_instance.sync_detailed("p", "w", "i", client=client, body=RETRY)

    assert server.only.header("X-A") == "1"


def test_they_are_sent_again_with_the_request(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Each attempt of a call has them."""
    server = serve(in_turn(says(answer({}, "429 No", "Retry-After: 0")), says(answer())))

    caller.run(lambda client: client.retry("i", headers={"X-Request-Id": "r-1"}), endpoint=server.url)

    assert [request.header("X-Request-Id") for request in server.received] == ["r-1", "r-1"]


def test_a_header_that_the_client_has_a_value_for_is_sent_once(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """What is merely a default is replaced."""
    server = serve()

    caller.retry(endpoint=server.url, headers={"user-agent": "mine/1", "accept": "*/*"})

    assert (server.only.header("User-Agent"), server.only.header("Accept")) == ("mine/1", "*/*")


def test_a_transport_of_the_users_gets_them(caller: Caller) -> None:
    """The headers reach whatever sends the request."""
    transport = ExampleTransport()

    caller.run(
        lambda client: client.retry("i", headers={"X-A": "1"}),
        region="cn-north-4",
        transport=transport,
        headers={"X-B": "2"},
    )

    (request,) = transport.requests
    assert (request.headers["X-A"], request.headers["X-B"]) == ("1", "2")


@KINDS
def test_a_dry_run_shows_them(kind: Any) -> None:
    """What would be sent is shown, but for the token and what is like one."""
    client = kind(region="cn-north-4", headers={"X-A": "1", "X-Copy": f"<{TOKEN}>"}, **IDENTITY)

    shown = client.dry_run("i", RETRY, headers={"x-a": "2", "Authorization": "Bearer sesame", "Cookie": "sesame"})

    assert (shown.headers["x-a"], shown.headers["X-Copy"]) == ("2", "<***>")
    assert (shown.headers["Authorization"], shown.headers["Cookie"]) == ("***", "***")
    assert "X-A" not in shown.headers


THE_CLIENTS: dict[str, str] = {
    "the token": "X-Auth-Token",
    "the token in small letters": "x-auth-token",
    "the length": "Content-Length",
    "the host": "host",
    "the media type": "Content-Type",
    "the content codings": "Accept-Encoding",
    "the transfer coding": "Transfer-Encoding",
    "the connection": "Connection",
    "its age": "Keep-Alive",
    "its trailers": "TE",
    "trailers": "Trailer",
    "another protocol": "Upgrade",
    "leave to send": "Expect",
    "the connection to a proxy": "Proxy-Connection",
    "the password of a proxy": "Proxy-Authorization",
}


@KINDS
@pytest.mark.parametrize("case", THE_CLIENTS)
@pytest.mark.parametrize("place", ["client", "call", "with_options"])
def test_what_the_client_sets_is_refused(kind: Any, case: str, place: str) -> None:
    """The token, the host and what frames the message are the client's alone."""
    headers = {THE_CLIENTS[case]: "sesame"}
    client = kind(region="cn-north-4", **IDENTITY)
    give: dict[str, Callable[[], Any]] = {
        "client": lambda: kind(region="cn-north-4", headers=headers, **IDENTITY),
        "call": lambda: client.dry_run("i", RETRY, headers=headers),
        "with_options": lambda: client.with_options(headers=headers),
    }

    with pytest.raises(ConfigurationError, match=f"headers must not have {THE_CLIENTS[case]}") as caught:
        give[place]()

    assert caught.value.argument == "headers"
    assert "sesame" not in str(caught.value)


NO_HEADERS: dict[str, Any] = {
    "white space in the name": {"X A": "sesame"},
    "a colon in the name": {"X-A:": "sesame"},
    "a line break in the name": {"X-A\r\nX-B": "sesame"},
    "an empty name": {"": "sesame"},
    "a name beyond ASCII": {"X-Ä": "sesame"},
    "a name that is no string": {5: "sesame"},
    "a line break in the value": {"X-A": "sesame\r\nX-B: 1"},
    "a line feed in the value": {"X-A": "sesame\n"},
    "a NUL in the value": {"X-A": "sesame\0"},
    "a value beyond ASCII": {"X-A": "sesäme"},
    "white space around the value": {"X-A": " sesame"},
    "a value that is no string": {"X-A": 5},
    "bytes": {"X-A": b"sesame"},
    "one name twice": {"X-A": "sesame", "x-a": "sesame"},
    "no mapping": [("X-A", "sesame")],
    "a string": "X-A: sesame",
}


@KINDS
@pytest.mark.parametrize("case", NO_HEADERS)
def test_what_is_no_header_is_refused(kind: Any, case: str) -> None:
    """Neither a name nor a value can break out of its line; no value is shown."""
    client = kind(region="cn-north-4", **IDENTITY)

    refusals: list[Callable[[], Any]] = [
        lambda: kind(region="cn-north-4", headers=NO_HEADERS[case], **IDENTITY),
        lambda: client.dry_run("i", RETRY, headers=NO_HEADERS[case]),
    ]
    for refuse in refusals:
        with pytest.raises(ConfigurationError, match="headers") as caught:
            refuse()
        assert caught.value.argument == "headers"
        assert "sesame" not in str(caught.value)


def test_a_value_may_be_empty_or_have_spaces(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """Visible ASCII, with spaces and tabs inside (RFC 9110, 5.5)."""
    server = serve()

    caller.retry(endpoint=server.url, headers={"X-A": "", "X-B": "a b\tc"})

    assert (server.only.header("X-A"), server.only.header("X-B")) == ("", "a b\tc")


def test_a_mapping_that_is_changed_later_changes_nothing(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The headers are those that were checked."""
    server = serve()
    headers = {"X-A": "1"}

    def use(client: Any) -> Any:
        headers["X-A"] = "2\r\nX-B: 3"
        return client.retry("i")

    caller.run(use, endpoint=server.url, headers=headers)

    assert server.only.header("X-A") == "1"
    assert "X-B" not in dict(server.only.headers)


class Fickle(dict[str, str]):
    """A mapping that is another the second time."""

    def items(self) -> Any:
        """A good value once, then a bad one."""
        value = self.pop("X-A", "2\r\nX-B: 3")
        return [("X-A", value)]

    def __iter__(self) -> Iterator[str]:
        """A name."""
        return iter(["X-A"])

    def __getitem__(self, name: str) -> str:
        """A bad value."""
        return "2\r\nX-B: 3"

    def keys(self) -> Any:
        """A name."""
        return ["X-A"]


def test_what_was_checked_is_what_is_sent(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """A mapping of the user's is read once."""
    server = serve()

    caller.retry(endpoint=server.url, headers=Fickle({"X-A": "1"}))

    assert server.only.header("X-A") == "1"


@KINDS
def test_the_values_are_shown_nowhere(kind: Any) -> None:
    """A header may be a secret of the user's."""
    client = kind(region="cn-north-4", headers={"X-Key": "opensesame"}, **IDENTITY)

    assert "opensesame" not in repr(client) + repr(client._settings)
    with pytest.raises(TypeError):
        pickle.dumps(client)
