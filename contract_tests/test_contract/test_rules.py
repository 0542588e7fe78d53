"""The rules of a contract: each is broken by some value, and says what it is about."""

from typing import Any

import pytest

from openapi_contract import Contract
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle
from openapi_contract.rules import Rules
from openapi_contract.samples import Samples
from test_contract.breaking import breaks
from test_contract.edits import DERIVED, Edit
from test_contract.making import BODY, CONTRACTS, broken_by, contract_of, small, with_field, with_parameter


def unbroken(contract: Contract) -> list[str]:
    """Return the rules of requests that no made value breaks."""
    oracle, samples, rules = Oracle(contract), Samples(contract), Rules(contract.document)
    return [
        f"{operation.id}: {rule.pointer}"
        for operation in contract.operations
        for rule in rules.of_request(operation)
        if not rule.is_nested and not breaks(oracle, samples, operation, rule)
    ]


@pytest.mark.parametrize("edit", DERIVED, ids=lambda edit: edit.id)
def test_each_rule_of_an_edit_can_be_broken(edit: Edit) -> None:
    """
    For each rule of a request the oracle names it for a value that breaks it.
    """
    assert not unbroken(Contract.of(edit.document()))


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_rule_of_another_contract_can_be_broken(path: Any) -> None:
    """
    On contracts of other services, too, the oracle names each rule for a value that breaks it.
    """
    assert not unbroken(Contract.load(path))


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_rule_has_a_clause(path: Any) -> None:
    """
    Each rule of a request and of an answer is found in the ledger, with its own words.
    """
    contract = Contract.load(path)
    ledger, rules = Ledger.load(contract), Rules(contract.document)

    for operation in contract.operations:
        answers = [own for own in operation.responses.values() if not own.is_platform]
        for rule in [
            *rules.of_request(operation),
            *(own for one in answers for own in rules.of_response(operation, one)),
        ]:
            clause = ledger.of_rule(operation, rule)
            assert clause.operation == operation.id
            assert rule.reported in clause.pointers
            assert rule.is_nested or clause.text == rule.text


def nested(depth: int) -> dict[str, Any]:
    """Return a schema with an integer of at most 3 so many objects deep."""
    schema: dict[str, Any] = {"type": "integer", "maximum": 3}
    for number in range(depth, 0, -1):
        schema = {"type": "object", "required": [f"at{number}"], "properties": {f"at{number}": schema}}
    return schema


def texts(root: dict[str, Any]) -> dict[str, str]:
    contract = contract_of(root)
    return {rule.key: rule.text for rule in Rules(contract.document).of_request(contract.operations[0])}


def test_rules_are_found_at_any_depth() -> None:
    """
    A rule five objects deep is named by the way to it.
    """
    found = texts(small(nested(5)))

    assert found["at1.at2.at3.at4.at5.maximum"] == "at1.at2.at3.at4.at5 is at most 3"
    assert found["at1.at2.at3.at4.at5.required"] == "at1.at2.at3.at4.at5 is there"


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": ["integer", "null"]}, "field is an integer or null"),
        ({"enum": ["a", True, None, 1.5]}, "field is one of a, true, null, 1.5"),
        ({"const": False}, "field is false"),
        ({"type": "array", "items": {"maximum": 3}}, "field[] is at most 3"),
        ({"type": "object", "additionalProperties": {"maximum": 3}}, "field's values is at most 3"),
        ({"type": "object", "additionalProperties": False}, "field has documented properties alone"),
        ({"oneOf": [{"type": "null"}]}, "field fits exactly one of the alternatives"),
    ],
)
def test_a_rule_is_a_sentence(schema: dict[str, Any], text: str) -> None:
    """
    A rule says in words what it is about and what it asks for.
    """
    assert text in texts(with_field(schema)).values()


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "array", "items": {"maximum": 3}}, "the body[] is at most 3"),
        ({"type": "object", "additionalProperties": {"maximum": 3}}, "the body's values is at most 3"),
    ],
)
def test_a_rule_of_the_body_itself_says_so(schema: dict[str, Any], text: str) -> None:
    """
    A rule of the items of a body that is a list is about the body.
    """
    assert text in texts(small(schema)).values()


@pytest.mark.parametrize("place", ["query", "header", "cookie"])
def test_type_string_of_a_parameter_is_no_rule(place: str) -> None:
    """
    No request can break that a parameter is text.
    """
    assert set(texts(with_parameter({"type": "string", "maxLength": 3}, place))) - set(texts(small())) == {
        "trace-level.max-length"
    }


def test_a_rule_of_an_alternative_is_reported_at_the_alternatives() -> None:
    """
    What one alternative asks for is seen as a fault of the whole of them.
    """
    contract = contract_of(with_field({"anyOf": [{"type": "integer", "minimum": 3}, {"type": "null"}]}))
    rules = Rules(contract.document).of_request(contract.operations[0])
    (inner,) = [rule for rule in rules if rule.keyword == "minimum"]

    assert inner.is_nested
    assert inner.reported == f"{BODY}/properties/field/anyOf"


def test_commands_that_share_a_rule_have_it_once() -> None:
    """
    A component that two commands use gives one rule, of both.
    """
    limit = {"$ref": "#/components/schemas/Limit"}
    root = small(
        {
            "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
            "discriminator": {"propertyName": "kind"},
        }
    )
    root["components"] = {
        "schemas": {
            "Limit": {"type": "integer", "maximum": 3},
            **{
                name: {
                    "type": "object",
                    "required": ["kind"],
                    "properties": {"kind": {"type": "string", "const": name}, "limit": limit},
                }
                for name in "AB"
            },
        }
    }
    contract = contract_of(root)
    found = [rule for rule in Rules(contract.document).of_request(contract.operations[0]) if rule.keyword == "maximum"]

    assert [rule.commands for rule in found] == [("A", "B")]


def test_a_union_may_leave_types_out() -> None:
    """
    Where alternatives do not say that they are objects, a body that is none breaks the rule of the discriminator.
    """
    members = {
        name: {"required": ["kind"], "properties": {"kind": {"const": name}}} for name in ("CommandA", "CommandB")
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in members]
    root = small({"oneOf": refs, "discriminator": {"propertyName": "kind"}}) | {"components": {"schemas": members}}

    assert broken_by(root, []) == broken_by(root, {"kind": 3}) == [f"{BODY}/discriminator"]
    assert not unbroken(contract_of(root))
