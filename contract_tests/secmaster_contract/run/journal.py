"""The journal: each request is written before it is sent, each answer before it is judged; one JSON object a line.

A line is one write to the operating system, so that whatever ends this process, SIGKILL included, loses none that was
written; `fsync` would guard against a power cut only, at a hundred times the cost, and is left to the end.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from secmaster_contract.run.secret import Redactor
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request

SCHEMA = "secmaster-contract/journal/1"
Entry = dict[str, Any]


def describe_request(request: Request, redactor: Redactor) -> Entry:
    """Return a request as JSON, every byte of it, the token aside."""
    return {
        "method": redactor.text(request.method),
        "target": redactor.text(request.target),
        "headers": [[redactor.text(name), redactor.text(value)] for name, value in request.headers],
        **redactor.body(request.body),
        **({"pieces": list(request.pieces)} if request.pieces else {}),
    }


def describe_answer(exchange: Exchange, redactor: Redactor, most: int | None = None) -> Entry:
    """Return an answer as JSON, the token aside; `most` bytes of its body at most."""
    encoding = ", ".join(exchange.values("Content-Encoding"))
    body = exchange.body if most is None or len(exchange.body) <= most else exchange.body[:most]
    return {
        "status": exchange.status,
        "headers": [[redactor.text(name), redactor.text(value)] for name, value in exchange.headers],
        "trouble": redactor.text(exchange.trouble) if exchange.trouble else None,
        "seconds": round(exchange.seconds, 6),
        **redactor.body(body, encoding),
        **({"body_bytes": len(exchange.body)} if body is not exchange.body else {}),
    }


class Journal:
    """Keeps a run's traffic, in memory (`entries`) and, where a file is named, on disk first.

    An entry has `n`, `at` (UTC), `about` (the vector's name), `sent`, and, once it is there, `received`.
    """

    def __init__(
        self,
        redactor: Redactor,
        path: Path | None = None,
        head: Mapping[str, Any] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        keep: bool = True,
    ) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self.redactor = redactor
        self._keeps = keep or path is not None
        self._now = now
        self._lock = threading.Lock()
        self._file = -1
        if path is not None:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
            self._write({"journal": SCHEMA, "started": self._stamp(), **(head or {})})

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="microseconds").replace("+00:00", "Z")

    def sent(self, request: Request, about: str = "") -> int:
        """Note a request that is about to be sent; return its number, 0 where no journal is kept."""
        if not self._keeps:
            return 0
        entry: Entry = {"n": 0, "at": self._stamp(), "about": about, "sent": describe_request(request, self.redactor)}
        with self._lock:
            entry["n"] = len(self.entries) + 1
            self.entries.append(entry)
            self._write(entry)
            return len(self.entries)

    def received(self, number: int, exchange: Exchange) -> None:
        """Note what came back for a request, before anybody judges it."""
        if number:
            self._note(number, describe_answer(exchange, self.redactor))

    def failed(self, number: int, trouble: str) -> None:
        """Note that a request could not be sent."""
        if number:
            self._note(number, {"status": None, "trouble": self.redactor.text(trouble)})

    def _note(self, number: int, answer: Entry) -> None:
        with self._lock:
            self.entries[number - 1]["received"] = answer
            self._write({"n": number, "received": answer})

    def _write(self, line: Mapping[str, Any]) -> None:
        if self._file >= 0:
            data = memoryview(json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
            while data:
                data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Bring the file to the disk and close it."""
        if self._file >= 0:
            os.fsync(self._file)
            os.close(self._file)
            self._file = -1
