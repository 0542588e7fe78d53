"""In which order vectors are sent, and how often: what was sent before must not matter, so it may be anything."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from secmaster_contract.vectors.vector import Vector


@dataclass(frozen=True)
class Order:
    """The order of a run: that of the catalogue, or another one for each round, drawn from `seed`."""

    seed: int = 0
    shuffle: bool = False
    repeat: int = 1

    def arrange(self, vectors: Iterable[Vector], number: int) -> list[Vector]:
        """Return the vectors in the order of a round, counted from 0."""
        arranged = list(vectors)
        if self.shuffle:
            random.Random(f"{self.seed}/{number}").shuffle(arranged)  # noqa: S311  an order, no secret
        return arranged
