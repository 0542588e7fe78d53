"""What is found out before anything is judged: is the server there, does it know us, is it ready?"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from openapi_contract.operations import Operation
from secmaster_contract.judge.examiner import Examiner
from secmaster_contract.judge.outcome import Kind, code_of, reason_codes
from secmaster_contract.judge.reading import Reader
from secmaster_contract.run.permissions import Safety
from secmaster_contract.vectors.vector import Vector
from secmaster_contract.wire.connection import ConnectionFailed
from secmaster_contract.wire.dial import TlsRefused
from secmaster_contract.wire.exchange import Exchange


class Readiness(StrEnum):
    """How a server stands to a run."""

    READY = "ready"
    UNREACHABLE = "unreachable"
    TLS_REFUSED = "TLS refused"
    TOKEN_REFUSED = "token refused"  # noqa: S105  a state, not a token
    WRONG_PROJECT = "wrong project"
    NOT_FOUND = "not found"
    THROTTLED = "throttled"


class NotReady(Exception):
    """Nothing can be said of the server; the text says why and what to do."""

    def __init__(self, readiness: Readiness, message: str) -> None:
        super().__init__(message)
        self.readiness = readiness
        self.report: Any = None  # the session's Report, for whoever wants to keep it


def check(examiner: Examiner, safety: Safety) -> None:
    """Reach the server; with the leave to send commands, have one accepted.

    Raises:
        NotReady: The server cannot be reached, refuses the token, knows no such instance, or throttles.
        Withheld: The run was ended meanwhile.
    """
    answers, live = examiner.answers, safety.permissions.live
    url = answers.catalogue.target.url
    mine = _valid_ones(safety)
    asked = mine[0] if mine else safety.control
    try:
        if not live:
            answers.probe(safety.control.request)
            exchange = answers.sender.send(asked.request, about="preflight")
            if answers.outcome(asked, exchange).kind is Kind.ACCEPTED:
                examiner.judge.accepted_before.add(asked.request)
        else:
            # Kept as the vector's own answer: a live server that accepts it is asked nothing more, and blamed for it.
            asked = safety.control
            exchange = answers.answer(asked)
    except TlsRefused as error:
        message = f"{error}. If its certificate is of an authority of your own, name it with --ca FILE"
        raise NotReady(Readiness.TLS_REFUSED, message) from error
    except ConnectionFailed as error:
        message = f"{error}. Is the server running, and is {url} its address?"
        raise NotReady(Readiness.UNREACHABLE, message) from error
    operation = asked.operation
    readiness = readiness_of(exchange, operation)
    if readiness is Readiness.READY or (
        live and not operation.reads and readiness is Readiness.NOT_FOUND and not _is_no_api(exchange, operation)
    ):
        return
    # A server may be wrong in rejecting just this request; another one that is accepted clears it.
    doubtful = not live and readiness is not Readiness.THROTTLED
    if doubtful and any(
        answers.outcome(other, answers.sender.send(other.request)).kind is Kind.ACCEPTED for other in mine
    ):
        return
    raise NotReady(readiness, _message(readiness, url, exchange, operation, answers.sender.patience.spent))


def _valid_ones(safety: Safety) -> list[Vector]:
    """Return the valid requests that may be sent, those that harm least first."""
    catalogue = safety.catalogue
    found = [
        catalogue.vectors[scope.baseline(command)]
        for scope in sorted(catalogue.scopes, key=lambda scope: (not scope.operation.reads, scope.operation.id))
        for command in sorted(scope.commands, key=lambda command: command is not scope.gentlest)
    ]
    return [vector for vector in found if safety.withheld(vector) is None]


def readiness_of(exchange: Exchange, operation: Operation) -> Readiness:
    """Read a server's state from its answer: the status, and the codes that the contract's examples give for it."""
    code = code_of(Reader.parse(exchange))
    if exchange.status == 429:
        return Readiness.THROTTLED
    if exchange.status == 403 or (code is not None and code in reason_codes(operation, "place")):
        return Readiness.WRONG_PROJECT
    if exchange.status == 401 and operation.security:
        return Readiness.TOKEN_REFUSED
    return Readiness.NOT_FOUND if exchange.status == 404 else Readiness.READY


def _is_no_api(exchange: Exchange, operation: Operation) -> bool:
    """Whether a 404 has the code that documented examples of it have: there is no such API at all."""
    response = operation.response(404)
    codes = {code_of(value) for value in response.examples.values()} - {None} if response else set[Any]()
    return code_of(Reader.parse(exchange)) in codes


def _message(readiness: Readiness, url: str, exchange: Exchange, operation: Operation, throttling: str | None) -> str:
    names = [name.removesuffix("_id").replace("_", " ") for name in operation.path_names]
    listed = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "path"
    options = " and ".join(f"--{name.replace('_', '-')}" for name in operation.path_names[:-1]) or "--param"
    return {
        Readiness.TOKEN_REFUSED: f"{url} refuses the token (401). Give a valid one by SECMASTER_TOKEN or --token-file",
        Readiness.WRONG_PROJECT: (
            f"{url} refuses the token for this {' or '.join(names[:-1]) or 'request'} ({exchange.status}). Check the "
            f"token, {options}"
        ),
        Readiness.THROTTLED: f"{url} throttles (429) and {throttling}. Try later",
        Readiness.NOT_FOUND: (f"{url} knows no such {listed} (404). Check the values of the path and the address"),
    }[readiness] + "."
