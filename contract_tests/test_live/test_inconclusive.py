"""A refusal counts for a rule only if it shows that this rule refused."""

from __future__ import annotations

from test_live.conftest import Verify
from test_live.servers import MINE, Knowing, LookingFirst, Summing, Terse
from test_verifier.servers.wire import serving

RULE = "body.task-id.mandatory-for-debug"


def test_unknown_instance_shows_nothing(live: Verify) -> None:
    """
    Where the server answers 404 for the sentinel, no rule of the body conforms.
    """
    with serving(LookingFirst()) as url:
        outcome = live(url)
    verdicts = {clause["verdict"] for key, clause in outcome.clauses.items() if key.startswith("body.")}

    assert verdicts == {"inconclusive", "not sent"}
    assert "404" in outcome.clauses[RULE]["reasons"][0]


def test_same_answer_to_everything_shows_nothing(live: Verify) -> None:
    """
    Where the server answers every fault alike, no rule of the body conforms.
    """
    with serving(Terse()) as url:
        outcome = live(url)
    verdicts = {clause["verdict"] for key, clause in outcome.clauses.items() if key.startswith("body.")}

    assert verdicts == {"inconclusive", "not sent"}
    assert "which does not show which rule refused" in outcome.clauses[RULE]["reasons"][0]


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


def test_not_knowing_is_no_conformance(live: Verify) -> None:
    """
    A read-only run of a correct server ends inconclusive.
    """
    with serving(Knowing()) as url:
        outcome = live(url)

    assert outcome.status == 3
