"""What is found out before anything is judged: is the server there, does it know us, is it ready?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from secmaster_contract.harness import strict_json
from secmaster_contract.harness.connection import ConnectionFailed
from secmaster_contract.harness.dial import TlsRefused
from secmaster_contract.harness.examiner import Examiner
from secmaster_contract.harness.exchange import Exchange
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.safety import Safety
from secmaster_contract.harness.spec import Spec


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
        self.report: Any = None  # the runner's Report, for whoever wants to keep it


def check(examiner: Examiner, safety: Safety) -> None:
    """Reach the server; with the leave to send commands, have one taken.

    Raises:
        NotReady: The server cannot be reached, refuses the token, knows no such instance, or throttles.
        Withheld: The run was ended meanwhile.
    """
    catalogue, spec, live = examiner.catalogue, examiner.spec, safety.permissions.live
    url = catalogue.target.url
    commands = [catalogue.vectors[catalogue.baseline(command)] for command in spec.commands]
    mine = [vector for vector in commands if safety.withheld(vector) is None]
    # Retry harms least; a live system is first asked what it must refuse.
    mine.sort(key=lambda vector: vector.command != spec.commands[1].name)
    request: Request = mine[0].request if mine else safety.control
    try:
        if not live:
            examiner.probe(safety.control)
            exchange = examiner.sender.send(request, about="preflight")
            if examiner.outcome(exchange).name == "taken":
                examiner.taken_before.add(request)
        else:
            # Kept as the vector's own answer: a live server that takes it is asked nothing more, and is blamed for it.
            exchange = examiner.answer(safety.control_vector)
    except TlsRefused as error:
        message = f"{error}. If its certificate is of an authority of your own, name it with --ca FILE"
        raise NotReady(Readiness.TLS_REFUSED, message) from error
    except ConnectionFailed as error:
        message = f"{error}. Is the server running, and is {url} its address?"
        raise NotReady(Readiness.UNREACHABLE, message) from error
    readiness = readiness_of(exchange, spec)
    if readiness is Readiness.READY or (live and readiness is Readiness.NOT_FOUND and not _is_no_api(exchange, spec)):
        return
    # A server may be wrong in refusing just this command; another one that is taken clears it.
    refused = not live and readiness is not Readiness.THROTTLED
    if refused and any(examiner.outcome(examiner.sender.send(other.request)).name == "taken" for other in mine):
        return
    raise NotReady(readiness, _message(readiness, url, exchange, examiner.sender.patience.spent))


# Platform knowledge, by the published error codes of SecMaster: invalid workspace or project, told by a 400 or a 403.
_WRONG_PLACE = {f"SecMaster.{code}" for code in ("20010001", "20030002", "20041001", "20041003")}


def readiness_of(exchange: Exchange, spec: Spec) -> Readiness:
    """Read a server's state from its answer: the status, and the codes that the contract's examples give for it."""
    project = _WRONG_PLACE | set(_codes(spec, "403"))
    if exchange.status == 429:
        return Readiness.THROTTLED
    if _code(exchange) in project or exchange.status == 403:
        return Readiness.WRONG_PROJECT
    if exchange.status == 401:
        return Readiness.TOKEN_REFUSED
    return Readiness.NOT_FOUND if exchange.status == 404 else Readiness.READY


def _is_no_api(exchange: Exchange, spec: Spec) -> bool:
    return _code(exchange) in set(_codes(spec, "404"))


def _codes(spec: Spec, status: str) -> Iterator[str]:
    for media in spec.responses.get(status, {}).get("content", {}).values():
        for example in media.get("examples", {}).values():
            yield from (example["value"][name] for name in ("code", "error_code") if name in example["value"])


def _code(exchange: Exchange) -> str | None:
    try:
        value = strict_json.read(exchange.content).value
    except strict_json.NotJson:
        return None
    code = value.get("code", value.get("error_code")) if isinstance(value, dict) else None
    return code if isinstance(code, str) else None


def _message(readiness: Readiness, url: str, exchange: Exchange, throttling: str | None) -> str:
    return {
        Readiness.TOKEN_REFUSED: f"{url} refuses the token (401). Give a valid one by SECMASTER_TOKEN or --token-file",
        Readiness.WRONG_PROJECT: (
            f"{url} refuses the token for this project or workspace ({exchange.status}). Check the token, --project-id "
            "and --workspace-id"
        ),
        Readiness.THROTTLED: f"{url} throttles (429) and {throttling}. Try later",
        Readiness.NOT_FOUND: (
            f"{url} knows no such project, workspace or instance (404). Check the three identifiers and the address"
        ),
    }[readiness] + "."
