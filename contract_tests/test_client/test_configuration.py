"""Configuration: from arguments or environment, checked at once, refused in a sentence."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import pytest

from secmaster_workflows import (
    ActionInstanceRetryCommand,
    AsyncWorkflowsClient,
    ConfigurationError,
    ConnectionFailedError,
    WorkflowsClient,
)
from test_client.conftest import IDENTITY, TOKEN, Caller
from test_client.generating import CONTRACT
from test_client.raw_server import RawServer

KINDS = pytest.mark.parametrize("kind", [WorkflowsClient, AsyncWorkflowsClient])
(SERVER,) = CONTRACT.document.root["servers"]


def url_of(client: Any) -> str:
    """Where a client sends a command."""
    url: str = client.dry_run("i", ActionInstanceRetryCommand()).url
    return url


@KINDS
@pytest.mark.parametrize("region", SERVER["variables"]["region"]["enum"])
def test_each_region_of_the_contract_has_its_endpoint(kind: Any, region: str) -> None:
    """The endpoint follows from the region as the contract says."""
    client = kind(region=region, **IDENTITY)

    assert url_of(client).startswith(SERVER["url"].replace("{region}", region) + "/v1/")


@KINDS
def test_everything_may_come_from_the_environment(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each argument has its variable."""
    values = {"REGION": "cn-north-4", "TOKEN": TOKEN, "PROJECT_ID": "pp", "WORKSPACE_ID": "ww"}
    for name, value in values.items():
        monkeypatch.setenv(f"SECMASTER_{name}", value)

    client = kind()

    assert url_of(client) == (
        "https://secmaster.cn-north-4.myhuaweicloud.com/v1/pp/workspaces/ww/soc/workflows/instances/i"
    )


