"""`secmaster-contract replay`: one recorded request once more, byte for byte."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from openapi_contract.oracle import Oracle
from secmaster_contract.commands import configuration, credentials
from secmaster_contract.commands.options import OF_THE_CONNECTION
from secmaster_contract.commands.sections import Sectioned
from secmaster_contract.judge.reading import Reader
from secmaster_contract.judge.verdicts import ExitStatus
from secmaster_contract.people import Voice
from secmaster_contract.report.files import UnreadableFile, body_of, read_requests
from secmaster_contract.report.words import answer_line, request_line
from secmaster_contract.run.journal import describe_answer
from secmaster_contract.run.secret import Redactor
from secmaster_contract.run.target import Target
from secmaster_contract.shipped import choose
from secmaster_contract.wire.connection import Connection, ConnectionFailed
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request

_NAMED = 3  # vectors that a message names


def request_of(sent: dict[str, Any], redactor: Redactor) -> Request:
    """Return a recorded request with the token put back.

    Raises:
        UnreadableFile: Its body was withheld.
    """
    headers = tuple((redactor.restore(name), redactor.restore(value)) for name, value in sent["headers"])
    body = redactor.restore_bytes(body_of(sent))
    pieces = tuple(sent.get("pieces", ()))
    return Request(redactor.restore(sent["method"]), redactor.restore(sent["target"]), headers, body, pieces)


def faults_of(
    clause: str,
    operation: str | None,
    sent: dict[str, Any],
    answer: tuple[int, Iterable[tuple[str, str]], bytes],
    *files: Path,
) -> list[str]:
    """Return what an answer does against a clause that every answer is read for; the reproducing files call it.

    `answer` is its status, headers and body; `files` are the contract and its ledger.
    """
    ledger = choose(*files, *[None] * (2 - len(files)))[1]
    status, headers, body = answer
    request = Request(sent["method"], sent["target"], tuple((name, value) for name, value in sent["headers"]))
    reader = Reader(ledger, Oracle(ledger.contract))
    asked = ledger.contract.operation(operation) if operation else ledger.contract.operations[0]
    read = reader.read(asked, Exchange(request, status, tuple(headers), body), proper=operation is not None)
    return [found.what for found in read.faults if found.clause == clause]


@click.command(cls=Sectioned, sections=(OF_THE_CONNECTION,))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--vector", help="The vector whose request is sent; the last one of it, where there are several.")
@click.option("--number", type=click.IntRange(1), help="The number of the request in the file.")
@click.option("--to", "url", help="Another server. Default: the one that the file names.")
@click.option("--timeout", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, help="Seconds to wait.")
def replay(file: Path, vector: str | None, number: int | None, url: str | None, **values: Any) -> None:
    """Send a recorded request again and compare the answers.

    FILE is a cassette, a journal or a verdict file. The request goes out as it was recorded, whatever it does to the
    server: nothing here asks whether the target is live.

    Exit status: 0 answered as recorded, 1 answered otherwise, 2 bad usage, 3 not answered.
    """
    try:
        recorded = _choose(file, read_requests(file), vector, number)
        token = credentials.token(values)
        redactor = Redactor(token)
        requests = [request_of(sent, redactor) for sent in (*recorded["before"], recorded["sent"])]
    except UnreadableFile as error:
        raise click.UsageError(str(error)) from None
    target = _target(url or recorded["target"], token, values)
    connection = target.connection()
    try:
        exchange = _send(connection, requests)
    except ConnectionFailed as error:
        Voice.err(redactor.text).say("Inconclusive: ", f"{error}")
        click.get_current_context().exit(int(ExitStatus.INCONCLUSIVE))
    finally:
        connection.close()
    answer = describe_answer(exchange, redactor)
    voice = Voice.out(redactor.text)
    voice.say("sent      ", request_line(recorded["sent"]))
    if recorded["received"]:
        voice.say("recorded  ", answer_line(recorded["received"]))
    voice.say("received  ", answer_line(answer))
    if exchange.status is None:
        status = ExitStatus.INCONCLUSIVE
    else:
        alike = recorded["received"] is None or recorded["received"]["status"] == exchange.status
        status = ExitStatus.CONFORMS if alike else ExitStatus.VIOLATES
    click.get_current_context().exit(int(status))


def _target(url: str, token: str, values: dict[str, Any]) -> Target:
    parts = urlsplit(configuration.base_url(url))
    base = f"{parts.scheme}://{parts.netloc}"
    tls = configuration.secured(values)
    return Target(base, token, seconds=values["timeout"], tls=tls, proxy=values["proxy"])


def _send(connection: Connection, requests: list[Request]) -> Exchange:
    exchange = connection.exchange(requests[0])
    for request in requests[1:]:
        exchange = connection.exchange(request)
    return exchange


def _choose(file: Path, requests: list[dict[str, Any]], vector: str | None, number: int | None) -> dict[str, Any]:
    chosen = [
        each
        for each in requests
        if (vector is None or each["about"] == vector) and (number is None or each["number"] == number)
    ]
    if not chosen:
        what = f"no request of {vector}" if vector else f"no request number {number}" if number else "no request"
        raise click.UsageError(f"{file} has {what}; it has {_some(requests, vector or '')}")
    if vector is None and number is None and len(requests) > 1:
        raise click.UsageError(f"{file} has {_some(requests)}; say which by --vector NAME or --number N")
    return chosen[-1]


def _some(requests: list[dict[str, Any]], like: str = "") -> str:
    """Say how many requests there are, and name a few: those that the name is like, else the first."""
    names = list(dict.fromkeys(each["about"] for each in requests if each["about"]))
    few = ", ".join(difflib.get_close_matches(like, names, n=_NAMED) or names[:_NAMED])
    return f"{len(requests)} requests" + (f", such as of {few}" if few else "")
