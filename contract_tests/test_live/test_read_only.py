"""A live system is asked only what a correct server refuses, until its owner says more."""

from __future__ import annotations

import pytest

from openapi_contract.oracle import Standing
from secmaster_contract.run.gate import LIVE_LIMITS
from secmaster_contract.run.permissions import SENTINEL, Permissions, Safety
from secmaster_contract.run.session import Session
from secmaster_contract.run.target import Target
from secmaster_contract.shipped import shipped_ledger
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.wire.request import Request
from test_live.conftest import Verify
from test_live.servers import MINE, Gullible, Knowing, Scripted, Watched
from test_verifier.servers.reference import RETRY, TOKEN, as_json
from test_verifier.servers.wire import serving


@pytest.fixture(scope="module")
def safety() -> Safety:
    """The decisions for a live system without any permission."""
    target = Target("http://127.0.0.1:1", TOKEN, {"project_id": "p", "workspace_id": "w", "instance_id": "real"})
    return Safety(enumerate_vectors(target, shipped_ledger(), sentinel=SENTINEL), Permissions())


def test_correct_server_carries_out_nothing(live: Verify) -> None:
    """
    A correct server that takes any instance carries out none of the requests of a live run.
    """
    server = Watched()
    with serving(server) as url:
        live(url)

    assert len(server.seen) > 100
    assert server.carried_out == []


def test_local_run_does_carry_commands_out(run_verify: Verify) -> None:
    """
    The same server, as a local one, carries commands out: what a live run holds back is there to be held back.
    """
    server = Watched()
    with serving(server) as url:
        run_verify(url)

    assert len(server.carried_out) > 50


def test_every_request_is_for_the_operation_and_the_sentinel(live: Verify) -> None:
    """
    Every request of a live run has the operation's method and path, and an instance that does not exist.
    """
    server = Watched()
    with serving(server) as url:
        live(url)

    assert {(request.method, request.path, request.query) for request in server.seen} == {
        ("PUT", f"/v1/example/workspaces/example/soc/workflows/instances/{SENTINEL}", "")
    }


@pytest.mark.parametrize(
    "change",
    [
        {"method": "POST"},
        {"target": "/v1/p/workspaces/w/soc/workflows/instances/real"},
        {"body": b'{"command_type":"ActionInstanceTerminateCommand"}'},
    ],
    ids=["method", "instance", "valid command"],
)
def test_gate_holds_back_what_is_not_on_the_list(safety: Safety, change: dict[str, str]) -> None:
    """
    A request that is not on the list of a live run is forbidden, whoever asks for it.
    """
    control = safety.control.request
    parts = {"method": control.method, "target": control.target, "headers": control.headers, "body": control.body}
    request = Request(**{**parts, **change})  # type: ignore[arg-type]  # the parts have the types of their fields

    assert safety.forbidden(control) is None
    assert safety.forbidden(request)


def test_oracle_rejects_every_vector_that_is_sent(safety: Safety) -> None:
    """
    Each vector of a live run breaks a rule of the contract by its final bytes.
    """
    catalogue = safety.catalogue
    (scope,) = catalogue.scopes
    sent = [vector for vector in catalogue.vectors.values() if safety.withheld(vector) is None]

    assert len(sent) > 100
    assert all(scope.judge(vector.request).standing is Standing.REJECTED for vector in sent)


def test_few_invalid_tokens_are_tried_with_the_valid_one_between(live: Verify) -> None:
    """
    A live gateway sees fewer than ten invalid tokens, and never more than four in a row.
    """
    server = Watched()
    with serving(server) as url:
        live(url)
    rows = "".join("x" if bad else " " for bad in server.unauthenticated).split()

    assert 0 < sum(server.unauthenticated) < 10
    assert max(map(len, rows)) <= 4


def test_accepted_request_ends_the_run_at_once(live: Verify) -> None:
    """
    After a server has taken what it must refuse, not one more request is sent, and the report says what it did.
    """
    server = Gullible()
    with serving(server) as url:
        outcome = live(url)

    assert len(server.carried_out) == 1
    assert server.seen[-1].path.endswith(SENTINEL)
    assert server.requests == len(server.seen) == outcome.verdict["run"]["requests"]
    assert "was stopped at once" in outcome.verdict["run"]["stopped"]
    assert outcome.status == 1
    assert outcome.clauses["body.task-id.mandatory-for-debug"]["verdict"] == "violates"