@KINDS
def test_an_argument_comes_before_the_environment(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is passed wins over what is exported, be it a region over an endpoint."""
    monkeypatch.setenv("SECMASTER_ENDPOINT", "https://exported.test")
    monkeypatch.setenv("SECMASTER_PROJECT_ID", "exported")

    client = kind(region="cn-north-4", **IDENTITY)

    assert url_of(client).startswith("https://secmaster.cn-north-4.myhuaweicloud.com/v1/p/")


@KINDS
@pytest.mark.parametrize("name", ["token", "region", "project_id", "workspace_id"])
def test_what_is_missing_is_named(kind: Any, name: str) -> None:
    """The refusal says which argument or variable to give."""
    arguments = {"region": "cn-north-4", **IDENTITY}
    del arguments[name]

    with pytest.raises(ConfigurationError, match=f"SECMASTER_{name.upper()}") as caught:
        url_of(kind(**arguments))

    assert caught.value.argument == name


ENDPOINTS: dict[str, Any] = {
    "no scheme": "example.test",
    "another scheme": "ftp://example.test",
    "a file": "file:///etc/passwd",
    "no host": "https://",
    "only a port": "https://:443",
    "a user": "https://user@example.test",
    "a password": "https://user:pass@example.test",
    "a query": "https://example.test?a=b",
    "an empty query": "https://example.test?",
    "a fragment": "https://example.test#a",
    "white space": "https://example .test",
    "a line break": "https://example.test\n",
    "a tab": "https://exa\tmple.test",
    "a backslash": "https://example.test\\@evil.test",
    "beyond ASCII": "https://exämple.test",
    "a port beyond": "https://example.test:65536",
    "port zero": "https://example.test:0",
    "a port that is no number": "https://example.test:https",
    "dots in the path": "https://example.test/a/../b",
    "an empty path part": "https://example.test//a",
    "encoded dots in the path": "https://example.test/a/%2E%2e",
    "a percent that encodes nothing": "https://example.test/%zz",
    "a percent in the host": "https://example%2etest",
    "an open bracket": "https://[::1",
    "bytes": b"https://example.test",
    "a number": 5,
    "empty": "",
}


@KINDS
@pytest.mark.parametrize("case", ENDPOINTS)
def test_an_endpoint_that_is_no_plain_url_is_refused(kind: Any, case: str) -> None:
    """Only a plain https URL is an endpoint."""
    with pytest.raises(ConfigurationError, match="endpoint"):
        kind(endpoint=ENDPOINTS[case], **IDENTITY)


@KINDS
@pytest.mark.parametrize(
    "host", ["example.test", "10.0.0.1", "localhost.example.test", "[2001:db8::1]", "127.0.0.1.example.test"]
)
def test_plain_http_to_another_machine_needs_a_word(kind: Any, host: str) -> None:
    """http:// shows the token to the network: only with `allow_http`."""
    with pytest.raises(ConfigurationError, match="allow_http"):
        kind(endpoint=f"http://{host}", **IDENTITY)

    assert url_of(kind(endpoint=f"http://{host}", allow_http=True, **IDENTITY)).startswith(f"http://{host}/")


@KINDS
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080"])
def test_plain_http_to_this_machine_is_allowed(kind: Any, host: str) -> None:
    """A server on this machine may be plain."""
    assert url_of(kind(endpoint=f"http://{host}", **IDENTITY)).startswith(f"http://{host}/")


@KINDS
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"endpoint": "https://a.test", "region": "cn-north-4"}, "not both"),
        ({"region": "cn-nowhere-1"}, "cn-north-4"),
        ({"region": "cn-north-4", "max_retries": -1}, "max_retries"),
        ({"region": "cn-north-4", "max_retries": True}, "max_retries"),
        ({"region": "cn-north-4", "max_answer_bytes": 10**9}, "max_answer_bytes"),
        ({"region": "cn-north-4", "connect_timeout": 0}, "connect_timeout"),
        ({"region": "cn-north-4", "allow_http": "yes"}, "allow_http"),
        ({"region": "cn-north-4", "proxy": "socks5://x"}, "proxy"),
        ({"region": "cn-north-4", "on_attempt": 5}, "on_attempt"),
        ({"region": "cn-north-4", "retries": 5}, "the options are timeout"),
        ({"region": "cn-north-4", "verify": False}, "the options are timeout"),
        ({"region": "cn-north-4", "timeout": 1e10}, "timeout is a positive number of seconds, at most a day"),
        ({"region": "cn-north-4", "timeout": float("nan")}, "timeout is a positive number"),
        ({"region": "cn-north-4", "timeout": 10**5000}, "timeout is a positive number"),
        ({"region": "cn-north-4", "max_retries": 10**5000}, "max_retries is a whole number"),
        ({"region": "cn-north-4", "ssl_context": False}, "ssl_context is an ssl.SSLContext"),
        ({"region": "cn-north-4", "ssl_context": "ca.pem"}, "ssl_context is an ssl.SSLContext"),
        ({"region": "cn-north-4", "on_attempt": asyncio.sleep}, "on_attempt is a plain function"),
        ({"region": "cn-north-4", "transport": object()}, "transport is an httpx2 transport"),
    ],
    ids=[*"abcdefghijklmnopqrs"],
)
def test_a_wrong_option_is_refused_by_name(kind: Any, arguments: dict[str, Any], reason: str) -> None:
    """The refusal names the option and says what it takes."""
    with pytest.raises(ConfigurationError, match=reason):
        kind(**arguments, **IDENTITY)


PROXIES: dict[str, Any] = {
    "no host": "http://",
    "a user alone": "http://sesame:@",
    "a slash in the password": "http://user:open/sesame@proxy.test:80",
    "a question mark in the password": "http://user:open?sesame@proxy.test:80",
    "a hash in the password": "http://user:open#sesame@proxy.test:80",
    "a port that is no number": "http://proxy.test:opensesame",
    "a port beyond": "http://proxy.test:65536",
    "port zero": "http://proxy.test:0",
    "an open bracket": "http://[::1",
    "a path": "http://proxy.test/opensesame",
    "a line break": "http://proxy.test\r\nopensesame",
    "white space": "http://proxy .test",
    "another scheme": "socks5://proxy.test",
    "bytes": b"http://proxy.test",
    "empty": "",
}


