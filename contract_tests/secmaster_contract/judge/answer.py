"""The claims that a check makes of an answer. They own the message; a check reads as prose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from secmaster_contract.vectors.vector import Due, Vector
from secmaster_contract.judge.verdicts import Observation, Verdict


class ClauseBroken(AssertionError):
    """The server breaks a clause; the observation says which and how."""

    def __init__(self, observation: Observation) -> None:
        super().__init__(f"{observation.clause.key}: expected {observation.expected}, received {observation.received}")
        self.observation = observation


class Inconclusive(Exception):
    """Nothing can be said of the server; the text says why."""


@dataclass(frozen=True)
class Answer:
    """What came back for a vector, concluded."""

    vector: Vector
    observation: Observation

    def is_as_due(self) -> None:
        """Claim that the answer is what the contract makes due.

        Raises:
            ClauseBroken: It is not.
            Inconclusive: It shows nothing.
        """
        __tracebackhide__ = True
        if self.observation.verdict is Verdict.INCONCLUSIVE:
            raise Inconclusive(self.observation.reason)
        if self.observation.verdict in (Verdict.VIOLATES, Verdict.ADVISES):
            raise ClauseBroken(self.observation)

    def is_taken(self) -> None:
        """Claim that the command was taken, or that the contract leaves it open to the server."""
        __tracebackhide__ = True
        self._is_due(Due.TAKEN, Due.ANY)
        self.is_as_due()

    def is_refused(self) -> None:
        """Claim that the request was refused as documented, or that the contract leaves it open to the server."""
        __tracebackhide__ = True
        self._is_due(Due.REFUSED, Due.NOT_TAKEN, Due.ANY)
        self.is_as_due()

    def _is_due(self, *dues: Due) -> None:
        if self.vector.due not in dues:
            message = f"{self.vector.name}: the check claims {dues[0]}, but the contract says {self.vector.due}"
            raise ValueError(message)


Examine = Callable[[Vector], Answer]
"""Sends a vector, once a run, and concludes from its answer."""
