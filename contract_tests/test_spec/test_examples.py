"""The verdict of each example is its folder, and a rejected one breaks the one rule that its name tells."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from openapi_contract.oracle import Oracle, Standing
from openapi_contract import Spec
from test_spec.examples import ACCEPTED, OF_THE_PAGE, REJECTED, read
from test_spec.rules import VALIDATORS, broken

accepted = pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
rejected = pytest.mark.parametrize("path", REJECTED, ids=lambda path: path.stem)
by_each_validator = pytest.mark.parametrize("validator", VALIDATORS)


@by_each_validator
@accepted
def test_accepted_example_is_valid(spec: Spec, path: Path, validator: str) -> None:
    """A body under accepted/ is valid."""
    accepts = VALIDATORS[validator](dict(spec.document), spec.body_pointer)

    assert accepts(read(path))


@by_each_validator
@rejected
def test_rejected_example_is_invalid(spec: Spec, path: Path, validator: str) -> None:
    """A body under rejected/ is invalid."""
    accepts = VALIDATORS[validator](dict(spec.document), spec.body_pointer)

    assert not accepts(read(path))


@accepted
def test_oracle_accepts(oracle: Oracle, path: Path) -> None:
    """The oracle accepts what stands under accepted/, read as bytes."""
    assert oracle.judge_body(path.read_bytes()).standing is Standing.ACCEPTED


@rejected
def test_oracle_finds_one_breach(oracle: Oracle, path: Path) -> None:
    """The oracle refuses what stands under rejected/, for one reason, at a place that exists."""
    judgement = oracle.judge_body(path.read_bytes())

    assert judgement.standing is Standing.REFUSED
    (breach,) = judgement.breaches
    assert oracle.spec.at(breach.pointer)


@rejected
def test_some_command_sees_one_broken_rule(spec: Spec, path: Path) -> None:
    """A body under rejected/ breaks exactly one rule of the command it comes closest to."""
    faults = [broken(dict(spec.document), command.pointer, read(path)) for command in spec.commands]

    assert min(len(rules) for rules in faults) == 1


@rejected
def test_one_change_repairs_a_rejected_example(spec: Spec, path: Path) -> None:
    """A rejected object becomes valid when one member is given its documented value."""
    value = read(path)
    if not isinstance(value, dict):
        assert path.stem.startswith("root-is-")
        return
    accepts = VALIDATORS["jsonschema"](dict(spec.document), spec.body_pointer)
    repairs = [{**value, name: given} for example in spec.examples.values() for name, given in example.items()]

    assert any(accepts(repaired) for repaired in repairs)


@rejected
def test_name_tells_the_broken_rule(oracle: Oracle, path: Path) -> None:
    """The name of a rejected example tells the field at fault and whether it is missing."""
    (breach,) = oracle.judge_value(read(path)).breaches

    field = (breach.field or "root").replace("_", "-")
    assert f"without-{field}" in path.stem if breach.keyword == "required" else field in path.stem


@pytest.mark.parametrize("name", OF_THE_PAGE)
def test_page_example_is_the_yaml_s(spec: Spec, name: str) -> None:
    """The page's examples under accepted/ are those of the YAML."""
    assert read(OF_THE_PAGE[name]) == spec.examples[name]


def test_yaml_has_no_other_examples(spec: Spec) -> None:
    """The YAML's example requests are the page's and no others."""
    assert set(spec.examples) == set(OF_THE_PAGE)


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
