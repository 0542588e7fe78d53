"""Servers that mind the company that a request comes in: connection, neighbours, headers of no concern."""

from __future__ import annotations

import asyncio
from typing import Any

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import RETRY, Reference
from test_verifier.servers.wire import Answer, Request

_COMPANY = "http.stateless"


@breaks(_COMPANY, advice=("guard.authentication-first",))
class RefusesBehindRefusals(Reference):
    """Refuses a good command on a connection that brought a bad one."""

    def route(self, request: Request) -> None:
        super().route(request)
        if request.peer.refused:
            self.refuse("The connection is spoilt.")


@breaks(_COMPANY)
class RefusesTheThird(Reference):
    """Refuses the third good command of a connection."""

    def validate(self, request: Request, body: Any) -> None:
        super().validate(request, body)
        if request.peer.taken == 2:
            self.refuse("Once too often.")


@breaks(_COMPANY)
class RefusesTheFirst(Reference):
    """Refuses the first command of a connection that brings a long body."""

    def validate(self, request: Request, body: Any) -> None:
        super().validate(request, body)
        if request.peer.requests == 0 and b"Debug" in request.body:
            self.refuse("Not yet.")


@breaks(_COMPANY)
class MixesRequests(Reference):
    """Keeps the command of a request where the next one overwrites it."""

    def __init__(self) -> None:
        super().__init__()
        self.current: Any = None

    def validate(self, request: Request, body: Any) -> None:
        pass

    async def carry_out(self, request: Request, body: Any) -> Answer:
        self.current = body
        await asyncio.sleep(0.003)
        super().validate(request, self.current)
        return await super().carry_out(request, body)


_HEADERS = "http.header-equivalence"


class _Choosy(Reference):
    """Refuses a valid request for a header of no concern."""

    def unfit(self, request: Request) -> bool:
        """Say whether the request is refused."""
        raise NotImplementedError

    def route(self, request: Request) -> None:
        super().route(request)
        if self.unfit(request):
            self.refuse("The headers are not as they have to be.")


@breaks(_HEADERS)
class HeadersInLowerCase(_Choosy):
    """Does not find headers in lower case."""

    def unfit(self, request: Request) -> bool:
        return "content-type" in request.raw_names


@breaks(_HEADERS)
class HeadersInUpperCase(_Choosy):
    """Does not find headers in capitals."""

    def unfit(self, request: Request) -> bool:
        return "CONTENT-TYPE" in request.raw_names


@breaks(_HEADERS)
class HeadersUnknown(_Choosy):
    """Refuses headers that it does not know."""

    def unfit(self, request: Request) -> bool:
        return bool(request.values("X-Unknown"))


@breaks(_HEADERS)
class HeadersOfAccept(_Choosy):
    """Refuses whoever accepts anything."""

    def unfit(self, request: Request) -> bool:
        return request.values("Accept") == ["*/*"]


@breaks("http.query-ignored")
class QueriesUnknown(_Choosy):
    """Refuses a query."""

    def unfit(self, request: Request) -> bool:
        return bool(request.query)


@breaks("http.chunked-requests")
class ChunksUnread(_Choosy):
    """Refuses a body in chunks."""

    def unfit(self, request: Request) -> bool:
        return request.chunked


@breaks("http.transfer-equivalence")
class LastRequestRefused(_Choosy):
    """Refuses the last request of a connection."""

    def unfit(self, request: Request) -> bool:
        return "close" in request.values("Connection")


@breaks("result.status")
class RetryIsAccepted(Reference):
    """Answers 202 to retry alone."""

    async def carry_out(self, request: Request, body: Any) -> Answer:
        answer = await super().carry_out(request, body)
        answer.status = 202 if isinstance(body, dict) and body.get("command_type") == RETRY else 200
        return answer


@breaks("http.transfer-equivalence")
class ReadsOnce(Reference):
    """Takes what has come of a body for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.patient = False


@breaks(_COMPANY)
class RefusesDuplicates(Reference):
    """Refuses the bytes that it has carried out before."""

    def __init__(self) -> None:
        super().__init__()
        self.carried_out: set[bytes] = set()

    async def carry_out(self, request: Request, body: Any) -> Answer:
        if request.body in self.carried_out:
            self.refuse("The command is a duplicate.")
        self.carried_out.add(request.body)
        return await super().carry_out(request, body)
