"""The pages beside the operation: the API reference, the contract itself, the health check and the admin endpoints."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, Router

from secmaster_contract.mock.admin import admin_routes
from secmaster_contract.mock.reference import render
from secmaster_contract.mock.route import ADMIN
from secmaster_contract.mock.service import Service


def create_pages(service: Service) -> Starlette:
    """Return the application that serves every page but the operations'."""
    file = Path(service.contract.document.file)
    json_text = json.dumps(service.contract.document.root, ensure_ascii=False)
    # A contract that was put together in Python has no file; JSON is YAML, too.
    text = file.read_bytes() if file.is_file() else json_text.encode()
    kind = "stateless" if service.settings.state is None else "stateful"
    reference, policy = render(service)

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok", "mode": kind})

    async def yaml_document(_request: Request) -> Response:
        return Response(text, media_type="application/yaml")

    async def json_document(_request: Request) -> Response:
        return Response(json_text, media_type="application/json")

    async def reference_page(_request: Request) -> Response:
        headers = {
            "content-security-policy": policy,
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }
        return Response(reference, media_type="text/html", headers=headers)

    return Starlette(
        routes=[
            Route("/", reference_page),
            Route("/healthz", health),
            Route("/openapi.yaml", yaml_document),
            Route("/openapi.json", json_document),
            Mount(ADMIN, Router(admin_routes(service), redirect_slashes=False)),
        ],
        exception_handlers={HTTPException: _explain},
    )


async def _explain(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"message": f"{request.method} {request.url.path} is no page of this server"}, status)
