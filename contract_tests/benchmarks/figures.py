"""The figures of a comparison: series of measurements, taken in turn, and their ratios with the spread."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """How often one median goes into another; `low` and `high` are the quartiles of the ratios round by round."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def median(series: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(series)


def quartiles(series: Sequence[float]) -> tuple[float, float]:
    """Return the first and the third quartile; of a single measurement, itself."""
    if len(series) == 1:
        return series[0], series[0]
    first, _, third = statistics.quantiles(series, n=4, method="inclusive")
    return first, third


def ratio(series: Sequence[float], base: Sequence[float]) -> Ratio:
    """Return how a series stands to a base that was measured in the same rounds.

    Raises:
        ValueError: They were not measured in the same number of rounds, or in none.
    """
    if len(series) != len(base) or not series:
        message = f"{len(series)} rounds cannot be held against {len(base)}"
        raise ValueError(message)
    low, high = quartiles([ours / theirs for ours, theirs in zip(series, base, strict=True)])
    return Ratio(median(series) / median(base), low, high)


def in_turn(
    measures: Mapping[str, Callable[[], float]], rounds: int, *, warm_up: int = 1, seed: int = 0
) -> dict[str, list[float]]:
    """Measure all in each round, in a new order each time, so that what else the machine does meets them alike.

    The results of the first `warm_up` rounds are dropped.
    """
    order = random.Random(seed)  # noqa: S311  an order, not a secret
    series: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(warm_up + rounds):
        for name in order.sample(list(measures), len(measures)):
            measured = measures[name]()
            if number >= warm_up:
                series[name].append(measured)
    return series


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Return the power of the size that the cost grows by: 1 is linear.

    The cost of the first size, which is mostly that of starting, is taken off the others.

    Raises:
        ValueError: There are fewer than three sizes, or the cost does not grow.
    """
    if len(sizes) < 3 or not costs[0] < costs[-2] < costs[-1]:
        message = f"no growth shows in costs of {', '.join(f'{cost:.3g}' for cost in costs)}"
        raise ValueError(message)
    steps = (costs[-1] - costs[0]) / (costs[-2] - costs[0])
    return math.log(steps) / math.log((sizes[-1] - sizes[0]) / (sizes[-2] - sizes[0]))


def sample(names: Sequence[str], count: int) -> Iterator[str]:
    """Yield so many of the names, spread evenly over all of them."""
    count = min(count, len(names))
    for number in range(count):
        yield names[number * len(names) // count]
