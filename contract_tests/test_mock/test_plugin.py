"""The pytest plugin, as another project uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CONFTEST = 'pytest_plugins = ["secmaster_contract.mock.pytest_plugin"]'
TEST = """
import urllib.request

def test_it_answers(secmaster_mock):
    assert secmaster_mock.token
    with urllib.request.urlopen(secmaster_mock.url + "/healthz") as answer:
        assert answer.status == 200
"""


def test_the_fixture_gives_a_running_server(tmp_path: Path) -> None:
    """
    One line in a suite, and its tests have a server.
    """
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", str(tmp_path)]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout
