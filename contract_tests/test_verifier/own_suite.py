"""Runs pytest as somebody who has the package installed, in a directory of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from test_verifier.servers.reference import TOKEN

CLAUSES = ("--pyargs", "secmaster_contract.suite")
WORKERS = ("-n", "3")
LIVE = ("--contract-treat-as", "live", "--contract-rate", "1000/s")
_STEERING = ("PYTEST", "SECMASTER", "GITHUB", "PY_COLORS", "FORCE_COLOR")


@dataclass(frozen=True)
class Ended:
    """What a run of pytest ended with, and said: `failed` are its tests, each with the line that it failed with."""

    status: int
    out: str
    passed: int
    failed: dict[str, str]


def run_pytest(url: str, directory: Path, *options: str, test: str = "", token: str = TOKEN) -> Ended:
    """Run pytest with a target, over a file of one's own and whatever `options` name."""
    (directory / "test_mine.py").write_text(test or "def test_mine(): pass\n")
    outer = {name: value for name, value in os.environ.items() if not name.startswith(_STEERING)}
    results = directory / "results.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "secmaster_contract.pytest_plugin"]
    command += ["-c", os.devnull, "--rootdir", str(directory), "--junitxml", str(results), "--contract-target", url]
    ended = subprocess.run(
        [*command, *options, "test_mine.py"],
        env={**outer, "SECMASTER_TOKEN": token},
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    # Bad usage leaves no results.
    cases = list(ET.parse(results).iter("testcase")) if results.exists() else []  # noqa: S314  pytest has just written it
    failed = {
        str(case.get("name")): str(fault.get("message")).partition("\n")[0]
        for case in cases
        for fault in (*case.findall("failure"), *case.findall("error"))
    }
    passed = sum(not list(case) for case in cases)
    return Ended(ended.returncode, ended.stdout + ended.stderr, passed, failed)
