# Copied from openapi/generator/runtime/_runtime/options.py by `make generate`; do not edit.
"""
The options of a client, checked when it is built.
"""

import inspect
import re
import sys
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypedDict
from urllib.parse import urlsplit

from attrs import field, frozen

from secmaster_workflows._spec import TOKEN_HEADERS
from secmaster_workflows.errors import ConfigurationError, Sent

from .checks import Checked, short

if TYPE_CHECKING:
    import ssl

    import attrs


@frozen(kw_only=True)
class AttemptRecord:
    """
    What an observer learns of each attempt.

    Attributes:
        command: The name of the command.
        method: The HTTP method.
        url: The URL.
        number: 1 for the first attempt of a call.
        sent: How far the request came: "no", "maybe" or "answered".
        status: The HTTP status, None if there was no answer.
        fault: Why there was no whole answer, "" if there was one.
        elapsed: Seconds that the attempt took.
        wait: Seconds until the next attempt, None if there is none.
    """

    command: str
    method: str
    url: str
    number: int
    sent: Sent
    status: int | None
    fault: str
    elapsed: float
    wait: float | None


class CallOptions(TypedDict, total=False):
    """
    The options that `with_options()` changes.

    Keys:
        timeout: Seconds for a whole call, its repetitions included. Default 30, at most a day.
        connect_timeout: Seconds for one connection to be made. Default 10.
        max_retries: How often a request is sent again. It is sent again if it was not carried out: no connection was
            made, the answer is 429, or it is 401 and the function for the token gives another. Default 2; 0 turns it
            off.
        retry_on: Further statuses, from 400 to 599, after which it is sent again, such as `{503}`. Default none: a
            proxy may answer 502, 503 or 504 after the command was carried out.
        max_answer_bytes: The largest body that is read. Default 1 MiB, at most 32 MiB.
        headers: Header fields of your own for each request, such as X-Language. The host's, the token's and those that
            frame the message are the client's. Default none.
        on_attempt: A plain function, called after each attempt in the thread or task of the call.
    """

    timeout: float
    connect_timeout: float
    max_retries: int
    retry_on: Collection[int]
    max_answer_bytes: int
    headers: Mapping[str, str]
    on_attempt: Callable[[AttemptRecord], object] | None


class Options(CallOptions, total=False):
    """
    The options of a client: those of `CallOptions`, and those of its connections.

    Keys:
        max_connections: Connections at one time. Default 100.
        keepalive_expiry: Seconds that an idle connection is kept. Default 5; with 0 each request has its own.
        ssl_context: TLS settings instead of the system's trust store; for a CA of your own
            `ssl.create_default_context(cafile=...)`. One that does not verify the server is used, and warned of.
        proxy: The URL of a proxy, which may have a user name and a percent-encoded password. An https:// endpoint needs
            an http:// one. The environment (HTTPS_PROXY, NO_PROXY) is not asked for one.
        allow_http: Whether http:// may be used to another machine, which shows the token to the network. Default False.
    """

    max_connections: int
    keepalive_expiry: float
    ssl_context: "ssl.SSLContext | None"
    proxy: str | None
    allow_http: bool


_LARGEST_ANSWER: Final = 32 * 1024 * 1024
_LONGEST: Final = 24 * 60 * 60
_FIELD_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.6.2
_FIELD_VALUE: Final = re.compile(r"(?:[!-~](?:[ -~\t]*[!-~])?)?")  # RFC 9110, 5.5, without what is obsolete
# What addresses the request, frames it or is about its connection (RFC 9110, 7.6.1), and the codings that are read.
_KEPT: Final = frozenset(
    (
        *map(str.lower, TOKEN_HEADERS),
        *("host", "content-length", "content-type", "transfer-encoding", "accept-encoding"),
        *("connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer", "upgrade", "expect"),
    )
)
_PROXY: Final = re.compile(r"https?://[^\s\x00-\x1f\x7f/?#\\]+/?")


