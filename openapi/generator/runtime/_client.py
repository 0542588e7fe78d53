"""
What the two generated clients share: configuration, requests, attempts.
"""

import threading
import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, Self

from . import _spec
from ._answer import Failure, RawAnswer, conclude, masked
from ._attempt import CURRENT
from ._call import Call, traced
from ._command import command_body
from ._options import Options, Settings
from ._secret import MASK, Secret, TokenSource, read_token
from ._settings import encode_segment, find_endpoint, find_identifier, find_token, from_environment, join_path
from ._shapes import AnyCommand, Result
from ._target import DryRun, Target
from .commands import COMMANDS
from .errors import ConfigurationError

if TYPE_CHECKING:
    import httpx2

    from ._custom import AsyncTransport, SyncTransport
    from ._pool import AsyncPool, SyncPool


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


_NO_TOKEN = ConfigurationError("The function for the token gives another function.", argument="token")


def _strip(error: BaseException) -> NoReturn:
    # Interrupts and cancellation pass; the frames they come through hold the request with its token.
    error.__context__ = None
    raise error.with_traceback(None) from None


class ClientBase:
    """
    A configured client.
    """

    def __init__(  # noqa: PLR0913 - what a client is configured by
        self,
        *,
        endpoint: str | None,
        region: str | None,
        token: Secret | TokenSource | ConfigurationError,
        identifiers: Mapping[str, str | None],
        transport: Any,
        options: Options,
    ) -> None:
        if isinstance(token, ConfigurationError):
            raise token
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
        self._transport = transport
        self._options = options
        self._closed = False
        self._lock = threading.Lock()
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

    def _call(self, identifiers: Mapping[str, object], command: object) -> Call:
        name, body = command_body(COMMANDS, command)
        target = self._target(identifiers)
        if self._closed:
            raise ConfigurationError("The client is closed; build another.")
        secret = self._token if isinstance(self._token, Secret) else read_token(self._token())
        if not isinstance(secret, Secret):
            raise secret if isinstance(secret, ConfigurationError) else _NO_TOKEN
        return Call(target, name, body, secret, self._settings)

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
        return _revive, (type(self), self._arguments())

    def __repr__(self) -> str:
        built = vars(self)  # a constructor that refuses its arguments is shown in tracebacks half built
        place = built["_endpoint"].url if "_endpoint" in built else None
        own = "".join(f", {name}={value!r}" for name, value in built.get("_identifiers", {}).items())
        return f"{type(self).__name__}(endpoint={place!r}{own}, token={MASK})"


def _revive(kind: Any, arguments: dict[str, Any]) -> ClientBase:
    client: ClientBase = kind(token=_token_from_environment, **arguments)
    return client


class SyncClientBase(ClientBase):
    """
    Calls that block.
    """

    _way: "SyncPool | SyncTransport | None" = None

    def _opened(self) -> "SyncPool | SyncTransport":
        way = self._way
        if way is None:
            from ._custom import SyncTransport  # noqa: PLC0415 - HTTP is loaded when it is needed
            from ._pool import SyncPool  # noqa: PLC0415 - see above

            transport: httpx2.BaseTransport | None = self._transport
            with self._lock:
                way = self._way
                if way is None and transport is None:
                    way = self._way = SyncPool(self._settings)
                elif way is None and transport is not None:
                    way = self._way = SyncTransport(transport, self._settings.max_answer_bytes)
        assert way is not None  # noqa: S101 - one of the two branches above
        return way

    def deliver(self, identifiers: Mapping[str, object], command: AnyCommand) -> RawAnswer:
        """
        Sends a command and gives the answer as it comes, whatever its status.

        Args:
            identifiers: Path arguments by name; those of the client stand in for absent ones.
            command: The command.

        Raises:
            InvalidArgumentError: Refused before anything was sent.
            CallError: There was no answer.
        """
        call = self._call(identifiers, command)
        return masked(self._deliver(call), call.secret)

    def _deliver(self, call: Call) -> RawAnswer:
        way = self._opened()
        while True:
            outcome = self._attempt(way, call)
            wait = call.next_wait(outcome)
            if wait is None:
                return call.settle(outcome)
            time.sleep(wait)

    def _attempt(self, way: "SyncPool | SyncTransport", call: Call) -> RawAnswer | Failure:
        reset = CURRENT.set(call.attempt())
        try:
            return way.exchange(call.target, self._headers(call), call.body)
        except BaseException as error:  # noqa: BLE001 - raised again
            _strip(error)
        finally:
            CURRENT.reset(reset)

    def _send(self, identifiers: Mapping[str, object], command: object) -> Result:
        call = self._call(identifiers, command)
        with traced(call):
            return conclude(self._deliver(call), call.secret, call.attempts)

    def close(self) -> None:
        """
        Closes all connections. The client cannot be used again.
        """
        self._closed = True
        if self._way is not None:
            self._way.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClientBase(ClientBase):
    """
    Calls for asyncio.
    """

    _way: "AsyncPool | AsyncTransport | None" = None

    def _opened(self) -> "AsyncPool | AsyncTransport":
        way = self._way
        if way is None:
            from ._custom import AsyncTransport  # noqa: PLC0415 - HTTP is loaded when it is needed
            from ._pool import AsyncPool  # noqa: PLC0415 - see above

            transport: httpx2.AsyncBaseTransport | None = self._transport
            with self._lock:
                way = self._way
                if way is None and transport is None:
                    way = self._way = AsyncPool(self._settings)
                elif way is None and transport is not None:
                    way = self._way = AsyncTransport(transport, self._settings.max_answer_bytes)
        assert way is not None  # noqa: S101 - one of the two branches above
        return way

    async def deliver(self, identifiers: Mapping[str, object], command: AnyCommand) -> RawAnswer:
        """
        Sends a command and gives the answer as it comes, whatever its status.

        Args:
            identifiers: Path arguments by name; those of the client stand in for absent ones.
            command: The command.

        Raises:
            InvalidArgumentError: Refused before anything was sent.
            CallError: There was no answer.
        """
        call = self._call(identifiers, command)
        return masked(await self._deliver(call), call.secret)

    async def _deliver(self, call: Call) -> RawAnswer:
        import asyncio  # noqa: PLC0415 - slow, and a running event loop has it loaded

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError("The client runs under asyncio; no event loop of its kind is running.") from None
        way = self._opened()
        while True:
            outcome = await self._attempt(way, call)
            wait = call.next_wait(outcome)
            if wait is None:
                return call.settle(outcome)
            await asyncio.sleep(wait)

    async def _attempt(self, way: "AsyncPool | AsyncTransport", call: Call) -> RawAnswer | Failure:
        reset = CURRENT.set(call.attempt())
        try:
            return await way.exchange(call.target, self._headers(call), call.body)
        except BaseException as error:  # noqa: BLE001 - raised again
            _strip(error)
        finally:
            CURRENT.reset(reset)

    async def _send(self, identifiers: Mapping[str, object], command: object) -> Result:
        call = self._call(identifiers, command)
        with traced(call):
            return conclude(await self._deliver(call), call.secret, call.attempts)

    async def aclose(self) -> None:
        """
        Closes the connections of the running event loop. The client cannot be used again.
        """
        self._closed = True
        if self._way is not None:
            await self._way.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
