"""What a run costs the server that it is sent to."""

from __future__ import annotations

from secmaster_contract.harness.runner import run
from test_verifier.servers.reference import Reference
from test_verifier.servers.wire import serving
from test_verifier.verifying import report_on, target_at


def test_no_request_goes_where_nobody_reads() -> None:
    """
    Nothing is sent on a connection whose end the run has asked for: what is sent is what the server gets.
    """
    server = Reference()

    report = report_on(server, seconds=5)

    assert report.requests == server.requests


def test_correct_server_costs_no_more_than_is_promised() -> None:
    """
    A correct server is sent less than 600 requests, and the same number each time.
    """
    with serving(Reference()) as url:
        first, second = run(target_at(url, seconds=5)), run(target_at(url, seconds=5), workers=2)

    assert first.requests == second.requests < 600
