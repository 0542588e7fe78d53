"""
Writes openapi/dist/, the contract in forms for tools that cannot read the hand-written one; `--check` compares only.

Exit status: 0 done or current, 1 not current, 2 a file is at fault.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # of openapi_contract, where this checkout is not installed

from forms import FORMS, arazzo  # noqa: E402 - found by the line above
from openapi_contract import Contract, ContractError  # noqa: E402 - see above
from openapi_contract.document import Document  # noqa: E402 - see above
from schemas import Node  # noqa: E402 - see above

SOURCE = HERE.parent / "secmaster-workflows.yaml"
WORKFLOWS = HERE.parent / "workflows.arazzo.yaml"
DIST = HERE.parent / "dist"
NOTICE = "# Derived from openapi/{} by `make bundle`; do not edit.\n"


class _Dumper(yaml.SafeDumper):
    """Writes no anchors: what the source repeats stays repeated."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  the base class names the argument
        return True


def main() -> int:
    """
    The command line.
    """
    parser = argparse.ArgumentParser(description="Write openapi/dist/ from the contract.")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that are not current")
    parser.add_argument("--source", type=Path, default=SOURCE, help="another contract (for tests)")
    parser.add_argument("--workflows", type=Path, default=WORKFLOWS, help="other Arazzo workflows (for tests)")
    parser.add_argument("--output", type=Path, default=DIST, help="another directory (for tests)")
    arguments = parser.parse_args()
    try:
        files = render(arguments.source, arguments.workflows)
        stale = differences(files, arguments.output)
        if not arguments.check:
            write(files, arguments.output)
    except ContractError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}.\n")
        return 2
    if not arguments.check or not stale:
        return 0
    for line in stale:
        sys.stderr.write(f"{line}\n")
    sys.stderr.write("Repair with: make bundle\n")
    return 1


def render(source: Path, workflows: Path) -> dict[str, bytes]:
    """
    Returns the files of the derived forms by name.

    Raises:
        ContractError: A file cannot be used.
    """
    contract = dict(Contract.load(source).document.root)
    files = {f"{name}.yaml": _text(derive(contract), SOURCE) for name, derive in FORMS.items()}
    return files | {WORKFLOWS.name: _text(arazzo(Document.load(workflows)), WORKFLOWS)}


def _text(form: Node, source: Path) -> bytes:
    text = yaml.dump(form, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return (NOTICE.format(source.name) + text).encode()


def differences(files: dict[str, bytes], output: Path) -> list[str]:
    """
    Returns a line for each file of the output that is missing, stale or not one of ours.
    """
    found = {path.name: path.read_bytes() for path in _files(output)}
    lines = [f"missing: {output / name}" for name in files if name not in found]
    lines += [f"stale or edited: {output / name}" for name in files if found.get(name, files[name]) != files[name]]
    return lines + [f"not derived: {output / name}" for name in sorted(found) if name not in files]


def _files(output: Path) -> list[Path]:
    """
    The files of the output; a directory in it is another program's (downstream/vectors.py writes examples there).
    """
    return [path for path in output.iterdir() if path.is_file()] if output.is_dir() else []


def write(files: dict[str, bytes], output: Path) -> None:
    """
    Makes the output hold these files and no others.
    """
    output.mkdir(parents=True, exist_ok=True)
    for path in _files(output):
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        (output / name).write_bytes(content)


if __name__ == "__main__":
    sys.exit(main())
