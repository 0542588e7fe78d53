"""The values of a run: from the command line, else the environment, else a TOML file, each checked in words."""

from __future__ import annotations

import ssl
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from openapi_contract.operations import Operation
from secmaster_contract.commands.contracts import Values
from secmaster_contract.run.gate import Limits
from secmaster_contract.run.permissions import Permissions
from secmaster_contract.run.spelling import given
from secmaster_contract.run.target import Target
from secmaster_contract.wire import tls

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


def permissions(url: str, options: Mapping[str, Any], values: Values, operations: Sequence[Operation]) -> Permissions:
    """Return what the options let a run do at a URL.

    Raises:
        click.UsageError: A command may be carried out on a live system, but on no resource that is named.
    """
    live = options["treat_as"] == "live" if options["treat_as"] else None
    own: dict[str, str] = {}
    missing: dict[str, str] = {}
    for operation in operations:
        last = operation.path_names[-1] if operation.path_names else None
        common = values.common.get(last) if last else ""
        for command in operation.commands:
            resource = values.resources.get(command.label, common)
            if resource is not None:
                own[command.label] = resource
            elif last:
                missing[command.label] = given(last, "ID", command.label)
    there = Target(base_url(url), "")
    let = Permissions.for_target(there, live=live, allowed=options["allow"], instances=own)
    for label in sorted(let.allowed or ()) if let.live else ():
        if label in missing:
            raise click.UsageError(f"--allow {label} needs what it may touch: {missing[label]}")
    return let


def limits(usual: Limits, values: Mapping[str, Any]) -> Limits:
    """Return what the options limit a run to; no option takes a usual limit away."""
    return replace(
        usual,
        requests=values["max_requests"],
        rate=values["rate"] or usual.rate,
        refusals=values["max_failed_auth"] or usual.refusals,
    )


def secured(values: Mapping[str, Any]) -> ssl.SSLContext | None:
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


def target(url: str, token: str, options: Mapping[str, Any], values: Values) -> Target:
    """Build the target of a run from its options.

    Raises:
        click.UsageError: A value is unusable.
    """
    proxy = options.get("proxy")
    if proxy and urlsplit(proxy).scheme != "http":
        message = "--proxy is no proxy's URL; it looks like http://proxy.example:3128"
        raise click.UsageError(message)
    return Target(
        base_url(url),
        token,
        values.common,
        seconds=options["timeout"],
        patience=options["patience"],
        tls=secured(options),
        proxy=proxy,
    )
