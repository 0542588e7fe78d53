"""Which servers are broken, and which clause each breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from test_verifier.servers.reference import Reference


@dataclass(frozen=True)
class Fault:
    """A faulty server: its name, what it does wrong, how to make one, and the clauses that are to be blamed for it.

    Nothing but `clauses` may be violated; `advice` are the milder clauses that may be advised on besides.
    """

    name: str
    what: str
    make: Callable[[], Reference]
    clauses: frozenset[str]
    advice: frozenset[str] = frozenset()


FAULTS: dict[str, Fault] = {}


def breaks(*clauses: str, advice: tuple[str, ...] = ()) -> Callable[[type[Reference]], type[Reference]]:
    """Register a class of servers under its own name; its docstring says what it does wrong."""

    def register(broken: type[Reference]) -> type[Reference]:
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", broken.__name__).lower()
        add(Fault(name, (broken.__doc__ or "").strip(), broken, frozenset(clauses), frozenset(advice)))
        return broken

    return register


def add(fault: Fault) -> None:
    """Register a faulty server.

    Raises:
        ValueError: Another one has its name.
    """
    if fault.name in FAULTS:
        message = f"two faulty servers are named {fault.name}"
        raise ValueError(message)
    FAULTS[fault.name] = fault
