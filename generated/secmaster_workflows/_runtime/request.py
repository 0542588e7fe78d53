# Copied from openapi/generator/runtime/_runtime/request.py by `make generate`; do not edit.
"""
What is asked for: a request without its secret.
"""

import re
import time
from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from .endpoint import Endpoint
from .options import Settings
from .secret import MASK, Secret

_SECRET: Final = re.compile(r"authorization|cookie|.*-token", re.IGNORECASE)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110, 9.2.1


@frozen
class DryRun:
    """
    A request as it would be sent, its token masked.

    Attributes:
        method: The HTTP method.
        url: The URL.
        headers: The header fields in their order.
        body: The body.
    """

    method: str
    url: str
    headers: dict[str, str]
    body: str

    def __str__(self) -> str:
        fields = "".join(f"{name}: {value}\n" for name, value in self.headers.items())
        return f"{self.method} {self.url}\n{fields}\n{self.body}"


@frozen(kw_only=True)
class Request:
    """
    One request of an operation.

    Attributes:
        name: What observers call it.
        method: The HTTP method.
        endpoint: Where it goes.
        path: Percent-encoded, with the endpoint's prefix and the query.
        headers: The header fields but for the host's, the token's and the length's.
        body: The body, None if there is none.
        token: The header of the token, and what stands before it there; None if it goes without.
        repeatable: Whether it may be sent again though it may have been carried out.
    """

    name: str
    method: str
    endpoint: Endpoint
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    token: tuple[str, str] | None = None
    repeatable: bool = False

    @property
    def url(self) -> str:
        """
        The whole URL.
        """
        return f"{self.endpoint.origin}{self.path}"

    def fields(self, secret: Secret | None) -> dict[str, str]:
        """
        All header fields, with the token or its mask. No local variable holds the token: a traceback may show them.
        """
        length = {} if self.body is None else {"Content-Length": str(len(self.body))}
        return {
            "Host": self.endpoint.authority,
            **self.headers,
            **(
                {}
                if self.token is None
                else {self.token[0]: self.token[1] + (MASK if secret is None else secret.reveal())}
            ),
            **length,
        }

    def head(self, secret: Secret, proxy: Mapping[str, str] | None) -> bytes:
        """
        The request line and the header fields; with those for a proxy the line has the whole URL (RFC 9112, 3.2.2).
        """
        lines = "".join(f"{name}: {value}\r\n" for name, value in {**self.fields(None), **(proxy or {})}.items())
        text = f"{self.method} {self.path if proxy is None else self.url} HTTP/1.1\r\n{lines}\r\n"
        if self.token is None:
            return text.encode()
        before = f"\n{self.token[0]}: {self.token[1]}"
        return text.replace(f"{before}{MASK}\r", f"{before}{secret.reveal()}\r", 1).encode()

    def shown(self, secret: Secret | None) -> DryRun:
        """
        The request for the eye, without the token and without what is a secret of the user's by its name.
        """
        own = "" if self.token is None else self.token[0]
        fields = {
            name: value if name == own else _shown(name, value, secret) for name, value in self.fields(None).items()
        }
        return DryRun(self.method, self.url, fields, (self.body or b"").decode())


def _shown(name: str, value: str, secret: Secret | None) -> str:
    if _SECRET.fullmatch(name):
        return MASK
    return value if secret is None else secret.mask(value)


class Attempt:
    """
    One attempt to have a request answered: what has been sent of it, and what has come.
    """

    __slots__ = ("content", "deadline", "headers", "request", "secret", "settings", "status", "written")

    def __init__(self, request: Request, secret: Secret, deadline: float, settings: Settings) -> None:
        self.request = request
        self.secret = secret
        self.deadline = deadline  # on the monotonic clock
        self.settings = settings
        self.written = False  # whether a byte may have left
        self.status = 0  # none has come yet
        self.headers: dict[str, str] = {}
        self.content = bytearray()

    def remaining(self) -> float:
        """
        Seconds until the deadline; not positive once it has passed.
        """
        return self.deadline - time.monotonic()
