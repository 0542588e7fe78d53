"""
Writes the verifier's enumerated requests as data for other languages; `--check` compares only.

They become `openapi/vectors.json`, and of that the Postman collection beside it and Specmatic's examples in `dist/`.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import sys
from pathlib import Path
from typing import Any

from downstream import postman, specmatic
from downstream.consumers import ROOT
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.wire.request import Request
from openapi_contract import load_spec
from secmaster_contract.run.target import Target
from secmaster_contract.vectors.vector import Vector

PATH = ROOT / "openapi" / "vectors.json"
# What stands for the token and the identifiers of a server that runs the vectors; it takes these or replaces them.
TOKEN = "example-token-0123456789"  # noqa: S105  a made-up value that is published
_LONG_RUN = 256


def document() -> dict[str, Any]:
    """Return the vectors as data of `openapi/vectors.schema.json`."""
    spec = load_spec()
    identifiers = {name: f"example-{name.replace('_', '-')}" for name in spec.path_parameters}
    target = Target("http://127.0.0.1:1", TOKEN, identifiers)
    catalogue = enumerate_vectors(target, spec)
    return {
        "$schema": "./vectors.schema.json",
        "notice": "Generated from openapi/secmaster-workflows.yaml by `make bundle`; do not edit.",
        "given": {"token": TOKEN, "token_header": spec.token_header, **identifiers},
        "taken_status": spec.success_status,
        "vectors": [_vector(vector) for vector in catalogue.vectors.values()],
    }


def _vector(vector: Vector) -> dict[str, Any]:
    around = {
        "before": [_request(request) for request in vector.before],
        "beside": [_request(request) for request in vector.beside],
    }
    return {
        "name": vector.name,
        "clause": vector.clause.key,
        "level": vector.clause.level.value,
        "due": vector.due.value,
        **({"statuses": list(vector.statuses)} if vector.due.value == "refused" else {}),
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


def text() -> str:
    """Return the file's text: a vector a line, so that a change shows as the vectors it touches."""
    whole = document()
    head = json.dumps({name: value for name, value in whole.items() if name != "vectors"}, indent=2)
    lines = ",\n".join(f"    {json.dumps(vector, ensure_ascii=True)}" for vector in whole["vectors"])
    return f'{head[:-2]},\n  "vectors": [\n{lines}\n  ]\n}}\n'


def files() -> dict[Path, str]:
    """Return the text of each file that is derived from the enumeration."""
    whole = document()
    return {PATH: text(), postman.PATH: postman.text(whole), **specmatic.files(whole)}


def main() -> int:
    """Write the files, or say with status 1 which are not current."""
    parser = argparse.ArgumentParser(description="Write openapi/vectors.json and what is made of it.")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that are not current")
    arguments = parser.parse_args()
    derived = files()
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
