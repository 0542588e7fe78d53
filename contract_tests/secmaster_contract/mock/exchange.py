"""What one request and its answer leave behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from secmaster_contract.mock.answers import Answer, Header


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they are to be noted."""

    method: str
    target: bytes
    headers: Iterable[Header]
    body: bytes
    answer: Answer
    request_id: bytes
    seconds: float
