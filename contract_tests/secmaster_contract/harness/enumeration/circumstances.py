"""Each fault once more under other circumstances: a rule holds in every form, on every connection, at any time.

Circumstances that no server may refuse a request for are put together in one request; what a server might refuse by
itself (chunks, unknown fields, a long body, the short media type) comes alone, so that it hides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from secmaster_contract.harness.catalogue import Catalogue, encode
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.spec import Command
from secmaster_contract.harness.vectors import Vector

_LONG = 70_000  # bytes of white space, past the 64 KiB at which many readers change their ways
_FLAGS = "force=true&debug=true&dryRun=true&validate=false&skipValidation=1"


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of circumstances."""
    for vector in _of_fields(catalogue):
        telling = vector.command in {None, catalogue.spec.commands[-1].name}
        for kind, request in _body_forms(catalogue, vector, telling=telling):
            _again(catalogue, vector, kind, request)
        _around(catalogue, vector, telling=telling)
    for vector in _of_bodies(catalogue):
        _again(catalogue, vector, "short-media-type", _short_media_type(catalogue, vector.request))
        _again(catalogue, vector, "long", vector.request.with_body(b" " * _LONG + vector.request.body))
        _around(catalogue, vector)
    for vector in _of_headers(catalogue):
        _again(catalogue, vector, "other-body", vector.request.with_body(_other_body(catalogue)))
        _around(catalogue, vector)
    for vector in _crowded(catalogue):
        elsewhere = catalogue.target.path(catalogue.spec, instance_id="another-instance")
        _again(catalogue, vector, "of-another-instance", replace(vector.request, target=elsewhere))
        valid = catalogue.vectors[str(vector.twin)].request
        catalogue.variant(vector, "beside-valid-ones", family="circumstance", fresh=True, beside=(valid,) * 3)


def _of_fields(catalogue: Catalogue) -> list[Vector]:
    """One fault a rule, field and command: the field left out, a number in its place, an unknown command."""
    kinds = {"mandatory": "absent", "type": "integer", "range": "unknown"}
    last, selector = catalogue.spec.commands[-1].name, catalogue.spec.discriminator
    return [
        vector
        for vector in catalogue.of(*kinds, "limits")
        if vector.kind == kinds.get(vector.family, vector.kind)
        and (vector.field != selector or vector.command in {last, None})
    ]


def _of_bodies(catalogue: Catalogue) -> list[Vector]:
    return [catalogue.vectors[f"body/{kind}"] for kind in ("none", "array-of-right", "truncated", "invalid-utf-8")]


def _of_headers(catalogue: Catalogue) -> list[Vector]:
    last = catalogue.spec.commands[-1].name
    return [vector for vector in catalogue.of("token", "content-type") if vector.name.endswith(f"/{last}")]


def _crowded(catalogue: Catalogue) -> list[Vector]:
    last = catalogue.spec.commands[-1]
    names = [f"{last.name}/{name}/absent" for name in last.required if name != catalogue.spec.discriminator]
    return [catalogue.vectors[name] for name in (*names[:1], f"token/absent/{last.name}")]


def _around(catalogue: Catalogue, vector: Vector, *, telling: bool = True) -> None:
    """The same bytes as the first request of a connection, behind a valid one, in chunks, in other dress."""
    catalogue.variant(vector, "first-on-a-connection", family="circumstance", fresh=True)
    _again(catalogue, vector, "dressed-up", _dressed(catalogue, vector))
    if telling:
        valid = catalogue.vectors[str(vector.twin)].request
        catalogue.variant(vector, "behind-a-valid-one", family="circumstance", fresh=True, before=(valid,))
        _again(catalogue, vector, "in-chunks", replace(vector.request, pieces=(1, 3, 50)))


def _dressed(catalogue: Catalogue, vector: Vector) -> Request:
    """Everything about a request that must not loosen a rule, at once."""
    right = _right(catalogue, vector)
    given = f"&{quote(str(vector.field))}={quote(str(right)[:500])}" if isinstance(right, str) else ""
    request = replace(vector.request, target=f"{vector.request.target}?{_FLAGS}{given}")
    for name, value in (
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Debug", "true"),
        ("X-Internal", "true"),
        ("Accept", "application/json"),
        ("User-Agent", "contract-verifier"),
        ("Connection", "close"),
    ):
        request = request.with_header(name, value)
    return replace(request, headers=tuple((name.lower(), value) for name, value in request.headers))


def _right(catalogue: Catalogue, vector: Vector) -> Any:
    command = _command(catalogue, vector)
    return catalogue.full(command).get(str(vector.field)) if command else None


def _command(catalogue: Catalogue, vector: Vector) -> Command | None:
    return next((command for command in catalogue.spec.commands if command.name == vector.command), None)


def _short_media_type(catalogue: Catalogue, request: Request) -> Request:
    return request.with_header("Content-Type", catalogue.spec.media_type.partition(";")[0])


def _other_body(catalogue: Catalogue) -> bytes:
    """A valid command as far from its usual form as can be: long, in lines, back to front, with a foreign script."""
    full = catalogue.full(catalogue.spec.commands[-1])
    body = {"x-unknown": "工作流 é", "x-null": None} | dict(reversed(full.items()))
    text = json.dumps(body, indent=4, ensure_ascii=False).encode() + b" " * _LONG
    return _escape_names(text, full)


def _body_forms(catalogue: Catalogue, vector: Vector, *, telling: bool) -> Iterator[tuple[str, Request]]:
    """The faulty body in other forms; which rule it breaks is judged anew from its bytes."""
    request, body, name = vector.request, json.loads(vector.request.body), str(vector.field)
    selector = catalogue.spec.discriminator
    lead = name if name in body else selector
    rest = {key: item for key, item in body.items() if key != lead}
    led = {lead: body[lead]} if lead in body else {}
    yield "first-and-escaped", request.with_body(_escape_names(encode(led | dict(reversed(rest.items()))), body))
    yield "last-and-in-lines", request.with_body(json.dumps(rest | led, indent=4).encode())
    alone = _minimal(catalogue, vector, body)
    if alone != body:
        yield "alone", request.with_body(encode(alone))
    if telling:
        if selector in rest:
            middle = {selector: rest[selector]} | led | {key: item for key, item in rest.items() if key != selector}
            yield "in-the-middle", request.with_body(encode(middle))
        more = {"x-unknown": {"text": "工作流 é"}} | body | {"x-null": None}
        yield "among-unknown-fields", request.with_body(encode(more))
        yield "long", request.with_body(encode(body) + b" " * _LONG)
        yield "short-media-type", _short_media_type(catalogue, request)


def _minimal(catalogue: Catalogue, vector: Vector, body: dict[str, Any]) -> dict[str, Any]:
    """The fault with no more fields around it than the command needs, an unknown command with none at all."""
    command = _command(catalogue, vector)
    needed = command.required if command else (catalogue.spec.discriminator,)
    if vector.field == catalogue.spec.discriminator:
        needed = (vector.field,)
    return {key: item for key, item in body.items() if key in needed or key == vector.field}


def _escape_names(body: bytes, names: dict[str, Any]) -> bytes:
    for name in names:
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in name)
        body = body.replace(f'"{name}":'.encode(), f'"{escaped}":'.encode(), 1)
    return body


def _again(catalogue: Catalogue, vector: Vector, kind: str, request: Request) -> None:
    catalogue.classified(
        f"{vector.name}/{kind}",
        "circumstance",
        request,
        command=vector.command,
        field=vector.field,
        twin=vector.twin,
        follows=(vector.name, *vector.follows),
        fresh=bool(request.pieces),
    )
