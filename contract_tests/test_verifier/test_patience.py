"""A server that throttles is waited for as --patience allows, and what is said of it is what happened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from secmaster_contract.run.gate import Gate, Limits
from secmaster_contract.run.preflight import NotReady
from secmaster_contract.run.session import Session
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request
from test_verifier.servers import wire
from test_verifier.servers.reference import Reference
from test_verifier.verifying import target_at

THROTTLED = Exchange(Request("PUT", "/", ()), 429)


class AlwaysThrottling(Reference):
    """Has no time for anybody."""

    def __init__(self, pause: str) -> None:
        super().__init__()
        self.pause = pause

    def route(self, request: wire.Request) -> None:
        """Ask to come back."""
        del request
        self.refuse_at_the_gate(429, "APIGW.0308", "policy api over ratelimit,limit:10", Retry_After=self.pause)


@pytest.mark.parametrize(
    ("pause", "told"),
    [
        # A wait of 0 s counts as one of 0.05 s: a server that is asked at once again is none the better for it.
        ("0", "still does after 5 waits, 0.25 s in all of the 0.27 s that --patience allows"),
        ("60", "asks to wait 60 s, longer than --patience allows (0.27 s)"),
    ],
    ids=["again-and-again", "too-long"],
)
def test_preflight_says_why_it_waits_no_more(pause: str, told: str) -> None:
    """
    Many short waits are told from one that is too long.
    """
    with wire.serving(AlwaysThrottling(pause)) as url, pytest.raises(NotReady) as caught:
        Session(replace(target_at(url), patience=0.27)).run()

    assert f"throttles (429) and {told}." in str(caught.value)


def test_gate_says_why_it_waits_no_more() -> None:
    """
    A live run that has waited several times ends with the number of them, not with one long wait.
    """
    gate = Gate(Limits(patience=2.5))

    for _ in range(3):
        gate.observe(THROTTLED, 1.0)

    assert gate.stopped is not None
    assert "still does after 2 waits, 2 s in all of the 2.5 s that --patience allows" in gate.stopped
