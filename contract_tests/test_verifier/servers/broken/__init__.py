"""Servers with one fault each, a module for each kind of fault."""

from test_verifier.servers import loopholes
from test_verifier.servers.broken import (
    answers,
    bodies,
    commands,
    company,
    doors,
    failing,
    fields,
    media,
    telling,
    tokens,
)
from test_verifier.servers.broken.registry import FAULTS, Fault

__all__ = [
    "FAULTS",
    "Fault",
    "answers",
    "bodies",
    "commands",
    "company",
    "doors",
    "failing",
    "fields",
    "loopholes",
    "media",
    "telling",
    "tokens",
]
