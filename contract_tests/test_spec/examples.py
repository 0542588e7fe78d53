"""The example bodies of `openapi/examples/`, by verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from secmaster_contract.shipped import openapi_directory

DIRECTORY = openapi_directory() / "examples"
ACCEPTED = sorted((DIRECTORY / "accepted").iterdir())
REJECTED = sorted((DIRECTORY / "rejected").iterdir())
# The three that repeat the source page's own, by the names they have in the YAML.
OF_THE_PAGE = {name: DIRECTORY / "accepted" / f"page-{name}.json" for name in ("retry", "terminate", "debug")}


def read(path: Path) -> Any:
    """Return the value that an example file holds."""
    return json.loads(path.read_text(encoding="utf-8"))
