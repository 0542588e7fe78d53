"""Verification under load: what is judged, and what is not loaded at all."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from benchmarks import load
from benchmarks.judging import Judge, UnavailableError, Verdict
from openapi_contract.oracle import Standing
from secmaster_contract.run.target import Target
from secmaster_contract.vectors.vector import Expected
from secmaster_workflows import WorkflowsClient
from test_verifier.servers.broken import FAULTS
from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.wire import Answer, Request, serving

# What the servers of these tests serve.
OPERATION = "updateWorkflowInstance"
IDENTIFIERS = {"project_id": "p", "workspace_id": "w", "instance_id": "i"}


@contextmanager
def loaded(server: Reference, allowed: frozenset[str] = frozenset()) -> Generator[list[Verdict]]:
    """Everything that a user under load sends, once, judged."""
    with ExitStack() as stack:
        url = stack.enter_context(serving(server))
        target = Target(url, TOKEN, IDENTIFIERS)
        judge = Judge(target, allowed, [OPERATION])
        client = stack.enter_context(
            WorkflowsClient(endpoint=url, token=TOKEN, project_id="p", workspace_id="w", max_retries=0)
        )
        connection = target.connection()
        stack.callback(connection.close)
        verdicts = [judge.through_client(client, command) for command in judge.commands]
        verdicts += [judge.raw(connection, vector) for vector in judge.vectors]
        yield verdicts


def broken(server: Reference) -> set[str]:
    """The clauses that a server is blamed for."""
    with loaded(server) as verdicts:
        return {clause for verdict in verdicts for clause in verdict.broken}


def test_correct_server_is_blamed_for_nothing() -> None:
    """
    A correct server keeps the contract under load, and is asked for all commands and many invalid requests.
    """
    with loaded(Reference()) as verdicts:
        assert {verdict.exception for verdict in verdicts} == {None}
        assert len(verdicts) > 100


@pytest.mark.parametrize("name", ["task-false", "token-contained", "result-cut-off", "media-type-empty"])
def test_broken_server_is_blamed_for_its_fault(name: str) -> None:
    """
    What a faulty server breaks is named by the clause, and nothing else is.
    """
    found = broken(FAULTS[name].make())

    assert found
    assert found <= FAULTS[name].clauses


class Throttling(Reference):
    """Rejects all for now."""

    async def serve(self, request: Request) -> Answer:
        """Throttle."""
        del request
        self.refuse_at_the_gate(429, "APIGW.0308", "throttled")


def test_server_that_throttles_is_blamed_for_nothing() -> None:
    """
    An answer that says to try later is no violation, and no success.
    """
    with loaded(Throttling()) as verdicts:
        assert not any(verdict.broken for verdict in verdicts)
        assert {type(verdict.exception) for verdict in verdicts} == {UnavailableError}


def test_only_allowed_commands_are_sent() -> None:
    """
    A target's owner who allows one command gets no other, nor broken ones of others.
    """
    judge = Judge(Target("http://127.0.0.1:1", TOKEN, IDENTIFIERS), frozenset({"retry"}), [OPERATION])

    assert {type(command).__name__ for command in judge.commands} == {"ActionInstanceRetryCommand"}
    assert {vector.command for vector in judge.vectors} == {"ActionInstanceRetryCommand"}


def test_every_invalid_request_is_rejected_by_the_contract() -> None:
    """
    The oracle, which knows nothing of why a request was made, rejects each that is sent as invalid.
    """
    judge = Judge(Target("http://127.0.0.1:1", TOKEN, IDENTIFIERS))

    judged = {
        vector.name: judge.oracle.judge(
            vector.operation, vector.request.target, vector.request.headers, vector.request.body, (TOKEN,)
        ).standing
        for vector in judge.vectors
        if vector.expected is Expected.REJECTED
    }

    assert judged
    assert set(judged.values()) == {Standing.REJECTED}


def test_other_machine_is_not_loaded_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Without --allow nothing is sent to another machine.
    """
    assert load.main(["https://secmaster.example.com"]) == 2
    assert "--allow" in capsys.readouterr().err


