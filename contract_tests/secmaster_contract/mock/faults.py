"""
The faults that the server commits on demand.

A fault that answers for the gateway comes before the command is judged; the others come after it was carried out,
which is what makes a lost answer worth testing against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from secmaster_contract.mock.answers import Answer, Answers, Delivery

_HTML = b"<html>\r\n<head><title>%d %s</title></head>\r\n<body><center><h1>%d %s</h1></center></body>\r\n</html>\r\n"
_PHRASES = {502: b"Bad Gateway", 503: b"Service Unavailable", 504: b"Gateway Time-out"}


@dataclass(frozen=True)
class Fault:
    """
    One way to go wrong.

    Attributes:
        name: What a scenario and the log call it.
        code: The status to answer with; None leaves the answer's own.
        example: The contract's example to answer with; None takes the usual one.
        html: The body is a page of HTML instead.
        unsuccessful: The command is taken, and said to have failed.
        retry_after: Seconds for the header Retry-After.
        executed: The command is judged and carried out all the same.
        delivery: How the answer leaves.
        seconds: How long the answer is held back, or takes as a drip.
    """

    name: str
    code: int | None = None
    example: str | None = None
    html: bool = False
    unsuccessful: bool = False
    retry_after: int | None = None
    executed: bool = False
    delivery: Delivery = Delivery.WHOLE
    seconds: float = 0

    def answer(self, answers: Answers, request_id: bytes) -> Answer | None:
        """Return what is answered instead of the server's own answer; None where that stands."""
        if self.unsuccessful:
            return answers.failure.answer(request_id)
        if self.code is None:
            return None
        if self.html:
            phrase = _PHRASES.get(self.code, b"Error")
            return Answer(self.code, _HTML % (self.code, phrase, self.code, phrase), media_type=b"text/html")
        answer = answers.example(self.code, self.example, request_id)
        if answer is None:
            raise LookupError(f"the contract has no example {self.example or ''} of status {self.code}")
        if self.retry_after is not None:
            return replace(answer, headers=((b"retry-after", b"%d" % self.retry_after),))
        return answer

    def dress(self, answer: Answer) -> Answer:
        """Return the answer as this fault lets it leave."""
        return replace(answer, delivery=self.delivery, seconds=self.seconds, note=self.name)


FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("none", executed=True),
        Fault("expired-token", code=401, example="token-expired"),
        Fault("throttled", code=429, retry_after=1),
        Fault("server-error", code=500),
        Fault("backend-timeout", code=504, executed=True),
        Fault("gateway-html", code=502, html=True),
        Fault("unsuccessful", unsuccessful=True),
        Fault("delay", executed=True, seconds=1),
        Fault("slow-drip", executed=True, delivery=Delivery.DRIP, seconds=1),
        Fault("truncated", executed=True, delivery=Delivery.TRUNCATED),
        Fault("reset", executed=True, delivery=Delivery.RESET),
    )
}
