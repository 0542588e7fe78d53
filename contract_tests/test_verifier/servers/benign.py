"""Correct servers that differ from the reference in what the page leaves open."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
import zlib
from typing import Any, NoReturn

from test_verifier.servers.reference import (
    DEBUG,
    RETRY,
    TERMINATE,
    TOKEN,
    UNREAD,
    Reference,
    Refused,
    as_json,
)  # fmt: skip  # the names of one page, in one line
from test_verifier.servers.wire import Answer, Request

BENIGN: dict[str, type[Reference]] = {}


def benign(server: type[Reference]) -> type[Reference]:
    """Register a class of servers under its own name."""
    BENIGN[re.sub(r"(?<!^)(?=[A-Z])", "-", server.__name__).lower()] = server
    return server


benign(Reference)


@benign
class AuthenticationBy403(Reference):
    """Refuses a stranger with 403."""

    def refuse_at_the_gate(self, status: int, code: str, message: str, **headers: str) -> NoReturn:
        super().refuse_at_the_gate(403 if status == 401 else status, code, message, **headers)


@benign
class AuthenticationBy400(Reference):
    """Refuses a stranger with the page's own 400."""

    def refuse_at_the_gate(self, status: int, code: str, message: str, **headers: str) -> NoReturn:
        if status == 401:
            self.refuse(message)
        super().refuse_at_the_gate(status, code, message, **headers)


@benign
class MissingIs401AndWrongIs403(Reference):
    """Tells a missing token from a wrong one."""

    def wrong_token(self, request: Request, values: list[str]) -> None:
        self.refuse("The token is not good.", 403)


@benign
class MediaTypeBy400(Reference):
    """Refuses another media type with 400."""

    def wrong_media_type(self, request: Request, value: str) -> None:
        self.refuse("Content-Type is not supported.")


@benign
class MissingMediaTypeBy415(Reference):
    """Refuses a missing media type with 415."""

    def no_media_type(self, request: Request) -> None:
        self.refuse("Content-Type is missing.", 415)


@benign
class MediaTypeLiteral(Reference):
    """Takes the documented media type to the letter."""

    def media_type(self, request: Request) -> None:
        if request.values("Content-Type") != ["application/json;charset=UTF-8"]:
            self.refuse("Content-Type is not supported.", 415)


@benign
class MediaTypesOfJson(Reference):
    """Takes every media type of JSON, with any parameter."""

    def wrong_media_type(self, request: Request, value: str) -> None:
        if not re.match(r"application/(json|[\w.-]+\+json)(;|$)", value):
            super().wrong_media_type(request, value)


@benign
class KnownInstances(Reference):
    """Knows one instance, and answers 404 to any other."""

    def route(self, request: Request) -> None:
        super().route(request)
        if not re.search("/instances/example$", request.path):
            self.refuse("The instance does not exist.", 404)


@benign
class KnownInstancesBy400(Reference):
    """Knows one instance, and answers 400 to any other, once it knows who asks for what."""

    async def carry_out(self, request: Request, body: Any) -> Answer:
        if not re.search("/instances/example$", request.path):
            self.refuse("The instance does not exist.")
        return await super().carry_out(request, body)


@benign
class BehindAFirewall(Reference):
    """Lets nobody through who does not say what program asks, as common sets of firewall rules do."""

    def route(self, request: Request) -> None:
        if not "".join(request.values("User-Agent")).strip():
            self.refuse_at_the_gate(403, "WAF.0001", "Blocked.")
        super().route(request)


@benign
class ReaderOfHeadersRefusesTwo(Reference):
    """Has a reader of HTTP that refuses two headers of one name in its own words, before the operation is reached."""

    def media_type(self, request: Request) -> None:
        if len(request.values("Content-Type")) > 1:
            raise Refused(Answer(400, b"Duplicate header found.", [("Content-Type", "text/plain")]))
        super().media_type(request)