@KINDS
@pytest.mark.parametrize("case", PROXIES)
def test_a_proxy_that_is_no_plain_url_is_refused(kind: Any, case: str) -> None:
    """A proxy is refused when the client is built; what may be its password is not shown."""
    with pytest.raises(ConfigurationError, match="proxy is like http://host:port") as caught:
        kind(region="cn-north-4", proxy=PROXIES[case], **IDENTITY)

    assert "sesame" not in str(caught.value)


@KINDS
@pytest.mark.parametrize("flaw", ["no certificate", "no name"])
def test_tls_without_verification_is_warned_of(kind: Any, flaw: str, caplog: pytest.LogCaptureFixture) -> None:
    """Settings that let anybody answer are the user's choice, but not a silent one."""
    context = ssl.create_default_context()
    kind(region="cn-north-4", ssl_context=context, **IDENTITY)
    assert caplog.messages == []

    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE if flaw == "no certificate" else ssl.CERT_REQUIRED
    kind(region="cn-north-4", ssl_context=context, **IDENTITY)

    assert caplog.messages == ["ssl_context does not verify the server: whoever answers is given the token."]


def test_options_are_checked_with_validators_switched_off() -> None:
    """The switch of attrs that turns all validators off lets no wrong option pass."""
    with attrs.validators.disabled(), pytest.raises(ConfigurationError, match="timeout"):
        WorkflowsClient(region="cn-north-4", timeout=-1, **IDENTITY)


@KINDS
def test_a_proxy_in_front_of_plain_http_needs_a_word(kind: Any) -> None:
    """A proxy reads what is sent in the clear, the token too."""
    arguments = {"endpoint": "http://localhost", "proxy": "http://proxy.test", **IDENTITY}

    with pytest.raises(ConfigurationError, match="allow_http"):
        kind(**arguments)

    assert kind(**arguments, allow_http=True)._settings.proxy == "http://proxy.test"


def test_another_kind_of_event_loop_is_a_typed_error() -> None:
    """Outside asyncio the refusal says what is needed."""
    call = AsyncWorkflowsClient(region="cn-north-4", **IDENTITY).retry("i")

    with pytest.raises(ConfigurationError, match="asyncio"):
        call.send(None)


@pytest.mark.parametrize("kind", [WorkflowsClient, AsyncWorkflowsClient])
def test_an_https_endpoint_behind_an_https_proxy_is_refused(kind: Any) -> None:
    """TLS within TLS is refused when the client is built, with what to do."""
    with pytest.raises(ConfigurationError, match="reached through an http:// proxy") as caught:
        kind(region="cn-north-4", proxy="https://proxy.test", **IDENTITY)

    assert caught.value.argument == "proxy"


def test_a_proxy_is_shown_to_nobody() -> None:
    """The password of a proxy is not printed."""
    client = WorkflowsClient(region="cn-north-4", proxy="http://user:opensesame@proxy.test", **IDENTITY)

    assert "opensesame" not in repr(client) + repr(client._settings)


@KINDS
@pytest.mark.parametrize("given", [503, "503", {200}, {"503"}, [True], {600}], ids=repr)
def test_retry_on_takes_statuses_of_errors(kind: Any, given: Any) -> None:
    """What is no collection of statuses from 400 to 599 is refused."""
    with pytest.raises(ConfigurationError, match="retry_on is a collection of statuses") as caught:
        kind(region="cn-north-4", retry_on=given, **IDENTITY)

    assert caught.value.argument == "retry_on"


@KINDS
def test_an_unknown_option_is_named_before_a_missing_token(kind: Any) -> None:
    """Who passes credentials of another kind learns that there is no such option."""
    with pytest.raises(ConfigurationError, match="ak is not an option; the options are timeout, ") as caught:
        kind(region="cn-north-4", ak="HPUAOPENSESAME", sk="x")

    assert caught.value.argument == "ak"
    assert "SESAME" not in str(caught.value)


