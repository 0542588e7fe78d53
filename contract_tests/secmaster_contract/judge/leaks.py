"""What no answer may show: secrets, and the inside of the server."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from secmaster_contract.run.secret import TELLING
from secmaster_contract.wire.exchange import Exchange

_LEAKS: Mapping[str, re.Pattern[str]] = {
    "a Python stack trace": re.compile(r'Traceback \(most recent call last\)|File "[^"]+", line \d+'),
    "a Java stack trace": re.compile(
        r"\bat [\w.$]+\([\w$]+\.java:\d+\)|\b(?:java|javax|org|com)\.[\w.]+(?:Exception|Error)\b"
    ),
    "a JavaScript stack trace": re.compile(r"\bat .{0,80}\.[cm]?[jt]s:\d+:\d+"),
    "a Go stack trace": re.compile(r"\bgoroutine \d+ \[|\bpanic: "),
    "a .NET stack trace": re.compile(r"\bSystem\.\w+Exception\b|\bat [\w.]+ in .+:line \d+"),
    "a PHP or Ruby error": re.compile(r"\bon line \d+\b|\.rb:\d+:in "),
    "a database query": re.compile(
        r"\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE FROM\b|SQLSTATE\[|\bORA-\d{5}\b"
        r"|SQL syntax|\bsqlite3?\.|\bpsycopg"
    ),
    "a connection string": re.compile(r"\b(?:jdbc:\w+|mongodb(?:\+srv)?|postgres(?:ql)?|redis|amqps?)://?\S"),
    "a path of the server": re.compile(
        r"(?:^|[\s\"'(=:])/(?:home|usr|var|opt|etc|srv|root|app|tmp|mnt|proc)/[\w.+-]+(?:/[\w.+-]+)*|\b[A-Za-z]:\\\\?[\w.]+\\"
    ),
}
_SHORTEST_TOKEN = 8  # characters; a shorter one may stand in an answer by chance


def leaks(exchange: Exchange, header: str | None, secret: str) -> Iterator[str]:
    """Yield what an answer shows that it should not; `header` carries the token, `secret` is the good one."""
    text = exchange.content.decode("utf-8", "replace")
    shown = text + "\n" + "\n".join(f"{name}: {value}" for name, value in exchange.headers)
    asked = exchange.request.body.decode("utf-8", "replace") + exchange.request.target
    if len(text) < 200_000:
        for what, pattern in _LEAKS.items():
            match = pattern.search(shown)
            if match and match[0].strip() not in asked:
                yield f"the answer shows {what}"
    low = shown.lower()
    for token in exchange.request.values(header) if header else ():
        if len(token) >= _SHORTEST_TOKEN and any(form.lower() in low for form in spellings(token)):
            yield "the answer shows the token that was sent"
    if len(secret) < _SHORTEST_TOKEN or secret in asked:
        return
    told = {*spellings(secret), secret[:TELLING], secret[-TELLING:]}
    if any(form.lower() in low for form in told):
        yield "the answer shows a good token"


def spellings(token: str) -> set[str]:
    """Return a secret as it may be spelled: plain, percent-encoded, escaped in JSON, in base64."""
    data = token.encode("utf-8", "surrogateescape")
    return {token, quote(token, safe=""), json.dumps(token)[1:-1], base64.b64encode(data).decode().rstrip("=")}
