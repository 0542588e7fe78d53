"""How one embedded server is set up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

from secmaster_contract.mock.errors import UnusableError

if TYPE_CHECKING:
    from secmaster_contract.mock.instances import Instance
    from secmaster_contract.mock.scenario import Scenario

TOKEN = "mock-token"  # noqa: S105  a default that is published, not a secret
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class MockSettings:
    """
    What the embedded server accepts, remembers and breaks.

    Attributes:
        tokens: The values of the token header that are let in; they stand in no repr and in no log.
        body_limit: The longest body in bytes; the platform's gateway takes 12 MB.
        body_seconds: How long a body may take to arrive.
        state: None for a server that knows every instance and remembers none; otherwise the SQLite file of the
            instances, or ":memory:".
        instances: What the state is filled with when it is new, and on a reset.
        settle_seconds: How long an instance stays RETRYING or TERMINATING.
        scenario: The faults to commit.
        log: Where each request is noted as one line of JSON.
        record: Where each request and answer is kept whole, as one line of JSON.
    """

    tokens: tuple[str, ...] = field(default=(TOKEN,), repr=False)
    body_limit: int = 12 * MEBIBYTE
    body_seconds: float = 30
    state: Path | Literal[":memory:"] | None = None
    instances: tuple[Instance, ...] = ()
    settle_seconds: float = 1
    scenario: Scenario | None = None
    log: TextIO | None = None
    record: TextIO | None = None

    def __post_init__(self) -> None:
        """
        Reject what could never work.

        Raises:
            UnusableError: A value makes no sense; the text says which.
        """
        if not self.tokens or any(not token.strip(" \t") for token in self.tokens):
            raise UnusableError("the server needs a token that is not empty")
        if any(not token.isascii() or not token.isprintable() for token in self.tokens):
            raise UnusableError("a token is printable ASCII, or no client could send it")
        if self.body_limit < 1:
            raise UnusableError("the body limit is at least 1 byte")
        if self.instances and self.state is None:
            raise UnusableError("instances need a state to live in")
