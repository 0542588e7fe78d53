"""Each fault once more under other circumstances: a rule holds in every form, on every connection, at any time.

Circumstances that no server may reject a request for are put together in one request; what a server might reject by
itself (chunks, unknown fields, a long body, the short media type) comes alone, so that it hides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from openapi_contract.operations import Command
from secmaster_contract.vectors.catalogue import Scope, encode
from secmaster_contract.vectors.forms import escaped
from secmaster_contract.vectors.vector import Vector
from secmaster_contract.wire.request import Request

_LONG = 70_000  # bytes of white space, past the 64 KiB at which many readers change their ways
_FLAGS = "force=true&debug=true&dryRun=true&validate=false&skipValidation=1"


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of circumstances."""
    for vector in _of_fields(scope):
        telling = vector.command in {None, scope.fullest.name}
        for kind, request in _body_forms(scope, vector, telling=telling):
            _again(scope, vector, kind, request)
        _around(scope, vector, telling=telling)
    for vector in _of_bodies(scope):
        _again(scope, vector, "short-media-type", _short_media_type(scope, vector.request))
        _again(scope, vector, "long", vector.request.with_body(b" " * _LONG + vector.request.body))
        _around(scope, vector)
    for vector in _of_headers(scope):
        if scope.operation.body:
            _again(scope, vector, "other-body", vector.request.with_body(_other_body(scope)))
        _around(scope, vector)
    for vector in sorted(scope.of("parameter"), key=lambda vector: vector.name)[:_MOST_PARAMETERS]:
        _around(scope, vector)
    for vector in _crowded(scope):
        elsewhere = scope.elsewhere()
        if elsewhere:
            _again(scope, vector, "of-another-instance", replace(vector.request, target=elsewhere))
        valid = scope.catalogue.vectors[str(vector.twin)].request
        scope.variant(
            vector,
            "beside-valid-ones",
            family="circumstance",
            fresh=True,
            beside=(valid,) * 3,
        )


_MOST_PARAMETERS = 6
_MOST_LIMITS = 2  # faults of each keyword of a field beyond its type


def _of_fields(scope: Scope) -> Iterator[Vector]:
    """One fault a rule, field and command: the field left out, a number in its place, an unknown command."""
    kinds = {"mandatory": "absent", "type": "integer", "range": "unknown"}
    limits: dict[tuple[str | None, str | None, str], list[str]] = {}
    for vector in sorted(scope.of("limits"), key=lambda vector: vector.name):
        limits.setdefault((vector.command, vector.field, vector.clause.key), []).append(vector.name)
    few = {name for names in limits.values() for name in names[:_MOST_LIMITS]}
    for vector in scope.of(*kinds, "limits"):
        if vector.request.body == b"" or not isinstance(vector.judgement.value, dict):
            continue
        if vector.family == "limits":
            if vector.name in few:
                yield vector
        elif vector.kind == kinds[vector.family] and (
            vector.field != scope.discriminator or vector.command in {scope.fullest.name, None}
        ):
            yield vector


def _of_bodies(scope: Scope) -> list[Vector]:
    names = [f"body/{kind}" for kind in ("none", "array-of-right", "truncated", "invalid-utf-8")]
    return [vector for name in names if (vector := scope.vector(name))]


def _of_headers(scope: Scope) -> list[Vector]:
    last = scope.fullest.name
    return [vector for vector in scope.of("token", "content-type") if vector.name.endswith(f"/{last}")]


def _crowded(scope: Scope) -> list[Vector]:
    full = scope.fullest
    # Which of the mandatory fields does not matter; it has to be the same one in every order of the contract.
    needed = sorted(set(full.required) - {scope.discriminator})
    every = (*(f"{full.name}/{name}/absent" for name in needed[-1:]), f"token/absent/{full.name}")
    return [vector for name in every if (vector := scope.vector(name)) and vector.twin]


def _around(scope: Scope, vector: Vector, *, telling: bool = True) -> None:
    """The same bytes as the first request of a connection, behind a valid one, in chunks, in other dress."""
    scope.variant(vector, "first-on-a-connection", family="circumstance", fresh=True)
    _again(scope, vector, "dressed-up", _dressed(scope, vector))
    if telling:
        valid = scope.catalogue.vectors[str(vector.twin)].request
        scope.variant(
            vector,
            "behind-a-valid-one",
            family="circumstance",
            fresh=True,
            before=(valid,),
        )
        if scope.operation.body:
            _again(scope, vector, "in-chunks", replace(vector.request, pieces=(1, 3, 50)))


