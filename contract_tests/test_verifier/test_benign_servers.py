"""Servers that differ in what the page leaves open draw no violation."""

import pytest

from secmaster_contract.judge.verdicts import ExitStatus, Verdict
from test_verifier.servers.benign import BENIGN
from test_verifier.servers.reference import Reference
from test_verifier.servers.stacks import STACKS, Stack
from test_verifier.servers.wire import Request
from test_verifier.verifying import keys, report_on, told, verify

# What is worth a remark on some of them; anything else would be a remark too many.
ADVICE = {
    "authentication-by400": {"guard.authentication-first"},
    "media-type-literal": {"headers.content-type.equivalence"},
    "incomplete": {"result.complete", "error.complete"},
    "no-repeated-names": {"http.json-extensions"},
    "takes-the-first-of-repeated-names": {"http.json-extensions"},
    "kind-reader": {"body.optional-null", "http.json-extensions"},
    "refuses-queries": {"http.query-ignored"},
}


@pytest.mark.parametrize("make", BENIGN.values(), ids=BENIGN)
def test_benign_server_draws_no_violation(make: type[Reference], request: pytest.FixtureRequest) -> None:
    """
    A correct server conforms, whatever it does where the page is silent.
    """
    report = report_on(make(), seconds=5)

    assert report.exit_status is ExitStatus.CONFORMS, told(report)
    assert keys(report, Verdict.ADVISES) == ADVICE.get(request.node.callspec.id, set()), told(report)


@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)
def test_other_stacks_draw_no_violation(stack: Stack) -> None:
    """
    A correct server conforms on whatever stack it runs.
    """
    with stack(Reference()) as url:
        report = verify(url, seconds=5)

    assert report.exit_status is ExitStatus.CONFORMS, told(report)
    assert keys(report, Verdict.ADVISES) <= {"http.chunked-requests", "http.framing"}, told(report)


class ThrottledForEver(Reference):
    """Takes ten requests, and then asks to come back in an hour."""

    def route(self, request: Request) -> None:
        """Refuse whoever asks too often."""
        if self.requests > 10:
            self.refuse_at_the_gate(429, "APIGW.0308", "policy api over ratelimit,limit:10", Retry_After="3600")
        super().route(request)


def test_throttling_for_ever_is_inconclusive() -> None:
    """
    A server that refuses all requests as too many is not blamed for it.
    """
    report = report_on(ThrottledForEver())

    assert report.exit_status is ExitStatus.INCONCLUSIVE
    assert not keys(report, Verdict.VIOLATES)
