"""Runs Specmatic with the examples: they are valid, the embedded mock passes, a server that ignores the rules fails."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from downstream import arriving, postman, shipped, specmatic, vectors
from downstream.building import call
from downstream.one_answer import answering
from secmaster_contract.mock.server import running
from secmaster_contract.mock.settings import MockSettings

_VERDICT = re.compile(r"from the example '([^']+)' has (SUCCEEDED|FAILED)")


def faults(jar: Path, scratch: Path) -> list[str]:
    """Return where Specmatic's verdicts, or what arrived, differ from the vectors; `scratch` is a directory to fill."""
    told = {vector["name"]: vector for vector in specmatic.expressible(vectors.document())}
    record = io.StringIO()
    with running(MockSettings(tokens=(vectors.TOKEN,), record=record)) as mock:
        passed = verdicts(jar, mock.url, scratch)
    exchanges = [json.loads(line) for line in record.getvalue().splitlines()]
    arrived = [exchange for exchange in exchanges if exchange["request"]["method"] == shipped.OPERATION.method]
    return [
        *validation_faults(jar, scratch),
        *(f"the mock fails {name}" for name in sorted(told) if not passed.get(name)),
        *(f"{name} is run, which is no vector" for name in sorted(passed.keys() - told)),
        *differences([told[name]["request"] for name in passed if name in told], arrived),
        *_unnoticed(jar, scratch, told),
    ]


def verdicts(jar: Path, url: str, scratch: Path) -> dict[str, bool]:
    """Return the examples that `specmatic test` ran, in their order, and whether the server passed each."""
    ended = call(
        ["java", "-jar", str(jar), "test", str(specmatic.CONTRACT), f"--testBaseURL={url}"],
        scratch,
        {shipped.security().scheme: vectors.TOKEN, "IGNORE_INLINE_EXAMPLES": "true"},
    )
    return {name: word == "SUCCEEDED" for name, word in _VERDICT.findall(ended.stdout)}


def validation_faults(jar: Path, scratch: Path) -> Iterator[str]:
    """Yield a line if `specmatic examples validate` refuses the examples, or takes one that was made wrong."""
    if status := _validate(jar, specmatic.CONTRACT, scratch):
        yield f"the examples are refused (status {status})"
    contract, examples = scratch / specmatic.CONTRACT.name, scratch / specmatic.DIRECTORY.name
    shutil.copy(specmatic.CONTRACT, contract)
    shutil.copytree(specmatic.DIRECTORY, examples, dirs_exist_ok=True)
    path = next(iter(sorted((examples / "accepted").rglob("*.json"))))
    example = json.loads(path.read_text(encoding="utf-8"))
    del example["http-request"]["body"][shipped.body().discriminator]
    path.write_text(json.dumps(example), encoding="utf-8")
    if not _validate(jar, contract, scratch):
        yield "an example that accepts what the contract rejects is held to be valid"


def _validate(jar: Path, contract: Path, scratch: Path) -> int:
    return call(["java", "-jar", str(jar), "examples", "validate", "--spec-file", str(contract)], scratch).returncode


def _unnoticed(jar: Path, scratch: Path, told: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the examples that pass a server which gives all requests the wrong answer, or fail it for the right one."""
    for expected, status in (("accepted", shipped.OPERATION.success_status), ("rejected", 400)):
        with answering(status, b"{}") as url:
            passed = verdicts(jar, url, scratch)
        for name, vector in told.items():
            if passed.get(name) is not (vector["expected"] == expected):
                yield f"{name}: {passed.get(name, 'not run')} of a server that answers {status} to all"


def differences(sent: list[dict[str, Any]], exchanges: list[dict[str, Any]]) -> Iterator[str]:
    """Yield where the exchanges that a mock recorded say something else than the requests of the vectors."""
    yield from arriving.differences(sent, exchanges, _same)


def _same(told: dict[str, Any], exchange: dict[str, Any]) -> dict[str, bool]:
    arrived = exchange["request"]
    headers = {name.lower(): value for name, value in arrived["headers"]}
    return {
        "method": arrived["method"] == told["method"],
        "target": arrived["target"] == told["target"],
        "Content-Type": _plain(headers.get("content-type", "")) == _plain(dict(told["headers"])["Content-Type"]),
        "token": exchange["response"]["status"] not in (401, 403),
        "body": _value(arrived["body"].encode("latin-1")) == _value(postman.body(told).encode()),
    }


def _plain(media_type: str) -> str:
    return media_type.replace(" ", "").lower()


def _value(body: bytes) -> Any:
    """Return what a body says: its JSON value with the order of its fields, or its bytes where it is none."""
    try:
        return json.loads(body, object_pairs_hook=tuple)
    except ValueError:
        return body
