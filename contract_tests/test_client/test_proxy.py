"""A proxy is used when it is asked for; it never sees the token of an https call."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from secmaster_workflows import CallTimeoutError, ConnectionFailedError
from test_client.conftest import TOKEN, Caller
from test_client.raw_server import Behaviour, RawServer, Received, answer, hangs, says

PASSWORD = "opensesame"


def tunnels(port: int, seen: bytearray, *, drips: Callable[[], bool] = lambda: False) -> Behaviour:
    """Opens the tunnel that is asked for, and keeps what it carries. It may let the answers drip."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # either end may close
            while data := source.recv(65536):
                seen.extend(data)
                size = 1 if sink is not target and drips() else len(data)
                for start in range(0, len(data), size):
                    sink.sendall(data[start : start + size])
                    time.sleep(0 if size == len(data) else 0.2)

    target: socket.socket | None = None

    def behave(connection: socket.socket, received: Received) -> bool:
        assert received.method == "CONNECT"
        nonlocal target
        with socket.create_connection(("127.0.0.1", port)) as target:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=pump, args=(target, connection), daemon=True).start()
            pump(connection, target)
        return False

    return behave


def test_https_goes_through_a_tunnel(
    *, caller: Caller, serve: Callable[..., RawServer], tls_server: RawServer, trusting: ssl.SSLContext
) -> None:
    """The proxy sees where the call goes, and nothing of it."""
    seen = bytearray()
    proxy = serve(tunnels(tls_server.port, seen))
    url = f"http://user:pass@localhost:{proxy.port}"

    result = caller.retry(endpoint=tls_server.url, proxy=url, ssl_context=trusting)

    assert result.success is True
    assert proxy.only.target == f"localhost:{tls_server.port}"
    assert proxy.only.header("Proxy-Authorization") == "Basic dXNlcjpwYXNz"
    assert TOKEN not in proxy.only.head.decode()
    assert TOKEN.encode() not in seen
    assert tls_server.only.header("X-Auth-Token") == TOKEN
    assert "Proxy-Authorization" not in dict(tls_server.only.headers)


def test_a_tunnel_that_is_refused_sent_nothing(
    caller: Caller, serve: Callable[..., RawServer], tls_server: RawServer
) -> None:
    """What the proxy refuses has not been sent; the password of the proxy is not shown."""
    proxy = serve(says(answer(b"", "407 Proxy Authentication Required")))

    error = caller.error(endpoint=tls_server.url, proxy=f"http://user:{PASSWORD}@127.0.0.1:{proxy.port}", max_retries=0)

    assert (type(error), error.sent) == (ConnectionFailedError, "no")
    assert PASSWORD not in str(error)
    assert tls_server.connections == 0


def test_a_tunnel_that_hangs_ends_by_the_deadline(
    caller: Caller, serve: Callable[..., RawServer], tls_server: RawServer
) -> None:
    """A proxy that does not answer is given up; nothing was sent."""
    proxy = serve(hangs)

    error = caller.error(endpoint=tls_server.url, proxy=f"http://127.0.0.1:{proxy.port}", timeout=0.6)

    assert (type(error), error.sent) == (CallTimeoutError, "no")
    assert tls_server.connections == 0


@pytest.mark.parametrize("part", ["handshake", "answer"])
def test_a_record_that_drips_through_a_tunnel_ends_by_the_deadline(
    *,
    part: str,
    caller: Caller,
    serve: Callable[..., RawServer],
    tls_server: RawServer,
    trusting: ssl.SSLContext,
) -> None:
    """TLS through a proxy gives no octet a time-out of its own."""
    drips = bool if part == "answer" else lambda _: True
    proxy = serve(tunnels(tls_server.port, bytearray(), drips=lambda: drips(tls_server.received)))
    begun = time.monotonic()

    error = caller.error(
        endpoint=tls_server.url, proxy=f"http://localhost:{proxy.port}", ssl_context=trusting, timeout=0.8
    )

    assert time.monotonic() - begun < 2
    assert (type(error), error.sent) == (CallTimeoutError, "no" if part == "handshake" else "maybe")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_plain_http_is_handed_to_the_proxy(
    scheme: str,
    caller: Caller,
    serve: Callable[..., RawServer],
    server_context: ssl.SSLContext,
    trusting: ssl.SSLContext,
) -> None:
    """An http:// call names its whole URL to the proxy (RFC 9112, 3.2.2), which may itself speak TLS."""
    proxy = serve(context=server_context if scheme == "https" else None)
    url = f"{scheme}://user:p%40ss@localhost:{proxy.port}"

    caller.retry(endpoint="http://service.test:81", proxy=url, allow_http=True, ssl_context=trusting)

    assert proxy.only.target == "http://service.test:81/v1/p/workspaces/w/soc/workflows/instances/i"
    assert proxy.only.header("Host") == "service.test:81"
    assert proxy.only.header("Proxy-Authorization") == "Basic dXNlcjpwQHNz"
