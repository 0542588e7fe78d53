"""The oracle: what the contract says of the bytes of a request."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openapi_contract import Contract, Operation
from openapi_contract.oracle import Judgement, Oracle, Standing
from test_contract.making import (
    BODY,
    CONTRACTS,
    FIELD,
    MEDIA_TYPE,
    broken_by,
    contract_of,
    judged,
    small,
    with_field,
    with_parameter,
)

FOREIGN = Contract.load(CONTRACTS / "foreign.yaml")
ORACLE = Oracle(FOREIGN)
ORDER = "b5848121-79a5-11f0-9f91-fa163ed04a7f"
TOKEN = ("Authorization", "Bearer good")


def operation(name: str) -> Operation:
    return FOREIGN.operation(name)


def keywords(found: Judgement) -> list[tuple[str, str | None]]:
    return [(breach.keyword, breach.field) for breach in found.breaches]


def parameter(schema: Any, place: str, texts: list[str]) -> Judgement:
    """Return what is said of the texts of a parameter in its place."""
    contract = contract_of(with_parameter(schema, place))
    (own,), oracle = contract.operations, Oracle(contract)
    match place:
        case "query":
            return oracle.query(own, "&".join(f"trace-level={text}" for text in texts))
        case "header":
            return oracle.headers(own, [("Trace-Level", text) for text in texts])
        case _:
            return oracle.headers(own, [("Cookie", "; ".join(f"trace-level={text}" for text in texts))])


@pytest.mark.parametrize("place", ["query", "header", "cookie"])
@pytest.mark.parametrize(
    ("schema", "text", "keyword"),
    [
        ({"type": "integer"}, "7", None),
        ({"type": "integer"}, "-7", None),
        ({"type": "integer"}, "7.0", "type"),
        ({"type": "integer"}, "07", "type"),
        ({"type": "integer"}, "seven", "type"),
        ({"type": "integer"}, "\N{ARABIC-INDIC DIGIT SEVEN}", "type"),
        ({"type": "integer", "maximum": 3}, "4", "maximum"),
        ({"type": "number"}, "1e3", None),
        ({"type": "number"}, "NaN", "type"),
        ({"type": "number", "multipleOf": 0.1}, "0.3", None),
        ({"type": "boolean"}, "true", None),
        ({"type": "boolean"}, "True", "type"),
        ({"type": "boolean"}, "1", "type"),
        ({"type": "string"}, "7", None),
        ({"type": "string", "enum": ["a"]}, "A", "enum"),
        ({"enum": [1, 2]}, "1", None),
        ({"enum": [1, 2]}, "3", "enum"),
        ({"const": True}, "true", None),
        ({"type": "string", "format": "date"}, "2026-02-30", "format"),
        ({"type": "string", "minLength": 1}, "", "minLength"),
    ],
)
def test_the_text_of_a_parameter_is_read_by_its_type(place: str, schema: Any, text: str, keyword: str | None) -> None:
    """
    A text stands for a value of the parameter's type; what is none of it breaks the type.
    """
    found = parameter(schema, place, [text])

    assert [breach.keyword for breach in found.breaches] == ([keyword] if keyword else [])
    assert all((breach.place, breach.field) == (place, "trace-level") for breach in found.breaches)


LIST = {"type": "array", "minItems": 2, "uniqueItems": True, "items": {"type": "integer", "maximum": 5}}


@pytest.mark.parametrize(
    ("place", "texts", "keywords_found"),
    [
        ("query", ["1", "2"], []),
        ("query", ["1"], ["minItems"]),
        ("query", ["1", "1"], ["uniqueItems"]),
        ("query", ["1", "9"], ["maximum"]),
        ("query", ["1,2"], ["minItems", "type"]),
        ("header", ["1, 2"], []),
        ("header", ["1", "2"], []),
        ("header", ["1,1"], ["uniqueItems"]),
        ("header", ["1,x"], ["type"]),
    ],
)
def test_a_list_is_read_from_its_place(place: str, texts: list[str], keywords_found: list[str]) -> None:
    """
    A list is a parameter of its own for each item in a query, and one value with commas in a header.
    """
    assert sorted({breach.keyword for breach in parameter(LIST, place, texts).breaches}) == sorted(keywords_found)


@pytest.mark.parametrize(
    ("texts", "standing"),
    [(["1", "2"], Standing.OPEN), (["9", "1"], Standing.OPEN), (["9", "8"], Standing.REJECTED)],
)
def test_a_repeated_parameter_is_judged_by_both_readings(texts: list[str], standing: Standing) -> None:
    """
    A server may take either of two values: only where each is faulty must it reject them.
    """
    assert parameter({"type": "integer", "maximum": 5}, "query", texts).standing is standing


@pytest.mark.parametrize(("required", "standing"), [(True, Standing.REJECTED), (False, Standing.ACCEPTED)])
@pytest.mark.parametrize("place", ["query", "header", "cookie"])
def test_only_a_mandatory_parameter_is_missed(place: str, required: bool, standing: Standing) -> None:  # noqa: FBT001  a column
    """
    A request without an optional parameter is as good as one with it.
    """
    contract = contract_of(with_parameter({"type": "string"}, place, required=required))
    (own,), oracle = contract.operations, Oracle(contract)
    found = oracle.query(own, "other=1") if place == "query" else oracle.headers(own, [("Other", "1")])

    assert found.standing is standing
    assert [breach.pointer.rsplit("/", 1)[-1] for breach in found.breaches] == ["required"] * required


@pytest.mark.parametrize(
    ("path", "standing"),
    [
        (f"/orders/{ORDER}/labels/9", Standing.ACCEPTED),
        (f"/orders/{ORDER}/labels/%39", Standing.ACCEPTED),
        (f"/orders/{ORDER}/labels/10", Standing.REJECTED),
        (f"/orders/{ORDER}/labels/x", Standing.REJECTED),
        ("/orders/1/labels/9", Standing.REJECTED),
        (f"/orders/{ORDER}/labels/%ff", Standing.OPEN),
        (f"/orders/{ORDER}/labels", Standing.OPEN),
        (f"/orders/{ORDER}/other/9", Standing.OPEN),
    ],
)
def test_a_path_is_judged_segment_by_segment(path: str, standing: Standing) -> None:
    """
    The values in a path keep the rules of their parameters; another path is none of this operation's business.
    """
    assert ORACLE.path(operation("putLabel"), path).standing is standing


PAY = {"method": "card", "number": "0000000000000000"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (PAY, []),
        ({**PAY, "number": "1"}, [("pattern", "number")]),
        ({"method": "card"}, [("required", "number")]),
        ({"method": "transfer", "iban": "x" * 15, "reference": None}, []),
        ({"method": "transfer", "iban": "x"}, [("minLength", "iban")]),
        ({"method": "cash"}, [("discriminator", "method")]),
        ({"method": 3}, [("type", "method")]),
        ({}, [("required", "method")]),
        ([], [("type", None)]),
        (None, [("type", None)]),
    ],
)
def test_a_union_is_judged_by_what_it_selects(body: Any, found: list[tuple[str, str | None]]) -> None:
    """
    A body of a union breaks the rules of the alternative that it selects, or those of the selection.
    """
    assert keywords(ORACLE.value(operation("payOrder"), body)) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"customer": {"name": "", "email": "x"}}, [("minLength", "customer.name"), ("format", "customer.email")]),
        ({"customer": {"name": "a", "address": {"street": "s"}}}, [("required", "customer.address.country")]),
        (
            {"customer": {"name": "a", "address": {"street": "s", "country": "DE", "place": {"latitude": 91}}}},
            [("maximum", "customer.address.place.latitude")],
        ),
        ({"lines": []}, [("minItems", "lines")]),
        (
            {"lines": [{"sku": "AB-1234", "quantity": 1}, {"sku": "x", "quantity": 0}]},
            [("pattern", "lines.1.sku"), ("minimum", "lines.1.quantity")],
        ),
        ({"ship_to": None}, []),
        ({"ship_to": {"street": "s"}}, [("anyOf", "ship_to")]),
        ({"wishes": ["aa", "aa"]}, [("uniqueItems", "wishes")]),
        ({"unknown": 1}, []),
    ],
)
def test_a_nested_body_is_judged_to_its_depth(change: dict[str, Any], found: list[tuple[str, str | None]]) -> None:
    """
    Each rule at any depth is found and told with the way to the value.
    """
    body = {"customer": {"name": "Ada"}, "lines": [{"sku": "AB-1234", "quantity": 2}], **change}

    assert sorted(keywords(ORACLE.value(operation("createOrder"), body)), key=str) == sorted(found, key=str)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, ["minProperties"]),
        ({"note": None}, []),
        ({"discount": 0.5}, ["dependentRequired"]),
        ({"discount": 0.3, "discount_reason": "why"}, ["multipleOf"]),
        ({"discount": 0, "discount_reason": "why"}, ["exclusiveMinimum"]),
        ({"note": "n", "other": 1}, ["additionalProperties"]),
    ],
)
def test_rules_of_whole_objects_are_judged(body: Any, found: list[str]) -> None:
    """
    How many properties there are, which come together and which may not be there are rules as any other.
    """
    assert [breach.keyword for breach in ORACLE.value(operation("changeOrder"), body).breaches] == found


@pytest.mark.parametrize(
    ("values", "present", "standing"),
    [
        (["application/merge-patch+json"], True, Standing.ACCEPTED),
        (["APPLICATION/merge-patch+JSON"], True, Standing.ACCEPTED),
        (["application/merge-patch+json; charset=latin-1"], True, Standing.OPEN),
        (["text/plain"], True, Standing.REJECTED),
        (["nonsense"], True, Standing.REJECTED),
        ([], True, Standing.REJECTED),
        (["a/b", "c/d"], True, Standing.OPEN),
    ],
)
def test_a_media_type_is_compared_as_http_has_it(values: list[str], present: bool, standing: Standing) -> None:  # noqa: FBT001  a column
    """
    Case and spacing do not matter; another type is rejected, other parameters are open.
    """
    assert ORACLE.content_type(operation("changeOrder"), values, present=present).standing is standing


@pytest.mark.parametrize(
    ("body", "standing"),
    [(b"", Standing.ACCEPTED), (b'"x"', Standing.ACCEPTED), (b" ", Standing.REJECTED), (b'""', Standing.REJECTED)],
)
def test_an_optional_body_may_be_left_out(body: bytes, standing: Standing) -> None:
    """
    A body that need not be there is judged where it is.
    """
    assert ORACLE.body(operation("putLabel"), body).standing is standing


@pytest.mark.parametrize(
    ("headers", "standing"),
    [
        ([TOKEN], Standing.ACCEPTED),
        ([("authorization", "Bearer good")], Standing.ACCEPTED),
        ([("Authorization", "bearer good")], Standing.ACCEPTED),
        ([], Standing.REJECTED),
        ([("Authorization", "good")], Standing.REJECTED),
        ([("Authorization", "Bearer bad")], Standing.REJECTED),
        ([TOKEN, ("Authorization", "Bearer bad")], Standing.OPEN),
    ],
)
def test_a_token_is_judged_in_its_header(headers: list[tuple[str, str]], standing: Standing) -> None:
    """
    A token counts in the header of its scheme alone, with the word before it.
    """
    assert ORACLE.token(operation("listOrders"), headers, ["good"]).standing is standing


def test_an_operation_without_a_token_asks_for_none() -> None:
    """
    Where an operation states no security, a request needs no token.
    """
    assert ORACLE.token(operation("showHealth"), [], []).standing is Standing.ACCEPTED


def test_a_whole_request_is_judged_by_all_of_it() -> None:
    """
    The faults of every part of a request are told together.
    """
    headers = [("X-Tenant", "x"), ("Content-Type", "text/plain")]

    found = ORACLE.judge(operation("createOrder"), "/orders", headers, b"[]", ["good"])

    assert found.standing is Standing.REJECTED
    assert {breach.place for breach in found.breaches} == {"token", "header", "content-type", "body"}


def test_a_good_request_is_accepted() -> None:
    """
    A request that keeps every rule in every place is accepted.
    """
    headers = [TOKEN, ("X-Tenant", "acme"), ("Idempotency-Key", ORDER), ("Content-Type", MEDIA_TYPE)]
    body = json.dumps({"customer": {"name": "Ada"}, "lines": [{"sku": "AB-1234", "quantity": 2}]}).encode()

    assert ORACLE.judge(operation("createOrder"), "/orders?x=1", headers, body, ["good"]).standing is Standing.ACCEPTED


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("9" * 5000, ["maximum"]),
        ("1" + "0" * 5000, ["maximum"]),
        ("1e999999999", ["maximum"]),
        ("-3.0", []),
    ],
)
def test_a_number_of_any_size_is_judged(number: str, found: list[str]) -> None:
    """
    A number of thousands of digits, or with a vast exponent, breaks its limits; whether it is a multiple is left open.
    """
    contract = contract_of(with_field({"type": "integer", "maximum": 10, "multipleOf": 3}))

    judged = Oracle(contract).body(contract.operations[0], f'{{"field":{number}}}'.encode())

    assert [breach.keyword for breach in judged.breaches] == found


@pytest.mark.parametrize(
    ("value", "fits"), [(2**31 - 1, True), (2**31, False), (-(2**31), True), (-(2**31) - 1, False)]
)
def test_a_number_format_is_a_limit(value: int, fits: bool) -> None:  # noqa: FBT001  a column
    """
    int32 holds what fits 32 bits, and is itself the rule that is broken.
    """
    assert broken_by(with_field({"type": "integer", "format": "int32"}), {"field": value}) == (
        [] if fits else [f"{FIELD}/format"]
    )


@pytest.mark.parametrize(
    "name", ["plain", "ü ß", "a/b", "a~b", "a%20b", "名前", "0", "required", "properties", "x\ny", '"']
)
def test_a_property_may_have_any_name(name: str) -> None:
    """
    A rule is found on a property of any name.
    """
    schema = {"type": "object", "required": [name], "properties": {name: {"type": "string", "maxLength": 2}}}

    assert judged(small(schema), {name: "ab"}).standing is Standing.ACCEPTED
    assert [b.keyword for b in judged(small(schema), {name: "abc"}).breaches] == ["maxLength"]
    assert [b.keyword for b in judged(small(schema), {}).breaches] == ["required"]


def test_a_message_names_no_value() -> None:
    """
    What a request holds is not repeated: it may be a secret.
    """
    found = judged(with_field({"type": "string", "maxLength": 2, "pattern": "^a"}), {"field": "secret value"})

    assert len(found.breaches) == 2
    assert not any("secret" in breach.message for breach in found.breaches)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10)
    | st.floats(-5, 10, width=16)
    | st.sampled_from(["", "a", "abc", "2026-01-31"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "field"]), inner, max_size=3)
    ),
    max_leaves=6,
)
LEAF: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"type": "string", "minLength": 1, "maxLength": 2},
        {"type": "integer", "minimum": 0, "exclusiveMaximum": 7},
        {"type": "number", "multipleOf": 0.5},
        {"type": ["boolean", "null"]},
        {"enum": ["a", 1, None]},
        {"const": 3},
        {"type": "string", "pattern": "^[ab]+$"},
    ]
)
SCHEMA = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "minItems": 1, "uniqueItems": True, "items": items}, inner),
        st.builds(lambda a, b: {"type": "object", "required": ["a"], "properties": {"a": a, "b": b}}, inner, inner),
        st.builds(lambda value: {"type": "object", "maxProperties": 2, "additionalProperties": value}, inner),
        st.builds(lambda a, b: {"anyOf": [a, b]}, inner, inner),
        st.builds(lambda a, b: {"allOf": [a, b]}, inner, inner),
    ),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(SCHEMA, st.data())
def test_the_oracle_agrees_with_another_validator(schema: dict[str, Any], data: st.DataObject) -> None:
    """
    What the oracle accepts and rejects is what jsonschema says, for schemas and values of any shape.
    """
    contract = contract_of(small(schema))
    oracle = Oracle(contract)

    for value in data.draw(st.lists(JSON, min_size=3, max_size=8)):
        found = oracle.body(contract.operations[0], json.dumps(value).encode())
        assert (found.standing is Standing.ACCEPTED) == jsonschema.Draft202012Validator(schema).is_valid(value)
        assert all(breach.pointer.startswith(BODY) for breach in found.breaches)
