"""Where the files of `openapi/` lie: in a checkout beside this package, in an installed wheel inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

_TOLD = 5  # faults of a file that a message tells


class SpecError(Exception):
    """The contract or the ledger cannot be used; the text says which file, where in it, and why."""


PACKAGE = Path(__file__).resolve().parents[1]


@cache
def openapi_directory() -> Path:
    """Return the directory that holds the contract, its ledger and its examples.

    Raises:
        SpecError: The installation is incomplete.
    """
    candidates = (PACKAGE.parents[1] / "openapi", PACKAGE / "_openapi")
    for candidate in candidates:
        if (candidate / "secmaster-workflows.yaml").is_file():
            return candidate
    message = f"the contract's files are missing from this installation (looked for {candidates[1]}); install it again"
    raise SpecError(message)


def read_yaml(path: Path, faults_of: Callable[[Any], Iterable[object]]) -> Any:
    """Return what a YAML file holds, read by the C parser where there is one; `faults_of` yields what is wrong with it.

    Raises:
        SpecError: The file cannot be read, is not YAML, or has faults.
    """
    import yaml  # noqa: PLC0415  `--help` answers without it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        value = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506  both loaders are safe ones
    except OSError as error:
        raise SpecError(f"cannot read {path}: {error.strerror}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SpecError(f"{path} is not YAML: {error}") from None
    faults = list(faults_of(value))
    if faults:
        more = [f"and {len(faults) - _TOLD} more"] if len(faults) > _TOLD else []
        raise SpecError("\n  ".join([f"{path} cannot be used:", *map(str, faults[:_TOLD]), *more]))
    return value
