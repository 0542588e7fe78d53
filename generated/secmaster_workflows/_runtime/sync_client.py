# Derived from openapi/generator/runtime/_runtime/async_client.py by `make generate`; do not edit.
"""
Calls over one of the ways to send.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Self, TypeVar

from attrs import evolve

from secmaster_workflows._shapes import AnyCommand, Result
from secmaster_workflows.types import Response

from .answer import Failure, Fault, RawAnswer
from .call import Call
from .client import ClientBase, usable
from .meaning import Shapes, as_it_came, conclude, no_answer
from .model import Model
from .options import merged_headers
from .request import Request
from .secret import Secret

if TYPE_CHECKING:
    from .connections import Way

M = TypeVar("M", bound=Model)
T = TypeVar("T")


class SyncClientBase(ClientBase):
    """
    Calls over one of the ways to send.
    """

    _handler = "handle_request"

    def deliver(self, identifiers: Mapping[str, object], command: AnyCommand, shapes: Shapes[M]) -> Response[M]:
        """
        Sends a command and gives the answer as it comes, whatever its status.

        Args:
            identifiers: Path arguments by name; those of the client stand in for absent ones.
            command: The command.
            shapes: The models of the answers.

        Raises:
            InvalidArgumentError: Refused before anything was sent.
            CallError: There was no answer.
        """
        request = self._request(identifiers, command)
        return self._perform(request, lambda answer, secret, _: as_it_came(answer, secret, shapes))

    def _send(self, identifiers: Mapping[str, object], command: object, headers: Mapping[str, str] | None) -> Result:
        return self._perform(self._request(identifiers, command, headers), conclude)

    def _perform(self, request: Request, read: Callable[[RawAnswer, Secret, int], T]) -> T:
        # The one way to send: every operation's call comes through here.
        self._check_open()
        begun = time.monotonic()
        way = self._way()
        call = Call(request, self._secret(way, begun + self._settings.timeout), self._settings, begun)
        with call.watch as context:
            if context:
                call.request = evolve(request, headers=merged_headers(context, request.headers))
            return read(self._deliver(way, call), call.secret, call.attempts)

    def _way(self) -> "Way":
        from .connections import find_way  # noqa: PLC0415 - HTTP is loaded when it is needed

        way = find_way(self._shared.ways, self._settings, self._endpoint, self._transport)
        if self._shared.closed:  # in the meantime
            way.close()
        return way

    def _secret(self, way: "Way", deadline: float) -> Secret:
        if isinstance(self._token, Secret):
            return self._token
        try:
            return usable(way.ask_for_token(self._token, deadline))
        except Fault as fault:
            reason = "the client was closed" if way.closed else "the function for the token gave none by the deadline"
            raise no_answer(Failure(reason, "no", fault.timed_out and not way.closed), 0) from None

    def _renew(self, way: "Way", call: Call) -> None:
        if not isinstance(self._token, Secret):
            with suppress(Fault):  # the refusal stands
                call.renew(usable(way.renew_token(self._token, call.begun, call.deadline)))

    def _deliver(self, way: "Way", call: Call) -> RawAnswer:
        while True:
            outcome = way.exchange(call.attempt())
            try:
                if call.end_attempt(outcome):
                    self._renew(way, call)
            finally:
                wait = call.next_wait(outcome)
            if wait is None:
                return call.settle(outcome)
            way.pause(wait)
            if self._shared.closed:
                return call.settle(outcome)

    def close(self) -> None:
        """
        Closes all connections; calls under way end. The client cannot be used again.
        """
        self._shared.closed = True
        for way in list(self._shared.ways.values()):
            way.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
