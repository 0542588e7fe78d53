"""Other ways in: paths without an identifier, other paths, other methods, overrides of the method."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from secmaster_contract.harness.catalogue import Catalogue, encode
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.spec import Command
from secmaster_contract.harness.vectors import Due, Vector


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of paths and methods."""
    command = catalogue.spec.commands[1]
    request = catalogue.request(encode(catalogue.value(command)))
    _missing_identifiers(catalogue, command, request)
    _other_paths(catalogue, command, request)
    _other_methods(catalogue, command, request)


def _door(catalogue: Catalogue, command: Command, name: str, request: Request, due: Due, clause: str) -> None:
    stated = catalogue.ledger[clause]
    catalogue.add(
        Vector(
            name,
            "door",
            name.rsplit("/", 1)[-1],
            stated,
            due,
            request,
            catalogue.judge(request),
            statuses=catalogue.ledger.refusals(stated),
            command=command.name,
            twin=catalogue.baseline(command),
            follows=(catalogue.baseline(command),),
            proper=False,
        )
    )


def _missing_identifiers(catalogue: Catalogue, command: Command, request: Request) -> None:
    for name in catalogue.spec.path_parameters:
        clause = f"uri.{name.replace('_', '-')}.mandatory"
        target = catalogue.target.path(catalogue.spec, **{name: ""})
        _door(catalogue, command, f"path/{name}/empty", replace(request, target=target), Due.NOT_TAKEN, clause)
        short = target.replace("//", "/").rstrip("/")
        _door(catalogue, command, f"path/{name}/left-out", replace(request, target=short), Due.NOT_TAKEN, clause)


def _other_paths(catalogue: Catalogue, command: Command, request: Request) -> None:
    target = request.target
    head, _, last = target.rpartition("/")
    elsewhere = {
        "one-segment-more": f"{target}/x",
        "other-collection": target.replace("/workflows/", "/playbooks/"),
        "other-version": target.replace("/v1/", "/v0/", 1),
    }
    for kind, path in elsewhere.items():
        if path != target:
            _door(catalogue, command, f"path/{kind}", replace(request, target=path), Due.NOT_TAKEN, "guard.one-door")
    strange = {
        "slash-behind": f"{target}/",
        "upper-case": target.upper(),
        "encoded-slash": f"{head}/{last}%2Fx",
        "encoded-dots": f"{head}/%2e%2e",
        "encoded-nul": f"{head}/{last}%00",
        "bad-encoding": f"{head}/%zz",
        "invalid-utf-8": f"{head}/%ff%fe",
        "encoded-unicode": f"{head}/%E5%AE%9E%F0%9F%9B%A1",
        "long": f"{head}/{'x' * 4_000}",
        "parameters": f"{target};x=1",
        "sql": f"{head}/'%20OR%20'1'='1",
        "star": f"{head}/*",
    }
    for kind, path in strange.items():
        _door(catalogue, command, f"path/{kind}", replace(request, target=path), Due.ANY, "guard.no-server-error")


def _other_methods(catalogue: Catalogue, command: Command, request: Request) -> None:
    for method in ("POST", "PATCH", "DELETE"):
        _door(catalogue, command, f"method/{method}", replace(request, method=method), Due.NOT_TAKEN, "guard.one-door")
    for method in ("GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "put"):
        sent = replace(request, method=method, body=b"" if method != "put" else request.body)
        if method == "TRACE":
            sent = sent.with_header(catalogue.spec.token_header)  # RFC 9110 section 9.3.8: no credentials in TRACE
        _door(catalogue, command, f"method/{method}", sent, Due.ANY, "guard.no-server-error")
    post = replace(request, method="POST")
    overrides = {
        "x-http-method-override": post.with_header("X-HTTP-Method-Override", request.method),
        "x-http-method": post.with_header("X-HTTP-Method", request.method),
        "x-method-override": post.with_header("X-Method-Override", request.method),
        "query-method": replace(post, target=f"{post.target}?_method={request.method}"),
        "get-override": replace(post, method="GET").with_header("X-HTTP-Method-Override", request.method),
    }
    fields = urlencode(catalogue.value(command))
    overrides["get-with-the-command"] = replace(
        request, method="GET", target=f"{request.target}?{fields}", body=b""
    ).with_header("Content-Type")
    for kind, sent in overrides.items():
        _door(catalogue, command, f"method/{kind}", sent, Due.NOT_TAKEN, "guard.one-door")
