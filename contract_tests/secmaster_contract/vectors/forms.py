"""Valid commands in every form that means the same: a server that takes one takes all (metamorphic pairs)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from secmaster_contract.vectors.catalogue import Catalogue, encode
from secmaster_contract.vectors.texts import described
from secmaster_contract.wire.request import Request
from openapi_contract import Command
from secmaster_contract.vectors.vector import Due


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of equivalent forms."""
    for name, value in catalogue.spec.examples.items():
        _printed(catalogue, name, value)
    for command in catalogue.spec.commands:
        for kind, body in _json_forms(catalogue, command):
            _form(catalogue, command, kind, catalogue.request(body), "http.json-equivalence")
        _extra_fields(catalogue, command)
    # What stands outside the body cannot depend on the command: each form is sent with one of them.
    for number, (kind, change) in enumerate(_OUTSIDE):
        command = catalogue.spec.commands[number % len(catalogue.spec.commands)]
        request = catalogue.request(encode(catalogue.value(command)))
        _form(catalogue, command, kind, change(request), _CLAUSES[kind.partition("/")[0]])


def _form(catalogue: Catalogue, command: Command, kind: str, request: Request, clause: str, **more: Any) -> None:
    catalogue.classified(
        f"{command.name}/as/{kind}",
        "equivalence",
        request,
        equivalence=clause,
        command=command.name,
        follows=(
            catalogue.baseline(command),
            f"{command.name}/all-fields/present",
            *_optional_present(command),
        ),
        fresh=bool(request.pieces),
        **more,
    )


def _optional_present(command: Command) -> tuple[str, ...]:
    return tuple(f"{command.name}/{name}/present" for name in command.optional)


def _printed(catalogue: Catalogue, name: str, value: dict[str, Any]) -> None:
    """The page's example as the page prints it: two spaces in, a space on either side of the colon."""
    command = catalogue.spec.command(value.get(catalogue.spec.discriminator))
    own = catalogue.value(command) if command else value
    body = json.dumps(own, indent=2, separators=(",", " : ")).encode()
    catalogue.classified(
        f"example/{name}",
        "example",
        catalogue.request(body),
        equivalence=f"body.example.{name}",
        command=command.name if command else None,
        follows=(catalogue.baseline(command), f"{command.name}/as/line-breaks") if command else (),
    )


def _escaped(value: Any) -> str:
    def text(characters: str) -> str:
        units = characters.encode("utf-16-be", "surrogatepass")
        return '"' + "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2)) + '"'

    return "{" + ",".join(f"{text(name)}:{text(item)}" for name, item in value.items()) + "}"


def _json_forms(catalogue: Catalogue, command: Command) -> Iterator[tuple[str, bytes]]:
    full = catalogue.full(command)
    orders = itertools.permutations(full) if len(command.required) > 1 else [list(full)[::-1], sorted(full)]
    for order in orders:
        yield "order-" + "-".join(order), encode({name: full[name] for name in order})
    value = catalogue.value(command)
    yield "line-breaks", json.dumps(value, indent="\t").replace("\n", "\r\n").encode()
    yield "wide-spaces", b" \n\t" + json.dumps(value, separators=("  ,  ", "\t:\n")).encode() + b" \r\n" * 20
    yield "escapes", _escaped(value).encode()
    for name, text in value.items():
        if command.properties[name].get("contentMediaType") and (changed := described(text, "and/or")):
            yield "escaped-solidus", encode(value | {name: changed}).replace(b"/", b"\\/")


def _renamed(request: Request, rename: Callable[[str], str]) -> Request:
    return replace(request, headers=tuple((rename(name), value) for name, value in request.headers))


def _with_headers(request: Request, headers: dict[str, str]) -> Request:
    for name, value in headers.items():
        request = request.with_header(name, value)
    return request


_UNKNOWN_HEADERS = {"X-Language": "en-us", "X-Request-Id": "0" * 32, "X-Unknown": "x" * 1000, "Cookie": "a=b"}
_OUTSIDE: tuple[tuple[str, Callable[[Request], Request]], ...] = (
    ("header/lower-case", lambda request: _renamed(request, str.lower)),
    ("header/upper-case", lambda request: _renamed(request, str.upper)),
    ("header/reversed", lambda request: replace(request, headers=request.headers[::-1])),
    ("header/accept-json", lambda request: request.with_header("Accept", "application/json")),
    ("header/accept-any", lambda request: _with_headers(request, {"Accept": "*/*", "User-Agent": "contract-verifier"})),
    ("header/unknown", lambda request: _with_headers(request, _UNKNOWN_HEADERS)),
    ("transfer/in-halves", lambda request: replace(request, halves=True)),
    ("chunked/at-once", lambda request: replace(request, pieces=(1 << 20,))),
    ("chunked/in-pieces", lambda request: replace(request, pieces=(1, 2, 17))),
    ("transfer/last-request", lambda request: request.with_header("Connection", "close")),
    ("chunked/byte-by-byte", lambda request: replace(request, pieces=(1,))),
    ("query/unknown", lambda request: replace(request, target=f"{request.target}?x=1&y")),
    ("query/empty", lambda request: replace(request, target=f"{request.target}?")),
    # RFC 9112 section 5.1: white space around a value is no part of it. Widespread readers keep what stands behind.
    ("header/padded", lambda request: replace(request, headers=tuple((n, f"  {v}") for n, v in request.headers))),
)


_CLAUSES = {
    "header": "http.header-equivalence",
    "transfer": "http.transfer-equivalence",
    "chunked": "http.chunked-requests",
    "query": "http.query-ignored",
}


def _extra_fields(catalogue: Catalogue, command: Command) -> None:
    """Fields that the page does not know: it says neither that they are allowed nor that they are not."""
    value = catalogue.value(command)
    for kind, body in {
        "extra-field-behind": value | {"x-unknown": "x"},
        "extra-field-before": {"x-unknown": {"deep": [1, None]}} | value,
    }.items():
        catalogue.classified(
            f"{command.name}/as/{kind}", "open", catalogue.request(encode(body)), command=command.name, due=Due.ANY
        )
