"""The ledger: written rows claim rules, all others have derived clauses, and each mistake is told at once."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi_contract import Contract, ContractError
from openapi_contract.ledger import Ledger, Level
from test_contract.making import BODY, CONTRACTS, FILE, SHIPPED, SHIPPED_LEDGER, contract_of, small, with_field

SCHEMA = "/requestBody/content/application~1json/schema"
LIMITED = with_field({"type": "string", "maxLength": 3})
ROW = {
    "level": "MUST",
    "text": "a field is short",
    "where": "page 3",
    "pointer": f"{SCHEMA}/properties/field/maxLength",
}
NAME = "body.field.short"


def rows(**changes: Any) -> dict[str, Any]:
    """Return a ledger with one row; an Ellipsis takes a part of it away."""
    row = {name: value for name, value in {**ROW, **changes}.items() if value is not ...}
    return {"operations": {"doThing": {"clauses": {NAME: row}}}}


def load(tmp_path: Path, ledger: Any, root: dict[str, Any] = LIMITED) -> Ledger:
    path = tmp_path / "rows.yaml"
    path.write_text(yaml.safe_dump(ledger))
    return Ledger.load(contract_of(root), path)


def faults(tmp_path: Path, ledger: Any, root: dict[str, Any] = LIMITED) -> dict[str, str]:
    with pytest.raises(ContractError) as caught:
        load(tmp_path, ledger, root)
    assert caught.value.file.endswith("rows.yaml")
    assert all(problem.instead for problem in caught.value.problems)
    return {problem.pointer: problem.what for problem in caught.value.problems}


def test_the_shipped_ledger_states_every_rule() -> None:
    """
    Each rule of the shipped contract has a row.
    """
    ledger = Ledger.load(Contract.load(SHIPPED), SHIPPED_LEDGER)

    assert not ledger.unwritten


def test_a_row_claims_its_rule(tmp_path: Path) -> None:
    """
    The clause on a rule is the written one, with its words and level, and the derived one is gone.
    """
    ledger = load(tmp_path, rows(level="SHOULD"))
    (operation,) = ledger.contract.operations

    clause = ledger.of_pointer(operation, f"{BODY}/properties/field/maxLength")

    assert clause is not None
    assert clause is ledger[NAME]
    assert (clause.text, clause.level, clause.place, clause.written) == (
        "a field is short",
        Level.SHOULD,
        "page 3",
        True,
    )
    assert clause.rejection == (400,)
    assert "body.field.max-length" not in ledger.clauses


@pytest.mark.parametrize("changes", [{"untested": "nobody can"}, {"level": "MAY"}])
def test_a_row_that_tests_nothing_claims_nothing(tmp_path: Path, changes: dict[str, Any]) -> None:
    """
    A freedom, and a statement that cannot be tested, leave the rule its derived clause.
    """
    ledger = load(tmp_path, rows(**changes))

    assert {NAME, "body.field.max-length"} <= set(ledger.clauses)


def test_a_rule_without_a_row_is_listed(tmp_path: Path) -> None:
    """
    What no row states is a clause all the same, and is known to be unwritten.
    """
    ledger = load(tmp_path, rows())

    assert ledger["body.field.type"] in ledger.unwritten
    assert ledger[NAME] not in ledger.unwritten


@pytest.mark.parametrize("contract", ["foreign", "reads"])
def test_keys_of_several_operations_have_their_names(contract: str) -> None:
    """
    Where a contract has several operations, the keys of each begin with its name.
    """
    ledger = Ledger.load(Contract.load(CONTRACTS / f"{contract}.yaml"))

    for key, clause in ledger.clauses.items():
        if clause.operation:
            assert key.startswith(ledger.prefixes[clause.operation])


@pytest.mark.parametrize(
    "key",
    [
        "list-orders.query.page-size.maximum",
        "list-orders.query.status.items.enum",
        "list-orders.headers.x-tenant.max-length",
        "list-orders.result.x-total-count.required",
        "list-orders.result.items.items.id.format",
        "create-order.headers.idempotency-key.format",
        "create-order.body.customer.address.place.latitude.maximum",
        "create-order.body.lines.items.sku.pattern",
        "create-order.body.ship-to.any-of",
        "show-order.cookies.session.min-length",
        "change-order.body.discount.dependent-required",
        "change-order.body.note.max-length",
        "pay-order.body.method.discriminator",
        "pay-order.body.method.card",
        "pay-order.result.accepted-by.required",
        "pay-order.error.title.required",
        "put-label.uri.position.minimum",
        "put-label.body.optional",
        "put-label.body.max-length",
        "set-callback.body.headers.values.max-length",
        "cancel-order.result.status",
        "show-health.result.status.const",
    ],
)
def test_a_derived_key_says_where_its_rule_is(key: str) -> None:
    """
    A derived key is made of the operation, the place, the way to the value and the keyword.
    """
    clause = Ledger.load(Contract.load(CONTRACTS / "foreign.yaml"))[key]

    assert clause.group == ".".join(key.split(".")[:2])
    assert clause.where == clause.pointers[:1]


MIXED = {
    "kebab": {"task_id": {"type": "string", "maxLength": 3}, "taskId": {"type": "string", "maxLength": 4}},
    "unicode": {"名": {"type": "string", "maxLength": 3}, "前": {"type": "string", "maxLength": 4}},
    "values": {"field": {"allOf": [{"maxLength": 3}, {"maxLength": 4}]}},
    "negative": {"field": {"allOf": [{"minimum": 3}, {"minimum": -3}]}},
}


@pytest.mark.parametrize("name", MIXED)
def test_one_key_states_one_thing(name: str) -> None:
    """
    Rules that say different things have clauses of their own, with their own words.
    """
    ledger = Ledger.load(contract_of(small({"type": "object", "properties": MIXED[name]})))
    limits = [clause for clause in ledger.clauses.values() if "max-length" in clause.key or "minimum" in clause.key]

    assert len(limits) == len({clause.text for clause in limits}) == 2
    assert all(len(clause.pointers) == 1 for clause in limits)


def test_commands_that_differ_have_their_own_clauses() -> None:
    """
    Another limit in another command is another clause, named by the commands; the same limit is one.
    """
    members = {
        f"Do{name}": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"const": name}, "level": {"type": "integer", "maximum": limit}},
        }
        for name, limit in (("A", 3), ("B", 3), ("C", 4))
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in members]
    root = small({"oneOf": refs, "discriminator": {"propertyName": "kind"}}) | {"components": {"schemas": members}}

    found = {key: clause.text for key, clause in Ledger.load(contract_of(root)).clauses.items() if "level" in key}

    assert found["body.level.maximum.a-b"] == "level is at most 3"
    assert found["body.level.maximum.c"] == "level is at most 4"
    assert found["body.level.type"] == "level is an integer"
    assert found["body.level.optional"] == "a request is accepted with and without level"


def test_a_rule_of_the_same_words_goes_with_its_row(tmp_path: Path) -> None:
    """
    A row on a field of one command states the same rule of the same field in the others, too.
    """
    members = {
        name: {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"const": name}, "level": {"type": "integer", "maximum": 3}},
        }
        for name in ("A", "B")
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in members]
    root = small({"oneOf": refs, "discriminator": {"propertyName": "kind"}}) | {"components": {"schemas": members}}

    ledger = load(tmp_path, rows(pointer="#/components/schemas/A/properties/level/maximum"), root)

    assert not [key for key in ledger.clauses if key.startswith("body.level.maximum")]


AT = f"/operations/doThing/clauses/{NAME}"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"level": "must"}, f"{AT}/level"),
        ({"level": None}, f"{AT}/level"),
        ({"level": []}, f"{AT}/level"),
        ({"level": ...}, AT),
        ({"text": ""}, f"{AT}/text"),
        ({"text": 3}, f"{AT}/text"),
        ({"where": []}, f"{AT}/where"),
        ({"where": ["a", 3]}, f"{AT}/where"),
        ({"pointer": 3}, f"{AT}/pointer"),
        ({"pointer": []}, f"{AT}/pointer"),
        ({"pointer": "/nowhere"}, f"{AT}/pointer"),
        ({"pointer": "#/nowhere"}, f"{AT}/pointer"),
        ({"pointer": "/responses/200/description"}, f"{AT}/pointer"),
        ({"role": "wrong"}, f"{AT}/role"),
        ({"role": []}, f"{AT}/role"),
        ({"role": "command"}, f"{AT}/pointer"),
        ({"rejection": 400}, f"{AT}/rejection"),
        ({"rejection": ["400"]}, f"{AT}/rejection"),
        ({"untested": ""}, f"{AT}/untested"),
        ({"unknown": 1}, f"{AT}/unknown"),
    ],
)
def test_a_faulty_row_is_told(tmp_path: Path, changes: dict[str, Any], pointer: str) -> None:
    """
    A part of a row that is missing, of another type or leads nowhere is told at its place.
    """
    assert pointer in faults(tmp_path, rows(**changes))


@pytest.mark.parametrize(
    ("ledger", "pointer"),
    [
        ([], ""),
        (None, ""),
        ({"operations": []}, ""),
        ({"operations": {}, "clauses": {}}, "/clauses"),
        ({"groups": []}, "/groups"),
        ({"groups": {"body": 3}}, "/groups/body"),
        ({"operations": {"doOther": {}}}, "/operations/doOther"),
        ({"operations": {"doThing": None}}, "/operations/doThing"),
        ({"operations": {"doThing": {"clause": {}}}}, "/operations/doThing/clause"),
        ({"operations": {"doThing": {"prefix": 3}}}, "/operations/doThing/prefix"),
        ({"operations": {"doThing": {"clauses": []}}}, "/operations/doThing/clauses"),
        ({"operations": {"doThing": {"clauses": {"a": None}}}}, "/operations/doThing/clauses/a"),
        ({"operations": {"doThing": {"clauses": {"http.status": ROW}}}}, "/operations/doThing/clauses/http.status"),
        ({"operations": {"doThing": {"clauses": {"b.a": ROW, "b.b": ROW}}}}, "/operations/doThing/clauses/b.b/pointer"),
    ],
)
def test_a_faulty_ledger_is_told(tmp_path: Path, ledger: Any, pointer: str) -> None:
    """
    What is no ledger, or names what the contract does not have, is told at its place.
    """
    assert pointer in faults(tmp_path, ledger)


def test_mistakes_are_told_all_at_once(tmp_path: Path) -> None:
    """
    One reading names every mistake of every row.
    """
    stated = {
        "b.a": {**ROW, "level": "x", "role": "y"},
        "b.b": {**ROW, "pointer": ["/n1", "/n2"]},
        "b.c": 3,
        "b.d": {**ROW, "text": None, "extra": 1},
    }
    ledger = {"operations": {"doThing": {"clauses": stated}, "other": {}}, "more": 1}

    found = faults(tmp_path, ledger)

    assert len(found) == 8


def test_a_heading_may_be_written(tmp_path: Path) -> None:
    """
    A group has the heading of the ledger, else the usual one.
    """
    ledger = load(tmp_path, {"groups": {"body": "Table 3"}})

    assert ledger.groups[ledger["body.field.type"].group] == "Table 3"
    assert ledger.groups[ledger["result.status"].group] == "Answer 200"


def test_a_clause_that_is_not_there_is_none() -> None:
    """
    A pointer without a rule, and a role that an operation does not have, have no clause.
    """
    ledger = Ledger.load(contract_of(LIMITED))
    (operation,) = ledger.contract.operations

    assert ledger.contract.document.file == FILE
    assert ledger.of_pointer(operation, "/info") is None
    assert ledger.of_role(operation, "token.required") is None
    with pytest.raises(KeyError, match=r"has no clause of the role token\.required"):
        ledger.needed(operation, "token.required")
