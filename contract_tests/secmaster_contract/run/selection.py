"""Which clauses a run is asked for: names are keys of clauses, or the parts that several of them begin with."""

from __future__ import annotations


def is_named(key: str, name: str) -> bool:
    """Whether a name is that of a clause, or of a group that it is in."""
    return key == name or key.startswith(f"{name}.")


def is_wanted(key: str, only: frozenset[str], skip: frozenset[str]) -> bool:
    """Whether a clause is to be checked; where `only` is empty, all are that `skip` does not name."""
    return (not only or any(is_named(key, name) for name in only)) and not any(is_named(key, name) for name in skip)
