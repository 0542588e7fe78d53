"""Contracts that are not the shipped one, through mock and verifier, and each rule on a server that forgets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from openapi_contract import Contract
from openapi_contract.document import Document
from openapi_contract.ledger import Ledger
from secmaster_contract.judge.verdicts import ExitStatus, Verdict
from secmaster_contract.mock.server import Running
from secmaster_contract.run.session import Session
from secmaster_contract.run.target import Target
from secmaster_contract.shipped import shipped_ledger
from test_contract.chain import keys, mock_of, session_on, verdicts, verified
from test_contract.forgetting import (
    Case,
    answering,
    cases_of_answers,
    cases_of_requests,
    faulty_answer,
    forgetting,
)
from test_contract.making import CONTRACTS

OTHERS = ("foreign", "kinds", "library", "minimal", "reads")
# Rules of requests that others imply, so that nobody can tell a server that forgets them: three different members at
# most, and a number below ten.
IMPLIED = {"list-orders.query.status.max-items", "set-callback.body.retries.format"}
# The whole of foreign.yaml takes minutes: each so manieth of its rules is tried, spread over all operations.
EACH_REQUEST, EACH_ANSWER = 6, 24


def ledger_of(name: str) -> Ledger:
    """Return the ledger of a contract by its name."""
    return shipped_ledger() if name == "shipped" else Ledger.load(Contract.load(CONTRACTS / f"{name}.yaml"))


LEDGERS = {name: ledger_of(name) for name in ("shipped", *OTHERS)}


def some(derive: Callable[[str, Ledger], Iterator[Case]], each: int) -> list[Case]:
    """Return the cases that are tried: all of the smaller contracts, and each so manieth of foreign.yaml."""
    found = [case for name in ("shipped", "reads") for case in derive(name, LEDGERS[name])]
    return [*found, *list(derive("foreign", LEDGERS["foreign"]))[::each]]


FORGOTTEN = [case for case in some(cases_of_requests, EACH_REQUEST) if case.key not in IMPLIED]
ANSWERED = some(cases_of_answers, EACH_ANSWER)


def blamed(case: Case, url: str, token: str) -> set[str]:
    """Return the clauses that a server breaks in the operation of a case."""
    report = Session(Target(url, token), case.ledger, operations=[case.operation.id]).run()
    assert not report.harness_faults
    return keys(report, Verdict.VIOLATES)


@pytest.mark.parametrize("name", OTHERS)
def test_the_mock_of_another_contract_conforms(name: str) -> None:
    """
    The mock of a contract that knows nothing of SecMaster keeps each clause that its requests can show.
    """
    ledger = LEDGERS[name]

    with mock_of(ledger) as server:
        report = verified(server, ledger)

    left = keys(report, Verdict.INCONCLUSIVE)
    assert keys(report, Verdict.CONFORMS) == set(verdicts(report)) - left
    assert all(".answer-" in key or ".error." in key for key in left)
    assert report.exit_status is ExitStatus.CONFORMS


@pytest.mark.parametrize("case", FORGOTTEN, ids=lambda case: case.id)
def test_a_forgotten_rule_is_blamed(case: Case) -> None:
    """
    A server that forgets one rule of its requests breaks the clause on that rule, and no other.
    """
    with forgetting(case) as server:
        assert blamed(case, server.url, server.token) == {case.key}


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case.id)
def test_a_faulty_answer_is_blamed(case: Case) -> None:
    """
    A server whose answer breaks one rule breaks the clause on that rule, and no other.
    """
    faulty = faulty_answer(case)
    if faulty is None:
        assert case.rule.keyword == "type"  # beside an enum, or stated twice: no value breaks it alone
        return

    with answering(case, *faulty) as server:
        assert blamed(case, server.url, server.token) == {case.key}


# Lists whose order says nothing. That of an enum says which member is the usual one.
SETS = {"required", "oneOf", "anyOf", "allOf", "parameters"}


def turned_round(node: Any, key: str = "") -> Any:
    """Return a document with the order of every object, and of every list that is a set, turned round."""
    if isinstance(node, dict):
        return {name: turned_round(node[name], name) for name in reversed(node)}
    if isinstance(node, list):
        items = [turned_round(item) for item in node]
        return items[::-1] if key in SETS else items
    return node


def names_of(session: Session) -> set[str]:
    """Return the names of a session's vectors, without the numbers of alternatives and the orders that some name."""
    return {re.sub(r"/(order|alternative)-.*", r"/\1", name) for name in session.catalogue.vectors}


@pytest.mark.parametrize("name", OTHERS)
def test_a_contract_may_be_turned_round(name: str) -> None:
    """
    A contract in the opposite order has the same clauses and the same vectors, and its mock conforms.
    """
    plain = ledger_of(name)
    document = plain.contract.document
    ledger = Ledger.load(Contract.of(Document(document.file, turned_round(document.root))))
    nowhere = Running("http://127.0.0.1:1", "token-of-the-tests")

    with mock_of(ledger) as server:
        report = verified(server, ledger)

    assert set(ledger.clauses) == set(plain.clauses)
    assert names_of(session_on(server, ledger)) == names_of(session_on(nowhere, plain))
    assert report.exit_status is ExitStatus.CONFORMS
