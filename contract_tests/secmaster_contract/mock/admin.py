"""
The admin endpoints: create, list and reset the instances of a server that remembers them.

They are this server's own, under a prefix that the service does not use, and want its token.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from secmaster_contract.mock.instances import KEY, Instance, InvalidInstanceError
from secmaster_contract.mock.service import Service
from secmaster_contract.mock.store import Store


class BadRequestError(Exception):
    """An admin request cannot be carried out; the text says why."""


def admin_routes(service: Service) -> list[Route]:
    """Return the routes under the prefix."""

    def guarded(action: Callable[[Store, Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if service.kept is None:
                return _message(404, "No operation of this contract has instances that could be remembered.")
            gate = service.doors[service.kept.id].gate
            rejected = gate.reject_token(tuple(request.headers.getlist(gate.token_header.decode())), b"")
            if rejected is not None:
                return Response(rejected.body, rejected.status, media_type="application/json")
            store = None if service.settings.state is None else service.keeper.store
            if store is None:
                return _message(404, "This server remembers no instances; start it with --state FILE.db.")
            try:
                return await action(store, request)
            except (BadRequestError, InvalidInstanceError) as error:
                return _message(400, f"{error}.")
            except sqlite3.Error as error:
                return _message(500, f"The state cannot be used: {error}.")

        return endpoint

    async def create(store: Store, request: Request) -> Response:
        value = await _read_json(request, service.settings.body_limit)
        instances = [Instance.parse(row) for row in (value if isinstance(value, list) else [value])]
        store.put(instances)
        return JSONResponse({"instances": [one.describe() for one in instances]}, 201)

    return [
        Route("/instances", guarded(_list), methods=["GET"]),
        Route("/instances", guarded(create), methods=["POST"]),
        Route("/commands", guarded(_commands), methods=["GET"]),
        Route("/reset", guarded(_reset), methods=["POST"]),
    ]


async def _list(store: Store, _request: Request) -> Response:
    return JSONResponse({"instances": [one.describe() for one in store.all()]})


async def _reset(store: Store, request: Request) -> Response:
    store.reset()
    return await _list(store, request)


async def _commands(store: Store, request: Request) -> Response:
    for name in KEY:
        if name not in request.query_params:
            raise BadRequestError(f"{name} is missing in the query")
    project, workspace, instance = (request.query_params[name] for name in KEY)
    return JSONResponse({"commands": store.commands((project, workspace, instance))})


async def _read_json(request: Request, limit: int) -> object:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise BadRequestError(f"the body is longer than {limit} bytes")
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequestError("the body is not JSON") from None
    except ClientDisconnect:
        raise BadRequestError("the body is incomplete") from None


def _message(status: int, text: str) -> Response:
    return JSONResponse({"message": text}, status)
