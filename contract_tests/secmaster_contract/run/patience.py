"""How long a run waits for a server that throttles, and why it waits no more."""

from __future__ import annotations

import threading


class Patience:
    """The seconds in all that a run may wait; safe under threads. `spent` says why it is over, None while it lasts."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waited = 0.0
        self._waits = 0
        self._lock = threading.Lock()
        self.spent: str | None = None

    def lasts(self, pause: float) -> bool:
        """Take a wait of some seconds out of it; false where so much is not left."""
        with self._lock:
            if self._waited + pause > self._seconds:
                self.spent = self.spent or self._told(pause)
                return False
            self._waited += pause
            self._waits += 1
            return True

    def _told(self, pause: float) -> str:
        if not self._waits:
            return f"asks to wait {pause:g} s, longer than --patience allows ({self._seconds:g} s)"
        waits = "1 wait" if self._waits == 1 else f"{self._waits} waits"
        return f"still does after {waits}, {self._waited:g} s in all of the {self._seconds:g} s that --patience allows"
