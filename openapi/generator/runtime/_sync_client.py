"""
Calls that block.
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from ._answer import conclude
from ._attempt import CURRENT
from ._call import Call, traced
from ._client import ClientBase, strip, usable
from ._raw_answer import Failure, RawAnswer, masked
from ._secret import Secret, read_token
from ._shapes import AnyCommand, Result

if TYPE_CHECKING:
    import httpx2

    from ._custom import SyncTransport
    from ._pool import SyncPool


class SyncClientBase(ClientBase):
    """
    Calls that block.
    """

    _asynchronous = False
    _way: "SyncPool | SyncTransport | None" = None

    def _opened(self) -> "SyncPool | SyncTransport":
        if self._way is None:
            transport: httpx2.BaseTransport | None = self._transport
            if transport is None:
                from ._pool import SyncPool  # noqa: PLC0415 - HTTP is loaded when it is needed

                return self._keep(SyncPool(self._settings))
            from ._custom import SyncTransport  # noqa: PLC0415 - see above

            return self._keep(SyncTransport(transport, self._settings.max_answer_bytes))
        return self._way

    def _keep(self, way: "SyncPool | SyncTransport") -> "SyncPool | SyncTransport":
        # The first of many threads wins, without a lock that a fork could find taken.
        kept: SyncPool | SyncTransport = vars(self).setdefault("_way", way)
        return kept

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

    def _call(self, identifiers: Mapping[str, object], command: object) -> Call:
        prepared = self._prepared(identifiers, command)
        # No local variable holds what the function gives: a traceback may show them.
        secret = self._token if isinstance(self._token, Secret) else usable(read_token(self._token()))
        return Call(prepared, secret, self._settings)

    def _deliver(self, call: Call) -> RawAnswer:
        way = self._opened()
        while True:
            outcome = self._attempt(way, call)
            wait = call.next_wait(outcome)
            if wait is None:
                return call.settle(outcome)
            time.sleep(wait)
            if self._closed:
                return call.settle(outcome)

    def _attempt(self, way: "SyncPool | SyncTransport", call: Call) -> RawAnswer | Failure:
        reset = CURRENT.set(call.attempt())
        try:
            return way.exchange(call.target, self._headers(call), call.body)
        except BaseException as error:  # noqa: BLE001 - raised again
            strip(error)
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
