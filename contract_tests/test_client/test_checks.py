"""The client's checks and the oracle say the same of every value, by every keyword that is derived."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from openapi_contract import ContractError
from openapi_contract.keywords import RULES as DERIVED
from openapi_contract.oracle import Oracle, Standing
from openapi_contract.samples import Samples
from secmaster_workflows._runtime.checks import RULES, first_fault, value_rules
from test_client.drawn_schemas import VALUES, contract_of, schemas
from test_client.generating import checked
from test_client.made import Made, made

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def test_every_keyword_that_is_derived_is_checked() -> None:
    """The table of the client's checks has each rule of the contract; a discriminator selects and checks nothing."""
    assert set(DERIVED) - {"discriminator"} <= set(RULES)


@settings(QUIET, max_examples=1500)
@given(schema=schemas(), value=VALUES, made=st.sampled_from(["drawn", "fitting"]))
def test_the_checks_and_the_oracle_agree(schema: dict[str, Any], value: Any, made: str) -> None:
    """Of any schema and value, from its final bytes: what the contract accepts is passed, what it rejects is not."""
    contract = contract_of(schema)
    assume(contract is not None)
    assert contract is not None
    (operation,) = contract.operations
    assert operation.body is not None
    oracle = Oracle(contract)
    if made == "fitting":
        # A value that fits is seldom drawn by chance.
        try:
            value = Samples(contract, oracle).value(operation.body.schema_pointer)
        except ContractError:
            event("nothing fits the schema")

    fault = first_fault(value_rules(checked(operation.body.schema_pointer, contract)), value)
    judged = oracle.body(operation, json.dumps(value, ensure_ascii=False).encode())

    event("accepted" if fault is None else "refused")
    assert (fault is None) == (judged.standing is Standing.ACCEPTED), (fault, judged)


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, {1, 2}, (1, 2), b"x", object(), {1: 2}, {"a": math.nan}, [{"\ud800": 1}], 10**5000],
    ids=[*"0123456789"],
)
def test_what_json_has_no_word_for_is_refused(value: Any) -> None:
    """Where a schema says nothing, a value that cannot be written is refused all the same."""
    assert first_fault(value_rules({}), value)


def test_a_value_that_holds_itself_is_refused() -> None:
    """A list that is its own item ends in a sentence."""
    value: list[Any] = []
    value.append(value)

    assert first_fault(value_rules({"type": "array"}), value) == "is nested less deeply"


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "note": st.sampled_from(["", "n", "12345", "123456", 5, None]),
    "id": st.sampled_from(["b5848121-79a5-11f0-9f91-fa163ed04a7f", "b", 5]),
    "lines": st.lists(
        st.fixed_dictionaries(
            {"sku": st.sampled_from(["AB-1", "ab-1", "AB-1\n", 5])},
            optional={"count": st.sampled_from([1, 1.0, 1.5, 2**31, True]), "more": st.just(1)},
        ),
        max_size=2,
    ),
    "delivery": st.none()
    | st.dictionaries(st.sampled_from(["street", "at"]), st.sampled_from(["2026-01-31", "s"]), max_size=2),
    "payment": st.fixed_dictionaries(
        {}, optional={"kind": st.sampled_from(["card", "cash", "coin"]), "number": st.sampled_from(["1", 1])}
    ),
    "labels": st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from(["x", 1]), max_size=3),
    "size": st.sampled_from([3, 4, 4.0, "small", "big"]),
    "price": st.sampled_from([0.07, 0.075, 4.35, 1, -0.1]),
    "code": st.sampled_from(["", "a", "abc", "abcd"]),
    "class": st.sampled_from(["c", 1]),
    "list": VALUES,
    "field": st.sampled_from([True, False, 1]),
    "to_dict": st.sampled_from([None, "x"]),
    "_hidden": st.sampled_from(["a@b", "a"]),
    "Case": st.sampled_from([1.5, 1]),
}


