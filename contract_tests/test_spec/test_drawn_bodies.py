"""Drawn bodies: two validators and the oracle, which share no code with each other, come to one verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings

from openapi_contract.oracle import Oracle, Standing
from test_spec.drawn import CONTRACT, OPERATION, POINTER, ROOT, RULES, SELECTORS, bodies
from test_spec.rules import VALIDATORS, without

ORACLE = Oracle(CONTRACT)
BY_JSONSCHEMA = VALIDATORS["jsonschema"](ROOT, POINTER)
BY_JSONSCHEMA_RS = VALIDATORS["jsonschema-rs"](ROOT, POINTER)
# A search that wants nothing but to know that there is such a body: seeded, not stored, not shrunk.
SEARCH = settings(max_examples=20_000, deadline=None, derandomize=True, database=None, phases=[Phase.generate])


@settings(max_examples=500, deadline=None)
@given(body=bodies)
def test_validators_and_oracle_agree(body: Any) -> None:
    """A drawn body has one verdict, whoever gives it."""
    judgement = ORACLE.value(OPERATION, body)

    assert BY_JSONSCHEMA(body) == BY_JSONSCHEMA_RS(body) == (judgement.standing is Standing.ACCEPTED)


@settings(max_examples=300, deadline=None)
@given(body=bodies)
def test_bytes_are_judged_as_the_value_is(body: Any) -> None:
    """Writing a drawn body out as JSON does not change the oracle's verdict."""
    written = ORACLE.body(OPERATION, json.dumps(body).encode())

    assert written.standing is ORACLE.value(OPERATION, body).standing


@settings(max_examples=300, deadline=None)
@given(body=bodies)
def test_breach_leads_to_a_rule(body: Any) -> None:
    """Each breach that the oracle finds in a drawn body points to something in the contract."""
    for breach in ORACLE.value(OPERATION, body).breaches:
        assert CONTRACT.document.at(breach.pointer) is not None


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("standing", [Standing.ACCEPTED, Standing.REJECTED])
def test_both_verdicts_are_drawn(selector: str, standing: Standing) -> None:
    """The bodies drawn include valid and invalid ones of each command."""

    def wanted(body: Any) -> bool:
        judgement = ORACLE.value(OPERATION, body)
        return bool(judgement.command and judgement.command.selector == selector and judgement.standing is standing)

    assert find(bodies, wanted, settings=SEARCH)


@pytest.mark.parametrize("rule", RULES)
def test_another_contract_is_told_apart(rule: str) -> None:
    """Drawing finds a body that a contract with one rule less judges otherwise."""
    altered = VALIDATORS["jsonschema"](without(ROOT, rule), POINTER)

    assert find(bodies, lambda body: altered(body) != BY_JSONSCHEMA(body), settings=SEARCH)
