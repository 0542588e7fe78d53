"""The state of an instance: whether an answer says that it forbids a command, and which commands may change it.

That a command has to fit the state, and by which code the service says so, is platform knowledge: the page has no word
of it. No transition is assumed; what fits is found by trying.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from secmaster_contract.mock import codes
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request
from secmaster_contract.vectors.vector import Vector

_CONFLICT = 409


def is_unfit(exchange: Exchange, value: Any) -> bool:
    """Say whether an answer, with its parsed body, refuses a command for the state of the instance."""
    code = value.get("code") if isinstance(value, dict) else None
    return exchange.status == _CONFLICT or code == codes.WRONG_STATE


def ways(catalogue: Catalogue, vector: Vector) -> Iterator[tuple[Request, ...]]:
    """Yield sequences of other valid commands that may bring the instance into a state that fits a vector's command."""
    twin = catalogue.vectors.get(vector.twin or "")
    command = vector.command or (twin.command if twin else None)
    others = [catalogue.vectors[catalogue.baseline(o)].request for o in catalogue.spec.commands if o.name != command]
    for length in range(1, len(others) + 1):
        yield from itertools.permutations(others, length)
