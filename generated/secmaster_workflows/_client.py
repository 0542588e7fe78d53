# Copied from openapi/generator/runtime/_client.py by `make generate`; do not edit.
"""
What the two clients share: configuration, and requests made of it.
"""

import inspect
import logging
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final, NoReturn, Self

from . import _spec
from ._call import Call, Prepared
from ._command import command_body
from ._options import Options, Settings
from ._secret import MASK, ReadToken, Secret
from ._settings import encode_segment, find_endpoint, find_identifier, find_token, from_environment, join_path
from ._target import DryRun, Target
from .commands import COMMANDS
from .errors import ConfigurationError

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


def _token_from_environment() -> str:
    found = find_token(None)
    if isinstance(found, Secret):
        return found.reveal()
    raise found if isinstance(found, ConfigurationError) else TypeError(found)


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


def strip(error: BaseException) -> NoReturn:
    """
    Raises an interruption or cancellation without the frames that it came through: they hold the token.
    """
    error.__context__ = None
    raise error.with_traceback(None) from None


class ClientBase:
    """
    A configured client.
    """

    _asynchronous: ClassVar[bool]

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
        if isinstance(token, ConfigurationError):
            raise token
        if not self._asynchronous and inspect.iscoroutinefunction(token):
            raise ConfigurationError("Only the client for asyncio takes an async function as token.", argument="token")
        self._token = token
        try:
            self._settings = Settings(**options)
        except TypeError as error:
            known = ", ".join(Options.__annotations__)
            raise ConfigurationError(f"An option is not known ({error}); the options are {known}.") from None
        self._endpoint = find_endpoint(endpoint, region, allow_http=self._settings.allow_http)
        self._identifiers = {name: from_environment(name, value) for name, value in identifiers.items()}
        self._segments = {
            name: encode_segment(name, value) for name, value in self._identifiers.items() if value is not None
        }
        if self._settings.proxy is not None and self._endpoint.scheme == "http" and not self._settings.allow_http:
            fault = "A proxy would read the token of an http:// call; that needs allow_http=True."
            raise ConfigurationError(fault, argument="proxy")
        handler = "handle_async_request" if self._asynchronous else "handle_request"
        if transport is not None and not callable(getattr(transport, handler, None)):
            fault = f"transport is an httpx2 transport for this client: an object with {handler}()."
            raise ConfigurationError(fault, argument="transport")
        context = self._settings.ssl_context
        if context is not None and not (context.verify_mode and context.check_hostname):
            _LOGGER.warning("ssl_context does not verify the server: whoever answers is given the token.")
        self._transport = transport
        self._options = options
        self._closed = False
        self._fields = (
            (b"Host", self._endpoint.authority.encode()),
            (b"User-Agent", user_agent().encode()),
            (b"Accept", b"application/json"),
            (b"Accept-Encoding", b"identity"),
            (b"Content-Type", _spec.CONTENT_TYPE.encode()),
        )

    def _own(self, name: str) -> str:
        # The path segment of an identifier that belongs to the client.
        return self._segments[name] if name in self._segments else find_identifier(name, None)

    def _target(self, identifiers: Mapping[str, object]) -> Target:
        segments = {
            name: encode_segment(name, identifiers[name]) if name in identifiers else self._own(name)
            for name in _spec.PATH_PARAMETERS
        }
        path = self._endpoint.prefix + join_path(_spec.PATH, segments)
        return Target(_spec.METHOD, self._endpoint, path)

    def _prepared(self, identifiers: Mapping[str, object], command: object) -> Prepared:
        name, body = command_body(COMMANDS, command)
        target = self._target(identifiers)
        if self._closed:
            raise ConfigurationError("The client is closed; build another.")
        return Prepared(target, name, body, time.monotonic() + self._settings.timeout)

    def _headers(self, call: Call) -> list[tuple[bytes, bytes]]:
        return [
            *self._fields,
            (_spec.TOKEN_HEADER.encode(), call.secret.reveal().encode()),
            (b"Content-Length", b"%d" % len(call.body)),
        ]

    def _dry_run(self, identifiers: Mapping[str, object], command: object) -> DryRun:
        _, body = command_body(COMMANDS, command)
        target = self._target(identifiers)
        fields = {name.decode(): value.decode() for name, value in self._fields}
        headers = {**fields, _spec.TOKEN_HEADER: MASK, "Content-Length": str(len(body))}
        return DryRun(target.method, target.url, headers, body.decode())

    def _arguments(self) -> dict[str, Any]:
        return {**self._identifiers, "endpoint": self._endpoint.url, "transport": self._transport, **self._options}

    def __copy__(self) -> Self:
        return type(self)(token=self._token, **self._arguments())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.__copy__()

    def __reduce__(self) -> tuple[Any, ...]:
        # A pickle may end up in a file or a queue: it goes without the token, which the other process finds for itself.
        if "@" in (self._settings.proxy or ""):
            raise TypeError("The password of the proxy is not written to a pickle: build the client where it is used.")
        return _revive, (type(self), self._arguments())

    def __repr__(self) -> str:
        built = vars(self)  # a constructor that refuses its arguments is shown in tracebacks half built
        place = built["_endpoint"].url if "_endpoint" in built else None
        own = "".join(f", {name}={value!r}" for name, value in built.get("_identifiers", {}).items())
        return f"{type(self).__name__}(endpoint={place!r}{own}, token={MASK})"


def _revive(kind: Any, arguments: dict[str, Any]) -> ClientBase:
    client: ClientBase = kind(token=_token_from_environment, **arguments)
    return client
