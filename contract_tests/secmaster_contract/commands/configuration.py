"""The values of a run: from the command line, else the environment, else a TOML file, each checked in words."""

from __future__ import annotations

import ssl
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from secmaster_contract.wire import tls
from secmaster_contract.run.gate import Limits
from secmaster_contract.run.permissions import Permissions
from secmaster_contract.run.target import Target

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
    several = {parameter.name for parameter in context.command.params if getattr(parameter, "multiple", False)}
    defaults: dict[str, Any] = {}
    for key, value in values.items():
        name = key.replace("-", "_")
        if name not in known:
            message = f"{path} has the key {key}, which is no option; it may have {', '.join(sorted(known))}"
            raise click.BadParameter(message)
        text = value if isinstance(value, bool | list) else str(value)
        defaults[name] = [text] if name in several and isinstance(text, str) else text
    context.default_map = {**(context.default_map or {}), **defaults}
    return path


def base_url(text: str) -> str:
    """Check the base URL of a target.

    Raises:
        click.UsageError: It is none.
    """
    unwanted = "the base URL has no query, fragment or user; the token goes into --token"
    if "@" in text:  # before any message shows the URL
        raise click.UsageError(unwanted)
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        message = f"{text} is not a URL: {error}"
        raise click.UsageError(message) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{text} is not a base URL; it looks like https://host or http://127.0.0.1:8080"
        raise click.UsageError(message)
    if parts.query or parts.fragment:
        raise click.UsageError(unwanted)
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


def instances(values: tuple[str, ...], commands: tuple[str, ...]) -> tuple[str | None, dict[str, str]]:
    """Return the instance for every command, if one is named, and the instance of each command.

    Raises:
        click.UsageError: A command is unknown or an instance is named twice.
    """
    common: str | None = None
    own: dict[str, str] = {}
    for value in values:
        name, sign, identifier = value.partition("=")
        if sign and name in commands:
            if name in own and own[name] != identifier:
                message = f"--instance-id names two instances for {name}"
                raise click.UsageError(message)
            own[name] = required(identifier, "instance-id", "the instance")
        elif common not in (None, value):
            message = f"--instance-id names two instances; say which commands they are for ({', '.join(commands)})"
            raise click.UsageError(message)
        else:
            common = required(value, "instance-id", "the instance")
    return common, {name: own.get(name, common) for name in commands} if common else own


def permissions(url: str, values: dict[str, Any], commands: tuple[str, ...]) -> Permissions:
    """Return what the options let a run do at a URL.

    Raises:
        click.UsageError: A command may be carried out on a live system, but on no instance that is named.
    """
    live = values["treat_as"] == "live" if values["treat_as"] else None
    _, own = instances(values["instance_id"], commands)
    there = Target(base_url(url), "", {})
    let = Permissions.for_target(there, live=live, allowed=values["allow"], instances=own)
    for command in sorted(let.allowed or ()) if let.live else ():
        if command not in own:
            message = f"--allow {command} needs the instance that it may touch: --instance-id {command}=ID"
            raise click.UsageError(message)
    return let


def limits(usual: Limits, values: dict[str, Any]) -> Limits:
    """Return what the options limit a run to; no option takes a usual limit away."""
    return replace(
        usual,
        requests=values["max_requests"],
        rate=values["rate"] or usual.rate,
        refusals=values["max_failed_auth"] or usual.refusals,
    )


def secured(values: dict[str, Any]) -> ssl.SSLContext | None:
    """Return the settings of TLS, None for the usual ones.

    Raises:
        click.UsageError: The file of authorities cannot be used.
    """
    if not values["ca"] and not values["insecure"]:
        return None
    try:
        return tls.context(values["ca"], verified=not values["insecure"])
    except tls.UnusableAuthority as error:
        raise click.UsageError(f"--ca: {error}") from None


def target(url: str, token: str, values: dict[str, Any], commands: tuple[str, ...] = ()) -> Target:
    """Build the target of a run from its options.

    Raises:
        click.UsageError: A value is missing or unusable.
    """
    common, _ = instances(values["instance_id"], commands)
    given = {**values, "instance_id": common}
    identifiers = {
        # A server that knows no particular instances takes any; one that does answers 404, and the preflight says so.
        name: required(given[name] or "example", name.replace("_", "-"), f"the {name.replace('_', ' ')}")
        for name in ("project_id", "workspace_id", "instance_id")
    }
    proxy = values.get("proxy")
    if proxy and urlsplit(proxy).scheme != "http":
        message = "--proxy is no proxy's URL; it looks like http://proxy.example:3128"
        raise click.UsageError(message)
    return Target(
        base_url(url),
        token,
        identifiers,
        task_id=values["task_id"],
        input_dataobject=values["input_dataobject"],
        seconds=values["timeout"],
        patience=values["patience"],
        tls=secured(values),
        proxy=proxy,
    )
