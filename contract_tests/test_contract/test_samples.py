"""Samples: valid values, from the examples of a contract or made."""

import itertools
import json
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings

from openapi_contract import Contract, ContractError
from openapi_contract.oracle import Oracle, Standing
from openapi_contract.samples import Samples
from test_contract.making import CONTRACTS, FIELD, MEDIA_TYPE, contract_of, sample, small, with_field, with_parameter
from test_contract.test_keywords import DERIVED
from test_contract.test_oracle import SCHEMA

MORE: list[dict[str, Any]] = [
    {"type": "integer", "minimum": 10**30},
    {"type": "integer", "exclusiveMinimum": 7, "maximum": 14, "multipleOf": 7},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
    {"type": "number", "exclusiveMinimum": 0.3, "maximum": 0.4, "multipleOf": 0.1},
    {"type": "number", "minimum": 0.05, "multipleOf": 0.01},
    {"type": "integer", "maximum": -5},
    {"type": "string", "minLength": 5000},
    {"type": "string", "maxLength": 0},
    {"type": "string", "pattern": "^[A-Z]{3}-[0-9]+$", "minLength": 12, "maxLength": 12},
    {"type": "string", "pattern": "^(?<year>[0-9]{4})-x$"},
    {"type": "string", "pattern": "^(?=.*[0-9])(?=.*[a-z]).{8,}$"},
    {"type": "string", "pattern": "[xyz][0-9]"},
    {"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36},
    {"type": "array", "minItems": 300, "uniqueItems": True, "items": {"type": "integer"}},
    {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"enum": ["a", "b", "c"]}},
    {"type": "array", "minItems": 3, "uniqueItems": True},
    {"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer", "minimum": 3}},
    {"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]},
    {"allOf": [{"type": "string", "minLength": 4}, {"maxLength": 4}]},
    {"oneOf": [{"type": "integer", "minimum": 3}, {"type": "integer", "maximum": 5}]},
    {"enum": [{"a": 1}, [2]]},
]


@pytest.mark.parametrize(
    "schema", [*(schema for schema, _ in DERIVED), *MORE], ids=lambda schema: json.dumps(schema)[:60]
)
def test_a_value_is_made_for_each_keyword(schema: dict[str, Any]) -> None:
    """
    Whatever a schema states, the value that is made for it is valid.
    """
    root = with_field(schema, required=True)
    body = sample(root)

    assert Oracle(contract_of(root)).validator(FIELD).is_valid(body["field"])
    assert sample(root) == body


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"type": "string", "minLength": 5, "maxLength": 3}, FIELD),
        ({"type": "integer", "minimum": 5, "maximum": 3}, FIELD),
        ({"type": "number", "exclusiveMinimum": 3, "exclusiveMaximum": 3}, FIELD),
        ({"type": "string", "pattern": "^a{5}$", "maxLength": 3}, FIELD),
        ({"type": "array", "minItems": 3, "uniqueItems": True, "items": {"enum": ["a", "b"]}}, FIELD),
        ({"type": "object", "minProperties": 3, "additionalProperties": False}, FIELD),
        ({"allOf": [{"const": "a"}, {"const": "b"}]}, FIELD),
        ({"enum": []}, FIELD),
        (
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "enum": [3]}}},
            f"{FIELD}/properties/a",
        ),
    ],
)
def test_rules_that_exclude_each_other_are_told(schema: dict[str, Any], pointer: str) -> None:
    """
    Where no value can be made, the error has the schema's pointer and asks for an example.
    """
    with pytest.raises(ContractError) as caught:
        sample(with_field(schema, required=True))

    (problem,) = caught.value.problems
    assert problem.pointer == pointer
    assert "Add an example" in problem.instead


def test_an_example_stands_where_none_can_be_made() -> None:
    """
    An example in the schema is a value that need not be made.
    """
    schema = {"type": "string", "pattern": "^(?=a)(?!b)(?<=)a{40}$", "examples": ["a" * 40]}

    assert sample(with_field(schema, required=True)) == {"field": "a" * 40}


