"""How a connection is made: directly or through a proxy, TLS verified, every step under one deadline."""

from __future__ import annotations

import base64
import ipaddress
import os
import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import SplitResult, unquote, urlsplit

_LONGEST_REPLY = 65536  # bytes of a proxy's answer to CONNECT


class ConnectionFailed(Exception):
    """No connection could be made; the text says why."""


class TlsRefused(ConnectionFailed):
    """The server is there, but no trusted TLS connection comes about."""


@dataclass(frozen=True)
class Route:
    """The way to one origin.

    `proxy` is an HTTP proxy's URL; its user and password are in no repr. For a plain origin the proxy gets each request
    with the whole URL (RFC 9112 section 3.2.2), for an https one it is asked for a tunnel. `near` is true where the
    origin is taken for one of this machine: its name is followed nowhere else.
    """

    origin: SplitResult
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    near: bool = False

    @cached_property
    def address(self) -> tuple[str, int]:
        """Host and port of the origin."""
        return self.origin.hostname or "", self.origin.port or (443 if self.tls else 80)

    @cached_property
    def prefix(self) -> str:
        """What stands before the path of a request on this way."""
        return f"http://{self.origin.netloc}" if self.proxy and not self.tls else ""

    @cached_property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that a request needs on this way."""
        return _authorization(self.proxy) if self.proxy and not self.tls else ()

    def open(self, deadline: float) -> socket.socket:
        """Return an open socket, its TLS handshake done.

        Raises:
            ConnectionFailed: There is no way.
        """
        host, port = self.address
        if self.proxy:
            parts = urlsplit(self.proxy)
            link = _connect(parts.hostname or "", parts.port or 8080, deadline, "the proxy ")
            if self.tls:
                _tunnel(link, self.proxy, f"{_bracketed(host)}:{port}", deadline)
        else:
            link = _connect(host, port, deadline, near=self.near)
        return self._secure(self.tls, link, deadline) if self.tls else link

    def _secure(self, tls: ssl.SSLContext, plain: socket.socket, deadline: float) -> socket.socket:
        host, port = self.address
        link = plain
        try:
            link = tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
            _handshake(link, deadline)
        except (OSError, UnicodeError) as error:
            link.close()
            raise TlsRefused(f"{host}:{port} {_tls_trouble(error)}") from error
        return link


def _tls_trouble(error: OSError | UnicodeError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"shows a certificate that is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "does not finish the TLS handshake in time"
    why = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    return f"does not speak TLS as expected: {why}"


def _left(deadline: float) -> float:
    return max(0.001, deadline - time.monotonic())


def _connect(host: str, port: int, deadline: float, what: str = "", *, near: bool = False) -> socket.socket:
    """Try each address of a host until the deadline; one that is to be `near` has none but this machine's."""
    trouble: Exception | None = None
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        addresses, trouble = [], error
    for *_, address in addresses if near else ():
        if not ipaddress.ip_address(address[0]).is_loopback:
            message = (
                f"{_bracketed(host)}:{port} is {address[0]}, which is not this machine, where its name would have it; "
                "name the server by its address"
            )
            raise ConnectionFailed(message)
    for family, kind, protocol, _, address in addresses:
        link = socket.socket(family, kind, protocol)
        try:
            link.settimeout(_left(deadline))
            link.connect(address)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            link.close()
            trouble = error
        else:
            return link
    why = getattr(trouble, "strerror", None) or trouble or "it has no address"
    message = f"{what}{_bracketed(host)}:{port} cannot be reached: {why}"
    raise ConnectionFailed(message) from trouble


def _handshake(link: ssl.SSLSocket, deadline: float) -> None:
    """Shake hands; a server that drips its part does not get more time by it."""
    link.setblocking(False)
    while True:
        try:
            link.do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            wanted = [link] if isinstance(error, ssl.SSLWantReadError) else []
            unsent = [] if wanted else [link]
            left = deadline - time.monotonic()
            if left <= 0 or not any(select.select(wanted, unsent, [], left)):
                raise TimeoutError from None
        else:
            link.setblocking(True)
            return


def _tunnel(link: socket.socket, proxy: str, authority: str, deadline: float) -> None:
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    lines += [f"{name}: {value}" for name, value in _authorization(proxy)]
    reply = b""
    try:
        link.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        while b"\r\n\r\n" not in reply and len(reply) < _LONGEST_REPLY:
            link.settimeout(_left(deadline))
            data = link.recv(1)  # not a byte more: what follows the head is the origin's
            if not data:
                break
            reply += data
    except OSError as error:
        link.close()
        message = f"the proxy opens no tunnel to {authority}: {error.strerror or error}"
        raise ConnectionFailed(message) from error
    status = reply.partition(b"\r\n")[0].split(b" ")
    if len(status) < 2 or not status[1].startswith(b"2"):
        link.close()
        said = reply.partition(b"\r\n")[0].decode("latin-1") or "nothing"
        message = f"the proxy opens no tunnel to {authority}; it says: {said}"
        raise ConnectionFailed(message)


def _authorization(proxy: str) -> tuple[tuple[str, str], ...]:
    parts = urlsplit(proxy)
    if not parts.username:
        return ()
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return (("Proxy-Authorization", f"Basic {base64.b64encode(pair).decode('ascii')}"),)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def proxy_of(origin: SplitResult, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the proxy that the environment names for an origin (HTTPS_PROXY, http_proxy, ALL_PROXY, NO_PROXY)."""

    def variable(name: str) -> str:
        # HTTP_PROXY in capitals may come from the Proxy header of a CGI program's request: lower case only.
        return environment.get(name) or ("" if name == "http_proxy" else environment.get(name.upper(), ""))

    host = (origin.hostname or "").lower()
    for rule in variable("no_proxy").lower().split(","):
        name = rule.strip().partition(":")[0].lstrip("*").lstrip(".")
        if rule.strip() == "*" or (name and (host == name or host.endswith(f".{name}"))):
            return None
    named = variable(f"{origin.scheme}_proxy") or variable("all_proxy")
    return (named if "://" in named else f"http://{named}") if named else None
