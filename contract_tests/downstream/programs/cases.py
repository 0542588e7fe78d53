"""Runs the cases of a program and tells the driver, a line of JSON each, what came of them."""

import json
import os
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

URL = os.environ["MOCK_URL"]
TOKEN = os.environ["MOCK_TOKEN"]
EXAMPLES: dict[str, dict[str, str]] = json.loads(os.environ["EXAMPLES"])


def run(cases: Mapping[str, Callable[[], object]]) -> None:
    """Call each case; an exception is what refused it."""
    for name, case in cases.items():
        refused = None
        try:
            case()
        except Exception as error:  # noqa: BLE001  whatever refuses is the finding
            refused = f"{type(error).__name__}: {error}"
        print(json.dumps({"case": name, "refused": refused}))  # noqa: T201  this is the answer to the driver


def put(instance: str, body: bytes) -> Any:
    """Send a body for a generator that makes models alone."""
    path = os.environ["PATH_TEMPLATE"].format(project_id="p", workspace_id="w", instance_id=instance)
    headers = {"X-Auth-Token": TOKEN, "Content-Type": os.environ["MEDIA_TYPE"]}
    request = urllib.request.Request(URL + path, body, headers, method="PUT")  # noqa: S310  the URL is the driver's
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  the URL is the driver's
        return json.load(answer)