def test_other_machine_needs_a_token(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What is missing for a load on another machine is named.
    """
    monkeypatch.delenv("SECMASTER_TOKEN", raising=False)

    assert load.main(["https://secmaster.example.com", "--allow", "retry"]) == 2
    assert "SECMASTER_TOKEN" in capsys.readouterr().err


def outcome(**changes: Any) -> dict[str, Any]:
    """What Locust has counted."""
    kinds = {load.VALID: {"requests": 30}, load.INVALID: {"requests": 10}}
    percentiles = {"50": 1, "95": 2, "99": 3, "99.9": 4}
    counted: dict[str, Any] = {"requests": 40, "seconds": 2.0, "kinds": kinds, "milliseconds": percentiles}
    return counted | {"unavailable": 0, "violations": {}} | changes


def test_summary_names_violations_by_clause_the_most_frequent_first() -> None:
    """
    Each clause stands with its count.
    """
    said = load.summary(outcome(violations={"a.rare": 1, "b.often": 7}))

    assert said.splitlines()[0] == "40 requests in 2.0 s (30 valid, 10 invalid): 20 a second"
    assert said.splitlines()[-2:] == ["violates b.often: 7 times", "violates a.rare: 1 times"]


def test_summary_of_nothing_sent_is_no_praise() -> None:
    """
    A run that sent nothing does not say that the contract is kept.
    """
    assert load.summary(outcome(requests=0)) == "No request was sent.\n"


@pytest.mark.parametrize(
    ("counted", "status"),
    [
        (outcome(), 0),
        (outcome(violations={"a": 1}), 1),
        (outcome(unavailable=40), 3),
        (outcome(requests=0), 3),
    ],
)
def test_status_says_how_it_went(monkeypatch: pytest.MonkeyPatch, counted: dict[str, Any], status: int) -> None:
    """
    0 where all kept the contract, 1 where some did not, 3 where nothing can be said.
    """
    monkeypatch.setattr(load, "drive", lambda *_: counted)
    monkeypatch.setenv("SECMASTER_TOKEN", TOKEN)

    assert load.main(["http://127.0.0.1:1"]) == status


@pytest.mark.parametrize(("url", "said"), [("https://secmaster.example.com", "--allow"), ("", "is empty")])
def test_server_of_the_environment_is_meant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, said: str
) -> None:
    """
    A server that SECMASTER_ENDPOINT names is not passed over in favour of the mock, even if its name is empty.
    """
    monkeypatch.setattr(load, "drive", lambda *_: outcome())
    monkeypatch.setenv("SECMASTER_ENDPOINT", url)

    assert load.main([]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", None])
def test_first_and_last_line_name_the_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str | None
) -> None:
    """
    What a load begins and ends with names the server that was loaded, and the mock as such.
    """
    monkeypatch.setattr(load, "drive", lambda *_: outcome())
    monkeypatch.delenv("SECMASTER_ENDPOINT", raising=False)
    monkeypatch.setenv("SECMASTER_TOKEN", TOKEN)

    load.main([url] if url else [])
    told = capsys.readouterr()

    assert (url or "the embedded mock") in told.err.splitlines()[0]
    assert (url or "the embedded mock") in told.out.splitlines()[-1]


def test_pace_reaches_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The seconds between two requests of a user are handed to Locust.
    """
    settings: dict[str, str] = {}

    def drive(given: dict[str, str], *_: object) -> dict[str, Any]:
        settings.update(given)
        return outcome()

    monkeypatch.setattr(load, "drive", drive)
    monkeypatch.setenv("SECMASTER_TOKEN", TOKEN)

    load.main(["http://127.0.0.1:1", "--pace", "0.5"])

    assert settings["LOAD_PACE"] == "0.5"


@pytest.mark.parametrize("pace", ["-1", "nan", "often"])
def test_pace_that_is_none_is_bad_usage(pace: str, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What is no pace is refused in a sentence.
    """
    with pytest.raises(SystemExit) as ended:
        load.main(["http://127.0.0.1:1", f"--pace={pace}"])

    assert ended.value.code == 2
    assert "--pace" in capsys.readouterr().err
