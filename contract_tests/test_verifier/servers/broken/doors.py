"""Servers with another way in, or without the documented one."""

from __future__ import annotations

import re
from typing import Any

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import Reference
from test_verifier.servers.wire import Answer, Request

_DOOR = "guard.one-door"


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


@breaks("body.task-id.mandatory-for-debug")
class StrictWithOneInstance(Reference):
    """Validates the commands to the instance that it was tried with."""

    def missing(self, request: Request, body: dict[str, Any], name: str) -> None:
        if name != "task_id" or request.path.endswith("/example"):
            super().missing(request, body, name)
