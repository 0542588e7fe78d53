"""
Writes the verifier's enumerated requests as data for other languages; `--check` compares only.

They become `openapi/vectors.json`, and of that the Postman collection beside it and Specmatic's examples in `dist/`.
Exit status: 0 done or current, 1 not current, 2 the contract or its ledger is at fault.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import sys
from pathlib import Path
from typing import Any

from downstream import postman, specmatic, table
from downstream.consumers import ROOT
from openapi_contract import Contract, ContractError, Operation
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle, read_parameter
from secmaster_contract.judge.outcome import Outcomes
from secmaster_contract.run.session import chosen
from secmaster_contract.run.target import Target
from secmaster_contract.shipped import shipped_ledger
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.request import Request

PATH = ROOT / "openapi" / "vectors.json"
# What stands for the token of a server that runs the vectors; it takes this one or replaces it.
TOKEN = "example-token-0123456789"  # noqa: S105  a made-up value that is published
_LONG_RUN = 256


def document(ledger: Ledger | None = None) -> dict[str, Any]:
    """Return the vectors of a contract, by default the shipped one, as data of `openapi/vectors.schema.json`.

    Raises:
        ContractError: No valid request can be made, or none that breaks some rule.
    """
    ledger = ledger or shipped_ledger()
    operations = chosen(ledger.contract)
    given = _given(ledger.contract, operations)
    catalogue = enumerate_vectors(Target("http://127.0.0.1:1", TOKEN, given), ledger, operations)
    outcomes = Outcomes(ledger.contract)
    return {
        "$schema": "./vectors.schema.json",
        "notice": f"Generated from openapi/{Path(ledger.contract.document.file).name} by `make bundle`; do not edit.",
        "given": {"token": TOKEN, **given},
        "operations": {operation.id: _operation(operation, outcomes) for operation in operations},
        "vectors": [_vector(vector) for vector in catalogue.vectors.values()],
    }


def _given(contract: Contract, operations: tuple[Operation, ...]) -> dict[str, str]:
    """Return a value for each name in the paths that takes any text; the others have the contract's own values."""
    oracle = Oracle(contract)
    given: dict[str, str] = {}
    for parameter in (one for operation in operations for one in operation.parameters_in("path")):
        given.setdefault(parameter.name, f"example-{parameter.name.replace('_', '-')}")
        read = read_parameter(parameter, [given[parameter.name]], contract)
        if not oracle.validator(parameter.schema_pointer).is_valid(read):
            given[parameter.name] = ""
    return {name: value for name, value in given.items() if value}


def _operation(operation: Operation, outcomes: Outcomes) -> dict[str, Any]:
    flag, scheme = outcomes.flag(operation), operation.security
    return {
        "method": operation.method,
        "path": operation.path,
        **({"token_header": scheme.header} if scheme else {}),
        "statuses": sorted(operation.success_statuses),
        **({"done": {"field": flag[0], "value": flag[1]}} if flag else {}),
    }


def _vector(vector: Vector) -> dict[str, Any]:
    around = {
        "before": [_request(request) for request in vector.before],
        "beside": [_request(request) for request in vector.beside],
    }
    return {
        "name": vector.name,
        "operation": vector.operation.id,
        "clause": vector.clause.key,
        "level": vector.clause.level.value,
        "expected": vector.expected.value,
        **({"statuses": list(vector.statuses)} if vector.expected is Expected.REJECTED else {}),
        **{name: requests for name, requests in around.items() if requests},
        "request": _request(vector.request),
    }


def _request(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "target": request.target,
        "headers": [list(header) for header in request.headers],
        "body": _body(request.body),
        **({"chunks": list(request.pieces)} if request.pieces else {}),
    }


def _body(body: bytes) -> list[dict[str, Any]]:
    """Return a body as parts to be put together: text, or base64 where it is none; `times` says how often."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return [{"base64": base64.b64encode(body).decode()}]
    parts: list[dict[str, Any]] = []
    for letter, letters in itertools.groupby(text):
        count = sum(1 for _ in letters)
        if count >= _LONG_RUN:
            parts.append({"text": letter, "times": count})
        elif parts and "times" not in parts[-1]:
            parts[-1]["text"] += letter * count
        else:
            parts.append({"text": letter * count})
    return parts


def text(whole: dict[str, Any]) -> str:
    """Return the file's text: a vector a line, so that a change shows as the vectors it touches."""
    head = json.dumps({name: value for name, value in whole.items() if name != "vectors"}, indent=2)
    lines = ",\n".join(f"    {json.dumps(vector, ensure_ascii=True)}" for vector in whole["vectors"])
    return f'{head[:-2]},\n  "vectors": [\n{lines}\n  ]\n}}\n'


def files() -> dict[Path, str]:
    """Return the text of each file that is derived from the enumeration.

    Raises:
        ContractError: The contract or its ledger cannot be used.
    """
    whole = document()
    return {PATH: text(whole), postman.PATH: postman.text(whole), **specmatic.files(whole)}


def main() -> int:
    """Write the files, or say with status 1 which are not current."""
    parser = argparse.ArgumentParser(description="Write openapi/vectors.json and what is made of it.")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that are not current")
    arguments = parser.parse_args()
    try:
        derived = files()
    except ContractError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not table.is_of_these_rules():
        sys.stdout.write(f"{table.PAGE.name} was measured on other rules; `make downstream` measures again\n")
    foreign = [path for path in specmatic.DIRECTORY.rglob("*") if path.is_file() and path not in derived]
    if not arguments.check:
        for path in foreign:
            path.unlink()
        for path, content in derived.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return 0
    stale = [path for path, content in derived.items() if not path.is_file() or path.read_text("utf-8") != content]
    for path in stale:
        sys.stderr.write(f"stale or edited: {path.relative_to(ROOT)}\n")
    for path in foreign:
        sys.stderr.write(f"not derived: {path.relative_to(ROOT)}\n")
    if stale or foreign:
        sys.stderr.write("Repair with: make bundle\n")
    return 1 if stale or foreign else 0


if __name__ == "__main__":
    sys.exit(main())
