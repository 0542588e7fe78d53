"""Servers with one fault each, a module for each kind of fault."""

from test_verifier.servers import loopholes
from test_verifier.servers.broken import answers, bodies, commands, fields, guard, media, tokens
from test_verifier.servers.broken.registry import FAULTS, Fault

__all__ = ["FAULTS", "Fault", "answers", "bodies", "commands", "fields", "guard", "loopholes", "media", "tokens"]
