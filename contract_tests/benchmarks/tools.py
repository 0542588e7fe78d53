"""Where the programs are that the benchmarks start."""

from __future__ import annotations

import json
import shutil
import sys
from importlib.metadata import distributions
from pathlib import Path

from benchmarks.processes import ProgramError, run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = HERE / "programs"
NODE_MODULES = HERE / "node_modules"
SPEC = ROOT / "openapi" / "secmaster-workflows.yaml"
OLD_SPEC = ROOT / "openapi" / "dist" / "compat30.yaml"
SCRATCH = ROOT / "reports" / "benchmarks"
DEV = Path(sys.executable)
BENCH = ROOT / ".venv-bench" / "bin" / "python"


def prepare() -> list[str]:
    """Install the tools from npm and generate the stock client; return what cannot be had, and why."""
    missing: list[str] = []
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir(parents=True)
    _stock_client()
    if shutil.which("npm") is None:
        missing.append("Prism, Dredd and Specmatic (npm is not installed)")
    else:
        try:
            run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE)
        except ProgramError as error:
            missing.append(f"Prism, Dredd and Specmatic ({error})")
    if shutil.which("java") is None:
        missing.append("Specmatic and openapi-generator (java is not installed)")
    return missing


def _stock_client() -> None:
    """Let openapi-python-client make of the contract what it makes of any, with its own templates."""
    config = SCRATCH / "stock.yaml"
    # Its one setting: that the documented media type is JSON.
    overrides = {"content_type_overrides": {"application/json;charset=UTF-8": "application/json"}, "post_hooks": []}
    config.write_text(json.dumps(overrides | {"package_name_override": "stock_client"}), encoding="utf-8")
    generator = [DEV.with_name("openapi-python-client"), "generate", "--meta", "none"]
    output = SCRATCH / "stock" / "stock_client"
    run([*generator, "--path", SPEC, "--config", config, "--output-path", output])


def node(package: str, script: str) -> list[str | Path] | None:
    """Return the command of a tool from npm, None if it is not there."""
    path = NODE_MODULES / package / script
    return ["node", path] if path.is_file() and shutil.which("node") else None


def java(jar: Path) -> list[str | Path] | None:
    """Return the command of a jar, None if it is not there."""
    return ["java", "-jar", jar] if jar.is_file() and shutil.which("java") else None


def openapi_generator() -> list[str | Path] | None:
    """Return the command of openapi-generator, None if it is not there."""
    return java(_bench_packages() / "openapi_generator_cli" / "openapi-generator.jar")


def _bench_packages() -> Path:
    return next((ROOT / ".venv-bench" / "lib").glob("python3*/site-packages"))


def bench_versions(*names: str) -> dict[str, str]:
    """Return the versions of packages in .venv-bench."""
    found = {entry.name.lower(): entry.version for entry in distributions(path=[str(_bench_packages())])}
    return {name: found[name.lower()] for name in names if name.lower() in found}


def npm_versions() -> dict[str, str]:
    """Return the versions of the tools from npm."""
    versions = {}
    for package in ("@stoplight/prism-cli", "dredd", "specmatic"):
        manifest = NODE_MODULES / package / "package.json"
        if manifest.is_file():
            versions[package] = str(json.loads(manifest.read_text(encoding="utf-8"))["version"])
    return versions
