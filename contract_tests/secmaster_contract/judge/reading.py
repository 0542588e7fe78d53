"""The strict reading of every answer, whatever was asked: framing, JSON, media type, schema by status, leaks."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from openapi_contract import strict_json
from secmaster_contract.wire.exchange import Exchange
from openapi_contract.ledger import Ledger, Level
from openapi_contract.media_type import MediaType
from openapi_contract.oracle import Oracle
from secmaster_contract.run.secret import TELLING
from openapi_contract import Spec, join

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


@dataclass(frozen=True)
class Finding:
    """What one answer does against one clause; `level` is the clause's own unless the finding is milder."""

    clause: str
    what: str
    level: Level = Level.MUST


class Reader:
    """Reads answers by one contract."""

    def __init__(self, spec: Spec, ledger: Ledger, secret: str = "") -> None:
        self.spec = spec
        self.secret = secret if len(secret) >= _SHORTEST_TOKEN else ""
        self.ledger = ledger
        self._oracle = Oracle(spec)
        self._validators: dict[str, Any] = {}

    @cached_property
    def always(self) -> tuple[str, ...]:
        """The clauses that every answer is read for."""
        shapes = [
            self._stated(f"{pointer}{rest}")
            for status in self.spec.page_statuses
            if (pointer := self.spec.response_schema(status))
            for rest in ("/type", *(f"/properties/{name}/type" for name in self._properties(pointer)))
        ]
        return (*dict.fromkeys(shapes), "result.complete", "error.complete", *_EVERY)

    def table(self, status: int) -> tuple[str, frozenset[str]]:
        """Return the clause on the whole body of a documented answer, and all the clauses on that body."""
        pointer = str(self.spec.response_schema(status))
        rows = self.ledger.testable.values()
        keys = {row.key for row in rows if any(f"{place}/".startswith(f"{pointer}/") for place in row.pointers)}
        return self._stated(f"{pointer}/type"), frozenset(keys)

    def is_documented(self, exchange: Exchange, *, proper: bool) -> bool:
        """Whether the page documents the body of an answer; `proper` as in `read`."""
        return proper and exchange.request.method == self.spec.method and exchange.status in self.spec.page_statuses

    def _properties(self, pointer: str) -> Mapping[str, Any]:
        properties: Mapping[str, Any] = self.spec.at(pointer).get("properties", {})
        return properties

    def _stated(self, pointer: str) -> str:
        return self.ledger.clause_for(pointer).key

    def parse(self, exchange: Exchange) -> Any:
        """Return the JSON value of an answer's body, None where it has none."""
        try:
            return strict_json.read(exchange.content).value
        except strict_json.NotJson:
            return None

    def read(self, exchange: Exchange, *, proper: bool = True) -> Iterator[Finding]:
        """Yield what an answer does against the clauses that hold for every answer.

        `proper` is false where the request may not have reached the operation, so that no body is documented.
        """
        for fault in exchange.framing:
            # Behind chunks that a server cannot read a second answer is to be expected; and many a server that has no
            # HEAD sends its refusal with a body.
            mild = exchange.request.pieces or exchange.request.method == "HEAD"
            yield Finding("http.framing", fault, Level.SHOULD if mild else Level.MUST)
        if exchange.status is None:
            return
        yield from self._leaks(exchange)
        if exchange.trouble or exchange.request.method == "HEAD":
            return
        if self.is_documented(exchange, proper=proper):
            yield from self._documented(exchange, exchange.status)
        elif _says_json(exchange) and exchange.body:
            yield from self._json(exchange)

    def _documented(self, exchange: Exchange, status: int) -> Iterator[Finding]:
        """An answer whose body the page documents: one JSON object of the schema for its status."""
        pointer = str(self.spec.response_schema(status))
        whole = self._stated(f"{pointer}/type")
        if not exchange.content.strip():
            yield Finding(whole, "the answer has no body")
            return
        media = [MediaType.parse(value) for value in exchange.values("Content-Type")]
        shown = ", ".join(exchange.values("Content-Type")) or "missing"
        faults = list(self._json(exchange))
        value = self.parse(exchange)
        if len(media) != 1 or media[0] is None or not _is_json(media[0]):
            if value is None and exchange.framing:
                return  # nobody knows what would have been there: one fault, not two
            if value is None and faults:
                # Neither says that it is JSON nor is: one fault, not two.
                yield Finding(whole, f"the answer is no JSON (its Content-Type is {shown})")
                return
            yield Finding("http.media-type", f"the Content-Type of an answer in JSON is {shown}")
        yield from faults
        if (faults or exchange.framing) and value is None:
            return
        yield from self._shape(pointer, value)
        if isinstance(value, dict):
            yield from self._complete(status, pointer, value)

    def _json(self, exchange: Exchange) -> Iterator[Finding]:
        try:
            reading = strict_json.read(exchange.content)
        except strict_json.NotJson as error:
            if exchange.framing:
                return  # what came is not what was sent: one fault, not two
            yield Finding("http.json", f"the answer's body {error}")
            return
        for fault in reading.unclear:
            yield Finding("http.json", f"the answer's body {fault}")
        charset = [
            dict(m.parameters).get("charset") for v in exchange.values("Content-Type") if (m := MediaType.parse(v))
        ]
        if any(name not in {None, "utf-8", "utf8", "us-ascii"} for name in charset):
            yield Finding("http.json", f"the answer says that its charset is {charset[0]}")

    def _shape(self, pointer: str, value: Any) -> Iterator[Finding]:
        if pointer not in self._validators:
            self._validators[pointer] = self._oracle.validator(pointer)
        for error in self._validators[pointer].iter_errors(strict_json.without_surrogates(value)):
            where = "/".join(str(step) for step in error.instance_path) or "the body"
            yield Finding(self._stated(join(*error.schema_path)), f"{where}: {error.message[:200]}")

    def _complete(self, status: int, pointer: str, value: Mapping[str, Any]) -> Iterator[Finding]:
        missing = [name for name in self._properties(pointer) if name not in value]
        if not missing:
            return
        if status == self.spec.success_status:
            yield Finding("result.complete", f"the answer has no {', '.join(missing)}", Level.SHOULD)
        elif not self._is_gateway(value):
            yield Finding("error.complete", f"the answer has no {', '.join(missing)}", Level.SHOULD)

    def _is_gateway(self, value: Mapping[str, Any]) -> bool:
        """Whether an error has the gateway's body, the other one that the platform documents."""
        gateway = self.spec.document["components"]["schemas"].get("GatewayErrorResponse", {})
        return all(name in value for name in gateway.get("required", ["\0"]))

    def _leaks(self, exchange: Exchange) -> Iterator[Finding]:
        text = exchange.content.decode("utf-8", "replace")
        shown = text + "\n" + "\n".join(f"{name}: {value}" for name, value in exchange.headers)
        asked = exchange.request.body.decode("utf-8", "replace") + exchange.request.target
        if len(text) < 200_000:
            for what, pattern in _LEAKS.items():
                match = pattern.search(shown)
                if match and match[0].strip() not in asked:
                    yield Finding("guard.no-leak", f"the answer shows {what}")
        low = shown.lower()
        for token in exchange.request.values(self.spec.token_header):
            if len(token) >= _SHORTEST_TOKEN and any(form.lower() in low for form in spellings(token)):
                yield Finding("guard.no-leak", "the answer shows the token that was sent")
        ends = {self.secret[:TELLING], self.secret[-TELLING:]}
        told = {*spellings(self.secret), *ends} if self.secret else set[str]()
        if self.secret and self.secret not in asked and any(form.lower() in low for form in told):
            yield Finding("guard.no-leak", "the answer shows a good token")


_EVERY = ("http.framing", "http.json", "http.media-type", "http.status", "guard.answers", "guard.no-leak")


def spellings(token: str) -> set[str]:
    """Return a secret as it may be spelled: plain, percent-encoded, escaped in JSON, in base64."""
    data = token.encode("utf-8", "surrogateescape")
    return {token, quote(token, safe=""), json.dumps(token)[1:-1], base64.b64encode(data).decode().rstrip("=")}


def _is_json(media: MediaType) -> bool:
    return media.essence == "application/json" or media.essence.endswith("+json")


def _says_json(exchange: Exchange) -> bool:
    return any((media := MediaType.parse(value)) and _is_json(media) for value in exchange.values("Content-Type"))
