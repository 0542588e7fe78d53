"""Shards: a run cut into parts that can go on at once elsewhere, whose reports merge into that of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from secmaster_contract.harness.vectors import Vector


@dataclass(frozen=True)
class Shard:
    """Part `number` of `count`, counted from one."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `2/5`.

        Raises:
            ValueError: It is none.
        """
        number, slash, count = text.partition("/")
        if not (slash and number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count) <= 1000):
            message = f"{text} is no shard; the second of five is 2/5"
            raise ValueError(message)
        return cls(int(number), int(count))

    def of(self, vectors: Mapping[str, Vector]) -> frozenset[str]:
        """Return the names of the vectors in this shard.

        A vector stays with the faults that would explain its own, so that a merged report blames what a whole one does.
        """
        parts: list[list[str]] = [[] for _ in range(self.count)]
        for group in sorted(groups(vectors), key=lambda names: (-len(names), names[0])):
            min(parts, key=len).extend(group)
        return frozenset(parts[self.number - 1])

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def groups(vectors: Mapping[str, Vector]) -> Iterable[list[str]]:
    """Yield the vectors that explain each other; valid commands, which every part sends, tie nothing together."""
    home = {name: name for name in vectors}
    valid = {str(vector.twin) for vector in vectors.values()}

    def find(name: str) -> str:
        while home[name] != name:
            name = home[name]
        return name

    for name, vector in vectors.items():
        for cause in _causes(vector, vectors):
            if cause not in valid:
                home[find(name)] = find(cause)
    groups: dict[str, list[str]] = {}
    for name in vectors:
        groups.setdefault(find(name), []).append(name)
    return groups.values()


def _causes(vector: Vector, vectors: Mapping[str, Vector]) -> Iterable[str]:
    for follows in vector.follows:
        stem = follows.removesuffix("/*")
        if stem == follows:
            yield from [follows] if follows in vectors else []
        else:
            yield from (name for name in vectors if name == stem or name.startswith(f"{stem}/"))