@benign
class SmallBodies(Reference):
    """Takes no body over 64 KiB."""

    def media_type(self, request: Request) -> None:
        if len(request.body) > 65_536:
            self.refuse_at_the_gate(413, "APIGW.0201", "Request entity too large.")
        super().media_type(request)


@benign
class SmallBodiesRefusedFirst(Reference):
    """Takes no body over 64 KiB, whoever sends it, and closes the connection."""

    async def serve(self, request: Request) -> Answer:
        if len(request.body) > 65_536:
            answer = Answer(413, b"<html>Request Entity Too Large</html>", [("Content-Type", "text/html")], close=True)
            raise Refused(answer)
        return await super().serve(request)


@benign
class Throttling(Reference):
    """Serves 200 requests, then asks to wait for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.since = 200, time.monotonic()

    def route(self, request: Request) -> None:
        if not self.left and time.monotonic() - self.since > 0.3:
            self.left = 200
        if not self.left:
            self.refuse_at_the_gate(429, "APIGW.0308", "policy api over ratelimit,limit:200", Retry_After="0")
        self.left -= 1
        self.since = time.monotonic() if not self.left else self.since
        super().route(request)


@benign
class ThrottlingWithoutAWord(Reference):
    """Refuses every 300th request as one too many, and does not say for how long."""

    def route(self, request: Request) -> None:
        if self.requests % 300 == 299:
            self.refuse_at_the_gate(429, "APIGW.0308", "policy api over ratelimit,limit:300")
        super().route(request)


@benign
class Closing(Reference):
    """Closes each connection behind its first answer."""

    def dress(self, answer: Answer, request: Request) -> Answer:
        answer.close = True
        return answer


@benign
class ClosingWithoutSayingSo(Reference):
    """Closes each connection behind its third answer, without a word."""

    def dress(self, answer: Answer, request: Request) -> Answer:
        if request.peer.requests == 2:
            answer.raw = answer.wire(request.method)
        return answer


@benign
class ClosingBehindRefusals(Reference):
    """Closes the connection of whoever it refuses."""

    def dress(self, answer: Answer, request: Request) -> Answer:
        answer.close = answer.status >= 400
        return answer


class _Compressing(Reference):
    """Compresses what it says to whoever does not forbid it (RFC 9110 section 12.5.3)."""

    coding: str

    def compress(self, body: bytes) -> bytes:
        """Return a body in the coding."""
        raise NotImplementedError

    def dress(self, answer: Answer, request: Request) -> Answer:
        answer.headers.append(("Content-Encoding", self.coding))
        answer.body = self.compress(answer.body)
        return answer


@benign
class CompressingByGzip(_Compressing):
    """Compresses every answer."""

    coding = "gzip"

    def compress(self, body: bytes) -> bytes:
        return gzip.compress(body)


@benign
class CompressingByDeflate(_Compressing):
    """Compresses every answer in the format that old clients take for deflate."""

    coding = "Deflate"

    def compress(self, body: bytes) -> bytes:
        packer = zlib.compressobj(wbits=-15)
        return packer.compress(body) + packer.flush()


@benign
class Chunking(Reference):
    """Answers in chunks."""

    def dress(self, answer: Answer, request: Request) -> Answer:
        answer.chunked = bool(answer.body) and request.method != "HEAD"
        return answer


@benign
class Slow(Reference):
    """Takes 20 ms for each answer."""

    async def serve(self, request: Request) -> Answer:
        await asyncio.sleep(0.02)
        return await super().serve(request)


@benign
class ServingGet(Reference):
    """Shows the instance where it is asked to, as the real service does."""

    def route(self, request: Request) -> None:
        if request.method in {"GET", "HEAD"}:
            self.authenticate(request)
            value = {"id": "example", "status": "RUNNING", "trigger_type": "DEBUG", "retry_count": 0}
            raise Refused(as_json(200, value))
        super().route(request)


@benign
class ServingGetLikeEveryAnswer(Reference):
    """Shows the instance in the envelope of all its answers."""

    def route(self, request: Request) -> None:
        if request.method == "GET":
            self.authenticate(request)
            data = {"id": "example", "status": "RUNNING"}
            raise Refused(as_json(200, {"code": "00000000", "message": "", "success": True, "data": data}))
        super().route(request)


@benign
class ServingOptions(Reference):
    """Says which methods there are."""

    def route(self, request: Request) -> None:
        if request.method == "OPTIONS":
            raise Refused(Answer(204, b"", [("Allow", "GET, PUT, OPTIONS")]))
        super().route(request)


@benign
class OtherMethodsBy404(Reference):
    """Knows no other method, as the gateway says it."""

    def refuse_at_the_gate(self, status: int, code: str, message: str, **headers: str) -> NoReturn:
        super().refuse_at_the_gate(404 if status == 405 else status, code, message, **headers)


@benign
class GatewayInHtml(Reference):
    """Stands behind a gateway that speaks HTML."""

    def refuse_at_the_gate(self, status: int, code: str, message: str, **headers: str) -> NoReturn:
        raise Refused(Answer(status, b"<html><h1>No</h1></html>", [("Content-Type", "text/html")]))


@benign
class GatewayWithoutBodies(Reference):
    """Stands behind a gateway that says nothing but a status."""

    def refuse_at_the_gate(self, status: int, code: str, message: str, **headers: str) -> NoReturn:
        raise Refused(Answer(status))


@benign
class GatewayBodiesOnly(Reference):
    """Refuses everything with the gateway's body."""

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> NoReturn:
        self.refuse_at_the_gate(status, "APIG.0201", message)


