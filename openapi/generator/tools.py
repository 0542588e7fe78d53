"""
The tools that the generation rests on: their versions, and the formatter whatever the environment says.
"""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

GENERATOR = "openapi-python-client"
GENERATOR_VERSION = "0.29.1"  # the templates are written against its own; test_generation.py compares them


class EnvironmentFaultError(Exception):
    """
    What is installed cannot generate the client.
    """


def tool_versions() -> dict[str, str]:
    """
    The versions of generator and formatter.

    Raises:
        EnvironmentFaultError: One is missing or has the wrong version.
    """
    try:
        versions = {name: version(name) for name in (GENERATOR, "ruff")}
    except PackageNotFoundError as error:
        raise EnvironmentFaultError(f"{error.name} is not installed; run `make generate`, which installs it") from None
    if versions[GENERATOR] != GENERATOR_VERSION:
        raise EnvironmentFaultError(
            f"{GENERATOR} is {versions[GENERATOR]}, the templates are written for {GENERATOR_VERSION}; "
            "run `make clean generate`"
        )
    return versions


def ruff() -> Path:
    """
    The formatter beside the running interpreter, whatever PATH says.

    Raises:
        EnvironmentFaultError: It is not there.
    """
    for name in ("ruff", "ruff.exe"):
        if (found := Path(sys.executable).parent / name).exists():
            return found
    raise EnvironmentFaultError(f"ruff is not beside {sys.executable}; run `make clean generate`")


def format_package(package: Path, name: str) -> None:
    """
    Sorts imports, drops unused ones, formats.

    Raises:
        EnvironmentFaultError: The formatter is missing or fails.
    """
    common = ["--isolated", "--no-cache", "--line-length=120", "--target-version=py311", "."]
    for command in (
        [
            "check",
            "--fix-only",
            "--quiet",
            "--select=I,F401,RUF022",
            f"--config=lint.isort.known-first-party=['{name}']",
        ],
        ["format"],
    ):
        done = subprocess.run(  # noqa: S603 - the formatter, with fixed arguments
            [ruff(), *command, *common], cwd=package, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise EnvironmentFaultError(f"ruff {command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
