"""Servers that fail, hang, tell secrets, have another door, or mind the company that a request comes in."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import RETRY, TOKEN, Reference, Refused, as_json
from test_verifier.servers.wire import Answer, Request

_FAILS = "guard.no-server-error"
_LEAKS = "guard.no-leak"
_DOOR = "guard.one-door"


class _Failing(Reference):
    """Fails on some requests."""

    def fails(self, request: Request) -> bool:
        """Say whether the server fails."""
        raise NotImplementedError

    async def serve(self, request: Request) -> Answer:
        if request.values("X-Auth-Token") and self.fails(request):
            return as_json(500, {"code": "SecMaster.20039999", "message": "Unknown error."})
        return await super().serve(request)


@breaks(_FAILS)
class FailsOnDepth(_Failing):
    """Runs out of stack."""

    def fails(self, request: Request) -> bool:
        return request.body.count(b"[") > 900 or request.body.count(b"{") > 900


@breaks(_FAILS)
class FailsOnHugeNumbers(_Failing):
    """Cannot hold a number."""

    def fails(self, request: Request) -> bool:
        return bool(re.search(rb":\d{400}", request.body))


@breaks(_FAILS)
class FailsOnLoneSurrogates(_Failing):
    """Cannot encode what it decoded."""

    def fails(self, request: Request) -> bool:
        return b"\\ud800" in request.body


@breaks(_FAILS)
class FailsOnEscapedNul(_Failing):
    """Cannot store NUL."""

    def fails(self, request: Request) -> bool:
        return b"\\u0000" in request.body


@breaks(_FAILS)
class FailsOnLists(_Failing):
    """Looks a list up in a table of commands."""

    def fails(self, request: Request) -> bool:
        return b'"command_type":[' in request.body


@breaks(_FAILS)
class FailsOnArrayRoots(_Failing):
    """Asks a list for its members."""

    def fails(self, request: Request) -> bool:
        return request.body.startswith(b"[")


@breaks(_FAILS)
class FailsOnNull(_Failing):
    """Asks null for its length."""

    def fails(self, request: Request) -> bool:
        return b":null" in request.body


@breaks(_FAILS)
class FailsOnEmptyText(_Failing):
    """Divides by the length of a text."""

    def fails(self, request: Request) -> bool:
        return b'"task_id":""' in request.body


@breaks(_FAILS)
class FailsOnNoUtf8(_Failing):
    """Decodes without care."""

    def fails(self, request: Request) -> bool:
        try:
            request.body.decode()
        except UnicodeDecodeError:
            return True
        return False


@breaks(_FAILS)
class FailsOnUnknownCharsets(_Failing):
    """Looks the charset up without care."""

    def fails(self, request: Request) -> bool:
        return any("charset=x-" in value for value in request.values("Content-Type"))


@breaks(_FAILS)
class FailsOnTwoTokens(_Failing):
    """Expects one value of a header."""

    def fails(self, request: Request) -> bool:
        return len(request.values("X-Auth-Token")) > 1


@breaks(_FAILS)
class FailsOnPaths(_Failing):
    """Decodes the path without care."""

    def fails(self, request: Request) -> bool:
        return "%ff" in request.path


@breaks(_FAILS)
class FailsOnOtherMethods(_Failing):
    """Has not thought of other methods."""

    def fails(self, request: Request) -> bool:
        return request.method == "PATCH"


@breaks(_FAILS)
class FailsOnManyNames(_Failing):
    """Counts the names of a body."""

    def fails(self, request: Request) -> bool:
        return request.body.count(b'":') > 1000


class _Hanging(Reference):
    """Never answers some requests."""

    def hangs(self, request: Request) -> bool:
        """Say whether no answer comes."""
        raise NotImplementedError

    async def serve(self, request: Request) -> Answer:
        if self.hangs(request):
            await asyncio.Event().wait()
        return await super().serve(request)


@breaks("guard.answers")
class HangsOnDepth(_Hanging):
    """Never comes to the bottom of a deep body."""

    def hangs(self, request: Request) -> bool:
        return request.body.count(b"[") > 900


@breaks("guard.answers")
class HangsOnEmptyBodies(_Hanging):
    """Waits for a body that does not come."""

    def hangs(self, request: Request) -> bool:
        return request.method == "PUT" and not request.body


@breaks("guard.answers")
class HangsOnNumbers(_Hanging):
    """Never finds the node of a number."""

    def hangs(self, request: Request) -> bool:
        return b'"task_id":7' in request.body


class _Telling(Reference):
    """Tells more than it has to when it refuses."""

    secret = ""

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> Any:
        raise Refused(as_json(status, {"code": code, "message": f"{message} {self.secret}"}))


@breaks(_LEAKS)
class TellsPythonTraces(_Telling):
    """Tells Python's stack."""

    secret = 'Traceback (most recent call last):\n  File "/srv/app/views.py", line 12, in put'


