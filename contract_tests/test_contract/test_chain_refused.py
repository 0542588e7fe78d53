"""A refused edit of the shipped contract: every command ends with status 2 and names the place, and does nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from secmaster_contract.cli import _group
from test_contract.edits import REFUSED, Edit
from test_contract.making import SHIPPED


@pytest.fixture
def listener() -> Generator[socket.socket]:
    """A server that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


# The arguments of each command that takes a contract, given the port of a server and a directory to write into.
COMMANDS: dict[str, Callable[[int, Path], list[str]]] = {
    "verify": lambda port, to: ["verify", f"http://127.0.0.1:{port}", "--report", str(to)],
    "verify --mock": lambda _, to: ["verify", "--mock", "--report", str(to)],
    "mock": lambda _, to: ["mock", "--port", "0", "--record", str(to)],
    "clauses": lambda _port, _to: ["clauses"],
    "coverage": lambda _port, _to: ["coverage"],
    "draft": lambda _, to: ["draft", "--to", str(to)],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("edit", REFUSED, ids=lambda edit: edit.id)
def test_a_refused_edit_ends_every_command(edit: Edit, command: str, listener: socket.socket, tmp_path: Path) -> None:
    """
    Each command ends with status 2, names the file and the pointer, writes no file and sends nothing.
    """
    file, output = tmp_path / SHIPPED.name, tmp_path / "output"
    file.write_text(yaml.safe_dump(edit.document().root, sort_keys=False, allow_unicode=True), encoding="utf-8")
    arguments = [*COMMANDS[command](listener.getsockname()[1], output), "--contract", str(file)]

    done = CliRunner().invoke(_group, arguments, env={"SECMASTER_TOKEN": "token-of-the-tests"}, catch_exceptions=False)

    assert done.exit_code == 2, done.output
    assert f"{SHIPPED.name}#{edit.refused}" in done.stderr
    assert done.stdout == ""
    assert not output.exists()
    with pytest.raises(BlockingIOError):
        listener.accept()