def _dressed(scope: Scope, vector: Vector) -> Request:
    """Everything about a request that must not loosen a rule, at once."""
    right = _right(scope, vector)
    given = f"&{quote(str(vector.field))}={quote(right[:500])}" if isinstance(right, str) else ""
    mark = "&" if "?" in vector.request.target else "?"
    request = replace(vector.request, target=f"{vector.request.target}{mark}{_FLAGS}{given}")
    for name, value in (
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Debug", "true"),
        ("X-Internal", "true"),
        ("Accept", "application/json"),
        ("User-Agent", "contract-verifier"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept-Language", "zh-CN, en;q=0.1"),
        ("X-Language", "zh-cn"),
        ("Connection", "close"),
    ):
        request = request.with_header(name, value)
    return replace(request, headers=tuple((name.lower(), value) for name, value in request.headers))


def _right(scope: Scope, vector: Vector) -> Any:
    command = scope.operation.command(vector.command)
    full = scope.full(command) if command and scope.operation.body else None
    return full.get(str(vector.field)) if isinstance(full, dict) and vector.family != "parameter" else None


def _short_media_type(scope: Scope, request: Request) -> Request:
    body = scope.operation.body
    return request.with_header("Content-Type", body.media_type.partition(";")[0]) if body else request


def _other_body(scope: Scope) -> bytes:
    """A valid command as far from its usual form as can be: long, in lines, back to front, with a foreign script."""
    full = scope.full(scope.fullest)
    if not isinstance(full, dict):
        return json.dumps(full, indent=4).encode() + b" " * _LONG
    body = {"x-unknown": "工作流 é", "x-null": None} | dict(reversed(full.items()))
    text = json.dumps(body, indent=4, ensure_ascii=False).encode() + b" " * _LONG + b"\n"
    return _escape_names(text, full)


def _body_forms(scope: Scope, vector: Vector, *, telling: bool) -> Iterator[tuple[str, Request]]:
    """The faulty body in other forms; which rule it breaks is judged anew from its bytes."""
    request, body, name = vector.request, json.loads(vector.request.body), str(vector.field).partition(".")[0]
    if not isinstance(body, dict):
        return
    selector = str(scope.discriminator)
    lead = name if name in body else selector
    rest = {key: item for key, item in body.items() if key != lead}
    led = {lead: body[lead]} if lead in body else {}
    yield "first-and-escaped", request.with_body(_escape_names(encode(led | dict(reversed(rest.items()))), body))
    yield "last-and-in-lines", request.with_body(json.dumps(rest | led, indent=4).encode())
    alone = _minimal(scope, vector, body)
    if alone != body:
        yield "alone", request.with_body(encode(alone))
    if telling:
        if selector in rest:
            middle = {selector: rest[selector]} | led | {key: item for key, item in rest.items() if key != selector}
            yield "in-the-middle", request.with_body(encode(middle))
        more = {"x-unknown": {"text": "工作流 é"}} | body | {"x-null": None}
        yield "among-unknown-fields", request.with_body(encode(more))
        yield "long", request.with_body(encode(body) + b" " * _LONG)
        yield "line-feed-behind", request.with_body(encode(body) + b"\n")
        yield "in-escapes", request.with_body(escaped(body).encode())
        yield "short-media-type", _short_media_type(scope, request)


def _minimal(scope: Scope, vector: Vector, body: dict[str, Any]) -> dict[str, Any]:
    """The fault with no more fields around it than the command needs, an unknown command with none at all."""
    command: Command | None = scope.operation.command(vector.command)
    needed: tuple[str | None, ...] = command.required if command else (scope.discriminator,)
    if vector.field == scope.discriminator:
        needed = (vector.field,)
    return {key: item for key, item in body.items() if key in needed or key == str(vector.field).partition(".")[0]}


def _escape_names(body: bytes, names: dict[str, Any]) -> bytes:
    for name in names:
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in name)
        body = body.replace(f'"{name}":'.encode(), f'"{escaped}":'.encode(), 1)
    return body


def _again(scope: Scope, vector: Vector, kind: str, request: Request) -> None:
    scope.classified(
        f"{vector.name.removeprefix(scope.prefix)}/{kind}",
        "circumstance",
        request,
        command=vector.command,
        field=vector.field,
        twin=vector.twin,
        follows=(vector.name, *vector.follows),
        fresh=bool(request.pieces),
    )