@benign
class ExtraFields(Reference):
    """Answers with more than the page lists."""

    def dress(self, answer: Answer, request: Request) -> Answer:
        value = json.loads(answer.body or b"{}")
        if value:
            more = {"details": None, "errors": [{"field": "x"}], "timestamp": 1.5, "server": {"region": "cn-north-4"}}
            answer.body = json.dumps(value | more, indent=2).encode()
        return answer


@benign
class ExtraHeaders(Reference):
    """Answers with many headers, a charset among them."""

    def dress(self, answer: Answer, request: Request) -> Answer:
        answer.headers = [
            *(("content-type", "application/json;charset=utf-8") for _ in answer.headers[:1]),
            *((name, value) for name, value in answer.headers if name != "Content-Type"),
            ("X-Request-Id", "f00"), ("Server", "api-gateway"), ("Strict-Transport-Security", "max-age=31536000"),
            ("Set-Cookie", "a=b; HttpOnly"), ("Set-Cookie", "c=d"), ("Cache-Control", "no-store"),
        ]  # fmt: skip  # a table of headers
        return answer


@benign
class OwnScript(Reference):
    """Speaks the language of its country."""

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> NoReturn:
        body = json.dumps({"code": code, "message": "参数无效 🛡️"}, ensure_ascii=False).encode()
        raise Refused(Answer(status, body, [("Content-Type", "application/json")]))


@benign
class Incomplete(Reference):
    """Leaves fields out that no table calls mandatory."""

    async def carry_out(self, request: Request, body: Any) -> Answer:
        return as_json(200, {"success": True})

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> NoReturn:
        raise Refused(as_json(status, {"code": code}))


@benign
class Frank(Reference):
    """Names the field, the value and what was expected."""

    def unknown_command(self, request: Request, body: dict[str, Any], value: str) -> None:
        self.refuse(f"command_type: {value!r} is not one of {TERMINATE}, {RETRY}, {DEBUG} (at line 1, column 17)")

    def no_text(self, request: Request, body: dict[str, Any], command: Any, name: str) -> None:
        self.refuse(f"{name}: {body[name]!r} is not of type 'string'; see /v1/docs/instances")


class _Refusing(Reference):
    """Refuses what the page leaves open."""

    def unfit(self, body: dict[str, Any]) -> bool:
        """Say whether the body is refused."""
        raise NotImplementedError

    def validate(self, request: Request, body: Any) -> None:
        super().validate(request, body)
        if isinstance(body, dict) and self.unfit(body):
            self.refuse("The body is not taken.")


