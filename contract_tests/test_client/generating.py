"""How the tests run the generator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi_contract import Contract
from openapi_contract.oracle import Oracle

ROOT = Path(__file__).parents[2]
GENERATOR = ROOT / "openapi" / "generator"
SPEC = ROOT / "openapi" / "secmaster-workflows.yaml"
PACKAGE = "secmaster_workflows"
CONTRACT = Contract.load(SPEC)
(OPERATION,) = CONTRACT.operations
ORACLE = Oracle(CONTRACT)


def checked(pointer: str, contract: Contract = CONTRACT) -> dict[str, Any]:
    """The schema at a pointer as the generator writes it into a client."""
    sys.path.insert(0, str(GENERATOR))
    try:
        from model_facts import inlined  # noqa: PLC0415  it is a program's module, found by the line above
    finally:
        sys.path.remove(str(GENERATOR))
    return inlined(contract.document, pointer)


@dataclass(frozen=True)
class Done:
    """How the generator ended."""

    status: int
    said: str


def generate(*arguments: object, environment: Mapping[str, str] | None = None, cwd: Path = ROOT) -> Done:
    """Runs the generator as make does."""
    done = subprocess.run(
        [sys.executable, GENERATOR / "generate.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=os.environ | (environment or {}),
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout + done.stderr)


def files(directory: Path) -> dict[str, bytes]:
    """The content of each file."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
