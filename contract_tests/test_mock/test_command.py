"""`secmaster-contract mock`: starts, says so, stops; explains what it cannot use."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from secmaster_contract.mock.command import mock
from test_mock.wire import PATH, TOKEN_LINE, TYPE_LINE, Wire, ask, message

COMMAND = [sys.executable, "-m", "secmaster_contract.mock", "--port", "0"]


def start(*options: str | Path, environment: dict[str, str] | None = None) -> tuple[subprocess.Popen[str], str]:
    """Start the command on a free port; return the process and its URL."""
    process = subprocess.Popen(
        [*COMMAND, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    assert process.stdout is not None
    return process, process.stdout.readline().removeprefix("Listening on ").strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_where_it_listens_and_ends_on_a_signal(number: signal.Signals) -> None:
    """
    One line on the standard output, nothing on the standard error, exit status 0.
    """
    process, url = start()
    with process:
        status = ask(url, message()).status
        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)

    assert status == 200
    assert (rest, errors, process.returncode) == ("", "", 0)


def test_a_request_under_way_is_answered_before_the_end() -> None:
    """
    A graceful shutdown finishes what it has begun, and takes no new connection.
    """
    process, url = start()
    with process, Wire(url) as wire:
        wire.send(message(extra=[("Prefer", "delay=0.5")]) + b"")
        # The second connection is served after the first request was read, so that one is under way.
        assert ask(url, message()).status == 200
        process.send_signal(signal.SIGTERM)
        reply = wire.answer()
        process.wait(10)

    assert reply.status == 200
    assert reply.headers["connection"] == "close"
    assert process.returncode == 0


def test_tokens_come_from_options_or_the_environment() -> None:
    """
    Only the tokens that were named are let in.
    """
    for options, environment in ((("--token", "one", "--token", "two"), {}), ((), {"SECMASTER_MOCK_TOKEN": "one two"})):
        process, url = start(*options, environment=environment)
        with process:
            statuses = [
                ask(url, message(headers=[TYPE_LINE, (TOKEN_LINE[0], token)])).status
                for token in ("one", "two", "mock-token")
            ]
            process.terminate()

        assert statuses == [200, 200, 401]


def test_all_options_work_together(tmp_path: Path) -> None:
    """
    State, seed, scenario, log and recording in one server.
    """
    seed, scenario = tmp_path / "seed.yaml", tmp_path / "scenario.yaml"
    seed.write_text("instances:\n- {project_id: i, workspace_id: i, instance_id: i, status: FAILED}\n")
    scenario.write_text("instances: {i: {sequence: [throttled]}}\n")
    files = [tmp_path / name for name in ("state.db", "log", "record")]
    process, url = start(
        "--seed-file",
        seed,
        "--state",
        files[0],
        "--scenario",
        scenario,
        "--seed",
        "3",
        "--log",
        files[1],
        "--record",
        files[2],
    )
    with process:
        statuses = [ask(url, message()).status for _ in range(3)]
        process.terminate()
        process.wait(10)

    assert statuses == [429, 200, 400]
    assert process.returncode == 0
    assert [len(path.read_text().splitlines()) for path in files[1:]] == [3, 3]


def test_the_log_goes_to_the_standard_error_on_request() -> None:
    """
    `--log -` leaves the standard output to the readiness line.
    """
    process, url = start("--log", "-")
    with process:
        ask(url, message())
        process.terminate()
        rest, errors = process.communicate(timeout=10)

    assert rest == ""
    assert json.loads(errors)["path"] == PATH


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--seed-file", "/nowhere/x.json"], "No such file"),
        (["--seed-file", "BAD"], "instance 1: workspace_id is a string"),
        (["--scenario", "BAD"], "the document is not an object"),
        (["--state", "/nowhere/x.db"], "/nowhere/x.db"),
        (["--state", "BAD"], "not a database"),
        (["--stateless", "--state", "s.db"], "--stateless contradicts"),
        (["--seed", "1"], "--scenario"),
        (["--log", "/"], "Is a directory"),
        (["--token", " "], "token that is not empty"),
        (["--token", "\xe4"], "ASCII"),
        (["--host", "256.1.1.1"], "cannot listen on 256.1.1.1"),
        (["--port", "70000"], "70000"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_what_cannot_be_used_is_explained(tmp_path: Path, arguments: list[str], words: str) -> None:
    """
    One sentence, exit status 2, no traceback.
    """
    bad = tmp_path / "bad.json"
    bad.write_text('[{"project_id": "p"}]')
    result = CliRunner().invoke(mock, ["--port", "0", *(str(bad) if word == "BAD" else word for word in arguments)])

    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_port_that_is_taken_is_explained() -> None:
    """
    The sentence names the port and the option.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        result = CliRunner().invoke(mock, ["--port", str(port)])

    assert result.exit_code == 2
    assert f"port {port}" in result.output
    assert "--port" in result.output
    assert len(result.output.splitlines()) == 1


def test_help_loads_no_server() -> None:
    """
    `--help` answers without the server's libraries.
    """
    code = "import sys; from secmaster_contract.mock.command import mock; print('uvicorn' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "False"


def test_the_server_loads_no_test_library() -> None:
    """
    What makes a start slow is not loaded to serve a command.
    """
    code = (
        "import sys; from secmaster_contract.mock.server import running\n"
        "with running(): pass\n"
        "print({'hypothesis', 'schemathesis', 'rich', 'starlette', 'jinja2', 'pytest', 'sqlite3'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "set()"


def test_servers_of_one_process_end_with_their_blocks() -> None:
    """
    No thread and no socket is left.
    """
    from secmaster_contract.mock.server import running  # noqa: PLC0415  counts threads around it

    before = threading.active_count()
    with running() as one, running() as two:
        assert ask(one.url, message()).status == ask(two.url, message()).status == 200
        assert one.url != two.url

    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        Wire(one.url)
