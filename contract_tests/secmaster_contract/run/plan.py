"""What a run would send, and why, without sending it."""

from __future__ import annotations

from dataclasses import dataclass

from secmaster_contract.wire.request import Request
from secmaster_contract.run.permissions import Safety
from secmaster_contract.vectors.vector import Vector


@dataclass(frozen=True)
class Step:
    """One step of a run: its requests in the order they go out, what they are for, and why they do not go, if so."""

    name: str
    requests: tuple[Request, ...]
    why: str
    withheld: str | None = None

    @classmethod
    def of(cls, vector: Vector, safety: Safety) -> Step:
        """Return the step of a vector."""
        clause = vector.clause
        why = f"{clause.key} ({clause.level}): {clause.text}; due: {vector.due}"
        requests = tuple(request.named() for request in (*vector.before, *vector.beside, vector.request))
        return cls(vector.name, requests, why, safety.withheld(vector))

    @classmethod
    def preflight(cls, safety: Safety) -> Step:
        """Return the step before the first vector."""
        return cls("preflight", (safety.control.named(),), "is the server there, does it take the token, is it ready?")
