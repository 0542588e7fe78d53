# Copied from openapi/generator/runtime/_async_client.py by `make generate`; do not edit.
"""
Calls for asyncio.
"""

import inspect
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from ._answer import conclude
from ._attempt import CURRENT
from ._call import Call, traced
from ._client import ClientBase, strip, usable
from ._raw_answer import Failure, RawAnswer, masked
from ._secret import AsyncTokenSource, ReadToken, Secret, TokenSource, read_token
from ._shapes import AnyCommand, Result
from .errors import CallTimeoutError, ConfigurationError

if TYPE_CHECKING:
    import httpx2

    from ._async_pool import AsyncPool
    from ._custom import AsyncTransport


async def _fetch(source: TokenSource | AsyncTokenSource) -> ReadToken:
    # Nothing is raised once the token is known: a traceback from here would show it.
    given = source()
    return read_token(await given if inspect.isawaitable(given) else given)


class AsyncClientBase(ClientBase):
    """
    Calls for asyncio.
    """

    _asynchronous = True
    _way: "AsyncPool | AsyncTransport | None" = None

    def _opened(self) -> "AsyncPool | AsyncTransport":
        if self._way is None:
            transport: httpx2.AsyncBaseTransport | None = self._transport
            if transport is None:
                from ._async_pool import AsyncPool  # noqa: PLC0415 - HTTP is loaded when it is needed

                return self._keep(AsyncPool(self._settings))
            from ._custom import AsyncTransport  # noqa: PLC0415 - see above

            return self._keep(AsyncTransport(transport, self._settings.max_answer_bytes))
        return self._way

    def _keep(self, way: "AsyncPool | AsyncTransport") -> "AsyncPool | AsyncTransport":
        # The first of many threads wins, without a lock that a fork could find taken.
        kept: AsyncPool | AsyncTransport = vars(self).setdefault("_way", way)
        return kept

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
        call = await self._call(identifiers, command)
        return masked(await self._deliver(call), call.secret)

    async def _call(self, identifiers: Mapping[str, object], command: object) -> Call:
        import asyncio  # noqa: PLC0415 - slow, and a running event loop has it loaded

        prepared = self._prepared(identifiers, command)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError("The client runs under asyncio; no event loop of its kind is running.") from None
        if isinstance(self._token, Secret):
            return Call(prepared, self._token, self._settings)
        limit = asyncio.timeout(prepared.deadline - time.monotonic())
        try:
            async with limit:
                secret = usable(await _fetch(self._token))
        except TimeoutError:
            if not limit.expired():
                raise
        else:
            return Call(prepared, secret, self._settings)
        fault = "No answer: the function for the token gave none by the deadline; nothing was sent."
        raise CallTimeoutError(fault, sent="no", attempts=0)

    async def _deliver(self, call: Call) -> RawAnswer:
        import asyncio  # noqa: PLC0415 - slow, and a running event loop has it loaded

        way = self._opened()
        while True:
            outcome = await self._attempt(way, call)
            wait = call.next_wait(outcome)
            if wait is None:
                return call.settle(outcome)
            await asyncio.sleep(wait)
            if self._closed:
                return call.settle(outcome)

    async def _attempt(self, way: "AsyncPool | AsyncTransport", call: Call) -> RawAnswer | Failure:
        reset = CURRENT.set(call.attempt())
        try:
            return await way.exchange(call.target, self._headers(call), call.body)
        except BaseException as error:  # noqa: BLE001 - raised again
            strip(error)
        finally:
            CURRENT.reset(reset)

    async def _send(self, identifiers: Mapping[str, object], command: object) -> Result:
        call = await self._call(identifiers, command)
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