def _seconds(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not (_is_time(value) and value):
        raise _refused(attribute.name, "is a positive number of seconds, at most a day", value)


def _seconds_or_none(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not _is_time(value):
        raise _refused(attribute.name, "is a number of seconds from 0 to a day", value)


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and type(value) in (int, float) and 0 <= value <= _LONGEST


def _count(lowest: int, highest: int) -> "Callable[[object, attrs.Attribute[Any], object], None]":
    def check(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if type(value) is not int or not lowest <= value <= highest:
            raise _refused(attribute.name, f"is a whole number from {lowest} to {highest}", value)

    return check


def _statuses(value: object) -> frozenset[int]:
    members: list[Any] = list(value) if isinstance(value, Collection) else [None]
    if not all(type(member) is int and 400 <= member <= 599 for member in members):
        raise _refused("retry_on", "is a collection of statuses from 400 to 599, such as {503}", value)
    return frozenset(members)


def checked_headers(given: object) -> dict[str, str]:
    """
    Header fields of the user's own.

    Raises:
        ConfigurationError: They are not fit to be sent, or not the user's to set.
    """
    if not isinstance(given, Mapping):
        fault = f"headers is a mapping of names to values, not {type(given).__name__}."
        raise ConfigurationError(fault, argument="headers")
    mapping: Mapping[Any, Any] = given
    fields: dict[str, str] = {}
    seen: set[str] = set()
    for name, value in mapping.items():
        if fault := header_fault(name, value):
            raise ConfigurationError(f"headers {fault}", argument="headers")
        if name.lower() in seen:
            raise ConfigurationError(f"headers has {name} twice.", argument="headers")
        seen.add(name.lower())
        fields[name] = value
    return fields


def header_fault(name: object, value: object) -> str:
    """
    What keeps a header field from being sent, "" if nothing does. The value is not shown: it may be a secret.
    """
    if type(name) is not str or not _FIELD_NAME.fullmatch(name):
        return f"has a name that is none of HTTP's: {short(name)}."
    if name.lower() in _KEPT:
        return f"must not have {name}: the client sets it."
    if type(value) is not str or not _FIELD_VALUE.fullmatch(value):
        return f"has a value of {name} that is no visible ASCII, perhaps with spaces inside. (It is not shown.)"
    return ""


def merged_headers(fields: Mapping[str, str], over: Mapping[str, str]) -> dict[str, str]:
    """
    Header fields, those of `over` in place of others of the same name, in letters of either case.
    """
    names = {name.lower() for name in over}
    return {**{name: value for name, value in fields.items() if name.lower() not in names}, **over}


def _boolean(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if type(value) is not bool:
        raise _refused(attribute.name, "is True or False", value)


def _proxy_url(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None and not (type(value) is str and _is_proxy(value)):
        wanted = "is like http://host:port; a user name and a percent-encoded password may stand before the host"
        raise ConfigurationError(f"{attribute.name} {wanted}. (It is not shown.)", argument=attribute.name)


def _is_proxy(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return bool(_PROXY.fullmatch(url) and parts.hostname) and port != 0


def _tls(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    ssl = sys.modules.get("ssl")  # slow to load; whoever has a context has loaded it
    if value is not None and (ssl is None or not isinstance(value, ssl.SSLContext)):
        raise _refused(attribute.name, "is an ssl.SSLContext", value)


def is_async(function: object) -> bool:
    """
    Whether what a function gives has to be awaited. The function may be an object with an async `__call__`.
    """
    while isinstance(function, partial):
        function = function.func
    if inspect.iscoroutinefunction(function):
        return True
    return callable(function) and inspect.iscoroutinefunction(type(function).__call__)


def _observer(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if value is not None and not callable(value):
        raise _refused(attribute.name, "is a function", value)
    if is_async(value):
        raise _refused(attribute.name, "is a plain function, which is not awaited", value)


def _refused(name: str, wanted: str, value: object) -> ConfigurationError:
    return ConfigurationError(f"{name} {wanted}, not {short(value)}.", argument=name)


@frozen(kw_only=True)
class Settings(Checked):
    """
    The options with their defaults.
    """

    timeout: float = field(default=30.0, validator=_seconds)
    connect_timeout: float = field(default=10.0, validator=_seconds)
    max_retries: int = field(default=2, validator=_count(0, 10))
    retry_on: frozenset[int] = field(default=frozenset(), converter=_statuses)
    max_answer_bytes: int = field(default=1024 * 1024, validator=_count(1024, _LARGEST_ANSWER))
    max_connections: int = field(default=100, validator=_count(1, 100_000))
    headers: dict[str, str] = field(factory=dict, converter=checked_headers, repr=False)
    keepalive_expiry: float = field(default=5.0, validator=_seconds_or_none)
    ssl_context: "ssl.SSLContext | None" = field(default=None, validator=_tls)
    proxy: str | None = field(default=None, validator=_proxy_url, repr=False)
    allow_http: bool = field(default=False, validator=_boolean)
    on_attempt: Callable[[AttemptRecord], object] | None = field(default=None, validator=_observer)