@pytest.mark.parametrize(
    "schema",
    [{"type": "integer", "example": 5}, {"type": "integer", "examples": [5]}, {"type": "integer", "default": 5}],
)
def test_a_documented_value_goes_before_a_made_one(schema: dict[str, Any]) -> None:
    """
    An example, and else the default, is the natural value.
    """
    assert sample(with_field(schema, required=True)) == {"field": 5}


def test_optional_fields_are_there_on_request() -> None:
    """
    A body has its mandatory fields, and the others too where it is asked to be full.
    """
    root = small(
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}}
    )

    assert set(sample(root, full=False)) == {"a"}
    assert set(sample(root)) == {"a", "b"}


def test_a_documented_body_goes_before_a_made_one() -> None:
    """
    The example of the body is its sample; optional fields are added to it.
    """
    content = {
        MEDIA_TYPE: {
            "schema": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "boolean"}}},
            "examples": {"one": {"value": {"a": "documented"}}},
        }
    }
    root = small(requestBody={"required": True, "content": content})

    assert sample(root, full=False) == {"a": "documented"}
    assert sample(root) == {"a": "documented", "b": True}


@pytest.mark.parametrize("value", [False, 0, "", None, []])
def test_an_empty_example_is_an_example(value: Any) -> None:
    """
    A documented answer that is false or empty is the answer.
    """
    content = {MEDIA_TYPE: {"schema": {"enum": [value, "other"]}, "example": value}}
    contract = contract_of(small(responses={"200": {"description": "Done.", "content": content}}))

    assert Samples(contract).answer(contract.operations[0].success) == value


@pytest.mark.parametrize("place", ["query", "header", "cookie"])
@pytest.mark.parametrize("schema", [{"enum": [1, 2]}, {"type": "boolean"}, {"type": "string", "pattern": "^[a-f]{4}$"}])
def test_a_parameter_has_a_valid_value(schema: dict[str, Any], place: str) -> None:
    """
    A value is made for a parameter of any place.
    """
    contract = contract_of(with_parameter(schema, place))
    (parameter,) = contract.operations[0].parameters

    assert Oracle(contract).validator(parameter.schema_pointer).is_valid(Samples(contract).parameter(parameter))


def test_values_differ() -> None:
    """
    The values of a schema are different ones, each valid.
    """
    contract = contract_of(with_field({"type": "string", "pattern": "^[ab]{3}$"}))
    found = list(itertools.islice(Samples(contract).values(FIELD), 4))

    assert len(set(found)) == 4
    assert all(re.fullmatch("[ab]{3}", text) for text in found)


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_other_contracts_have_valid_requests(path: Any) -> None:
    """
    Each command of each operation of another service has a body that is accepted, and each answer a value.
    """
    contract = Contract.load(path)
    oracle = Oracle(contract)
    samples = Samples(contract, oracle)

    for operation in contract.operations:
        for response in operation.responses.values():
            answer = samples.answer(response)
            assert response.schema_pointer is None or oracle.validator(response.schema_pointer).is_valid(answer)
        for command, full in itertools.product(operation.commands if operation.body else (), (False, True)):
            body = samples.body(operation, command, full=full)
            assert oracle.body(operation, json.dumps(body).encode()).standing is Standing.ACCEPTED


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SCHEMA)
def test_a_made_value_is_valid_or_none_is_made(schema: dict[str, Any]) -> None:
    """
    For a schema of any shape, the value is valid, or an error of the contract says that there is none.
    """
    contract = contract_of(small(schema))
    (operation,) = contract.operations
    with suppress(ContractError):
        body = Samples(contract).body(operation, operation.commands[0], full=True)
        assert Oracle(contract).value(operation, body).standing is Standing.ACCEPTED
