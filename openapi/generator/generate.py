"""
Writes generated/ from openapi/, or says what in it is not current (`--check`).

Exit status: 0 done or current, 1 not current or the spec cannot be turned into a client, 2 the environment is at fault.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import model_facts
import spec_reading
from rendering import CONFIG, HERE, RUNTIME, SPEC, TEMPLATES, SpecFaultError, render
from tools import GENERATOR, EnvironmentFaultError, tool_versions

ROOT = HERE.parents[1]
REPAIR = "make generate"
# Imports each module and prints what the package offers.
PROBE = """
import importlib, json, pkgutil, sys
import secmaster_workflows as package
for module in pkgutil.walk_packages(package.__path__, "secmaster_workflows."):
    importlib.import_module(module.name)
from secmaster_workflows import models
for name in package.__all__:
    getattr(package, name)
classes = [name for name in dir(models) if isinstance(getattr(models, name), type)]
json.dump({"models": classes, "modules": sorted(sys.modules)}, sys.stdout)
"""


def main() -> int:
    """
    The command line.
    """
    parser = argparse.ArgumentParser(description="Write generated/ from openapi/.")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that are not current")
    parser.add_argument("--spec", type=Path, default=SPEC, help="another spec (for tests)")
    parser.add_argument("--output", type=Path, default=ROOT / "generated", help="another directory (for tests)")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            return _generate(arguments.spec, arguments.output, Path(scratch), check=arguments.check)
    except EnvironmentFaultError as error:
        sys.stderr.write(f"Cannot generate: {error}.\n")
        return 2
    except SpecFaultError as error:
        sys.stderr.write(f"Cannot generate: {error}.\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"Cannot generate: {error.filename}: {error.strerror}.\n")
        return 2


def _generate(spec: Path, output: Path, scratch: Path, *, check: bool) -> int:
    versions = tool_versions()
    if not spec.is_file():
        raise EnvironmentFaultError(f"there is no spec at {spec}")
    render(spec, scratch)
    _prove(spec, scratch)
    provenance = json.dumps(_provenance(spec, versions), indent=2, sort_keys=True) + "\n"
    (scratch / "provenance.json").write_text(provenance, encoding="utf-8", newline="\n")
    differences = _differences(scratch, output)
    if check:
        for line in differences:
            sys.stderr.write(f"{line}\n")
        if differences:
            sys.stderr.write(f"generated/ is not current. Repair it with: {REPAIR}\n")
        return 1 if differences else 0
    if differences:
        _replace(scratch, output)
    sys.stdout.write(f"{output.name}/ is {'written anew' if differences else 'current'}.\n")
    return 0


def _prove(spec: Path, scratch: Path) -> None:
    """
    Imports the package in a process of its own and looks for every schema and operation of the spec.
    """
    environment = {"PYTHONPATH": str(scratch), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ.get("PATH", "")}
    done = subprocess.run(  # noqa: S603 - this interpreter, with fixed arguments
        [sys.executable, "-c", PROBE], env=environment, cwd=scratch, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SpecFaultError(f"the client cannot be imported: {done.stderr.strip().splitlines()[-1]}")
    found = json.loads(done.stdout)
    document = _read(spec)
    missing = [name for name in model_facts.object_schemas(document) if name not in found["models"]]
    for _, _, operation in spec_reading.operations(document):
        name = spec_reading.snake_case(operation["operationId"])
        if not any(module.endswith(f".{name}") for module in found["modules"]):
            missing.append(operation["operationId"])
    if missing:
        raise SpecFaultError(f"the client lacks {', '.join(missing)} of the spec")


def _read(spec: Path) -> dict[str, object]:
    import yaml  # noqa: PLC0415 - only where a spec is read a second time, by another reader

    document: dict[str, object] = yaml.safe_load(spec.read_text(encoding="utf-8"))
    return document


def _provenance(spec: Path, versions: dict[str, str]) -> dict[str, object]:
    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def digests(directory: Path, pattern: str) -> dict[str, str]:
        return {path.relative_to(HERE).as_posix(): digest(path) for path in sorted(directory.glob(pattern))}

    return {
        "generator": f"{GENERATOR} {versions[GENERATOR]}",
        "formatter": f"ruff {versions['ruff']}",
        "sha256": {
            spec.name: digest(spec),
            CONFIG.name: digest(CONFIG),
            **digests(HERE, "*.py"),
            **digests(TEMPLATES, "*.jinja"),
            **digests(RUNTIME, "**/*.py"),
        },
    }


def _files(directory: Path) -> dict[str, Path]:
    # Byte code is no part of it.
    return {
        path.relative_to(directory).as_posix(): path
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _differences(fresh: Path, output: Path) -> list[str]:
    due, present = _files(fresh), _files(output)
    marked = [
        *((name, "missing") for name in due if name not in present),
        *((name, "surplus") for name in present if name not in due),
        *(
            (name, "stale or edited by hand")
            for name in due
            if name in present and due[name].read_bytes() != present[name].read_bytes()
        ),
    ]
    return [f"{output.name}/{name}: {fault}" for name, fault in sorted(marked)]


def _replace(fresh: Path, output: Path) -> None:
    # Only what differs is touched: whoever works with the package meanwhile finds it whole.
    due, present = _files(fresh), _files(output)
    for name, path in due.items():
        target = output / name
        if name not in present or target.read_bytes() != path.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    for name in present.keys() - due.keys():
        (output / name).unlink()


if __name__ == "__main__":
    sys.exit(main())
