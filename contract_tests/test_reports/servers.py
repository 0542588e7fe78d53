"""Servers for the tests of reports: the reference server, which keeps what it was sent, and a faulty one."""

from __future__ import annotations

from typing import Any

from test_verifier.servers.reference import Reference
from test_verifier.servers.wire import Answer, Request

Sent = tuple[str, str, tuple[tuple[str, str], ...], bytes]


class Recording(Reference):
    """Keeps every request."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Sent] = []

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        self.seen.append(as_sent(request))
        return await super().__call__(request)


def as_sent(request: Request) -> Sent:
    """Return method, target, headers without those of the connection, and body."""
    target = f"{request.path}?{request.query}" if request.query else request.path
    own = {"host", "content-length", "transfer-encoding"}
    headers = tuple((name, value) for name, value in request.headers if name not in own)
    return request.method, target, headers, request.body


class Faulty(Recording):
    """Forgets a mandatory field, fails on what is not UTF-8, and calls its answers text."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        """Let task_id be missing."""
        if name != "task_id":
            super().missing(request, body, name)

    def not_utf8(self, request: Request) -> None:
        """Fail."""
        del request
        self.refuse("<b>It & broke</b>", 500)

    def wrong_token(self, request: Request, values: list[str]) -> None:
        """Take any token that is long enough."""
        if len(values[0]) < 20:
            super().wrong_token(request, values)

    def dress(self, answer: Answer, request: Request) -> Answer:
        """Say that an answer is text."""
        answer = super().dress(answer, request)
        if answer.status == 200:
            answer.headers = [("Content-Type", "text/plain")]
        return answer
