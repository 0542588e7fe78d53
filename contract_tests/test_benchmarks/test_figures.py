"""The figures that the benchmarks state."""

from collections import Counter

import pytest

from benchmarks.figures import exponent, in_turn, median, quartiles, ratio, sample
from benchmarks.page import Section, Table, verdict


def test_ratio_is_that_of_the_medians() -> None:
    """
    One slow round moves the spread and not the ratio.
    """
    found = ratio([1.0, 1.0, 1.0, 1.0, 9.0], [2.0, 2.0, 2.0, 2.0, 2.0])

    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)
    assert str(found) == "0.50 (0.50 to 0.50)"


def test_spread_of_a_ratio_is_taken_round_by_round() -> None:
    """
    What slows both in one round widens no spread.
    """
    found = ratio([1.0, 2.0, 4.0, 8.0], [2.0, 4.0, 8.0, 16.0])

    assert (found.low, found.high) == (0.5, 0.5)


@pytest.mark.parametrize(("series", "base"), [([1.0], [1.0, 2.0]), ([], [])])
def test_series_of_other_rounds_are_not_compared(series: list[float], base: list[float]) -> None:
    """
    A ratio needs the same rounds on both sides, and at least one.
    """
    with pytest.raises(ValueError, match="cannot be held against"):
        ratio(series, base)


def test_quartiles_of_one_measurement_are_itself() -> None:
    """
    A single measurement has no spread.
    """
    assert quartiles([3.0]) == (3.0, 3.0)


def test_every_round_measures_all_in_a_new_order() -> None:
    """
    Each has its turn in each round, at different places; the rounds of the warm-up are dropped.
    """
    calls: list[str] = []

    def noting(name: str) -> float:
        calls.append(name)
        return float(len(calls))

    series = in_turn({"a": lambda: noting("a"), "b": lambda: noting("b"), "c": lambda: noting("c")}, 8, warm_up=2)

    rounds = [tuple(calls[start : start + 3]) for start in range(0, len(calls), 3)]
    assert [sorted(order) for order in rounds] == [["a", "b", "c"]] * 10
    assert len(set(rounds)) > 1
    assert {name: len(values) for name, values in series.items()} == {"a": 8, "b": 8, "c": 8}
    assert min(min(values) for values in series.values()) > 6


@pytest.mark.parametrize(
    ("power", "costs"),
    [(1.0, [1.0, 1.9, 10.9]), (2.0, [1.0, 1.0 + 0.81, 1.0 + 98.01])],
)
def test_growth_is_told_apart_from_the_cost_of_starting(power: float, costs: list[float]) -> None:
    """
    A fixed start does not make quadratic growth look linear, nor linear growth flat.
    """
    assert exponent([10, 100, 1000], costs) == pytest.approx(power)


@pytest.mark.parametrize("costs", [[1.0, 1.0, 1.0], [3.0, 2.0, 4.0]])
def test_cost_that_does_not_grow_has_no_power(costs: list[float]) -> None:
    """
    Noise is not turned into a power.
    """
    with pytest.raises(ValueError, match="no growth"):
        exponent([10, 100, 1000], costs)


@pytest.mark.parametrize("count", [1, 3, 7, 10, 50])
def test_sample_is_spread_over_all_names(count: int) -> None:
    """
    As many different names as asked for, or all there are, from both halves of the list.
    """
    names = [f"{number:02}" for number in range(10)]
    drawn = list(sample(names, count))

    assert len(drawn) == min(count, 10)
    assert max(Counter(drawn).values()) == 1
    assert count == 1 or {name < "05" for name in drawn} == {True, False}


@pytest.mark.parametrize(("value", "said"), [(0.45, "reached"), (0.46, "MISSED")])
def test_missed_goal_is_called_so(value: float, said: str) -> None:
    """
    A goal is reached at its limit and missed above it.
    """
    assert verdict("speed", value, 0.45).endswith(f": {said}.")


def test_section_reads_as_markdown() -> None:
    """
    A table has a rule under its head, and text columns before aligned ones.
    """
    section = Section("Part", "How.", [Table(["name", "value"], [["a", "1"]])], ["A remark."])

    assert str(section) == "## Part\n\nHow.\n\n| name | value |\n| --- | ---: |\n| a | 1 |\n\n- A remark."
    assert median([3.0, 1.0, 2.0]) == 2.0
