"""Valid requests in every form that means the same: a server that accepts one accepts all (metamorphic pairs)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from openapi_contract.document import join
from openapi_contract.ledger import Clause
from openapi_contract.operations import Command
from openapi_contract.oracle import Standing
from secmaster_contract.vectors.catalogue import Scope, encode
from secmaster_contract.vectors.texts import described
from secmaster_contract.vectors.vector import Expected
from secmaster_contract.wire.request import Request

_MOST_ORDERS = 6


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of equivalent forms."""
    if scope.operation.body:
        for name, value in sorted(scope.operation.body.examples.items()):
            _printed(scope, name, value)
        for command in scope.commands:
            for kind, body in _json_forms(scope, command):
                _form(scope, command, kind, scope.request(body), scope.ledger["http.json-equivalence"])
            _extra_fields(scope, command)
    # What stands outside the body cannot depend on the command: each form is sent with one of them.
    turn = itertools.cycle(scope.commands)
    for kind, change in _OUTSIDE:
        name = _CLAUSES[kind.partition("/")[0]]
        if name not in scope.ledger.clauses or (name in _OF_BODIES and scope.operation.body is None):
            continue
        command = next(turn)
        _form(scope, command, kind, change(scope.valid(command)), scope.ledger[name])


def _form(scope: Scope, command: Command, kind: str, request: Request, clause: Clause, **more: Any) -> None:
    present = scope.names(*(f"{command.name}/{name}/present" for name in command.optional))
    scope.classified(
        f"{command.name}/as/{kind}",
        "equivalence",
        request,
        equivalence=clause,
        command=command.name,
        follows=(scope.baseline(command), *scope.names(f"{command.name}/all-fields/present"), *present),
        fresh=bool(request.pieces),
        **more,
    )


def _printed(scope: Scope, name: str, value: Any) -> None:
    """A documented example as a page prints it: two spaces in, a space on either side of the colon."""
    body = scope.operation.body
    judged = scope.catalogue.oracle.value(scope.operation, value)
    if body is None or judged.standing is not Standing.ACCEPTED or judged.command is None:
        return
    command = judged.command
    own = {key: scope.target.values.get(key, item) for key, item in value.items()} if isinstance(value, dict) else value
    scope.classified(
        f"example/{name}",
        "example",
        scope.request(json.dumps(own, indent=2, separators=(",", " : ")).encode()),
        equivalence=scope.role("example", body.content_pointer + join("examples", name)),
        command=command.name,
        follows=(scope.baseline(command), *scope.names(f"{command.name}/as/line-breaks")),
    )


def escaped(value: Any) -> str:
    """Return JSON with every character of its texts as an escape."""

    def text(characters: str) -> str:
        units = characters.encode("utf-16-be", "surrogatepass")
        return '"' + "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2)) + '"'

    match value:
        case str():
            return text(value)
        case dict():
            return "{" + ",".join(f"{text(name)}:{escaped(item)}" for name, item in value.items()) + "}"
        case list():
            return "[" + ",".join(map(escaped, value)) + "]"
        case _:
            return json.dumps(value)


def _json_forms(scope: Scope, command: Command) -> Iterator[tuple[str, bytes]]:
    full, value = scope.full(command), scope.value(command)
    if isinstance(full, dict) and len(full) > 1:
        every = itertools.permutations(full) if len(full) <= 3 and command is scope.fullest else ()
        orders = {tuple(order): None for order in itertools.islice(every, _MOST_ORDERS)}
        orders |= {tuple(full)[::-1]: None, tuple(sorted(full)): None}
        for order in orders:
            yield "order-" + "-".join(order), encode({name: full[name] for name in order})
    yield "line-breaks", json.dumps(value, indent="\t").replace("\n", "\r\n").encode()
    yield "wide-spaces", b" \n\t" + json.dumps(value, separators=("  ,  ", "\t:\n")).encode() + b" \r\n" * 20
    yield "escapes", escaped(value).encode()
    for name, text in value.items() if isinstance(value, dict) else ():
        member = command.fields.get(name)
        if member and member.schema.get("contentMediaType") and (changed := described(text, "and/or")):
            yield "escaped-solidus", encode({**value, name: changed}).replace(b"/", b"\\/")
            break


def _renamed(request: Request, rename: Callable[[str], str]) -> Request:
    return replace(request, headers=tuple((rename(name), value) for name, value in request.headers))


def _with_headers(request: Request, headers: dict[str, str]) -> Request:
    for name, value in headers.items():
        if not request.values(name):
            request = request.with_header(name, value)
    return request


def _with_query(request: Request, query: str) -> Request:
    mark = "&" if "?" in request.target else "?"
    return replace(request, target=request.target + mark + query)


_UNKNOWN_HEADERS = {"X-Language": "en-us", "X-Request-Id": "0" * 32, "X-Unknown": "x" * 1000, "Cookie": "a=b"}
_LANGUAGE = {"Accept-Language": "zh-CN, zh;q=0.9, en;q=0.1", "X-Language": "zh-cn"}
_OUTSIDE: tuple[tuple[str, Callable[[Request], Request]], ...] = (
    ("header/lower-case", lambda request: _renamed(request, str.lower)),
    ("header/upper-case", lambda request: _renamed(request, str.upper)),
    ("header/reversed", lambda request: replace(request, headers=request.headers[::-1])),
    ("header/accept-json", lambda request: request.with_header("Accept", "application/json")),
    ("header/accept-any", lambda request: _with_headers(request, {"Accept": "*/*", "User-Agent": "contract-verifier"})),
    ("header/unknown", lambda request: _with_headers(request, _UNKNOWN_HEADERS)),
    ("header/compressed", lambda request: _with_headers(request, {"Accept-Encoding": "gzip, deflate"})),
    ("header/uncompressed", lambda request: _with_headers(request, {"Accept-Encoding": "gzip;q=0, identity"})),
    ("header/language", lambda request: _with_headers(request, _LANGUAGE)),
    ("transfer/in-halves", lambda request: replace(request, halves=True)),
    ("chunked/at-once", lambda request: replace(request, pieces=(1 << 20,))),
    ("chunked/in-pieces", lambda request: replace(request, pieces=(1, 2, 17))),
    ("transfer/last-request", lambda request: request.with_header("Connection", "close")),
    ("chunked/byte-by-byte", lambda request: replace(request, pieces=(1,))),
    ("query/unknown", lambda request: _with_query(request, "x-unknown=1&x-other")),
    ("query/empty", lambda request: _with_query(request, "")),
    # RFC 9112 section 5.1: white space around a value is no part of it. Widespread readers keep what stands behind.
    ("header/padded", lambda request: replace(request, headers=tuple((n, f"  {v}") for n, v in request.headers))),
)
_CLAUSES = {
    "header": "http.header-equivalence",
    "transfer": "http.transfer-equivalence",
    "chunked": "http.chunked-requests",
    "query": "http.query-ignored",
}
_OF_BODIES = frozenset({"http.transfer-equivalence", "http.chunked-requests"})


def _extra_fields(scope: Scope, command: Command) -> None:
    """Fields that the contract does not know: unless it says so, neither allowed nor forbidden."""
    value = scope.value(command)
    if not isinstance(value, dict):
        return
    for kind, body in {
        "extra-field-behind": {**value, "x-unknown": "x"},
        "extra-field-before": {"x-unknown": {"deep": [1, None]}, **value},
    }.items():
        scope.classified(
            f"{command.name}/as/{kind}",
            "open",
            scope.request(encode(body)),
            command=command.name,
            twin=scope.baseline(command),
            expected=Expected.ANY,
        )