@pytest.mark.parametrize("options", [(), ("--only", "uri")], ids=["all", "another clause"])
def test_server_that_takes_everything_is_asked_once(live: Verify, options: tuple[str, ...]) -> None:
    """
    A server that takes the very first request is asked nothing more, and fails the run, whatever was to be checked.
    """
    server = Scripted(as_json(200, {"code": "00000000", "message": "", "request_id": "", "success": True}))
    with serving(server) as url:
        outcome = live(url, *options)

    assert len(server.seen) == 1
    assert outcome.status == 1
    assert "was stopped at once" in outcome.out


def test_gullible_server_is_asked_more_when_local(run_verify: Verify) -> None:
    """
    The same server, as a local one, is asked on after it has taken what it must refuse.
    """
    server = Gullible()
    with serving(server) as url:
        run_verify(url)

    assert len(server.carried_out) > 50


def test_permission_reaches_one_command_on_one_instance(live: Verify) -> None:
    """
    With leave to retry one instance, nothing but retry is carried out, there alone, and the clause is conclusive.
    """
    server = Knowing()
    with serving(server) as url:
        outcome = live(url, "--allow", "retry", "--instance-id", f"retry={MINE}")

    assert set(server.carried_out) == {(RETRY, MINE)}
    assert outcome.clauses["body.command-type.retry"]["verdict"] == "conforms"
    assert outcome.clauses["body.command-type.terminate"]["verdict"] == "withheld"


def test_permission_without_an_instance_is_refused(live: Verify) -> None:
    """
    Leave to carry out a command without an instance for it is bad usage, told in a sentence.
    """
    outcome = live("http://127.0.0.1:1", "--allow", "retry,debug", "--instance-id", f"retry={MINE}")

    assert outcome.status == 2
    assert "--allow debug needs what it may touch: --instance-id debug=ID" in " ".join(outcome.err.split())


@pytest.mark.parametrize(
    ("url", "is_live"),
    [
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("http://localhost", False),
        ("https://secmaster.cn-north-4.myhuaweicloud.com", True),
        ("http://10.0.0.1", True),
        ("http://127.0.0.1.example.com", True),
        ("http://0.0.0.0:80", True),
    ],
)
def test_everything_but_loopback_is_live(url: str, is_live: bool) -> None:  # noqa: FBT001  a parameter of the test
    """
    A target is live unless it is on this machine.
    """
    target = Target(url, TOKEN)

    assert Permissions.for_target(target).live is is_live


@pytest.mark.parametrize("permissions", [None, Permissions()], ids=["none given", "none said"])
def test_core_sends_a_remote_host_only_what_it_must_reject(permissions: Permissions | None) -> None:
    """
    Without a word of the user, the plan for another machine is for an instance that does not exist, and rejected.
    """
    values = {"project_id": "p", "workspace_id": "w", "instance_id": "real"}
    session = Session(Target("https://secmaster.example", TOKEN, values), permissions=permissions)
    requests = [request for step in session.plan() if step.withheld is None for request in step.requests]
    (scope,) = session.catalogue.scopes

    assert 100 < len(requests) < 400
    assert all(request.target.endswith(f"/{SENTINEL}") for request in requests)
    assert all(scope.judge(request).standing is Standing.REJECTED for request in requests)


def test_core_runs_within_the_limits_of_a_live_system() -> None:
    """
    Off loopback the core sends as slowly as on a live system, and ends a row of failed authentications.
    """
    target = Target("https://secmaster.example", TOKEN, patience=7)
    limits = Permissions.for_target(target).limits(target)

    assert (limits.rate, limits.refusals, limits.patience) == (LIVE_LIMITS.rate, LIVE_LIMITS.refusals, 7)


@pytest.mark.parametrize("options", [(), ("--fuzz", "200")], ids=["vectors", "search"])
def test_local_server_carries_out_no_command_that_is_not_allowed(run_verify: Verify, options: tuple[str, ...]) -> None:
    """
    With --allow retry a server on this machine is led to carry out retry alone, as the twin of a request no less.
    """
    server = Watched()
    with serving(server) as url:
        run_verify(url, "--allow", "retry", *options)

    assert {command for command, _ in server.carried_out} == {RETRY}
