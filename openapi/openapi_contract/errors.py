"""Faults of a contract, told to whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: the JSON pointer of the place, what is wrong there, and what to write instead."""

    pointer: str
    what: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.what}." + (f" {self.instead}." if self.instead else "")


class ContractError(Exception):
    """The contract cannot be used. `problems` has every fault that was found in `file`."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(f"{file}#{problem}" for problem in self.problems))