@breaks(_LEAKS)
class TellsJavaTraces(_Telling):
    """Tells Java's stack."""

    secret = "com.huawei.secmaster.NotFoundException\n\tat com.huawei.secmaster.Flow.put(Flow.java:42)"


@breaks(_LEAKS)
class TellsNodeTraces(_Telling):
    """Tells JavaScript's stack."""

    secret = "SyntaxError\n    at JSON.parse (<anonymous>)\n    at put (/srv/app/index.js:3:7)"


@breaks(_LEAKS)
class TellsGoTraces(_Telling):
    """Tells Go's stack."""

    secret = "panic: runtime error: index out of range\n\ngoroutine 1 [running]:"


@breaks(_LEAKS)
class TellsQueries(_Telling):
    """Tells the query that failed."""

    secret = "SELECT id FROM instances WHERE id = 'example'"


@breaks(_LEAKS)
class TellsErrorsOfTheDatabase(_Telling):
    """Tells the database's error."""

    secret = "You have an error in your SQL syntax near ''' at line 1"


@breaks(_LEAKS)
class TellsPaths(_Telling):
    """Tells a path of its own."""

    secret = "schema /opt/secmaster/conf/schema.json"


@breaks(_LEAKS)
class TellsSettings(_Telling):
    """Tells its settings."""

    secret = "jdbc:mysql://10.0.0.3:3306/secmaster?user=root&password=secret"


class _Doors(Reference):
    """Carries commands out by another way in."""

    def leads_in(self, request: Request) -> bool:
        """Say whether a request comes in by the other door."""
        raise NotImplementedError

    async def serve(self, request: Request) -> Answer:
        if self.leads_in(request):
            self.authenticate(request)
            return await self.carry_out(request, {})
        return await super().serve(request)


@breaks(_DOOR)
class DoorPost(_Doors):
    """Takes POST."""

    def leads_in(self, request: Request) -> bool:
        return request.method == "POST" and not request.query and not request.path.endswith("/x")


@breaks(_DOOR)
class DoorPatch(_Doors):
    """Takes PATCH."""

    def leads_in(self, request: Request) -> bool:
        return request.method == "PATCH"


@breaks(_DOOR)
class DoorDelete(_Doors):
    """Takes DELETE."""

    def leads_in(self, request: Request) -> bool:
        return request.method == "DELETE"


@breaks(_DOOR)
class DoorOverride(_Doors):
    """Takes the method from a header."""

    def leads_in(self, request: Request) -> bool:
        return request.values("X-HTTP-Method-Override") == ["PUT"]


@breaks(_DOOR)
class DoorQuery(_Doors):
    """Takes the method from the query."""

    def leads_in(self, request: Request) -> bool:
        return "_method=PUT" in request.query


@breaks(_DOOR)
class DoorSuffix(_Doors):
    """Takes whatever stands behind the path."""

    def leads_in(self, request: Request) -> bool:
        return request.method == "PUT" and request.path.endswith("/x")


@breaks(_DOOR)
class DoorVersion(_Doors):
    """Takes every version."""

    def leads_in(self, request: Request) -> bool:
        return request.method == "PUT" and request.path.startswith("/v0/")


class _Segments(_Doors):
    """Takes a path in which an identifier is missing."""

    pattern = ""

    def leads_in(self, request: Request) -> bool:
        return request.method == "PUT" and bool(re.fullmatch(self.pattern, request.path))


@breaks("uri.project-id.mandatory")
class ProjectMissing(_Segments):
    """Takes an empty project."""

    pattern = "/v1//workspaces/[^/]+/soc/workflows/instances/[^/]+"


@breaks("uri.workspace-id.mandatory")
class WorkspaceMissing(_Segments):
    """Takes an empty workspace."""

    pattern = "/v1/[^/]+/workspaces//soc/workflows/instances/[^/]+"


@breaks("uri.instance-id.mandatory")
class InstanceMissing(_Segments):
    """Takes an empty instance."""

    pattern = "/v1/[^/]+/workspaces/[^/]+/soc/workflows/instances/?"


@breaks("uri.operation")
class ServesPost(Reference):
    """Serves POST instead of PUT."""

    def route(self, request: Request) -> None:
        request.method = {"PUT": "POST", "POST": "PUT"}.get(request.method, request.method)
        super().route(request)


@breaks("uri.operation")
class ServesNothing(Reference):
    """Knows no such method."""

    def route(self, request: Request) -> None:
        if request.method == "PUT":
            self.refuse_at_the_gate(405, "APIGW.0101", "The method is not served.", Allow="GET")
        super().route(request)


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


@breaks("body.task-id.mandatory-for-debug")
class StrictWithOneInstance(Reference):
    """Validates the commands to the instance that it was tried with."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        if name != "task_id" or request.path.endswith("/example"):
            super().missing(request, body, name)


@breaks(_LEAKS)
class TellsHalfTheToken(Reference):
    """Shows the beginning of a token that it takes."""

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> Any:
        raise Refused(as_json(status, {"code": code, "message": f"{message} (user {TOKEN[:24]}...)"}))
