"""A refusal counts for a rule only if it shows that this rule refused."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from test_live.conftest import Verify
from test_live.servers import MINE, Knowing, LookingFirst, Summing, Terse, Watched, gateway
from test_verifier.servers.wire import Answer, Request, serving


class Unfit(Knowing):
    """Has an instance whose state forbids every command."""

    async def carry_out(self, request: Request, body: Any) -> Answer:
        """Refuse for the state."""
        if request.path.endswith(f"/{MINE}"):
            self.refuse("The instance has ended.", 409)
        return await super().carry_out(request, body)


RULE = "body.task-id.mandatory-for-debug"


def test_unknown_instance_shows_nothing(live: Verify) -> None:
    """
    Where the server answers 404 for the sentinel, no rule of the body conforms.
    """
    with serving(LookingFirst()) as url:
        outcome = live(url)
    verdicts = {clause["verdict"] for key, clause in outcome.clauses.items() if key.startswith("body.")}

    assert verdicts == {"inconclusive", "withheld"}
    assert "404" in outcome.clauses[RULE]["reasons"][0]


def test_same_answer_to_everything_shows_nothing(live: Verify) -> None:
    """
    Where the server answers every fault alike, no rule of the body conforms.
    """
    with serving(Terse()) as url:
        outcome = live(url)
    verdicts = {clause["verdict"] for key, clause in outcome.clauses.items() if key.startswith("body.")}

    assert verdicts == {"inconclusive", "withheld"}
    assert "which does not show which rule was broken" in outcome.clauses[RULE]["reasons"][0]


def test_token_is_told_from_the_rest(live: Verify) -> None:
    """
    A gateway that answers 401 to a missing token and something else to the valid one keeps the token's clause.
    """
    with serving(Terse()) as url:
        outcome = live(url)

    assert outcome.clauses["headers.x-auth-token.mandatory"]["verdict"] == "conforms"


def test_answer_that_tells_the_rule_is_conclusive(live: Verify) -> None:
    """
    A server that says what is missing keeps the rule, though no valid command was sent.
    """
    with serving(Knowing()) as url:
        outcome = live(url)

    assert outcome.clauses[RULE]["verdict"] == "conforms"


def test_faults_that_are_answered_alike_are_named(live: Verify) -> None:
    """
    Where several faults get one answer, the reason names the fields that cannot be told apart.
    """
    with serving(Summing()) as url:
        outcome = live(url)

    reason = outcome.clauses["body.command-type.debug-needs-both"]["reasons"][0]
    assert reason.startswith("faults of input_dataobject, task_id are answered just like this")


def test_report_names_the_permission_that_would_help(live: Verify) -> None:
    """
    A clause that is not known names the command whose permission would make it so.
    """
    with serving(LookingFirst()) as url:
        outcome = live(url)

    assert outcome.clauses[RULE]["needs"] == ["debug"]
    assert "--allow debug --instance-id debug=ID" in outcome.out


def test_named_permission_does_help(live: Verify) -> None:
    """
    With the permission that the report names, the clause is known.
    """
    with serving(LookingFirst()) as url:
        outcome = live(url, "--allow", "debug", "--instance-id", f"debug={MINE}")

    assert outcome.clauses[RULE]["verdict"] == "conforms"


def test_conforming_live_server_passes(live: Verify) -> None:
    """
    A read-only run of a correct server ends with 0, and says how much of the contract it has judged.
    """
    with serving(Knowing()) as url:
        outcome = live(url)
    verdicts = outcome.verdict["verdicts"]

    assert outcome.status == 0, outcome.out
    judged = f"{verdicts['conforms']} of {len(outcome.clauses)} clauses judged, none violated"
    assert f"{judged}; for the rest see --allow" in outcome.out.splitlines()[-1]


def test_all_of_the_contract_may_be_required(live: Verify) -> None:
    """
    With --require-all what is withheld leaves the same run inconclusive.
    """
    with serving(Knowing()) as url:
        outcome = live(url, "--require-all")

    assert outcome.status == 3


def test_run_that_judges_nothing_is_inconclusive(live: Verify) -> None:
    """
    A run whose every request is withheld says nothing of the server.
    """
    with serving(Knowing()) as url:
        outcome = live(url, "--only", "body.example")

    assert outcome.status == 3


def test_instance_that_is_not_fit_is_not_withheld(live: Verify) -> None:
    """
    A command that is allowed, and refused for the state of its instance, leaves the run inconclusive.
    """
    with serving(Unfit()) as url:
        outcome = live(url, "--allow", "retry", "--instance-id", f"retry={MINE}")

    assert outcome.status == 3


def test_withheld_clauses_are_skipped_in_junit(live: Verify) -> None:
    """
    The JUnit file of a read-only run has neither failures nor errors: what is withheld is skipped.
    """
    with serving(LookingFirst()) as url:
        outcome = live(url)
    suite = ET.parse(outcome.directory / "junit.xml").find("testsuite")  # noqa: S314  a file of our own
    assert suite is not None

    assert suite.get("failures") == suite.get("errors") == "0"
    assert int(suite.get("skipped", "0")) > 30


class Turning(Watched):
    """Refuses everything at its gateway after some requests."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status

    async def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        if len(self.seen) < 60:
            return await super().__call__(request)
        self.seen.append(request)
        return gateway(self.status, "APIGW.0301", Retry_After="9999")


@pytest.mark.parametrize("status", [401, 403, 429])
def test_live_server_that_turns_away_midway_is_inconclusive(live: Verify, status: int) -> None:
    """
    A live run that ends early, as the token is refused or the server throttles, is not excused as withheld.
    """
    with serving(Turning(status)) as url:
        outcome = live(url)

    assert outcome.verdict["verdicts"]["conforms"] > 10
    assert outcome.status == 3
