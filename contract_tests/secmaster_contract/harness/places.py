"""Where the files of `openapi/` lie: in a checkout beside this package, in an installed wheel inside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

PACKAGE = Path(__file__).resolve().parents[1]


@cache
def openapi_directory() -> Path:
    """Return the directory that holds the contract, its ledger and its examples.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    candidates = (PACKAGE.parents[1] / "openapi", PACKAGE / "_openapi")
    for candidate in candidates:
        if (candidate / "secmaster-workflows.yaml").is_file():
            return candidate
    message = f"the contract's files are missing from this installation (looked for {candidates[1]}); install it again"
    raise FileNotFoundError(message)


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds, read by the C parser where there is one.

    Raises:
        OSError: The file cannot be read.
        yaml.YAMLError: It is not YAML.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506  both loaders are safe ones
