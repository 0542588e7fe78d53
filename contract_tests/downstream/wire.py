"""Runs a program against the embedded mock and judges what arrived."""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from downstream import shipped
from openapi_contract.oracle import Standing
from secmaster_contract.mock.server import running
from secmaster_contract.mock.settings import MockSettings

BAD = "bad-debug"
_LONGEST_RUN = 120


@dataclass(frozen=True)
class Arrival:
    """One request as the mock saw it; `fits` says whether the contract accepts its body as the command that was due."""

    case: str
    fits: bool
    content_type: str | None
    authenticated: bool


@dataclass(frozen=True)
class Run:
    """What came of a program: the requests that arrived and the cases that it refused, with the reason."""

    arrivals: Mapping[str, Arrival]
    refused: Mapping[str, str]
    fault: str | None = None


def run(command: list[str], directory: Path) -> Run:
    """Run a program against a fresh mock; the last segment of a request's path names its case."""
    body, record = shipped.body(), io.StringIO()
    with running(MockSettings(record=record)) as mock:
        environment = os.environ | {
            "MOCK_URL": mock.url,
            "MOCK_TOKEN": mock.token,
            "MEDIA_TYPE": body.media_type,
            "PATH_TEMPLATE": shipped.OPERATION.path,
            "EXAMPLES": json.dumps(body.examples),
            "NO_PROXY": "127.0.0.1",
        }
        ended = subprocess.run(  # noqa: S603  the programs are this folder's
            command, cwd=directory, env=environment, capture_output=True, text=True, check=False, timeout=_LONGEST_RUN
        )
    arrivals = {arrival.case: arrival for arrival in judged(record.getvalue())}
    said = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith('{"case"')]
    refused = {one["case"]: one["refused"] for one in said if one["refused"] and one["case"] not in arrivals}
    if len(said) != len(body.examples) + 1:
        return Run(arrivals, refused, ended.stderr.strip()[-300:] or "the program ended early")
    return Run(arrivals, refused)


def judged(record: str) -> Iterator[Arrival]:
    """Yield the requests of a mock's record, each judged as the example that its case names."""
    header = shipped.security().header.lower()
    for line in record.splitlines():
        exchange = json.loads(line)
        request = exchange["request"]
        case = request["target"].rsplit("/", 1)[-1]
        judgement = shipped.ORACLE.body(shipped.OPERATION, request["body"].encode("latin-1"))
        due = shipped.body().examples.get(case, {})
        headers = {name.lower(): value for name, value in request["headers"]}
        yield Arrival(
            case,
            judgement.standing is Standing.ACCEPTED and _has(judgement.value, due),
            headers.get("content-type"),
            authenticated=header in headers and exchange["response"]["status"] not in (401, 403),
        )


def _has(value: Any, due: Mapping[str, Any]) -> bool:
    """Whether a body holds what was due; a further member is an empty default of the generator's."""
    return isinstance(value, dict) and due.items() <= value.items()
