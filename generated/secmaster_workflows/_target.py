# Copied from openapi/generator/runtime/_target.py by `make generate`; do not edit.
"""
Where a request goes, without its secret.
"""

from attrs import frozen

from ._settings import Endpoint


@frozen
class Target:
    """
    A method and a place. `path` is percent-encoded and begins with the endpoint's prefix.
    """

    method: str
    endpoint: Endpoint
    path: str

    @property
    def host(self) -> str:
        """
        The host that is connected to.
        """
        return self.endpoint.host

    @property
    def port(self) -> int:
        """
        Its port.
        """
        return self.endpoint.port

    @property
    def url(self) -> str:
        """
        The whole URL.
        """
        return f"{self.endpoint.scheme}://{self.endpoint.authority}{self.path}"


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