@benign
class NoUnknownFields(_Refusing):
    """Refuses fields that the page does not list."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return bool(set(body) - {"command_type", "task_id", "input_dataobject"})


@benign
class NoEmptyText(_Refusing):
    """Refuses empty text."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return "" in (body.get("task_id"), body.get("input_dataobject"))


@benign
class NoTextButJson(_Refusing):
    """Refuses an input_dataobject that holds no JSON."""

    def unfit(self, body: dict[str, Any]) -> bool:
        try:
            json.loads(body.get("input_dataobject", "null"))
        except ValueError:
            return True
        return False


@benign
class NoUnknownNodes(_Refusing):
    """Knows the nodes of its instance."""

    def unfit(self, body: dict[str, Any]) -> bool:
        return body["command_type"] == DEBUG and str(body["task_id"]) != "b5848121-79a5-11f0-9f91-fa163ed04a7f"


@benign
class NoRepeatedNames(Reference):
    """Refuses a name that stands twice."""

    def loads(self, text: str) -> Any:
        def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            if len(dict(pairs)) < len(pairs):
                raise ValueError
            return dict(pairs)

        return json.loads(text, object_pairs_hook=once)


@benign
class TakesTheFirstOfRepeatedNames(Reference):
    """Takes the first of names that stand twice."""

    def loads(self, text: str) -> Any:
        return json.loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs)))


@benign
class KindReader(Reference):
    """Reads what Python's reader reads: byte order marks, UTF-16, NaN, null for absent."""

    def parse(self, request: Request) -> Any:
        if not request.body.strip():
            self.empty(request)
        try:
            return json.loads(request.body)
        except (ValueError, RecursionError):
            self.not_json(request)
            return UNREAD

    def no_text(self, request: Request, body: dict[str, Any], command: Any, name: str) -> None:
        if body[name] is not None or command == DEBUG:
            super().no_text(request, body, command, name)


@benign
class TrimsTheToken(Reference):
    """Takes the token with spaces around it, and reads only the first of two."""

    def authenticate(self, request: Request) -> None:
        values = request.values("X-Auth-Token")
        if values and values[0].strip() == TOKEN:
            return
        super().authenticate(request)


@benign
class SlashBehind(Reference):
    """Takes a slash behind the path, and capitals in it."""

    def route(self, request: Request) -> None:
        request.path = (
            re.sub("^/V1/", "/v1/", request.path.rstrip("/")) if "instances/" in request.path else request.path
        )
        if request.path.count("/") == 8:
            super().route(request)
        else:
            self.refuse_at_the_gate(404, "APIGW.0101", "The API does not exist.")


@benign
class RefusesQueries(Reference):
    """Refuses what it does not know in a query, which is worth advice at most."""

    def route(self, request: Request) -> None:
        super().route(request)
        if request.query:
            self.refuse("The query is unknown.")


@benign
class RefusesChunks(Reference):
    """Asks for a length."""

    def route(self, request: Request) -> None:
        if request.chunked:
            self.refuse_at_the_gate(411, "APIGW.0201", "Length required.")
        super().route(request)


class _Stateful(Reference):
    """Keeps the state of the instance."""

    status, code = 400, "SecMaster.11061001"

    def __init__(self) -> None:
        super().__init__()
        self.state = "RUNNING"

    async def carry_out(self, request: Request, body: Any) -> Answer:
        command = body["command_type"]
        fits = {TERMINATE: {"RUNNING", "RETRYING"}, RETRY: {"TERMINATED", "FAILED"}, DEBUG: {"RUNNING"}}
        if self.state not in fits[command]:
            self.refuse("Wrong process status.", self.status, self.code)
        self.state = {TERMINATE: "TERMINATED", RETRY: "RUNNING", DEBUG: self.state}[command]
        return await super().carry_out(request, body)


@benign
class Stateful(_Stateful):
    """Refuses a command that does not fit the state, by the service's own code."""


@benign
class StatefulBy409(_Stateful):
    """Refuses a command that does not fit the state by 409."""

    status, code = 409, "SecMaster.20030001"
