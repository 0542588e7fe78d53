"""A correct server, written from the page by hand, each rule a method that a faulty server replaces.

It shares no code with the verifier, nor with the embedded mock: a misreading there is not repeated here.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from test_verifier.servers.wire import Answer, Request

TOKEN = "MIIEtgYJKoZIhvcNAQcCoIIEpzCC-reference"
TERMINATE, RETRY, DEBUG = (f"ActionInstance{name}Command" for name in ("Terminate", "Retry", "Debug"))
FIELDS = ("task_id", "input_dataobject")
UNREAD = object()
_PATH = re.compile("/v1/[^/]+/workspaces/[^/]+/soc/workflows/instances/[^/]+")
_MEDIA = re.compile(r'\s*application/json\s*(;\s*(?:charset\s*=\s*"?utf-8"?)?\s*)*', re.IGNORECASE)


class Refused(Exception):
    """The request is refused; carries the answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def as_json(status: int, value: Any, **headers: str) -> Answer:
    """Return an answer with a JSON body."""
    lines = [("Content-Type", "application/json"), *((n.replace("_", "-"), v) for n, v in headers.items())]
    return Answer(status, json.dumps(value).encode(), lines)


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and its like, which Python's reader would take."""
    raise ValueError(name)


class Reference:
    """Takes what the page allows, refuses the rest, keeps nothing between requests."""

    def __init__(self) -> None:
        self.requests = 0
        self.busy = 0
        self.patient = True  # whether it waits until a body is complete

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        self.requests += 1
        self.busy += 1
        try:
            answer = await self.serve(request)
        except Refused as refused:
            request.peer.refused += 1
            answer = refused.answer
        finally:
            self.busy -= 1
        return self.dress(answer, request)

    def dress(self, answer: Answer, request: Request) -> Answer:
        """Return the answer as it goes out."""
        del request
        return answer

    async def serve(self, request: Request) -> Answer:
        """Route, authenticate, read, validate, carry out: in this order."""
        self.route(request)
        self.authenticate(request)
        self.media_type(request)
        body = self.parse(request)
        self.validate(request, body)
        request.peer.taken += 1
        return await self.carry_out(request, body)

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> NoReturn:
        """Refuse by the service's own error."""
        raise Refused(as_json(status, {"code": code, "message": message}))

    def refuse_at_the_gate(self, status: int, code: str, message: str, **headers: str) -> NoReturn:
        """Refuse by the gateway's error."""
        value = {"error_code": code, "error_msg": message, "request_id": "0f1e"}
        raise Refused(as_json(status, value, **headers))

    # -- URI and headers ----------------------------------------------------------------------------------------------

    def route(self, request: Request) -> None:
        """Let only the documented path and method through."""
        if not _PATH.fullmatch(request.path):
            self.refuse_at_the_gate(404, "APIGW.0101", "The API does not exist.")
        if request.method != "PUT":
            self.refuse_at_the_gate(405, "APIGW.0101", "The method is not served.", Allow="PUT")

    def authenticate(self, request: Request) -> None:
        """Let only the bearer of the one good token through."""
        values = request.values("X-Auth-Token")
        if not values:
            self.no_token(request)
        elif values != [TOKEN]:
            self.wrong_token(request, values)

    def no_token(self, request: Request) -> None:
        """Refuse a request without a token."""
        del request
        self.refuse_at_the_gate(401, "APIGW.0301", "x-auth-token not found")

    def wrong_token(self, request: Request, values: list[str]) -> None:
        """Refuse a token that is not known."""
        del request, values
        self.refuse_at_the_gate(401, "APIGW.0301", "decrypt token fail")

    def media_type(self, request: Request) -> None:
        """Let only JSON in UTF-8 through."""
        values = request.values("Content-Type")
        if not values:
            self.no_media_type(request)
        elif len(values) > 1 or not _MEDIA.fullmatch(values[0]):
            self.wrong_media_type(request, values[0])

    def no_media_type(self, request: Request) -> None:
        """Refuse a request that does not say what its body is."""
        del request
        self.refuse("Content-Type is missing.")

    def wrong_media_type(self, request: Request, value: str) -> None:
        """Refuse another media type."""
        del request, value
        self.refuse("Content-Type is not supported.", 415)

    # -- body ---------------------------------------------------------------------------------------------------------

    def parse(self, request: Request) -> Any:
        """Read the body; what cannot be read is UNREAD when a loophole lets it pass."""
        if not request.body.strip():
            self.empty(request)
            return UNREAD
        try:
            text = request.body.decode("utf-8")
        except UnicodeDecodeError:
            self.not_utf8(request)
            text = request.body.decode("utf-8", "replace")
        try:
            return self.loads(text)
        except (ValueError, RecursionError):
            self.not_json(request)
            return UNREAD

    def loads(self, text: str) -> Any:
        """Read JSON."""
        return json.loads(text, parse_constant=no_constant)

    def empty(self, request: Request) -> None:
        """Refuse an empty body."""
        del request
        self.refuse("The body is empty.")

    def not_utf8(self, request: Request) -> None:
        """Refuse what is not UTF-8."""
        del request
        self.refuse("The body is not UTF-8.")

    def not_json(self, request: Request) -> None:
        """Refuse what is not JSON."""
        del request
        self.refuse("The body is not JSON.")

    def validate(self, request: Request, body: Any) -> None:
        """Refuse a body that breaks a rule of Table 3."""
        if body is UNREAD:
            return
        if not isinstance(body, dict):
            self.no_object(request, body)
            return
        command = self.command(request, body)
        for name in FIELDS:
            self.field(request, body, command, name)

    def no_object(self, request: Request, body: Any) -> None:
        """Refuse a body that is no object."""
        del request, body
        self.refuse("The body is no object.")

    def command(self, request: Request, body: dict[str, Any]) -> Any:
        """Return the command that is asked for."""
        value = body.get("command_type")
        if "command_type" not in body:
            self.no_command(request, body)
        elif not isinstance(value, str):
            self.command_no_text(request, body, value)
        elif value not in (TERMINATE, RETRY, DEBUG):
            self.unknown_command(request, body, value)
        return value

    def no_command(self, request: Request, body: dict[str, Any]) -> None:
        """Refuse a body without a command."""
        del request, body
        self.refuse("command_type is missing.")

    def command_no_text(self, request: Request, body: dict[str, Any], value: Any) -> None:
        """Refuse a command that is no text."""
        del request, body, value
        self.refuse("command_type is no string.")

    def unknown_command(self, request: Request, body: dict[str, Any], value: str) -> None:
        """Refuse a command that is not documented."""
        del request, body, value
        self.refuse("command_type is unknown.")

    def field(self, request: Request, body: dict[str, Any], command: Any, name: str) -> None:
        """Refuse a debug command without the field, and any command with something else than text in it."""
        if name not in body:
            if command == DEBUG:
                self.missing(request, body, name)
        elif not isinstance(body[name], str):
            self.no_text(request, body, command, name)

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        """Refuse a debug command without one of its fields."""
        del request, body
        self.refuse(f"{name} is missing.")

    def no_text(self, request: Request, body: dict[str, Any], command: Any, name: str) -> None:
        """Refuse a field that is no text."""
        del request, body, command
        self.refuse(f"{name} is no string.")

    # -- act ----------------------------------------------------------------------------------------------------------

    async def carry_out(self, request: Request, body: Any) -> Answer:
        """Say that the command was taken."""
        del request, body
        return as_json(200, {"code": "00000000", "message": "", "request_id": "0f1e", "success": True})
