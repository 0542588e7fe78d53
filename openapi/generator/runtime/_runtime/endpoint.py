"""
Where the client sends to and as whom: from arguments or else from the environment, checked at once.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from attrs import frozen

from secmaster_workflows._spec import ENVIRONMENT, SERVER, TOKEN_NEEDED, VARIABLES
from secmaster_workflows.errors import ConfigurationError

from .checks import short
from .secret import NO_TOKEN, ReadToken, read_token

PORTS: Final = {"http": 80, "https": 443}
"""
The port of each scheme.
"""
_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+|[0-9a-f:]+:[0-9a-f.]*%[\w.~-]+", re.ASCII)
_ZONE: Final = re.compile(r"(:[^%]*)%25([^%]*)")  # as a URL has it (RFC 6874, 2)
_PATH_PART: Final = re.compile(r"(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+")


@frozen
class Endpoint:
    """
    The place that requests are sent to.

    Attributes:
        scheme: http or https.
        host: A name or an address, an IPv6 address of a link with its zone ("fe80::1%eth0").
        port: The port.
        prefix: The path before the operation's own.
    """

    scheme: str
    host: str
    port: int
    prefix: str

    @property
    def authority(self) -> str:
        """
        The value of the Host header. It has no zone, which is for this machine alone (RFC 6874, 4).
        """
        return self._place(self.server_name)

    @property
    def server_name(self) -> str:
        """
        What the certificate is for: the host without its zone.
        """
        return self.host.partition("%")[0]

    @property
    def url(self) -> str:
        """
        The URL that a request's own path is appended to.
        """
        return f"{self.origin}{self.prefix}"

    @property
    def origin(self) -> str:
        """
        The URL without a path.
        """
        return f"{self.scheme}://{self._place(self.host.replace('%', '%25'))}"

    def _place(self, host: str) -> str:
        bracketed = f"[{host}]" if ":" in host else host
        return bracketed if self.port == PORTS[self.scheme] else f"{bracketed}:{self.port}"


def from_environment(name: str, value: str | None) -> str | None:
    """
    The argument, or else the environment variable that stands in for it. An empty variable counts as none.
    """
    return os.environ.get(f"{ENVIRONMENT}{name.upper()}") or None if value is None else value


def find_endpoint(endpoint: str | None, given: Mapping[str, str | None], *, allow_http: bool) -> Endpoint:
    """
    The endpoint that a URL names, or the variables of the contract's server do.

    Raises:
        ConfigurationError: Both or none is given, a value is not known, or the URL is not a plain https one.
    """
    values = {name: value for name, value in given.items() if value is not None}
    if endpoint is None and not values:
        endpoint = from_environment("endpoint", None)
    if endpoint is not None and values:
        raise ConfigurationError(f"Give an endpoint or a {next(iter(values))}, not both.", argument="endpoint")
    if endpoint is not None:
        return _parse(endpoint, allow_http=allow_http)
    url = SERVER
    for name, known in VARIABLES.items():
        value = from_environment(name, values.get(name))
        if value is None:
            raise _nowhere(name)
        if known and value not in known:
            raise ConfigurationError(
                f"{short(value)} is not a known {name} ({', '.join(known)}); pass endpoint instead.", argument=name
            )
        url = url.replace(f"{{{name}}}", value)
    if not url:
        raise _nowhere("endpoint")
    return _parse(url, allow_http=allow_http)


def _nowhere(name: str) -> ConfigurationError:
    names = [*VARIABLES, "endpoint"]
    variables = " or ".join(f"{ENVIRONMENT}{name.upper()}" for name in names)
    fault = f"Where to send is missing: pass {' or '.join(names)}, or set {variables}."
    return ConfigurationError(fault, argument=name)


def _parse(url: str, *, allow_http: bool) -> Endpoint:
    if type(url) is not str:
        raise _no_endpoint(f"is a string, not {type(url).__name__}")
    if not re.fullmatch(r"[!-\[\]-~]+", url):
        raise _no_endpoint("has spaces, backslashes, control characters or characters outside ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _no_endpoint("is not a URL") from None
    host, prefix = _ZONE.sub(r"\1%\2", parts.hostname or ""), parts.path.rstrip("/")
    if parts.scheme not in PORTS or port == 0 or not _HOST.fullmatch(host):
        raise _no_endpoint("is no http or https URL with a host")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise _no_endpoint("has a user name, a query or a fragment")
    if not all(_is_path_part(segment) for segment in prefix.split("/")[1:]):
        raise _no_endpoint("has a path with empty, dotted or unencoded parts")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise _no_endpoint("would carry the token in the clear (http:// to another machine needs allow_http=True)")
    return Endpoint(scheme=parts.scheme, host=host, port=port or PORTS[parts.scheme], prefix=prefix)


def _is_path_part(segment: str) -> bool:
    return bool(_PATH_PART.fullmatch(segment)) and unquote(segment) not in {".", ".."}


def _no_endpoint(fault: str) -> ConfigurationError:
    wanted = "it is like https://host or https://host:port"
    return ConfigurationError(f"The endpoint {fault}; {wanted}.", argument="endpoint")


def is_loopback(host: str) -> bool:
    """
    Whether the host is this machine.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def find_token(token: object) -> ReadToken:
    """
    The token from the argument or the environment, checked; a fault is returned, see `read_token()`.
    """
    if token is None:
        token = from_environment("token", None)
    if token is None:
        return token_missing() if TOKEN_NEEDED else NO_TOKEN
    return read_token(token)


def token_missing() -> ConfigurationError:
    """
    The error for a token that is needed and not there.
    """
    names = f"pass token or set {ENVIRONMENT}TOKEN"
    return ConfigurationError(f"The token is missing: {names}.", argument="token")


def find_identifier(name: str, value: object) -> object:
    """
    The value of a path argument that belongs to the client.
    """
    found = from_environment(name, None) if value is None else value
    if found is None:
        raise ConfigurationError(f"{name} is missing: pass {name} or set {ENVIRONMENT}{name.upper()}.", argument=name)
    return found


def encode_segment(name: str, value: object) -> str:
    """
    A path argument, percent-encoded (RFC 3986, 2.1).

    Raises:
        ConfigurationError: It would make another path of the request: empty, ".", "..", or with a slash in it, which
            many servers decode before they choose the route.
    """
    if type(value) is not str:
        fault = f"is a string, not {'None' if value is None else type(value).__name__}"
    elif value in {"", ".", ".."}:
        fault = f"is {value!r}, which would address something else"
    elif "/" in value or "\\" in value:
        fault = "has a slash, which would address something else"
    else:
        try:
            return quote(value, safe="")
        except UnicodeEncodeError:
            fault = "has lone surrogates, which a URL cannot carry"
    raise ConfigurationError(f"{name} {fault}.", argument=name)
