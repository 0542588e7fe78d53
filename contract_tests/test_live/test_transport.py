"""TLS, proxies, deadlines and caps: what stands between the verifier and a server cannot mislead it."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from secmaster_contract.run.target import Target
from secmaster_contract.wire.connection import Connection
from secmaster_contract.wire.dial import ConnectionFailed, Route, proxy_of
from secmaster_contract.wire.request import Request
from test_live.conftest import Verify
from test_live.raw import Listener, hang_up, listening, read_request
from test_live.servers import Watched
from test_verifier.servers.reference import TOKEN
from test_verifier.servers.wire import serving

ANSWER = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
REQUEST = Request("PUT", "/v1/x", (("X-Auth-Token", TOKEN),), b"{}")
IDENTIFIERS = {"project_id": "p", "workspace_id": "w", "instance_id": "i"}


def answer_all(link: socket.socket) -> None:
    """Answer every request with a refusal."""
    while read_request(link):
        link.sendall(ANSWER)


def drip(link: socket.socket) -> None:
    """Answer a byte at a time, each well within any timeout of a single read."""
    read_request(link)
    for byte in ANSWER * 100:
        link.sendall(bytes([byte]))
        time.sleep(0.05)


def drip_a_handshake(link: socket.socket) -> None:
    """Begin a TLS record and never end it, a byte at a time."""
    link.recv(65536)
    link.sendall(b"\x16\x03\x03\x40\x00")
    for _ in range(1000):
        link.sendall(b"\x02")
        time.sleep(0.05)


def test_dripping_answer_does_not_stretch_the_deadline() -> None:
    """
    A server that drips its answer is given up after the timeout of the whole exchange.
    """
    with listening(drip) as server:
        connection = Target(f"http://{server.address}", TOKEN, IDENTIFIERS, seconds=0.4).connection()
        started = time.monotonic()
        exchange = connection.exchange(REQUEST)
        connection.close()

    assert exchange.timed_out
    assert time.monotonic() - started < 0.8


def test_dripping_handshake_does_not_stretch_the_deadline() -> None:
    """
    A server that drips its TLS handshake is given up after the same timeout.
    """
    with listening(drip_a_handshake) as server:
        connection = Target(f"https://{server.address}", TOKEN, IDENTIFIERS, seconds=0.4).connection()
        started = time.monotonic()
        with pytest.raises(ConnectionFailed, match="does not finish the TLS handshake in time"):
            connection.exchange(REQUEST)

    assert time.monotonic() - started < 0.8


def test_endless_answer_is_read_up_to_a_cap() -> None:
    """
    Of an endless answer a bounded part is read.
    """

    def pour(link: socket.socket) -> None:
        read_request(link)
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")
        while True:
            link.sendall(b"x" * 65536)

    with listening(pour) as server:
        connection = Target(f"http://{server.address}", TOKEN, IDENTIFIERS, seconds=20).connection()
        exchange = connection.exchange(REQUEST)
        connection.close()

    assert exchange.trouble == f"the answer is longer than {8 * 1024 * 1024} bytes"
    assert len(exchange.body) == 8 * 1024 * 1024


def test_named_authority_is_trusted(run_verify: Verify, certificate: Path, server_tls: ssl.SSLContext) -> None:
    """
    With --ca FILE a certificate of one's own authority is trusted.
    """
    with listening(answer_all, server_tls) as server:
        outcome = run_verify(f"https://{server.address}", "--ca", str(certificate), "--max-requests", "20")

    assert outcome.verdict["run"]["requests"] == 20
    assert outcome.verdict["run"]["tls"] == "verified"


def test_insecure_is_loud(run_verify: Verify, server_tls: ssl.SSLContext) -> None:
    """
    --insecure reaches a server with an unknown certificate, and says so on the terminal, even if quiet, and in files.
    """
    with listening(answer_all, server_tls) as server:
        outcome = run_verify(f"https://{server.address}", "--insecure", "--quiet", "--max-requests", "20")

    assert outcome.verdict["run"]["requests"] == 20
    assert "WARNING: --insecure" in outcome.err
    assert outcome.verdict["run"]["tls"] == "not verified"
    assert "TLS was not verified." in (outcome.directory / "index.html").read_text()


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_unusable_authority_is_told_in_a_sentence(run_verify: Verify, tmp_path: Path, content: str | None) -> None:
    """
    A file of authorities that is missing or holds none is bad usage.
    """
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    outcome = run_verify("https://127.0.0.1:1", "--ca", str(file))

    assert outcome.status == 2
    assert str(file) in outcome.err


def tunnelling(server: Listener, link: socket.socket) -> None:
    """Act as a proxy: note the request's head, and join the two ends of a tunnel."""
    head = read_request(link)
    server.heads.append(head)
    method, target, _ = head.split(" ", 2)
    if method != "CONNECT":
        link.sendall(ANSWER)
        return
    host, _, port = target.rpartition(":")
    with socket.create_connection((host, int(port))) as other:
        link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        thread = threading.Thread(target=pump, args=(other, link), daemon=True)
        thread.start()
        pump(link, other)


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes one way."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def routed(url: str, proxy: str, context: ssl.SSLContext | None = None) -> Route:
    """A way through a proxy; a target on loopback would never take it by itself."""
    return Route(urlsplit(url), context, proxy)


