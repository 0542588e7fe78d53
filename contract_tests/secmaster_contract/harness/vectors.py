"""What a vector is: one request (and what is sent around it), what is due, and which clause it speaks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from secmaster_contract.harness.ledger import Clause
from secmaster_contract.harness.oracle import Judgement
from secmaster_contract.harness.request import Request


class Due(StrEnum):
    """What a server owes a request."""

    TAKEN = "taken"
    REFUSED = "refused"
    # Not the command: refused, or answered as whatever else the server offers there.
    NOT_TAKEN = "not taken"
    # Whatever the server decides, soundly told.
    ANY = "any sound answer"


@dataclass(frozen=True)
class Vector:
    """A request with what is due and why.

    `family` names the check that owns it, `kind` the fault or form, `command` and `field` what it is about. `before`
    are sent first on the same connection, `beside` at the same time on others; `fresh` asks for a connection of its
    own. `twin` names the valid vector without which a refusal proves nothing; `follows` the vectors whose failure
    explains a failure of this one. `proper` is false where the request may never reach the operation, so that its
    answer may be anyone's. `statuses` are those by which a server may refuse it. `apart` is true where it goes to
    another instance than its twin, which then shows nothing.
    """

    name: str
    family: str
    kind: str
    clause: Clause
    due: Due
    request: Request
    judgement: Judgement = field(repr=False)  # its value may hold the token
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
