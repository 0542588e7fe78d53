"""Each faulty server is noticed, and the clause that it breaks is blamed, no other."""

import os

import pytest

from openapi_contract.ledger import Level
from secmaster_contract.judge.verdicts import EXPLAINED, ExitStatus, Verdict
from secmaster_contract.shipped import shipped_ledger
from test_verifier.servers import loopholes
from test_verifier.servers.broken import FAULTS, Fault
from test_verifier.verifying import keys, report_on, told

LEDGER = shipped_ledger()
# All of them take some minutes; `SECMASTER_EVERY_LOOPHOLE=1` asks for them.
FORGETFUL = list(loopholes.every() if os.environ.get("SECMASTER_EVERY_LOOPHOLE") else loopholes.some())


def of_level(clauses: frozenset[str], *, binding: bool) -> set[str]:
    """Return those of some clauses that are a MUST, or those that are not."""
    return {key for key in clauses if (LEDGER[key].level is Level.MUST) == binding}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_fault_is_blamed_on_the_clause_it_breaks(fault: Fault) -> None:
    """
    A fault is noticed and blamed on its own clause; what follows from it is blamed on no other.
    """
    report = report_on(fault.make())

    advised = keys(report, Verdict.ADVISES)
    assert keys(report, Verdict.VIOLATES) == of_level(fault.clauses, binding=True), told(report)
    assert of_level(fault.clauses, binding=False) <= advised <= fault.clauses | fault.advice, told(report)
    assert not report.harness_faults


@pytest.mark.parametrize(("rule", "loophole"), FORGETFUL, ids=["-".join(pair) for pair in FORGETFUL])
def test_forgotten_rule_is_blamed(rule: str, loophole: str) -> None:
    """
    A rule that is kept but under one circumstance is found broken, and nothing else.
    """
    report = report_on(loopholes.Forgetful(rule, loophole))

    assert keys(report, Verdict.VIOLATES) == {loopholes.RULES[rule].clause}, told(report)
    assert report.exit_status is ExitStatus.VIOLATES


def test_clause_of_consequences_alone_names_their_cause() -> None:
    """
    A clause of which only consequences were seen is inconclusive and names the clause that is broken.
    """
    report = report_on(FAULTS["token-never-asked"].make())

    placed = next(result for result in report.results if result.clause.key == "headers.x-auth-token.in-header")
    assert placed.verdict is Verdict.INCONCLUSIVE
    assert placed.reasons == [f"{EXPLAINED} headers.x-auth-token.mandatory"]


def test_every_rule_and_every_loophole_is_tried() -> None:
    """
    Each rule is forgotten by several servers, and each loophole is open in one.
    """
    rules = [rule for rule, _ in FORGETFUL]

    assert {loophole for _, loophole in FORGETFUL} == set(loopholes.LOOPHOLES) - {"always"}
    assert min(rules.count(rule) for rule in loopholes.RULES) >= 2
