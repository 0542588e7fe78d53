# Copied from openapi/generator/runtime/_runtime/async_client.py by `make generate`; do not edit.
"""
Calls over one of the ways to send.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import evolve

from secmaster_workflows.types import Response

from .answer import Failure, Fault, RawAnswer
from .call import Call
from .client import ClientBase, usable
from .meaning import as_it_came, conclude, no_answer
from .operation import Operation
from .options import merged_headers
from .request import Request
from .secret import Secret

if TYPE_CHECKING:
    from .async_connections import AsyncWay

T = TypeVar("T")


class AsyncClientBase(ClientBase):
    """
    Calls over one of the ways to send.
    """

    _handler = "handle_async_request"

    async def deliver(self, operation: Operation[Any], values: Mapping[str, object], body: object) -> Response[Any]:
        """
        Sends a request and gives the answer as it comes, whatever its status.

        Args:
            operation: Which.
            values: Its arguments by name; those of the client stand in for absent ones.
            body: Its body, `UNSET` if it has none.

        Raises:
            InvalidArgumentError: Refused before anything was sent.
            CallError: There was no answer.
        """
        request = self._request(operation, values, body)
        return await self._perform(request, lambda answer, secret, _: as_it_came(answer, secret, operation))

    async def _send(
        self, operation: Operation[T], values: Mapping[str, object], body: object, headers: Mapping[str, str] | None
    ) -> T:
        request = self._request(operation, values, body, headers)
        return await self._perform(request, lambda answer, secret, made: conclude(answer, secret, made, operation))

    async def _perform(self, request: Request, read: Callable[[RawAnswer, Secret, int], T]) -> T:
        # The one way to send: every operation's call comes through here.
        self._check_open()
        begun = time.monotonic()
        way = await self._way()
        call = Call(request, await self._secret(way, begun + self._settings.timeout), self._settings, begun)
        with call.watch as context:
            if context:
                call.request = evolve(request, headers=merged_headers(context, request.headers))
            return read(await self._deliver(way, call), call.secret, call.attempts)

    async def _way(self) -> "AsyncWay":
        from .async_connections import find_way  # noqa: PLC0415 - HTTP is loaded when it is needed

        way = find_way(self._shared.ways, self._settings, self._endpoint, self._transport)
        if self._shared.closed:  # in the meantime
            await way.aclose()
        return way

    async def _secret(self, way: "AsyncWay", deadline: float) -> Secret:
        if isinstance(self._token, Secret):
            return self._token
        try:
            return usable(await way.ask_for_token(self._token, deadline))
        except Fault as fault:
            reason = "the client was closed" if way.closed else "the function for the token gave none by the deadline"
            raise no_answer(Failure(reason, "no", fault.timed_out and not way.closed), 0) from None

    async def _renew(self, way: "AsyncWay", call: Call) -> None:
        if not isinstance(self._token, Secret):
            with suppress(Fault):  # the refusal stands
                call.renew(usable(await way.renew_token(self._token, call.begun, call.deadline)))

    async def _deliver(self, way: "AsyncWay", call: Call) -> RawAnswer:
        while True:
            outcome = await way.exchange(call.attempt())
            try:
                if call.end_attempt(outcome):
                    await self._renew(way, call)
            finally:
                wait = call.next_wait(outcome)
            if wait is None:
                return call.settle(outcome)
            await way.pause(wait)
            if self._shared.closed:
                return call.settle(outcome)

    async def aclose(self) -> None:
        """
        Closes all connections; calls under way end. The client cannot be used again.
        """
        self._shared.closed = True
        for way in list(self._shared.ways.values()):
            await way.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
