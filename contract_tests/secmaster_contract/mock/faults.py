"""
The faults that the server commits on demand.

A fault that answers for the gateway comes before the command is judged; the others come after it was carried out,
which is what makes a lost answer worth testing against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from secmaster_contract.mock.answers import Answer, Answers, Delivery, plain

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
        word: A word in the name of the example that is preferred.
        html: The body is a page of HTML instead.
        unsuccessful: The command is accepted, and said to have failed.
        retry_after: Seconds for the header Retry-After.
        executed: The command is judged and carried out all the same.
        delivery: How the answer leaves.
        seconds: How long the answer is held back, or takes as a drip.
    """

    name: str
    code: int | None = None
    example: str | None = None
    word: str = ""
    html: bool = False
    unsuccessful: bool = False
    retry_after: int | None = None
    executed: bool = False
    delivery: Delivery = Delivery.WHOLE
    seconds: float = 0

    @property
    def replaces(self) -> bool:
        """Whether something else is answered than the server's own answer to a request that it carried out."""
        return self.unsuccessful or self.code is not None

    def lack(self, answers: Answers) -> str | None:
        """Return what the contract does not document of the answer, None where it documents all."""
        if self.unsuccessful:
            told = (
                "the contract has no answer of success with x-succeeded-when, so none can say of itself that it failed"
            )
            return None if answers.failure else told
        if self.code is None or self.html or answers.has(self.code, self.example):
            return None
        name = f" {self.example}" if self.example else ""
        return f"the contract has no example{name} of status {self.code}"

    def answer(self, answers: Answers, request_id: bytes) -> Answer:
        """Return what is answered, in the contract's words where it has some for the operation."""
        if self.html and self.code is not None:
            phrase = _PHRASES.get(self.code, b"Error")
            return Answer(self.code, _HTML % (self.code, phrase, self.code, phrase), media_type=b"text/html")
        if self.unsuccessful or self.code is None:
            return (answers.failure or answers.success).answer(request_id)
        if answers.has(self.code, self.example):
            answer = answers.example(self.code, self.example, self.word).answer(request_id)
        else:
            answer = plain(self.code, f"The fault {self.name} was asked for.").answer(request_id)
        if self.retry_after is None:
            return answer
        others = tuple(line for line in answer.headers if line[0] != b"retry-after")
        return replace(answer, headers=(*others, (b"retry-after", b"%d" % self.retry_after)))

    def dress(self, answer: Answer) -> Answer:
        """Return the answer as this fault lets it leave."""
        return replace(answer, delivery=self.delivery, seconds=self.seconds, note=self.name)


FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("none", executed=True),
        Fault("expired-token", code=401, word="expired"),
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
