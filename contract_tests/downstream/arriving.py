"""What a tool was told to send, beside what arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from downstream import postman

Same = Callable[[dict[str, Any], dict[str, Any]], dict[str, bool]]


def differences(sent: list[dict[str, Any]], exchanges: list[dict[str, Any]], same: Same) -> Iterator[str]:
    """
    Yield where the exchanges that a mock recorded differ from the requests of the vectors, in their order.

    `same` says of a request and its exchange, part by part, whether it arrived as told.
    """
    if len(sent) != len(exchanges):
        yield f"{len(exchanges)} of {len(sent)} requests arrived"
        return
    for told, exchange in zip(sent, exchanges, strict=True):
        for what in (what for what, holds in same(told, exchange).items() if not holds):
            yield f"{told['method']} {told['target'][:120]} {postman.body(told)[:120]}: another {what} arrived"
