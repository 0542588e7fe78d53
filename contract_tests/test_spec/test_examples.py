"""The verdict of each example is its folder, and a rejected one breaks the one rule that its name tells."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from openapi_contract import Contract, Operation
from openapi_contract.oracle import Oracle, Standing
from test_spec.examples import ACCEPTED, OF_THE_PAGE, REJECTED, read
from test_spec.rules import VALIDATORS

accepted = pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
rejected = pytest.mark.parametrize("path", REJECTED, ids=lambda path: path.stem)
by_each_validator = pytest.mark.parametrize("validator", VALIDATORS)


def accepts(contract: Contract, operation: Operation, validator: str, path: Path) -> bool:
    """Whether a validator accepts an example."""
    pointer = operation.body.schema_pointer if operation.body else ""
    return VALIDATORS[validator](dict(contract.document.root), pointer)(read(path))


@by_each_validator
@accepted
def test_accepted_example_is_valid(contract: Contract, operation: Operation, path: Path, validator: str) -> None:
    """A body under accepted/ is valid."""
    assert accepts(contract, operation, validator, path)


@by_each_validator
@rejected
def test_rejected_example_is_invalid(contract: Contract, operation: Operation, path: Path, validator: str) -> None:
    """A body under rejected/ is invalid."""
    assert not accepts(contract, operation, validator, path)


@accepted
def test_oracle_accepts(oracle: Oracle, operation: Operation, path: Path) -> None:
    """The oracle accepts what stands under accepted/, read as bytes."""
    assert oracle.body(operation, path.read_bytes()).standing is Standing.ACCEPTED


@rejected
def test_oracle_finds_one_breach(oracle: Oracle, operation: Operation, path: Path) -> None:
    """The oracle rejects what stands under rejected/, for one reason, at a place that exists."""
    judgement = oracle.body(operation, path.read_bytes())

    assert judgement.standing is Standing.REJECTED
    (breach,) = judgement.breaches
    assert oracle.contract.document.at(breach.pointer)


@rejected
def test_one_change_repairs_a_rejected_example(oracle: Oracle, operation: Operation, path: Path) -> None:
    """A rejected object becomes valid when one member is given its documented value."""
    value = read(path)
    if not isinstance(value, dict):
        assert path.stem.startswith("root-is-")
        return
    examples = operation.body.examples if operation.body else {}
    repairs = [{**value, name: given} for example in examples.values() for name, given in example.items()]

    assert any(oracle.value(operation, repaired).standing is Standing.ACCEPTED for repaired in repairs)


@rejected
def test_name_tells_the_broken_rule(oracle: Oracle, operation: Operation, path: Path) -> None:
    """The name of a rejected example tells the field at fault and whether it is missing."""
    (breach,) = oracle.value(operation, read(path)).breaches

    field = (breach.field or "root").replace("_", "-")
    assert f"without-{field}" in path.stem if breach.keyword == "required" else field in path.stem


@pytest.mark.parametrize("name", OF_THE_PAGE)
def test_page_example_is_the_yaml_s(operation: Operation, name: str) -> None:
    """The page's examples under accepted/ are those of the YAML."""
    assert operation.body
    assert read(OF_THE_PAGE[name]) == operation.body.examples[name]


def test_no_two_examples_are_alike() -> None:
    """Each example file holds another text."""
    texts = {path: json.dumps(read(path)) for path in [*ACCEPTED, *REJECTED]}

    assert not [(one.name, other.name) for one, other in combinations(texts, 2) if texts[one] == texts[other]]


def test_examples_are_plain_files() -> None:
    """The two folders hold JSON files alone, each without repeated names."""
    for path in [*ACCEPTED, *REJECTED]:
        assert path.suffix == ".json"
        json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_repeats)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    assert len(members) == len(pairs), f"repeated names among {[name for name, _ in pairs]}"
    return members
