"""What an answer amounts to, by the contract alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from openapi_contract.ledger import members_of
from openapi_contract.operations import Contract, Operation
from secmaster_contract.judge.reading import Reader
from secmaster_contract.wire.exchange import Exchange

_CONFLICT = 409


class Kind(StrEnum):
    """What an answer amounts to; `failed` is a status of success whose body says that nothing was done."""

    ACCEPTED = "accepted"
    FAILED = "failed"
    REJECTED = "rejected"
    THROTTLED = "throttled"
    ERROR = "error"
    BROKEN = "broken"
    ODD = "odd"


@dataclass(frozen=True)
class Outcome:
    """The kind of an answer, and its JSON value where it has one."""

    kind: Kind
    value: Any = None


class Outcomes:
    """Reads outcomes by one contract."""

    def __init__(self, contract: Contract) -> None:
        self._flags = {operation: _flag(contract, operation) for operation in contract.operations}
        self._states = {operation: reason_codes(operation, "state") for operation in contract.operations}

    def flag(self, operation: Operation) -> tuple[str, Any] | None:
        """Return the field of an answer that says whether it was carried out, and the value that says so."""
        return self._flags[operation]

    def expected(self, operation: Operation) -> str:
        """Return in words what answers an accepted request."""
        flag = self.flag(operation)
        told = f" with {flag[0]} {str(flag[1]).lower()}" if flag else ""
        return f"{' or '.join(map(str, sorted(operation.success_statuses)))}{told}"

    def of(self, operation: Operation, exchange: Exchange) -> Outcome:
        """Say what an answer amounts to."""
        if exchange.trouble or exchange.status is None:
            return Outcome(Kind.BROKEN)
        value = Reader.parse(exchange)
        if exchange.status in operation.success_statuses:
            return Outcome(Kind.FAILED if self.says_failed(operation, value) else Kind.ACCEPTED, value)
        if exchange.status == 429:
            return Outcome(Kind.THROTTLED, value)
        if exchange.status >= 500:
            return Outcome(Kind.ERROR, value)
        return Outcome(Kind.REJECTED if exchange.status >= 400 else Kind.ODD, value)

    def says_failed(self, operation: Operation, value: Any) -> bool:
        """Whether a body says that the request was not carried out."""
        flag = self.flag(operation)
        if flag is None or not isinstance(value, dict) or not isinstance(flag[1], bool):
            return bool(flag and isinstance(value, dict) and flag[0] in value and value[flag[0]] != flag[1])
        return value.get(flag[0]) is (not flag[1])

    def says_done(self, operation: Operation, value: Any) -> bool:
        """Whether a body says that the request was carried out."""
        flag = self.flag(operation)
        return flag is not None and isinstance(value, dict) and value.get(flag[0]) == flag[1]

    def is_unfit(self, operation: Operation, exchange: Exchange) -> bool:
        """Whether an answer rejects a command for the state of the resource.

        That a command has to fit the state, and by which code the service says so, is platform knowledge.
        """
        return exchange.status == _CONFLICT or code_of(Reader.parse(exchange)) in self._states[operation]


def _flag(contract: Contract, operation: Operation) -> tuple[str, Any] | None:
    for name, member in members_of(contract, operation.success).items():
        stated: Mapping[str, Any] = contract.document.at(member.site)
        for schema in (stated, member.schema):
            if "x-succeeded-when" in schema:
                return name, schema["x-succeeded-when"]
    return None


def reason_codes(operation: Operation, reason: str) -> frozenset[Any]:
    """Return the codes by which documented examples reject a request for a reason (`x-reason`)."""
    return frozenset(
        code
        for response in operation.responses.values()
        for name, why in response.reasons.items()
        if why == reason and (code := code_of(response.examples[name])) is not None
    )


def code_of(value: Any) -> Any:
    """Return the error code in a body: its member named code, or the first whose name ends so."""
    if not isinstance(value, dict):
        return None
    named = [name for name in value if name == "code"] or [name for name in value if name.endswith("code")]
    code = value[named[0]] if named else None
    return code if isinstance(code, str | int) else None
