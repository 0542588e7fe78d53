"""The same fault under other circumstances: a rule holds in every form of the body, on any connection, at any time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from secmaster_contract.harness.catalogue import Catalogue, encode
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.spec import Command
from secmaster_contract.harness.vectors import Due, Vector


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of circumstances."""
    for vector in _representatives(catalogue):
        for kind, request in _forms(catalogue, vector):
            _again(catalogue, vector, kind, request)
        for kind, changes in _surroundings(catalogue, vector):
            catalogue.variant(vector, kind, family="circumstance", acts=True, **changes)
    for vector in _unauthenticated(catalogue):
        for kind, changes in _surroundings(catalogue, vector):
            catalogue.variant(vector, kind, family="circumstance", acts=True, **changes)
    for command in catalogue.spec.commands:
        _valid_after(catalogue, command)


def _representatives(catalogue: Catalogue) -> list[Vector]:
    """One fault a rule and command: the field left out, a number in its place, an unknown command."""
    kinds = {"mandatory": "absent", "type": "integer", "range": "unknown"}
    first = catalogue.spec.commands[-1].name
    selector = catalogue.spec.discriminator
    return [
        vector
        for vector in catalogue.of(*kinds, "limits")
        if vector.kind == kinds.get(vector.family, vector.kind)
        and (vector.field != selector or vector.command in (first, None))
    ]


def _unauthenticated(catalogue: Catalogue) -> list[Vector]:
    return [vector for vector in catalogue.of("token", "content-type") if vector.kind == "absent"]


def _forms(catalogue: Catalogue, vector: Vector) -> Iterator[tuple[str, Request]]:
    """The faulty body in other forms; which rule it breaks is judged anew from its bytes."""
    body = json.loads(vector.request.body)
    selector, name = catalogue.spec.discriminator, str(vector.field)
    request = vector.request
    yield "reversed", request.with_body(encode(dict(reversed(body.items()))))
    if name in body:
        rest = {key: item for key, item in body.items() if key != name}
        yield "fault-first", request.with_body(encode({name: body[name]} | rest))
        yield "fault-last", request.with_body(encode(rest | {name: body[name]}))
        yield "fault-escaped", request.with_body(_escape_name(encode(body), name))
    elif selector in body:
        rest = {key: item for key, item in body.items() if key != selector}
        yield "command-last", request.with_body(encode(rest | {selector: body[selector]}))
    yield "extra-field-behind", request.with_body(encode(body | {"x-unknown": "x"}))
    yield "extra-field-before", request.with_body(encode({"x-unknown": "x"} | body))
    yield "null-field-behind", request.with_body(encode(body | {"x-unknown": None}))
    yield "spaced-out", request.with_body(json.dumps(body, indent=4).encode())
    yield "padded", request.with_body(encode(body | {"x-unknown": "x" * 70_000}))
    yield "in-chunks", replace(request, pieces=(1, 3, 50))
    yield "query-flags", replace(request, target=f"{request.target}?force=true&debug=true&validate=false")
    right = _right(catalogue, vector)
    if right is not None:
        given = f"{quote(name)}={quote(str(right)[:500])}"
        yield "given-in-query", replace(request, target=f"{request.target}?{given}")
    yield "trusted-headers", request.with_header("X-Forwarded-For", "127.0.0.1").with_header("X-Debug", "true")
    if vector.command:
        yield from _minimal(catalogue, vector, body)


def _right(catalogue: Catalogue, vector: Vector) -> Any:
    command = _command(catalogue, vector)
    return catalogue.full(command).get(str(vector.field)) if command else None


def _command(catalogue: Catalogue, vector: Vector) -> Command | None:
    return next((command for command in catalogue.spec.commands if command.name == vector.command), None)


def _minimal(catalogue: Catalogue, vector: Vector, body: dict[str, Any]) -> Iterator[tuple[str, Request]]:
    """The fault without the optional fields around it."""
    command = _command(catalogue, vector)
    if command:
        needed = {key: item for key, item in body.items() if key in command.required or key == vector.field}
        if needed != body:
            yield "alone", vector.request.with_body(encode(needed))


def _escape_name(body: bytes, name: str) -> bytes:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in name)
    return body.replace(f'"{name}":'.encode(), f'"{escaped}":'.encode(), 1)


def _again(catalogue: Catalogue, vector: Vector, kind: str, request: Request) -> None:
    catalogue.classified(
        f"{vector.name}/{kind}",
        "circumstance",
        request,
        command=vector.command,
        field=vector.field,
        twin=vector.twin,
        follows=(vector.name, *vector.follows),
    )


def _surroundings(catalogue: Catalogue, vector: Vector) -> Iterator[tuple[str, dict[str, Any]]]:
    valid = catalogue.vectors[str(vector.twin)].request
    yield "first-on-a-connection", {"fresh": True}
    yield "after-the-valid-one", {"fresh": True, "before": (valid,)}
    yield "after-two-valid-ones", {"fresh": True, "before": (valid, valid)}
    yield "again", {"fresh": True, "before": (vector.request, vector.request)}
    yield "beside-valid-ones", {"fresh": True, "beside": (valid, valid, valid)}


def _valid_after(catalogue: Catalogue, command: Command) -> None:
    """A valid command stays valid whatever came before it, and beside whatever."""
    valid = catalogue.vectors[catalogue.baseline(command)]
    refused = catalogue.vectors["unknown-command/unknown"].request
    malformed = catalogue.vectors["body/truncated"].request
    unauthenticated = valid.request.with_header(catalogue.spec.token_header)
    other = replace(valid.request, target=catalogue.target.path(catalogue.spec, instance_id="another-instance"))
    circumstances: dict[str, dict[str, Any]] = {
        "first-on-a-connection": {},
        "again": {"before": (valid.request, valid.request)},
        "after-a-refused-one": {"before": (refused,)},
        "after-a-malformed-one": {"before": (malformed,)},
        "after-one-without-token": {"before": (unauthenticated,)},
        "after-another-instance": {"before": (other,)},
        "beside-refused-ones": {"beside": (refused, malformed, unauthenticated)},
        "beside-itself": {"beside": (valid.request, valid.request, valid.request)},
    }
    for kind, changes in circumstances.items():
        catalogue.variant(
            valid,
            kind,
            family="stateless",
            clause=catalogue.ledger["http.stateless"],
            due=Due.TAKEN,
            fresh=True,
            acts=True,
            **changes,
        )
