"""What one answer shows of the clauses that every answer is read for, and what a fault of it leaves unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from openapi_contract import strict_json
from secmaster_contract.wire.exchange import Exchange
from openapi_contract.ledger import Level
from secmaster_contract.judge.reading import Finding, Reader

_OF_ANY_ANSWER = frozenset({"http.framing", "guard.no-leak", "guard.answers", "http.status", "guard.no-server-error"})
_OF_JSON = frozenset({"http.json", "http.media-type"})


@dataclass(frozen=True)
class Evidence:
    """The clauses that an answer shows something of; those it cannot be read for, each with the clause it breaks."""

    shown: Collection[str] = ()
    hidden: Mapping[str, str] = field(default_factory=dict[str, str])


def evidence(reader: Reader, exchange: Exchange, findings: Iterable[Finding], *, proper: bool) -> Evidence:
    """Return what an answer shows, and what its own faults hide; `proper` as in `Reader.read`."""
    if exchange.status is None:
        return Evidence()
    if exchange.trouble or not reader.is_documented(exchange, proper=proper):
        return Evidence(_OF_ANY_ANSWER)
    whole, table = reader.table(exchange.status)
    try:
        value = strict_json.read(exchange.content).value
    except strict_json.NotJson:
        told = [finding.clause for finding in findings if finding.level is Level.MUST]
        cause = next((key for key in told if key in {whole, "http.json", "http.framing"}), None)
        hidden = (table | _OF_JSON) - {cause}
    else:
        if isinstance(value, dict):
            return Evidence(_OF_ANY_ANSWER | _OF_JSON | (table & {*reader.always}))
        cause, hidden = whole, table - {whole}
    shown = (_OF_JSON | {whole}) - hidden
    return Evidence(_OF_ANY_ANSWER | shown, dict.fromkeys(hidden, cause) if cause else {})
