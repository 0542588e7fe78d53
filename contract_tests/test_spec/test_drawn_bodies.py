"""Drawn bodies: two validators and the oracle, which share no code with each other, come to one verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings

from openapi_contract.oracle import Oracle, Standing, load_oracle
from openapi_contract import load_spec
from test_spec.drawn import SELECTORS, bodies
from test_spec.rules import VALIDATORS, Document, rules, without

SPEC = load_spec()
DOCUMENT: Document = dict(SPEC.document)
BY_JSONSCHEMA = VALIDATORS["jsonschema"](DOCUMENT, SPEC.body_pointer)
BY_JSONSCHEMA_RS = VALIDATORS["jsonschema-rs"](DOCUMENT, SPEC.body_pointer)
# A search that wants nothing but to know that there is such a body: seeded, not stored, not shrunk.
SEARCH = settings(max_examples=20_000, derandomize=True, database=None, phases=[Phase.generate])


@settings(max_examples=500, deadline=None)
@given(body=bodies)
def test_validators_and_oracle_agree(body: Any) -> None:
    """A drawn body has one verdict, whoever gives it."""
    judgement = load_oracle().judge_value(body)

    assert BY_JSONSCHEMA(body) == BY_JSONSCHEMA_RS(body) == (judgement.standing is Standing.ACCEPTED)


@settings(max_examples=300, deadline=None)
@given(body=bodies)
def test_bytes_are_judged_as_the_value_is(body: Any) -> None:
    """Writing a drawn body out as JSON does not change the oracle's verdict."""
    oracle: Oracle = load_oracle()

    written = oracle.judge_body(json.dumps(body).encode())

    assert written.standing is oracle.judge_value(body).standing


@settings(max_examples=300, deadline=None)
@given(body=bodies)
def test_breach_leads_to_a_rule(body: Any) -> None:
    """Each breach that the oracle finds in a drawn body points to something in the YAML."""
    for breach in load_oracle().judge_value(body).breaches:
        assert SPEC.at(breach.pointer) is not None


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("standing", [Standing.ACCEPTED, Standing.REFUSED])
def test_both_verdicts_are_drawn(selector: str, standing: Standing) -> None:
    """The bodies drawn include valid and invalid ones of each command."""

    def wanted(body: Any) -> bool:
        judgement = load_oracle().judge_value(body)
        return judgement.command == SPEC.command(selector) and judgement.standing is standing

    assert find(bodies, wanted, settings=SEARCH)


@pytest.mark.parametrize(
    "rule", [rule for rule in sorted(set(rules(DOCUMENT, SPEC.body_pointer))) if "task_id" in rule]
)
def test_another_contract_is_told_apart(rule: str) -> None:
    """Drawing finds a body that a YAML with one rule less judges otherwise."""
    altered = VALIDATORS["jsonschema"](without(DOCUMENT, rule), SPEC.body_pointer)

    assert find(bodies, lambda body: altered(body) != BY_JSONSCHEMA(body), settings=SEARCH)
