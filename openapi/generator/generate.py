"""
Writes generated/ from openapi/, or says what in it is not current (`--check`).

Exit status: 0 done or current, 1 not current, 2 the contract cannot be kept, or the environment is at fault.
"""

import argparse
import hashlib
import json
import keyword
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))  # of openapi_contract, where this checkout is not installed

from openapi_contract import Contract, ContractError, Problem  # noqa: E402 - found by the line above
from parsing import Parsed  # noqa: E402 - see above
from rendering import CONFIG, CONTRACT, PACKAGE, PACKAGES, RUNTIME, TEMPLATES, Names, render  # noqa: E402 - see above
from tools import GENERATOR, EnvironmentFaultError, tool_versions  # noqa: E402 - see above

REPAIR = "make generate"
# Imports each module, compiles each rule and prints what the package offers.
PROBE = """
import importlib, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, f"{sys.argv[1]}."):
    importlib.import_module(module.name)
for name in package.__all__:
    getattr(package, name)
models = importlib.import_module(f"{sys.argv[1]}.models")
operations = importlib.import_module(f"{sys.argv[1]}._operations").OPERATIONS
for operation in operations:
    operation.compile()
classes = [name for name in dir(models) if isinstance(getattr(models, name), type)]
json.dump({"models": classes, "operations": [operation.id for operation in operations]}, sys.stdout)
"""


def main() -> int:
    """
    The command line.
    """
    parser = argparse.ArgumentParser(description="Write the client of a contract.")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that are not current")
    parser.add_argument(
        "--contract", type=Path, default=CONTRACT, help="an OpenAPI 3.1 file; this project's by default"
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "generated", help="the directory to write the package into"
    )
    parser.add_argument("--package", default=PACKAGE, help=f"what to call it; {PACKAGE} by default")
    arguments = parser.parse_args()
    if not re.fullmatch("[a-z][a-z0-9_]*", arguments.package) or keyword.iskeyword(arguments.package):
        parser.error(f"{arguments.package} is no name of a package: use small letters, digits and _")
    try:
        versions = tool_versions()
        contract = Contract.load(arguments.contract)
        with tempfile.TemporaryDirectory() as scratch:
            names = Names.of(arguments.package, contract.title)
            return _generate(contract, names, arguments.output, Path(scratch), versions, check=arguments.check)
    except (EnvironmentFaultError, ContractError) as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"Cannot generate: {line.rstrip('.')}.\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"Cannot generate: {error.filename}: {error.strerror}.\n")
        return 2


def _generate(  # noqa: PLR0913 - what is made, of what, to where
    contract: Contract, names: Names, output: Path, scratch: Path, versions: dict[str, str], *, check: bool
) -> int:
    parsed = render(contract, scratch, names)
    _prove(contract, names, parsed, scratch)
    provenance = json.dumps(_provenance(Path(contract.document.file), versions), indent=2, sort_keys=True) + "\n"
    (scratch / "provenance.json").write_text(provenance, encoding="utf-8", newline="\n")
    differences = _differences(scratch, output)
    if check:
        for line in differences:
            sys.stderr.write(f"{line}\n")
        if differences:
            sys.stderr.write(f"{output.name}/ is not current. Repair it with: {REPAIR}\n")
        return 1 if differences else 0
    if differences:
        _replace(scratch, output)
    sys.stdout.write(f"{output.name}/ is {'written anew' if differences else 'current'}.\n")
    return 0


def _prove(contract: Contract, names: Names, parsed: Parsed, scratch: Path) -> None:
    """
    Imports the package in a process of its own and looks for every schema and operation of the contract.
    """
    environment = {"PYTHONPATH": str(scratch), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ.get("PATH", "")}
    done = subprocess.run(  # noqa: S603 - this interpreter, with fixed arguments
        [sys.executable, "-c", PROBE, names.package],
        env=environment,
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise _fault(contract, f"the client cannot be imported: {done.stderr.strip().splitlines()[-1]}")
    found = json.loads(done.stdout)
    missing = [name for name in parsed.classes if name not in found["models"]]
    missing += [operation.id for operation in contract.operations if operation.id not in found["operations"]]
    if missing:
        raise _fault(contract, f"the client lacks {', '.join(missing)}")


def _fault(contract: Contract, what: str) -> ContractError:
    return ContractError(contract.document.file, [Problem("", what, "Write it in another way")])


def _provenance(contract: Path, versions: dict[str, str]) -> dict[str, object]:
    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def digests(directory: Path, pattern: str) -> dict[str, str]:
        return {path.relative_to(HERE).as_posix(): digest(path) for path in sorted(directory.glob(pattern))}

    return {
        "generator": f"{GENERATOR} {versions[GENERATOR]}",
        "formatter": f"ruff {versions['ruff']}",
        "sha256": {
            contract.name: digest(contract),
            CONFIG.name: digest(CONFIG),
            PACKAGES.name: digest(PACKAGES),
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
