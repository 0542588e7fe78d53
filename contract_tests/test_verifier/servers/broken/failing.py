"""Servers that fail or hang on some requests."""

from __future__ import annotations

import asyncio
import re

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import Reference, as_json
from test_verifier.servers.wire import Answer, Request

_FAILS = "guard.no-server-error"


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
