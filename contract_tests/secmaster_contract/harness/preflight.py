"""What is found out before anything is judged: is the server there, does it know us, is it ready?"""

from __future__ import annotations

from secmaster_contract.harness.connection import ConnectionFailed
from secmaster_contract.harness.examiner import Examiner
from secmaster_contract.harness.request import Request


class NotReady(Exception):
    """Nothing can be said of the server; the text says why and what to do."""


def check(examiner: Examiner, *, may_act: bool) -> None:
    """Reach the server; with the leave to send commands, have one taken.

    Raises:
        NotReady: The server cannot be reached, refuses the token, knows no such instance, or throttles.
    """
    catalogue, spec = examiner.catalogue, examiner.spec
    url = catalogue.target.url
    stranger = catalogue.vectors["unknown-command/unknown"].request
    request: Request = catalogue.vectors[catalogue.baseline(spec.commands[1])].request if may_act else stranger
    try:
        examiner.probe(stranger)
        exchange = examiner.sender.send(request)
    except ConnectionFailed as error:
        message = f"{error}. Is the server running, and is {url} its address?"
        raise NotReady(message) from error
    reasons = {
        401: f"{url} refuses the token (401). Give a valid one with --token or SECMASTER_TOKEN",
        403: f"{url} refuses the token for this project (403). Check the token and --project-id",
        429: f"{url} throttles (429) and asks for a longer wait than --patience allows. Try later",
        404: f"{url} knows no such project, workspace or instance (404). Check the three identifiers and the address",
    }
    if exchange.status in reasons:
        # A server may be wrong in refusing just this command; another one that is taken clears it.
        others = [catalogue.vectors[catalogue.baseline(command)] for command in spec.commands] if may_act else []
        if not any(examiner.outcome(examiner.sender.send(vector.request)).name == "taken" for vector in others):
            raise NotReady(reasons[exchange.status] + ".")
