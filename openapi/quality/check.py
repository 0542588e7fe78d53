"""
Runs the linters over the contract and its derived forms, and compares the contract with the last release. A linter is
first shown a planted fault and must find it, since one that never complains proves nothing.

Exit status: 0 no findings, 1 findings, 3 a tool could not run (it is named; the others run all the same).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parent / "secmaster-workflows.yaml"
DIST = HERE.parent / "dist"
WORKFLOWS = (HERE.parent / "workflows.arazzo.yaml", DIST / "workflows.arazzo.yaml")
DOCUMENTS = (CONTRACT, *(path for path in sorted(DIST.glob("*.yaml")) if path not in WORKFLOWS))
BIN = HERE / "node_modules" / ".bin"
# Beside the packages of the environment that runs this, not among them: it goes when the environment goes.
VACUUM = Path(sys.prefix) / "share" / "vacuum"
# A reference that leads nowhere: what every linter has to find.
PLANTED = ("#/components/schemas/ErrorResponse'", "#/components/schemas/NoSuchSchema'")
LONGEST_RUN = 300


class NotRunError(Exception):
    """
    A tool cannot run here; the text says why.
    """


@dataclass(frozen=True)
class Tool:
    """
    A linter: how it is made ready and how it is called on one document.
    """

    name: str
    prepare: Callable[[], None]
    command: Callable[[Path], list[str]]
    documents: tuple[Path, ...] = DOCUMENTS


def _run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  the commands are the ones below
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_RUN,
            cwd=HERE,
            env=os.environ | environment,
        )
    except OSError as error:
        raise NotRunError(f"{command[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise NotRunError(f"{command[0]} did not end within {LONGEST_RUN} s") from error


def _npm() -> None:
    if shutil.which("npm") is None:
        raise NotRunError("node and npm are not installed")
    lock, installed = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    sys.stdout.write("installing the linters of package-lock.json ...\n")
    run = _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    if run.returncode:
        raise NotRunError(f"npm ci failed: {_last_line(run.stderr)}")


def _vacuum() -> None:
    if (VACUUM / "vacuum" / "lib" / "vacuum").is_file():
        return
    requirements = HERE / "requirements.txt"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    run = _run([*pip, "--target", str(VACUUM), "--requirement", str(requirements)])
    if run.returncode:
        raise NotRunError(f"no binary for this machine: {_last_line(run.stderr)}")
    (VACUUM / "vacuum" / "lib" / "vacuum").chmod(0o755)


def _nothing() -> None:
    """
    The tool is in the environment already.
    """


TOOLS = (
    Tool("openapi-spec-validator", _nothing, lambda path: [sys.executable, "-m", "openapi_spec_validator", str(path)]),
    Tool(
        "redocly",
        _npm,
        lambda path: [str(BIN / "redocly"), "lint", "--config", str(HERE / "redocly.yaml"), str(path)],
        (*DOCUMENTS, *WORKFLOWS),
    ),
    Tool(
        "spectral",
        _npm,
        lambda path: [
            *(str(BIN / "spectral"), "lint", "--ruleset", str(HERE / ".spectral.yaml"), "--fail-severity", "hint"),
            str(path),
        ],
    ),
    Tool(
        "vacuum",
        _vacuum,
        lambda path: [
            *(
                str(VACUUM / "vacuum" / "lib" / "vacuum"),
                "lint",
                "--details",
                "--fail-severity",
                "error",
                "--no-banner",
            ),
            *("--ruleset", str(HERE / "vacuum.yaml"), str(path)),
        ],
    ),
)


def main() -> int:
    """
    The command line.
    """
    statuses = [*(_verdict(tool) for tool in TOOLS), _breaking_changes()]
    return 1 if 1 in statuses else max(statuses)


def _verdict(tool: Tool) -> int:
    try:
        tool.prepare()
        if not _finds_the_planted_fault(tool):
            raise NotRunError("it did not find a reference that leads nowhere, so its silence would prove nothing")
        runs = {path: _run(tool.command(path), REDOCLY_TELEMETRY="off") for path in tool.documents}
    except NotRunError as error:
        sys.stdout.write(f"{tool.name}: not run, {error}\n")
        return 3
    for path, run in runs.items():
        sys.stdout.write(
            f"{tool.name}: {path.relative_to(HERE.parent)}: {'findings' if run.returncode else 'no findings'}\n"
        )
        if run.returncode:
            sys.stdout.write(run.stdout + run.stderr)
    return int(any(run.returncode for run in runs.values()))


def _breaking_changes() -> int:
    try:
        _npm()
        proof = _run(["node", "--test"])
        if proof.returncode:
            raise NotRunError(f"its own tests fail:\n{proof.stdout}")
        run = _run(["node", "breaking.mjs"])
    except NotRunError as error:
        sys.stdout.write(f"breaking changes: not run, {error}\n")
        return 3
    sys.stdout.write(f"breaking changes: {(run.stdout + run.stderr).strip() or 'none'}\n")
    return run.returncode and 1


def _finds_the_planted_fault(tool: Tool) -> bool:
    with tempfile.TemporaryDirectory() as directory:
        broken = Path(directory) / "broken.yaml"
        broken.write_text(CONTRACT.read_text(encoding="utf-8").replace(*PLANTED), encoding="utf-8")
        return _run(tool.command(broken), REDOCLY_TELEMETRY="off").returncode != 0


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no message")


if __name__ == "__main__":
    sys.exit(main())
