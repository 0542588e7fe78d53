"""Other ways in: paths without an identifier, other paths, other methods, overrides of the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from openapi_contract.ledger import Clause
from openapi_contract.operations import Operation
from secmaster_contract.vectors.catalogue import Scope
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.request import Request


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of paths and methods."""
    request = scope.valid(scope.gentlest)
    _missing_identifiers(scope, request)
    if not scope.operation.reads:
        _other_paths(scope, request)
        _other_methods(scope, request)
    _strange_paths(scope, request)
    _harmless_methods(scope, request)


def _door(scope: Scope, name: str, request: Request, expected: Expected, clause: Clause) -> None:
    command = scope.gentlest
    if _is_documented(scope, request):
        return
    scope.catalogue.add(
        Vector(
            scope.prefix + name,
            "door",
            name.rsplit("/", 1)[-1],
            clause,
            expected,
            request,
            scope.judge(request),
            scope.operation,
            statuses=scope.rejections(clause),
            command=command.name,
            twin=scope.baseline(command),
            follows=(scope.baseline(command),),
            proper=False,
        )
    )


def _is_documented(scope: Scope, request: Request) -> bool:
    """Whether the contract has an operation of its own there: what it does is its own clauses' concern."""
    path = request.target.partition("?")[0].removeprefix(scope.target.prefix)
    return any(
        request.method == other.method and fits(other, path)
        for other in scope.catalogue.contract.operations
        if other is not scope.operation
    )


def fits(operation: Operation, path: str) -> bool:
    """Whether a path is one of an operation's."""
    given, wanted = path.split("/"), operation.path.split("/")
    return len(given) == len(wanted) and all(
        bool(segment) if template.startswith("{") else segment == template
        for segment, template in zip(given, wanted, strict=True)
    )


def _with_path(request: Request, path: str) -> Request:
    _, mark, query = request.target.partition("?")
    return replace(request, target=path + mark + query)


def _missing_identifiers(scope: Scope, request: Request) -> None:
    for parameter in scope.operation.parameters_in("path"):
        clause = scope.ledger.of_pointer(scope.operation, f"{parameter.pointer}/required")
        if clause is None:
            continue
        name = parameter.name
        empty = scope.path(**{name: ""})
        short = empty.replace("//", "/").rstrip("/") or "/"
        for kind, path in (("empty", empty), ("left-out", short)):
            _door(scope, f"path/{name}/{kind}", _with_path(request, path), Expected.NOT_ACCEPTED, clause)


def _other_paths(scope: Scope, request: Request) -> None:
    target = request.target.partition("?")[0]
    literals = [step for step in scope.operation.path.split("/") if step and not step.startswith("{")]
    elsewhere: dict[str, str] = {"one-segment-more": f"{target}/x"}
    for literal in dict.fromkeys(literals):
        elsewhere[f"other-{literal}"] = _replaced(target, scope, literal)
    for kind, path in elsewhere.items():
        if path != target:
            _door(
                scope, f"path/{kind}", _with_path(request, path), Expected.NOT_ACCEPTED, scope.ledger["guard.one-door"]
            )


def _replaced(target: str, scope: Scope, literal: str) -> str:
    """Return the path with one literal segment replaced: the next version of it, or a word."""
    other = f"{literal[:-1]}0" if literal[-1:].isdigit() and not literal.endswith("0") else f"x-{literal}"
    below = target.removeprefix(scope.target.prefix)
    steps = [other if template == literal else step for step, template in _paired(below, scope.operation.path)]
    return scope.target.prefix + "/".join(steps)


def _paired(path: str, template: str) -> list[tuple[str, str]]:
    return list(zip(path.split("/"), template.split("/"), strict=True))


def _strange_paths(scope: Scope, request: Request) -> None:
    target = request.target.partition("?")[0]
    head, _, last = target.rpartition("/")
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
        _door(scope, f"path/{kind}", _with_path(request, path), Expected.ANY, scope.ledger["guard.no-server-error"])


def _harmless_methods(scope: Scope, request: Request) -> None:
    security = scope.operation.security
    own = scope.operation.method
    for method in ("GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", own.lower()):
        if method in {own, "HEAD" if own == "GET" else ""}:
            continue
        sent = replace(request, method=method, body=b"" if method != own.lower() else request.body)
        if method == "TRACE" and security:
            sent = sent.with_header(security.header)  # RFC 9110 section 9.3.8: no credentials in TRACE
        _door(scope, f"method/{method}", sent, Expected.ANY, scope.ledger["guard.no-server-error"])


def _other_methods(scope: Scope, request: Request) -> None:
    clause = scope.ledger["guard.one-door"]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        if method != request.method:
            _door(scope, f"method/{method}", replace(request, method=method), Expected.NOT_ACCEPTED, clause)
    path = request.target.partition("?")[0].removeprefix(scope.target.prefix)
    taken = {other.method for other in scope.catalogue.contract.operations if fits(other, path)}
    other = next((method for method in ("POST", "PATCH", "PUT", "DELETE") if method not in taken), None)
    overrides: dict[str, Request] = {}
    mark = "&" if "?" in request.target else "?"
    if other:
        sent = replace(request, method=other)
        overrides = {
            "x-http-method-override": sent.with_header("X-HTTP-Method-Override", request.method),
            "x-http-method": sent.with_header("X-HTTP-Method", request.method),
            "x-method-override": sent.with_header("X-Method-Override", request.method),
            "query-method": replace(sent, target=f"{sent.target}{mark}_method={request.method}"),
        }
    if "GET" not in taken:
        overrides["get-override"] = replace(request, method="GET").with_header("X-HTTP-Method-Override", request.method)
        value = scope.value(scope.gentlest) if scope.operation.body else {}
        fields = urlencode(value if isinstance(value, Mapping) else {"value": value})
        overrides["get-with-the-command"] = replace(
            request, method="GET", target=f"{request.target}{mark}{fields}", body=b""
        ).with_header("Content-Type")
    for kind, sent in overrides.items():
        _door(scope, f"method/{kind}", sent, Expected.NOT_ACCEPTED, clause)
