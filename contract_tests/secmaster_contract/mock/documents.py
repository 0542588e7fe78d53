"""Reads the JSON and YAML files that a user hands to the server."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from secmaster_contract.mock.errors import UnreadableError
from secmaster_contract.mock.instances import Instance, InvalidInstanceError


def read_document(path: Path) -> Any:
    """
    Read a JSON or YAML file.

    Raises:
        UnreadableError: There is no such file, or it is neither.
    """
    try:
        text = path.read_text("utf-8")
        with contextlib.suppress(json.JSONDecodeError):
            # First, since YAML reads some of JSON's numbers as text.
            return json.loads(text)
        return yaml.safe_load(text)
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableError("is not text in UTF-8") from None
    except RecursionError:
        raise UnreadableError("nests too deeply") from None
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise UnreadableError(f"is neither JSON nor YAML: {problem}") from None


def read_instances(path: Path) -> tuple[Instance, ...]:
    """
    Read a seed file: a list of instances, or an object that has one under `instances`.

    Raises:
        UnreadableError: It is not one.
    """
    try:
        return tuple(_instances(read_document(path)))
    except UnreadableError as error:
        raise UnreadableError(f"the seed file {path} {error}") from None


def _instances(value: Any) -> Iterator[Instance]:
    rows = value.get("instances") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise UnreadableError("holds no list of instances")
    for number, row in enumerate(rows, 1):
        try:
            yield Instance.parse(row)
        except InvalidInstanceError as error:
            raise UnreadableError(f"is wrong in instance {number}: {error}") from None
