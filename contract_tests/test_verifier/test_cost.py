"""What a run costs the server that it is sent to."""

from __future__ import annotations

from test_verifier.servers.reference import Reference
from test_verifier.verifying import report_on


def test_no_request_goes_where_nobody_reads() -> None:
    """
    Nothing is sent on a connection whose end the run has asked for: what is sent is what the server gets.
    """
    server = Reference()

    report = report_on(server, seconds=5)

    assert report.requests == server.requests
