"""
What the two clients share: configuration, and requests made of it.
"""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final, NoReturn, Self, Unpack

from attrs import asdict, define, evolve, field

from secmaster_workflows import _spec
from secmaster_workflows.commands import COMMANDS
from secmaster_workflows.errors import ConfigurationError

from .command import command_body
from .endpoint import encode_segment, find_endpoint, find_identifier, from_environment, join_path
from .options import CallOptions, Options, Settings, checked_headers, is_async, merged_headers
from .request import DryRun, Request
from .secret import MASK, ReadToken, Secret

_LOGGER: Final = logging.getLogger("secmaster_workflows")


@cache
def user_agent() -> str:
    """
    The name and version of this package (RFC 9110, 10.1.5).
    """
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow, and not needed to import this

    try:
        return f"{_spec.DISTRIBUTION}/{version(_spec.DISTRIBUTION)}"
    except PackageNotFoundError:
        return f"{_spec.DISTRIBUTION}/0+unknown"


def usable(token: ReadToken) -> Secret:
    """
    What a function for the token gave, as `read_token()` read it.

    Raises:
        ConfigurationError: It is no token.
    """
    if isinstance(token, Secret):
        return token
    another = ConfigurationError("The function for the token gives another function.", argument="token")
    raise token if isinstance(token, ConfigurationError) else another


@define
class Shared:
    """
    What a client and those that `with_options()` makes of it have in common.
    """

    ways: dict[Any, Any] = field(factory=dict)  # to send, by the place where each may be used
    closed: bool = False


class ClientBase:
    """
    A configured client.
    """

    _handler: ClassVar[str]  # the method of a transport that sends

    def __init__(  # noqa: PLR0913 - what a client is configured by
        self,
        *,
        endpoint: str | None,
        region: str | None,
        token: ReadToken,
        identifiers: Mapping[str, str | None],
        transport: Any,
        options: Options,
    ) -> None:
        _check_names(options)
        if isinstance(token, ConfigurationError):
            raise token
        if self._handler == "handle_request" and is_async(token):
            raise ConfigurationError("Only the client for asyncio takes an async function as token.", argument="token")
        self._token = token
        self._configure(Settings(**options))
        self._endpoint = find_endpoint(endpoint, region, allow_http=self._settings.allow_http)
        self._identifiers = {name: from_environment(name, value) for name, value in identifiers.items()}
        self._segments = {
            name: encode_segment(name, value) for name, value in self._identifiers.items() if value is not None
        }
        if self._settings.proxy is not None and self._endpoint.scheme == "http" and not self._settings.allow_http:
            fault = "A proxy would read the token of an http:// call; that needs allow_http=True."
            raise ConfigurationError(fault, argument="proxy")
        if self._endpoint.scheme == "https" and (self._settings.proxy or "").startswith("https:"):
            fault = "An https:// endpoint is reached through an http:// proxy; TLS within TLS is not supported."
            raise ConfigurationError(fault, argument="proxy")
        if transport is not None and not callable(getattr(transport, self._handler, None)):
            fault = f"transport is an httpx2 transport for this client: an object with {self._handler}()."
            raise ConfigurationError(fault, argument="transport")
        context = self._settings.ssl_context
        if context is not None and not (context.verify_mode and context.check_hostname):
            _LOGGER.warning("ssl_context does not verify the server: whoever answers is given the token.")
        self._transport = transport
        self._shared = Shared()

    def _configure(self, settings: Settings) -> None:
        self._settings = settings
        fields = {
            "User-Agent": user_agent(),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": _spec.CONTENT_TYPE,
            **({} if settings.keepalive_expiry else {"Connection": "close"}),
        }
        self._headers = merged_headers(fields, settings.headers)

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """
        A client like this one with some options changed; `headers` are added to those of this one.

        Both send over the same connections: to close either closes both.

        Args:
            **options: See `CallOptions`.

        Raises:
            ConfigurationError: An option is unknown, wrong, or one of the connections.
        """
        _check_names(options)
        for name in options:
            if name not in CallOptions.__annotations__:
                fault = f"{name} is an option of the connections, which the two clients share; build another client."
                raise ConfigurationError(fault, argument=name)
        if "headers" in options:
            options["headers"] = merged_headers(self._settings.headers, checked_headers(options["headers"]))
        other = object.__new__(type(self))
        vars(other).update(vars(self))
        other._configure(evolve(self._settings, **options))
        return other

    def _own(self, name: str) -> str:
        # The path segment of an identifier that belongs to the client.
        return self._segments[name] if name in self._segments else find_identifier(name, None)

    def _request(
        self, identifiers: Mapping[str, object], command: object, headers: Mapping[str, str] | None = None
    ) -> Request:
        name, body = command_body(COMMANDS, command)
        segments = {
            name: encode_segment(name, identifiers[name]) if name in identifiers else self._own(name)
            for name in _spec.PATH_PARAMETERS
        }
        return Request(
            name=name,
            method=_spec.METHOD,
            endpoint=self._endpoint,
            path=self._endpoint.prefix + join_path(_spec.PATH, segments),
            headers=self._headers if headers is None else merged_headers(self._headers, checked_headers(headers)),
            body=body,
        )

    def _check_open(self) -> None:
        if self._shared.closed:
            raise ConfigurationError("The client is closed; build another.")

    def _dry_run(self, identifiers: Mapping[str, object], command: object, headers: Mapping[str, str] | None) -> DryRun:
        secret = self._token if isinstance(self._token, Secret) else None
        return self._request(identifiers, command, headers).shown(secret)

    def _arguments(self) -> dict[str, Any]:
        options = asdict(self._settings, recurse=False)
        return {**self._identifiers, "endpoint": self._endpoint.url, "transport": self._transport, **options}

    def __copy__(self) -> Self:
        return type(self)(token=self._token, **self._arguments())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.__copy__()

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client is not pickled: build it where it is used.")

    def __repr__(self) -> str:
        built = vars(self)  # a constructor that refuses its arguments is shown in tracebacks half built
        place = built["_endpoint"].url if "_endpoint" in built else None
        own = "".join(f", {name}={value!r}" for name, value in built.get("_identifiers", {}).items())
        return f"{type(self).__name__}(endpoint={place!r}{own}, token={MASK})"


def _check_names(options: Mapping[str, object]) -> None:
    for name in options:
        if name not in Options.__annotations__:
            known = ", ".join(Options.__annotations__)
            raise ConfigurationError(f"{name} is not an option; the options are {known}.", argument=name)
