"""How one embedded server is set up."""

from __future__ import annotations

from dataclasses import dataclass, field

TOKEN = "mock-token"  # noqa: S105  a default that is published, not a secret
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class MockSettings:
    """
    What the embedded server accepts.

    `tokens` are the values of the token header that it takes; they stand in no repr and in no log. `body_limit` is in
    bytes; the platform's gateway takes 12 MB.
    """

    tokens: tuple[str, ...] = field(default=(TOKEN,), repr=False)
    body_limit: int = 12 * MEBIBYTE

    def __post_init__(self) -> None:
        """Refuse what could never let a request in."""
        if not self.tokens or any(not token.strip(" \t") for token in self.tokens):
            raise ValueError("the server needs a token that is not empty")
        if self.body_limit < 1:
            raise ValueError("the body limit is at least 1 byte")
