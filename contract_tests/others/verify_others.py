"""Verifies servers that no one here wrote, made from our YAML by other people's tools, and writes down what was found.

Needs node, npm and java, and the package registries; run it by `make verify-others`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FINDINGS = ROOT / "contract_tests" / "OTHERS.md"
PRISM = "5.14.2"
GENERATOR = "7.26.0"
_BIN = Path(sys.executable).parent
_READY_SECONDS = 60


@dataclass(frozen=True)
class Other:
    """A server by somebody else: how it is set up in a directory, and the command that serves on a port."""

    title: str
    what: str
    set_up: Callable[[Path], None]
    serve: Callable[[Path, int], list[str]]
    environment: Callable[[Path], dict[str, str]] = lambda _: {}


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  the commands stand below


def _prism(directory: Path) -> None:
    _run(
        "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", directory, f"@stoplight/prism-cli@{PRISM}"
    )


def _stub(directory: Path) -> None:
    python = directory / "venv" / "bin" / "python"
    _run(_BIN / "uv", "venv", "--quiet", directory / "venv")
    packages = [f"openapi-generator-cli=={GENERATOR}", "fastapi", "uvicorn", "python-multipart"]
    _run(_BIN / "uv", "pip", "install", "--quiet", "--python", python, *packages)
    (jar,) = directory.glob("venv/lib/python*/site-packages/openapi_generator_cli/openapi-generator.jar")
    spec = directory / "compat30.yaml"
    # Its template writes the key 5XX into Python as it stands, which is no Python.
    spec.write_text((ROOT / "openapi" / "dist" / "compat30.yaml").read_text().replace(" 5XX:", " '500':"))
    _run("java", "-jar", jar, "generate", "-i", spec, "-g", "python-fastapi", "-o", directory / "stub")
    implementation = directory / "stub" / "src" / "openapi_server" / "impl" / "workflows.py"
    implementation.write_text(_IMPLEMENTATION)


# The stub answers nothing until somebody says what: this much, and no check of its own.
_IMPLEMENTATION = """from openapi_server.apis.workflows_api_base import BaseWorkflowsApi


class Workflows(BaseWorkflowsApi):
    async def update_workflow_instance(self, *_, **__):
        return {"code": "00000000", "message": "", "request_id": "", "success": True}
"""

OTHERS = (
    Other(
        f"Prism {PRISM}, `prism mock`",
        "A mock server from npm that reads the YAML as it is. It cannot know which token is good.",
        _prism,
        lambda directory, port: [
            str(directory / "node_modules" / ".bin" / "prism"),
            *("mock", "-h", "127.0.0.1", "-p", str(port), str(ROOT / "openapi" / "secmaster-workflows.yaml")),
        ],
    ),
    Other(
        f"openapi-generator {GENERATOR}, `python-fastapi`",
        "A server stub made from `compat30.yaml`, with 500 for 5XX: the generated module is a syntax error otherwise. "
        "The operation was given three lines that answer every call with success; what is refused, the stub refuses.",
        _stub,
        lambda directory, port: [
            str(directory / "venv" / "bin" / "python"),
            *("-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port), "openapi_server.main:app"),
        ],
        lambda directory: {"PYTHONPATH": str(directory / "stub" / "src")},
    ),
)


@contextmanager
def _serving(other: Other, directory: Path) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(  # noqa: S603  the command stands above
        other.serve(directory, port),
        env={**os.environ, **other.environment(directory)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port, other.title)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, title: str) -> None:
    until = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"{title} does not come up")


def _verify(url: str, directory: Path) -> dict[str, Any]:
    verdict = directory / "verdict.json"
    own = {"SECMASTER_TOKEN": "token-of-the-others", "SECMASTER_PROJECT_ID": "p", "SECMASTER_WORKSPACE_ID": "w"}
    subprocess.run(  # noqa: S603  our own program
        [_BIN / "secmaster-contract", "verify", url, "--quiet", "--timeout", "3", "--json", verdict],
        env={**os.environ, **own, "SECMASTER_INSTANCE_ID": "i"},
        check=False,
    )
    report: dict[str, Any] = json.loads(verdict.read_text())
    return report


def _findings(other: Other, report: dict[str, Any]) -> str:
    counts = ", ".join(f"{count} {verdict}" for verdict, count in report["verdicts"].items() if count)
    lines = [f"## {other.title}", "", other.what, "", f"Exit status {report['exit_status']}: {counts}.", ""]
    lines += ["| verdict | clause | sent | received |", "|---|---|---|---|"]
    for clause in report["clauses"]:
        for failure in clause["failures"][:1]:
            cells = [clause["verdict"], f"`{clause['key']}`", _sent(failure), _received(failure)]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    unknown = Counter(
        # Each run is at another port.
        re.sub(r"^127\.0\.0\.1:\d+", "the server", clause["reasons"][0])
        for clause in report["clauses"]
        if clause["verdict"] == "inconclusive"
    )
    if unknown:
        lines += ["", "Inconclusive:", ""]
        lines += [f"- {number} clause{'s' * (number > 1)}: {reason}." for reason, number in unknown.most_common()]
    return "\n".join(lines)


def _sent(failure: dict[str, Any]) -> str:
    sent = failure.get("sent", {})
    body = str(sent.get("body", sent.get("body_base64", "")))
    return f"{sent.get('method', '')} `{body[:90] or 'no body'}`, {failure['vector']}"


def _received(failure: dict[str, Any]) -> str:
    received = failure.get("received", {})
    if received.get("status") is None:
        return str(received.get("trouble"))
    return f"{received['status']} `{str(received.get('body', ''))[:90]}`"


def main() -> None:
    """Verify each of the others and write the findings.

    Raises:
        SystemExit: A tool is missing, or a server does not come up.
    """
    missing = [tool for tool in ("node", "npm", "java") if not shutil.which(tool)]
    if missing:
        raise SystemExit(f"make verify-others needs {', '.join(missing)}")
    parts = ["# What other people's servers do", "", "Written by `make verify-others`; nobody here edits it.", ""]
    for other in OTHERS:
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            other.set_up(directory)
            with _serving(other, directory) as (url, process):
                parts += [_findings(other, _verify(url, directory)), ""]
                if process.poll() is not None:
                    parts += ["Its process ended before the run did.", ""]
    FINDINGS.write_text("\n".join(parts))
    print(f"The findings are in {FINDINGS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
