"""What a vector is: one request (and what is sent around it), what is expected, and which clause it speaks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from openapi_contract.ledger import Clause
from openapi_contract.operations import Operation
from openapi_contract.oracle import Judgement
from secmaster_contract.wire.request import Request


class Expected(StrEnum):
    """What a server owes a request."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    # Not this operation: rejected, or answered as whatever else the server offers there.
    NOT_ACCEPTED = "not accepted"
    # Whatever the server decides, soundly told.
    ANY = "any sound answer"


@dataclass(frozen=True)
class Vector:
    """A request with what is expected and why.

    `family` names the kind of rule, `kind` the fault or form, `command` and `field` what it is about. `before` are sent
    first on the same connection, `beside` at the same time on others; `fresh` asks for a connection of its own. `twin`
    names the control: the valid vector without which a rejection proves nothing; `follows` the vectors whose failure
    explains a failure of this one. `proper` is false where the request may never reach the operation, so that its
    answer may be anyone's. `statuses` are those by which a server may reject it. `apart` is true where it goes to
    another instance than its twin, which then shows nothing.
    """

    name: str
    family: str
    kind: str
    clause: Clause
    expected: Expected
    request: Request
    judgement: Judgement = field(repr=False)  # its value may hold the token
    operation: Operation
    statuses: tuple[int, ...] = ()
    command: str | None = None
    field: str | None = None
    before: tuple[Request, ...] = ()
    beside: tuple[Request, ...] = ()
    fresh: bool = False
    twin: str | None = None
    follows: tuple[str, ...] = ()
    proper: bool = True
    apart: bool = False
