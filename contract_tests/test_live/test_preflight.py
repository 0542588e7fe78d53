"""The preflight tells apart why a server cannot be verified."""

from __future__ import annotations

import ssl

import pytest

from test_live.conftest import Verify
from test_live.raw import closed_port, hang_up, listening
from test_live.servers import Scripted, Watched, gateway
from test_verifier.servers.reference import as_json
from test_verifier.servers.wire import serving

ANSWERS = {
    "token refused": gateway(401, "APIGW.0301"),
    "wrong project": as_json(403, {"code": "SecMaster.20010001", "message": "Invalid workspace ID."}),
    "not found": gateway(404, "APIGW.0101"),
    "throttled": gateway(429, "APIGW.0308", Retry_After="9999"),
}


@pytest.mark.parametrize("mode", ["live", "local"])
@pytest.mark.parametrize("state", ANSWERS)
def test_answer_tells_the_state(run_verify: Verify, state: str, mode: str) -> None:
    """
    A refused token, a wrong project, an unknown path and throttling are told apart, each inconclusive.
    """
    server = Scripted(ANSWERS[state])
    with serving(server) as url:
        outcome = run_verify(url, "--treat-as", mode)

    assert outcome.status == 3
    assert outcome.err.splitlines()[-1].startswith(f"Inconclusive ({state}): ")
    assert len(server.seen) < 10


def test_wrong_project_may_be_told_by_a_400(live: Verify) -> None:
    """
    The service's code for an invalid project is a wrong project, whatever the status.
    """
    answer = as_json(400, {"code": "SecMaster.20030002", "message": "Invalid project ID."})
    with serving(Scripted(answer)) as url:
        outcome = live(url)

    assert "Inconclusive (wrong project)" in outcome.err


def test_closed_port_is_unreachable(run_verify: Verify) -> None:
    """
    A port that nobody listens on is unreachable.
    """
    outcome = run_verify(f"http://127.0.0.1:{closed_port()}")

    assert outcome.status == 3
    assert "Inconclusive (unreachable): 127.0.0.1:" in outcome.err


def test_unknown_name_is_unreachable(run_verify: Verify) -> None:
    """
    A host name that does not exist is unreachable.
    """
    outcome = run_verify("http://nobody.invalid")

    assert outcome.status == 3
    assert "Inconclusive (unreachable): nobody.invalid:80" in outcome.err


def test_unknown_certificate_is_tls_refused(run_verify: Verify, server_tls: ssl.SSLContext) -> None:
    """
    A certificate that nobody trusts is TLS refused, and the message names --ca.
    """
    with listening(hang_up, server_tls) as server:
        outcome = run_verify(f"https://{server.address}")

    assert "Inconclusive (TLS refused)" in outcome.err
    assert "--ca FILE" in outcome.err


def test_plain_server_is_tls_refused(run_verify: Verify) -> None:
    """
    A server that speaks plain HTTP where https was asked for is TLS refused.
    """
    with serving(Watched()) as url:
        outcome = run_verify(url.replace("http:", "https:"))

    assert "Inconclusive (TLS refused)" in outcome.err


def test_unready_server_has_a_verdict_file(run_verify: Verify) -> None:
    """
    The verdict file of a server that is not ready holds every clause, none of them conforming.
    """
    with serving(Scripted(ANSWERS["token refused"])) as url:
        outcome = run_verify(url)

    assert len(outcome.clauses) > 50
    assert outcome.verdict["verdicts"]["conforms"] == 0


def test_ready_server_is_verified(run_verify: Verify) -> None:
    """
    A server that is ready gets past the preflight.
    """
    with serving(Watched()) as url:
        outcome = run_verify(url)

    assert outcome.status == 0
