"""What is drawn: commands with some faults, in some dress; and what schemathesis makes of the YAML."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from secmaster_contract.vectors import values
from secmaster_contract.vectors.catalogue import Scope
from secmaster_contract.wire.request import Request

_TEXT = st.text(max_size=30)
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


def requests(scope: Scope) -> SearchStrategy[Request]:
    """Return a strategy for requests around the documented ones."""
    return _requests(scope)


@st.composite
def _requests(draw: DrawFn, scope: Scope) -> Request:
    request = scope.valid(draw(st.sampled_from(scope.commands)))
    if scope.operation.body:
        text = draw(_writings(draw(_bodies(scope), label="body")), label="text")
        request = request.with_body(text.encode("utf-8", "surrogatepass"))
    return _parameters(draw, scope, _dressed(draw, scope, request))


_DRESSES = ("plain", "plain", "plain", "token", "no token", "media type", "query", "chunks", "headers")


def _dressed(draw: DrawFn, scope: Scope, request: Request) -> Request:
    security, body = scope.operation.security, scope.operation.body
    match draw(st.sampled_from(_DRESSES)):
        case "token" if security:
            token = draw(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
            return request.with_header(security.header, security.value(token))
        case "no token" if security:
            return request.with_header(security.header)
        case "media type" if body:
            kinds = ["text/plain", "application/xml", "application/jsonl", "text/json", "*/*", "json"]
            return request.with_header("Content-Type", draw(st.sampled_from(kinds)))
        case "query":
            fields = sorted({name for command in scope.commands for name in command.fields})
            name = draw(st.sampled_from(["debug", "force", "token", "_method", "x", *fields]))
            mark = "&" if "?" in request.target else "?"
            return replace(request, target=f"{request.target}{mark}{name}=1")
        case "chunks" if body:
            return replace(request, pieces=(draw(st.integers(1, 64)),))
        case "headers":
            names = ["X-Debug", "X-Forwarded-For", "Accept", "X-Language", "If-Match", "Expect-CT"]
            return request.with_header(draw(st.sampled_from(names)), "1")
        case _:
            return request


def _parameters(draw: DrawFn, scope: Scope, request: Request) -> Request:
    """Put something else into a query or header parameter, now and then."""
    parameters = [own for own in scope.operation.parameters if own.place in {"query", "header"}]
    if not parameters or draw(st.booleans()):
        return request
    parameter = draw(st.sampled_from(parameters))
    text = draw(st.sampled_from(["", "0", "-1", "1e9", "null", "true", "x"]) | st.text(max_size=20))
    if parameter.place == "header":
        printable = "".join(letter for letter in text if 32 < ord(letter) < 127)
        return request.with_header(parameter.name, printable)
    mark = "&" if "?" in request.target else "?"
    return replace(
        request, target=f"{request.target}{mark}{quote(parameter.name)}={quote(text.encode('utf-8', 'replace'))}"
    )


@st.composite
def _bodies(draw: DrawFn, scope: Scope) -> Any:
    command = draw(st.sampled_from(scope.commands))
    body = draw(st.sampled_from([scope.value(command), scope.full(command)]))
    names = list(command.fields)
    if not isinstance(body, dict) or not names:
        return draw(st.just(body) | _ANYTHING)
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        name = draw(st.sampled_from(names))
        match draw(st.sampled_from(["leave out", "replace", "rename", "add", "misspell", "wrap"])):
            case "leave out":
                body.pop(name, None)
            case "replace":
                body[name] = draw(_ANYTHING)
            case "rename":
                other = draw(st.sampled_from([variant for _, variant in values.other_names(name)] or [name.upper()]))
                body = {other if key == name else key: value for key, value in body.items()}
            case "add":
                body[draw(_TEXT)] = draw(_ANYTHING)
            case "misspell" if scope.discriminator:
                body[scope.discriminator] = draw(_misspelt(str(command.selector)))
            case _:
                body[name] = draw(st.sampled_from([[body.get(name)], {"value": body.get(name)}]))
    return dict(draw(st.permutations(list(body.items()))))


@st.composite
def _misspelt(draw: DrawFn, text: str) -> str:
    position = draw(st.integers(0, len(text) - 1))
    letter = draw(st.sampled_from(["", " ", "\u200b", text[position].swapcase(), text[position] * 2, "\x00"]))
    return text[:position] + letter + text[position + 1 :]


@st.composite
def _writings(draw: DrawFn, body: Any) -> str:
    indent = draw(st.sampled_from([None, None, 2, "\t"]))
    text = json.dumps(body, indent=indent, ensure_ascii=draw(st.booleans()))
    match draw(st.sampled_from(["whole"] * 8 + ["cut", "behind"])):
        case "cut":
            return text[: draw(st.integers(0, len(text) - 1))]
        case "behind":
            return text + draw(st.sampled_from(["}", "x", ",", "{}", "\x00", "null"]))
        case _:
            return text


def of_schemathesis(scope: Scope, *, positive: bool) -> SearchStrategy[Request]:
    """Return a strategy for what schemathesis generates from the contract, sent to the target's own resource.

    Of each case its body and query are kept, and whether it has a token and a media type: a token of its own would be
    rejected whatever the rest is.
    """
    import schemathesis  # noqa: PLC0415  it takes a second to import, and only a search needs it
    from schemathesis.generation import GenerationMode  # noqa: PLC0415  see above

    contract, operation = scope.catalogue.contract, scope.operation
    schema = schemathesis.openapi.from_dict(copy.deepcopy(dict(contract.document.root)))
    mode = GenerationMode.POSITIVE if positive else GenerationMode.NEGATIVE

    def request_of(case: Any) -> Request:
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1")
        body = sent.get("data", b"")
        if "json" in sent:
            body = json.dumps(sent["json"]).encode("utf-8", "surrogatepass")
        data = body if isinstance(body, bytes) else str(body).encode()
        request = scope.request(data if operation.body else None)
        names = {name.lower() for name in sent["headers"]}
        security = operation.security
        return request if security is None or security.header.lower() in names else request.with_header(security.header)

    strategy: SearchStrategy[Request] = (
        schema[operation.path][operation.method].as_strategy(generation_mode=mode).map(request_of)
    )
    return strategy
