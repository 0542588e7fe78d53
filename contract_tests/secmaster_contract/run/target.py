"""The server under test: where it is, and who we are to it."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from secmaster_contract.wire.connection import Connection
from secmaster_contract.wire.dial import Route, proxy_of


@dataclass(frozen=True)
class Target:
    """A base URL, a token, the values to use there by name, and how long to wait.

    `values` are those of parameters (path, query, header, cookie) and of text fields of a body; what is not among them
    comes from the contract's examples, or is made.
    `seconds` bounds one exchange from the connection to the last byte; `patience` is how many seconds in all a run may
    wait for a server that throttles; `label` says what people cannot read off the URL. The token is in no repr.
    """

    url: str
    token: str = field(repr=False)
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    seconds: float = 10.0
    patience: float = 30.0
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    label: str = ""

    @property
    def name(self) -> str:
        """What people are told that this server is."""
        return f"{self.url} ({self.label})" if self.label else self.url

    @cached_property
    def origin(self) -> SplitResult:
        """The base URL in its parts."""
        return urlsplit(self.url)

    @cached_property
    def prefix(self) -> str:
        """The path of the base URL, which every request's path is put behind."""
        return self.origin.path.rstrip("/")

    @cached_property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine."""
        host = self.origin.hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    @cached_property
    def route(self) -> Route:
        """The way to the server: TLS verified unless `tls` says otherwise, by the proxy that the environment names."""
        secure = self.origin.scheme == "https"
        tls = (self.tls or ssl.create_default_context()) if secure else None
        proxy = None if self.is_loopback else self.proxy or proxy_of(self.origin)
        return Route(self.origin, tls, proxy, near=self.is_loopback)

    def connection(self) -> Connection:
        """Return a new connection, not yet open."""
        return Connection(self.route, self.seconds)
