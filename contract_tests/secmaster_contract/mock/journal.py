"""The request log and the recording: one line of JSON a request, with every token masked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

from secmaster_contract.mock.delivery import head
from secmaster_contract.mock.exchange import Exchange
from secmaster_contract.mock.settings import MockSettings

MASK = "***"
# Besides the contract's own token header: what else is known to carry a credential.
_SECRET_HEADERS = frozenset(
    {b"authorization", b"cookie", b"proxy-authorization", b"x-security-token", b"x-subject-token"}
)


class Journal:
    """Writes what the settings ask for; nothing where they ask for nothing."""

    def __init__(self, settings: MockSettings, token_headers: Iterable[bytes]) -> None:
        self._log, self._record = settings.log, settings.record
        self._secret_headers = _SECRET_HEADERS.union(token_headers)
        self._tokens = settings.tokens

    def note(self, exchange: Exchange) -> None:
        """Note one exchange."""
        lines = [
            value.decode("latin-1").strip()
            for name, value in exchange.headers
            if name in self._secret_headers and value
        ]
        # The word of the scheme before a token is no secret, and the token alone is one.
        presented = [*lines, *(line.partition(" ")[2].strip() for line in lines)]
        secrets = sorted({*self._tokens, *presented} - {""}, key=len, reverse=True)
        if self._log:
            _write(self._log, self._summary(exchange), secrets)
        if self._record:
            _write(self._record, self._whole(exchange), secrets)

    def _summary(self, exchange: Exchange) -> dict[str, Any]:
        path, _, query = exchange.target.decode("latin-1").partition("?")
        return {
            "time": _now(),
            "request_id": exchange.request_id.decode(),
            "method": exchange.method,
            "path": path,
            # A query may carry a credential in the wrong place; that there was one is enough.
            **({"query": MASK} if query else {}),
            "status": exchange.answer.status,
            "milliseconds": round(exchange.seconds * 1000, 3),
            "received": len(exchange.body),
            "sent": len(exchange.answer.body),
            **({"fault": exchange.answer.note} if exchange.answer.note else {}),
        }

    def _whole(self, exchange: Exchange) -> dict[str, Any]:
        answer = exchange.answer
        return {
            "time": _now(),
            "request": {
                "method": exchange.method,
                "target": exchange.target.decode("latin-1"),
                "headers": [
                    [name.decode("latin-1"), MASK if name in self._secret_headers else value.decode("latin-1")]
                    for name, value in exchange.headers
                ],
                # Latin-1 keeps every byte, so that a replay sends what came.
                "body": exchange.body.decode("latin-1"),
            },
            "response": {
                "status": answer.status,
                "headers": [
                    [name.decode("latin-1"), value.decode("latin-1")]
                    for name, value in head(answer, exchange.request_id)
                ],
                "body": answer.body.decode("latin-1"),
            },
            **({"fault": answer.note} if answer.note else {}),
        }


def _write(file: TextIO, row: Any, secrets: list[str]) -> None:
    file.write(json.dumps(_masked(row, secrets)) + "\n")
    file.flush()


def _masked(value: Any, secrets: list[str]) -> Any:
    match value:
        case str():
            for secret in secrets:
                value = value.replace(secret, MASK)
            return value
        case list():
            return [_masked(item, secrets) for item in value]
        case dict():
            return {name: _masked(item, secrets) for name, item in value.items()}
        case _:
            return value


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
