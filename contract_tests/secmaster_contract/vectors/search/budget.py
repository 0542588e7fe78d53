"""How long a search lasts: so many seconds, or so many drawn requests."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field


@dataclass
class Budget:
    """A bound in seconds or in requests, whichever is given."""

    seconds: float | None = None
    requests: int | None = None
    spent: int = 0
    _until: float | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Read `20s` as seconds and `500` as requests.

        Raises:
            ValueError: It is neither.
        """
        match = re.fullmatch(r"(\d{1,6})(s?)", text.strip())
        if not match or not int(match[1]):
            raise ValueError(f"{text} is no budget; it looks like 20s or 500")
        return cls(seconds=float(match[1])) if match[2] else cls(requests=int(match[1]))

    def part(self, share: float) -> Budget:
        """Return a budget of its own that is a share of this one."""
        return Budget(
            None if self.seconds is None else self.seconds * share,
            None if self.requests is None else max(1, int(self.requests * share)),
        )

    def spend(self) -> bool:
        """Take one request out of the budget; false where none is left."""
        now = time.monotonic()
        if self._until is None and self.seconds is not None:
            self._until = now + self.seconds
        if (self._until is not None and now >= self._until) or (
            self.requests is not None and self.spent >= self.requests
        ):
            return False
        self.spent += 1
        return True
