"""Verification under load, driven by Locust: `make load USERS=200 SECONDS=30`, with .venv-bench's Python.

Exit status: 0 every answer kept the contract, 1 some did not, 2 bad usage, 3 nothing can be said.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import ProgramError, last_line, program, run
from secmaster_contract.mock.settings import TOKEN
from secmaster_contract.run.target import Target

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# What a request is to the contract, in Locust's report: a command by the client, or what it rejects, sent raw.
VALID, INVALID = "valid", "invalid"
REPORTS = ROOT / "reports" / "load"
_IDENTIFIERS = {"PROJECT_ID": "p", "WORKSPACE_ID": "w", "INSTANCE_ID": "i"}


class UsageError(Exception):
    """What was asked for cannot be done; the text says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Load a server and say what its answers break."""
    options = _options(arguments)
    try:
        url = os.environ.get("SECMASTER_ENDPOINT") if options.url is None else options.url
        settings = _settings(url, options.allow) | {"LOAD_PACE": str(options.pace)}
        with _serving(settings):
            place = settings["SECMASTER_ENDPOINT"] + ("" if url else " (the embedded mock)")
            sys.stderr.write(f"Loading {place} with {options.users} users for {options.seconds} s ...\n")
            outcome = drive(settings, options.users, options.seconds, options.processes)
    except UsageError as error:
        sys.stderr.write(f"Error: {error}.\n")
        return 2
    except ProgramError as error:
        sys.stderr.write(f"Nothing can be said: {error}.\n")
        return 3
    sys.stdout.write(summary(outcome))
    sys.stdout.write(f"Report on {place}: {(REPORTS / 'report.html').relative_to(ROOT)}\n")
    if not outcome["requests"] or outcome["unavailable"] == outcome["requests"]:
        return 3
    return 1 if outcome["violations"] else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load", description="Verify a server under load; the mock by default.")
    parser.add_argument(
        "url", nargs="?", help="the server, else that of SECMASTER_ENDPOINT; on another machine with --allow alone"
    )
    parser.add_argument("--users", type=int, default=200, help="users at one time")
    parser.add_argument("--seconds", type=int, default=30, help="how long")
    parser.add_argument("--processes", type=int, default=1, help="Locust's worker processes")
    parser.add_argument(
        "--pace", type=float, default=0.0, help="a user sends one request in so many seconds; 0: as answers come"
    )
    parser.add_argument("--allow", default="", help="the commands that may be carried out, as retry,debug")
    options = parser.parse_args(arguments)
    if min(options.users, options.seconds, options.processes) < 1:
        parser.error("--users, --seconds and --processes are at least 1")
    if not 0 <= options.pace <= 3600:
        parser.error("--pace is a number of seconds, from 0 to 3600")
    return options


def _settings(url: str | None, allow: str) -> dict[str, str]:
    """Return the environment of Locust; without an endpoint where the mock is to be started.

    Raises:
        UsageError: The server is on another machine and nobody has said that it may be loaded, or a value is missing.
    """
    settings = {"LOAD_ALLOW": allow}
    if url is None:
        return settings | {f"SECMASTER_{name}": value for name, value in (_IDENTIFIERS | {"TOKEN": TOKEN}).items()}
    if not url:
        raise UsageError("the URL of the server is empty; give TARGET=http://... to make load")
    if not Target(url, "").is_loopback and not allow:
        reason = f"{url} is not on this machine, and commands under load act on whatever runs there"
        raise UsageError(f"{reason}; if it is yours to load, name the commands: ARGS='--allow retry'")
    settings["SECMASTER_ENDPOINT"] = url
    for name in ("TOKEN", *_IDENTIFIERS):
        value = os.environ.get(f"SECMASTER_{name}") or (_IDENTIFIERS.get(name) if not allow else None)
        if not value:
            raise UsageError(f"SECMASTER_{name} is missing; give {name}=... to make load")
        settings[f"SECMASTER_{name}"] = value
    return settings


@contextmanager
def _serving(settings: dict[str, str]) -> Generator[None]:
    """Start the mock, if no other server is named."""
    if "SECMASTER_ENDPOINT" in settings:
        yield
        return
    with serving_mock() as url:
        settings["SECMASTER_ENDPOINT"] = url
        yield


@contextmanager
def serving_mock() -> Generator[str]:
    """Serve the mock in a process of its own; gives its URL."""
    command = [sys.executable, "-m", "secmaster_contract.mock", "--port", "0", "--token", TOKEN]
    with program(command) as server:
        yield server.line_with("Listening on").rpartition(" ")[2]


def mock_settings(url: str) -> dict[str, str]:
    """Return the environment that sends the load to a mock."""
    return _settings(None, "") | {"SECMASTER_ENDPOINT": url}


def drive(
    settings: Mapping[str, str], users: int, seconds: int, processes: int, python: Path | None = None
) -> dict[str, Any]:
    """Let Locust send, and return what it has counted.

    Raises:
        ProgramError: Locust failed.
    """
    REPORTS.mkdir(parents=True, exist_ok=True)
    outcome = REPORTS / "outcome.json"
    outcome.unlink(missing_ok=True)
    command = [str(python or sys.executable), "-m", "locust", "-f", str(HERE / "programs" / "locustfile.py")]
    command += ["--headless", "--users", str(users), "--spawn-rate", str(max(users, 1)), "--run-time", f"{seconds}s"]
    command += ["--html", str(REPORTS / "report.html"), "--only-summary", "--exit-code-on-error", "0"]
    if processes > 1:
        port = str(_free_port())  # where Locust's master meets its workers
        command += ["--processes", str(processes), "--master-bind-host", "127.0.0.1"]
        command += ["--master-bind-port", port, "--master-port", port]
    environment = {**settings, "LOAD_OUTCOME": str(outcome)}
    ended = run(command, env=environment, must=False)
    if not outcome.exists():
        raise ProgramError(f"Locust ended with status {ended.status}: {last_line(ended.output)}")
    result: dict[str, Any] = json.loads(outcome.read_text(encoding="utf-8"))
    return result | {"cpu": ended.cpu}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def write_outcome(environment: Any, violations: Mapping[str, int]) -> None:
    """Write what Locust has counted; called by its master when it ends."""
    stats = environment.stats
    kinds: dict[str, dict[str, float]] = {}
    for kind in (VALID, INVALID):
        entries = [entry for (_, method), entry in stats.entries.items() if method == kind]
        kinds[kind] = {"requests": sum(entry.num_requests for entry in entries)}
    total = stats.total
    unavailable = sum(error.occurrences for error in stats.errors.values() if "Unavailable" in str(error.error))
    outcome = {
        "requests": total.num_requests,
        "seconds": max(total.last_request_timestamp - total.start_time, 0.001) if total.num_requests else 0.0,
        "kinds": kinds,
        "milliseconds": {str(p): total.get_response_time_percentile(p / 100) for p in (50, 95, 99, 99.9)},
        "unavailable": unavailable,
        "violations": dict(violations),
    }
    Path(os.environ["LOAD_OUTCOME"]).write_text(json.dumps(outcome), encoding="utf-8")


def summary(outcome: Mapping[str, Any]) -> str:
    """Return the outcome in words."""
    requests, seconds = outcome["requests"], outcome["seconds"]
    if not requests:
        return "No request was sent.\n"
    sent = ", ".join(f"{part['requests']} {name}" for name, part in outcome["kinds"].items())
    lines = [f"{requests} requests in {seconds:.1f} s ({sent}): {requests / seconds:.0f} a second"]
    lines.append("ms: " + ", ".join(f"p{name} {value:.0f}" for name, value in outcome["milliseconds"].items()))
    if outcome["unavailable"]:
        lines.append(f"{outcome['unavailable']} without an answer to judge; the report says why")
    violations = sorted(outcome["violations"].items(), key=lambda item: -item[1])
    lines += [f"violates {clause}: {count} times" for clause, count in violations] or [
        "every answer keeps the contract"
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