def sent(own: Made, call: Any, **arguments: Any) -> Any:
    """The request that a call sends, None if it is refused first."""
    transport = own.part("testing").ExampleTransport()
    with own.client(transport) as client:
        try:
            getattr(client, call)(**arguments)
        except own.package.InvalidArgumentError:
            assert not transport.requests
            return None
    return transport.requests[0]


@settings(QUIET, max_examples=300)
@given(body=st.fixed_dictionaries({}, optional=FIELDS), given_=st.sampled_from(["alone", "complete"]))
def test_a_body_is_sent_just_where_the_oracle_accepts_it(body: dict[str, Any], given_: str) -> None:
    """Whatever the fields of a nested body are, the call that has them is sent or refused as the contract says."""
    own = made("kinds")
    operation = own.contract.operation("createOrder")
    if given_ == "complete":
        body = {"note": "n", "lines": [{"sku": "AB-1"}], **body}
    model = own.part("models").NewOrder
    names = {
        name: f"{attribute}_body" if attribute == "note" else attribute for name, attribute in model._names.items()
    }
    expected = Oracle(own.contract).body(operation, json.dumps(body).encode()).standing
    # What the class of a nested object has no place for is a mistake in Python, whatever the contract lets pass.
    assume(set(body.get("payment", ())) != {"kind", "number"} or body["payment"]["kind"] != "cash")
    if {"note", "lines"} - set(body):
        assert expected is Standing.REJECTED
        return

    request = sent(own, "create_order", **{names[name]: value for name, value in body.items()})

    assert (request is not None) == (expected is Standing.ACCEPTED)
    if request is not None:
        judged = own.judged(request, operation.id)
        assert judged.standing is Standing.ACCEPTED, judged
        assert judged.value == json.loads(json.dumps(body))


LEVELS = st.sampled_from([3, 4, -1, 2.0])
PARAMETERS: dict[str, st.SearchStrategy[Any]] = {
    "page": st.sampled_from([1, 0, 2**31, 1.0, 1.5, "1", True]),
    "rate": st.sampled_from([0.07, 0.075, 99.99, 100, 1e22, 5]),
    "exact": st.sampled_from([True, False, "true", 1]),
    "since": st.sampled_from(["2026-01-31T12:00:00+01:00", "2026-01-31", ""]),
    "status": st.lists(st.sampled_from(["open", "paid", "lost"]), max_size=3),
    "x_tags": st.lists(st.sampled_from(["a", "b c", "", " a", "a,b", "é", "a\nb"]), max_size=3),
    "session": st.sampled_from(["ab", "a", "a;b", "a b", 'é"']),
}


@settings(QUIET, max_examples=300)
@given(given_=st.fixed_dictionaries({"x_trace_level": LEVELS}, optional=PARAMETERS))
def test_parameters_are_sent_just_where_the_contract_accepts_them(given_: dict[str, Any]) -> None:
    """Each value of a query, header or cookie is what the oracle reads from the final bytes, or is refused first."""
    own = made("kinds")
    operation = own.contract.operation("listOrders")
    oracle = Oracle(own.contract)
    known = next(known for known, stated in own.operations() if stated is operation)
    right = all(
        oracle.validator(stated.schema_pointer).is_valid(given_[parameter.argument])
        and carried(stated.place, given_[parameter.argument])
        for parameter, stated in zip(known.parameters, operation.parameters, strict=True)
        if parameter.argument in given_
    )

    request = sent(own, "list_orders", **given_)

    assert (request is not None) == right
    if request is not None:
        judged = own.judged(request, operation.id)
        assert judged.standing is Standing.ACCEPTED, judged


def carried(place: str, value: Any) -> bool:
    """Whether a header can carry a value: it has no escapes, and separates the items of a list by commas."""
    if place != "header" or not isinstance(value, list):
        return True
    joined = ",".join(value)
    return joined.isascii() and joined.isprintable() and [part.strip() for part in joined.split(",")] == value