class Watcher:
    """A function that would have to be awaited."""

    async def __call__(self, *_: object) -> None:
        """Does nothing."""


@KINDS
@pytest.mark.parametrize("observer", [Watcher(), partial(Watcher()), partial(Watcher().__call__)], ids=[*"abc"])
def test_an_observer_that_would_have_to_be_awaited_is_refused(kind: Any, observer: Any) -> None:
    """An object whose `__call__` is async is no plain function, either."""
    with pytest.raises(ConfigurationError, match="on_attempt is a plain function, which is not awaited"):
        kind(region="cn-north-4", on_attempt=observer, **IDENTITY)


def test_a_token_source_that_would_have_to_be_awaited_is_refused() -> None:
    """The same for the token of the blocking client."""
    source: Any = Watcher()

    with pytest.raises(ConfigurationError, match="Only the client for asyncio"):
        WorkflowsClient(region="cn-north-4", token=source)


@KINDS
@pytest.mark.parametrize("zone", ["%25Eth0", "%Eth0", "%25br-1.2_x", "%251"])
def test_an_address_may_have_a_zone(kind: Any, zone: str) -> None:
    """An IPv6 address of a link has a zone (RFC 4007, 11), which follows %25 in a URL (RFC 6874, 2)."""
    client = kind(endpoint=f"https://[fe80::1{zone}]:8443", **IDENTITY)

    name = zone.removeprefix("%").removeprefix("25")
    assert url_of(client).startswith(f"https://[fe80::1%25{name}]:8443/v1/")


@KINDS
@pytest.mark.parametrize(
    "host", ["[fe80::1%25]", "[fe80::1%]", "[fe80::1%25e%20]", "127.0.0.1%25lo", "example%25eth0", "[fe80::1%25a%25b]"]
)
def test_what_is_no_zone_of_an_address_is_refused(kind: Any, host: str) -> None:
    """A zone is a name that follows an IPv6 address."""
    with pytest.raises(ConfigurationError, match="endpoint"):
        kind(endpoint=f"https://{host}", **IDENTITY)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that are looked up. Each is this machine."""
    names: list[str] = []
    look_up = socket.getaddrinfo

    def to_this_machine(host: str, port: int, *_: Any, **__: Any) -> Any:
        names.append(host)
        return look_up("127.0.0.1", port, type=socket.SOCK_STREAM)

    monkeypatch.setattr(socket, "getaddrinfo", to_this_machine)
    return names


def test_the_zone_of_an_address_is_not_sent(caller: Caller, serve: Callable[..., RawServer], asked: list[str]) -> None:
    """The zone chooses the interface of this machine; no server knows it (RFC 6874, 4)."""
    server = serve()

    caller.retry(endpoint=f"http://[fe80::1%25eth0]:{server.port}", allow_http=True)

    assert asked == ["fe80::1%eth0"]
    assert server.only.header("Host") == f"[fe80::1]:{server.port}"


def test_a_zone_that_this_machine_does_not_have_is_a_failed_connection(caller: Caller) -> None:
    """Nothing was sent, and the address is named."""
    error = caller.error(endpoint="https://[fe80::1%25nowhere0]", max_retries=0)

    assert (type(error), error.sent) == (ConnectionFailedError, "no")
    assert "fe80::1%nowhere0" in str(error)


def test_a_certificate_has_no_zone(
    caller: Caller, tls_server: RawServer, trusting: ssl.SSLContext, asked: list[str]
) -> None:
    """The certificate is compared with the address alone."""
    error = caller.error(endpoint=f"https://[fe80::1%25eth0]:{tls_server.port}", ssl_context=trusting)

    assert asked == ["fe80::1%eth0"]
    assert "certificate is not valid for 'fe80::1'" in str(error)
