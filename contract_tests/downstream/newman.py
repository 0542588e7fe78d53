"""Runs the wire vectors' Postman collection by newman on the embedded mock; what arrives is compared byte for byte."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from downstream import arriving, postman, vectors
from downstream.building import call
from downstream.consumers import NODE_MODULES
from secmaster_contract.mock.server import running
from secmaster_contract.mock.settings import MockSettings

_MASK = "***"
# These the server answers by the request line alone, without reading the body.
_BODY_UNREAD = (404, 405)


def faults(collection: Path, scratch: Path) -> list[str]:
    """Return where newman's verdict or what arrived differs from the vectors; a run that fails is one fault."""
    document, record, report = vectors.document(), io.StringIO(), scratch / "newman.json"
    report.unlink(missing_ok=True)
    with running(MockSettings(tokens=(vectors.TOKEN,), record=record)) as mock:
        command = [str(NODE_MODULES / ".bin" / "newman"), "run", str(collection), "--env-var", f"base_url={mock.url}"]
        ended = call([*command, "--reporters", "json", "--reporter-json-export", str(report)], scratch)
    if not report.is_file():
        return [f"newman failed: {(ended.stderr or ended.stdout).strip()[-300:]}"]
    run = json.loads(report.read_text(encoding="utf-8"))["run"]
    failed = [f"{one['source'].get('name')}: {one['error']['message']}" for one in run["failures"]]
    told = {vector["name"]: vector["request"] for vector in postman.sendable(document)}
    sent = [told.get(execution["item"]["name"]) for execution in run["executions"]]
    if run["stats"]["assertions"]["total"] != len(told) or len(sent) != len(told) or None in sent:
        return [*failed, f"newman ran {len(sent)} requests where {len(told)} vectors can be sent"]
    exchanges = [json.loads(line) for line in record.getvalue().splitlines()]
    return [*failed, *differences([one for one in sent if one], exchanges)]


def differences(sent: list[dict[str, Any]], exchanges: list[dict[str, Any]]) -> Iterator[str]:
    """Yield where the exchanges that a mock recorded differ from the requests of the vectors, in their order."""
    yield from arriving.differences(sent, exchanges, _same)


def _same(told: dict[str, Any], exchange: dict[str, Any]) -> dict[str, bool]:
    arrived = exchange["request"]
    body = postman.body(told).encode().decode("latin-1")
    headers = {name.lower(): value for name, value in arrived["headers"]}
    return {
        "method": arrived["method"] == told["method"],
        "target": _masked(arrived["target"]) == _masked(told["target"]),
        "headers": all(_shows(headers.get(name.lower(), ""), value) for name, value in told["headers"]),
        "Content-Type": ("content-type" in headers) == any(n.lower() == "content-type" for n, _ in told["headers"]),
        "body": exchange["response"]["status"] in _BODY_UNREAD or _masked(arrived["body"]) == _masked(body),
    }


def _shows(recorded: str, value: str) -> bool:
    """Whether a recorded header can be the value: the recording masks what may be a credential."""
    return _MASK in recorded or recorded == value


def _masked(text: str) -> str:
    """Return a text as the recording shows it."""
    return text.replace(vectors.TOKEN, _MASK)
