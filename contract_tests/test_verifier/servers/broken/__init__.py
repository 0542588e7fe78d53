"""Servers with one fault each, a module for each kind of fault."""

from test_verifier.servers import loopholes
from test_verifier.servers.broken import (
    answers,
    beside,
    bodies,
    commands,
    company,
    doors,
    failing,
    fields,
    media,
    strained,
    telling,
    tokens,
)
from test_verifier.servers.broken.registry import FAULTS, Fault

__all__ = [
    "FAULTS",
    "Fault",
    "answers",
    "beside",
    "bodies",
    "commands",
    "company",
    "doors",
    "failing",
    "fields",
    "loopholes",
    "media",
    "strained",
    "telling",
    "tokens",
]
