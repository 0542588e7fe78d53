"""The checks under `clauses/`, run by pytest out of reach of the settings of whoever runs it."""

from __future__ import annotations

import io
import os
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from secmaster_contract.harness.plugin import VerifierPlugin

CLAUSES = Path(__file__).resolve().parents[1] / "clauses"


def run_checks(plugin: VerifierPlugin, *arguments: str) -> None:
    """Run pytest over the checks, out of reach of the settings of whoever runs it."""
    options = ["-c", str(CLAUSES / "pytest.ini"), "--rootdir", str(CLAUSES), "--assert=plain", "-p", "no:cacheprovider"]
    options += ["-p", "no:terminal", "--strict-markers", "-p", "no:logging", "-p", "no:doctest"]
    said = io.StringIO()
    with _own_environment(), redirect_stderr(said), redirect_stdout(said):
        status = pytest.ExitCode(pytest.main([*options, *arguments, str(CLAUSES)], plugins=[plugin]))
    if status in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        plugin.faults_of_the_harness.append(f"pytest ended with {status.name}: {said.getvalue()[-400:].strip()}")
    if status is pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt


@contextmanager
def _own_environment() -> Generator[None]:
    own = {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": ""}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
