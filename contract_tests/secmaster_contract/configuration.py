"""The values of a run: from the command line, else the environment, else a TOML file, each checked in words."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from secmaster_contract.harness.target import Target

PREFIX = "SECMASTER_"


def variable(name: str) -> str:
    """Return the environment variable of an option."""
    return PREFIX + name.upper().replace("-", "_")


def load_file(context: click.Context, _: click.Parameter, path: Path | None) -> Path | None:
    """Make the values of a TOML file the defaults of the options.

    Raises:
        click.BadParameter: The file cannot be read, is not TOML, or names an option that does not exist.
    """
    if path is None:
        return None
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise click.BadParameter(message) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not TOML: {error}"
        raise click.BadParameter(message) from None
    known = {str(parameter.name) for parameter in context.command.params} - {"config"}
    defaults: dict[str, Any] = {}
    for key, value in values.items():
        name = key.replace("-", "_")
        if name not in known:
            message = f"{path} has the key {key}, which is no option; it may have {', '.join(sorted(known))}"
            raise click.BadParameter(message)
        defaults[name] = value if isinstance(value, bool | list) else str(value)
    context.default_map = {**(context.default_map or {}), **defaults}
    return path


def base_url(text: str) -> str:
    """Check the base URL of a target.

    Raises:
        click.UsageError: It is none.
    """
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        message = f"{text} is not a URL: {error}"
        raise click.UsageError(message) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{text} is not a base URL; it looks like https://host or http://127.0.0.1:8080"
        raise click.UsageError(message)
    if parts.query or parts.fragment or parts.username:
        message = "the base URL has no query, fragment or user; the token goes into --token"
        raise click.UsageError(message)
    return text


def required(value: str | None, name: str, what: str) -> str:
    """Return a value that must have been given.

    Raises:
        click.UsageError: It was not, or it cannot stand in a request.
    """
    option = f"--{name}"
    if not value:
        message = (
            f"{what} is missing: give {option}, set {variable(name)}, or put {name.replace('-', '_')} into --config"
        )
        raise click.UsageError(message)
    if name == "token" and not (value.isascii() and value.isprintable() and value == value.strip()):
        message = "the token has characters that no header can carry (line breaks, spaces around it, or non-ASCII)"
        raise click.UsageError(message)
    if value in {".", ".."}:
        message = f"{option} is {value}, which would lead to another path"
        raise click.UsageError(message)
    return value


def target(url: str, values: dict[str, Any]) -> Target:
    """Build the target of a run from its options.

    Raises:
        click.UsageError: A value is missing or unusable.
    """
    identifiers = {
        # A server that knows no particular instances takes any; one that does answers 404, and the preflight says so.
        name: required(values[name] or "example", name.replace("_", "-"), f"the {name.replace('_', ' ')}")
        for name in ("project_id", "workspace_id", "instance_id")
    }
    return Target(
        base_url(url),
        required(values["token"], "token", "the token"),
        identifiers,
        task_id=values["task_id"],
        input_dataobject=values["input_dataobject"],
        seconds=values["timeout"],
        patience=values["patience"],
    )


def from_environment(name: str) -> str | None:
    """Return a value of the environment, None where it is unset or empty."""
    return os.environ.get(variable(name)) or None