def test_plain_target_is_asked_of_the_proxy() -> None:
    """
    For a plain target the proxy gets the whole URL, and the user and password that its own URL names.
    """
    server: Listener
    with listening(lambda link: tunnelling(server, link)) as server:
        connection = Connection(routed("http://target.example", f"http://me:pass@{server.address}"), 5)
        exchange = connection.exchange(REQUEST)
        connection.close()

    assert exchange.status == 400
    assert server.heads[0].startswith("PUT http://target.example/v1/x HTTP/1.1\r\nHost: target.example\r\n")
    assert f"Proxy-Authorization: Basic {base64.b64encode(b'me:pass').decode()}" in server.heads[0]


def test_https_target_is_reached_by_a_tunnel(certificate: Path, server_tls: ssl.SSLContext) -> None:
    """
    For an https target the proxy sees a CONNECT and nothing of the token.
    """
    proxy: Listener
    trusting = ssl.create_default_context(cafile=str(certificate))
    with listening(answer_all, server_tls) as origin, listening(lambda link: tunnelling(proxy, link)) as proxy:
        connection = Connection(routed(f"https://{origin.address}", f"http://{proxy.address}", trusting), 5)
        exchange = connection.exchange(REQUEST)
        connection.close()

    assert exchange.status == 400
    assert len(proxy.heads) == 1
    assert proxy.heads[0].startswith(f"CONNECT {origin.address} HTTP/1.1")
    assert TOKEN not in proxy.heads[0]


def test_refusing_proxy_is_named() -> None:
    """
    A proxy that opens no tunnel is unreachable in words that name the proxy.
    """

    def refuse(link: socket.socket) -> None:
        read_request(link)
        link.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")

    with listening(refuse) as proxy, pytest.raises(ConnectionFailed, match=r"the proxy opens no tunnel.*407"):
        routed("https://127.0.0.1:1", f"http://{proxy.address}", ssl.create_default_context()).open(
            time.monotonic() + 5
        )


def test_loopback_is_reached_directly(run_verify: Verify) -> None:
    """
    A proxy in the environment is not asked for a target on this machine.
    """
    with serving(Watched()) as url, listening(hang_up) as proxy:
        outcome = run_verify(url, HTTP_PROXY=f"http://{proxy.address}", http_proxy=f"http://{proxy.address}")

    assert outcome.status == 0
    assert proxy.connections == 0


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ({"https_proxy": "p:1"}, "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "http://p:1"),
        ({"http_proxy": "http://p:1"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.com"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".example.com, other"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "ample.com"}, "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, None),
        ({}, None),
    ],
)
def test_environment_names_the_proxy(environment: dict[str, str], proxy: str | None) -> None:
    """
    The usual variables name the proxy of an https target, and those that need none.
    """
    assert proxy_of(urlsplit("https://host.example.com"), environment) == proxy
