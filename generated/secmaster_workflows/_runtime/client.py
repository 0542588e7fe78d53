# Copied from openapi/generator/runtime/_runtime/client.py by `make generate`; do not edit.
"""
What the two clients share: configuration, and requests made of it.
"""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final, NoReturn, Self, Unpack

from attrs import asdict, define, evolve, field

from secmaster_workflows import _spec
from secmaster_workflows._operations import OPERATIONS
from secmaster_workflows.errors import ConfigurationError

from .endpoint import find_endpoint, find_identifier, from_environment, token_missing
from .operation import Operation
from .options import CallOptions, Options, Settings, checked_headers, is_async, merged_headers
from .request import DryRun, Request
from .secret import MASK, NO_TOKEN, ReadToken, Secret

_EXPECTED_TO_HAVE_A_BODY: Final = frozenset({"PATCH", "POST", "PUT"})  # RFC 9110, 8.6: its length is said, 0 too
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


def _check_identifier(argument: str, value: object) -> None:
    own = [
        parameter for operation in OPERATIONS for parameter in operation.parameters if parameter.argument == argument
    ]
    if all(parameter.schema == own[0].schema for parameter in own):
        own[0].segment(value)
    # Otherwise one operation may take what another does not: each call asks.


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
        variables: Mapping[str, str | None],
        token: ReadToken,
        identifiers: Mapping[str, Any],
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
        self._endpoint = find_endpoint(endpoint, variables, allow_http=self._settings.allow_http)
        self._identifiers = {name: from_environment(name, value) for name, value in identifiers.items()}
        for name, value in self._identifiers.items():
            if value is not None:
                _check_identifier(name, value)
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
        self._fields = {"User-Agent": user_agent(), **({} if settings.keepalive_expiry else {"Connection": "close"})}

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

    def _request(
        self,
        operation: Operation[Any],
        values: Mapping[str, object],
        body: object,
        headers: Mapping[str, str] | None = None,
    ) -> Request:
        name, content = operation.body(body)
        own = {
            argument: find_identifier(argument, self._identifiers.get(argument))
            for argument in operation.path_arguments
            if argument not in values
        }
        if operation.token is not None and self._token is NO_TOKEN:
            raise token_missing()
        given = self._settings.headers
        if headers is not None:
            given = merged_headers(given, checked_headers(headers))
        fields = {**self._fields, "Accept": operation.accept, "Accept-Encoding": "identity"}
        if content is not None and operation.media_type is not None:
            fields["Content-Type"] = operation.media_type
        elif operation.method in _EXPECTED_TO_HAVE_A_BODY:
            content = b""
        return Request(
            name=name,
            method=operation.method,
            endpoint=self._endpoint,
            path=self._endpoint.prefix + operation.target({**values, **own}),
            headers=merged_headers(merged_headers(fields, given), operation.headers(values)),
            body=content,
            token=operation.token,
            repeatable=operation.repeatable,
        )

    def _check_open(self) -> None:
        if self._shared.closed:
            raise ConfigurationError("The client is closed; build another.")

    def _dry_run(
        self, operation: Operation[Any], values: Mapping[str, object], body: object, headers: Mapping[str, str] | None
    ) -> DryRun:
        secret = self._token if isinstance(self._token, Secret) else None
        return self._request(operation, values, body, headers).shown(secret)

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
