"""Servers for the tests of live runs: the reference server, watched, and ways in which real ones differ."""

from __future__ import annotations

import asyncio
from typing import Any

from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.wire import Answer, Request

MINE = "an-instance-of-mine"


class Watched(Reference):
    """Notes every request and every command that it carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Request] = []
        self.carried_out: list[tuple[str, str]] = []

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        self.seen.append(request)
        return await super().__call__(request)

    async def carry_out(self, request: Request, body: Any) -> Answer:
        """Carry a command out."""
        command = body.get("command_type") if isinstance(body, dict) else None
        self.carried_out.append((str(command), request.path.rpartition("/")[2]))
        return await super().carry_out(request, body)

    @property
    def unauthenticated(self) -> list[bool]:
        """Of each request, whether its token is not the good one."""
        return [request.values("X-Auth-Token") != [TOKEN] for request in self.seen]


class Knowing(Watched):
    """Knows one instance; what is wrong with a request it says before it looks for the instance."""

    async def carry_out(self, request: Request, body: Any) -> Answer:
        """Carry a command out on the one instance."""
        if not request.path.endswith(f"/{MINE}"):
            self.refuse("No such instance.", 404)
        return await super().carry_out(request, body)


class LookingFirst(Knowing):
    """Looks for the instance before anything else in the request."""

    def media_type(self, request: Request) -> None:
        """Look for the instance, then at the rest."""
        if not request.path.endswith(f"/{MINE}"):
            self.refuse("No such instance.", 404)
        super().media_type(request)


class Terse(Knowing):
    """Gives the same answer to everything that is wrong, the token aside."""

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> Any:
        """Refuse in the same words."""
        del message
        super().refuse("Invalid.", 404 if status == 404 else 400, code)


class Summing(Knowing):
    """Says that a command is incomplete, not what it lacks."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        """Refuse without the name of what is missing."""
        del request, body, name
        self.refuse("The command is incomplete.")


class Gullible(Watched):
    """Takes a debug command without task_id, on any instance."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        """Let task_id be missing."""
        if name != "task_id":
            super().missing(request, body, name)


class Slow(Watched):
    """Takes its time."""

    async def __call__(self, request: Request) -> Answer:
        """Answer after a while."""
        await asyncio.sleep(0.02)
        return await super().__call__(request)


class Scripted(Watched):
    """Gives one answer to everything."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer

    async def __call__(self, request: Request) -> Answer:
        """Give the answer."""
        self.seen.append(request)
        return self.answer


def gateway(status: int, code: str, **headers: str) -> Answer:
    """Return an error of the gateway."""
    lines = [
        ("Content-Type", "application/json"),
        *((name.replace("_", "-"), value) for name, value in headers.items()),
    ]
    return Answer(status, f'{{"error_code":"{code}","error_msg":"no"}}'.encode(), lines)
