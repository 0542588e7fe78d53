"""What is drawn: commands with some faults, in some dress; and what schemathesis makes of the YAML."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from secmaster_contract.vectors import faults
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.wire.request import Request

_TEXT = st.text(max_size=30)
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


def requests(catalogue: Catalogue) -> SearchStrategy[Request]:
    """Return a strategy for requests around the documented ones."""
    return _requests(catalogue)


@st.composite
def _requests(draw: DrawFn, catalogue: Catalogue) -> Request:
    body = draw(_bodies(catalogue), label="body")
    text = draw(_writings(body), label="text")
    request = catalogue.request(text.encode("utf-8", "surrogatepass"))
    header = catalogue.spec.token_header
    dress = draw(
        st.sampled_from(["plain", "plain", "plain", "token", "no token", "media type", "query", "chunks", "headers"])
    )
    match dress:
        case "token":
            return request.with_header(
                header, draw(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
            )
        case "no token":
            return request.with_header(header)
        case "media type":
            kinds = ["text/plain", "application/xml", "application/jsonl", "text/json", "*/*", "json"]
            return request.with_header("Content-Type", draw(st.sampled_from(kinds)))
        case "query":
            name = draw(st.sampled_from(["debug", "force", "task_id", "command_type", "token", "_method", "x"]))
            return replace(request, target=f"{request.target}?{name}=1")
        case "chunks":
            return replace(request, pieces=(draw(st.integers(1, 64)),))
        case "headers":
            name = draw(
                st.sampled_from(["X-Debug", "X-Forwarded-For", "Accept", "X-Language", "If-Match", "Expect-CT"])
            )
            return request.with_header(name, "1")
        case _:
            return request


@st.composite
def _bodies(draw: DrawFn, catalogue: Catalogue) -> Any:
    command = draw(st.sampled_from(catalogue.spec.commands))
    body = draw(st.sampled_from([catalogue.value(command), catalogue.full(command)]))
    names = list(command.properties)
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        name = draw(st.sampled_from(names))
        match draw(st.sampled_from(["leave out", "replace", "rename", "add", "misspell", "wrap"])):
            case "leave out":
                body.pop(name, None)
            case "replace":
                body[name] = draw(_ANYTHING)
            case "rename":
                other = draw(st.sampled_from([variant for _, variant in faults.other_names(name)]))
                body = {other if key == name else key: value for key, value in body.items()}
            case "add":
                body[draw(_TEXT)] = draw(_ANYTHING)
            case "misspell":
                body[catalogue.spec.discriminator] = draw(_misspelt(command.selector))
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


def of_schemathesis(catalogue: Catalogue, *, positive: bool) -> SearchStrategy[Request]:
    """Return a strategy for what schemathesis generates from the YAML, sent to the target's own instance.

    Of each case its body and query are kept, and whether it has a token and a media type: a token of its own would be
    refused whatever the rest is.
    """
    import schemathesis  # noqa: PLC0415  it takes a second to import, and only a search needs it
    from schemathesis.generation import GenerationMode  # noqa: PLC0415  see above

    schema = schemathesis.openapi.from_dict(copy.deepcopy(dict(catalogue.spec.document)))
    operation = schema[catalogue.spec.path][catalogue.spec.method]
    mode = GenerationMode.POSITIVE if positive else GenerationMode.NEGATIVE

    def request_of(case: Any) -> Request:
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1")
        body = sent.get("data", b"")
        if "json" in sent:
            body = json.dumps(sent["json"]).encode("utf-8", "surrogatepass")
        request = catalogue.request(body if isinstance(body, bytes) else str(body).encode())
        names = {name.lower() for name in sent["headers"]}
        return (
            request
            if catalogue.spec.token_header.lower() in names
            else request.with_header(catalogue.spec.token_header)
        )

    strategy: SearchStrategy[Request] = operation.as_strategy(generation_mode=mode).map(request_of)
    return strategy
