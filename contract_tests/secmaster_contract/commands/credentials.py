"""Where the token comes from: the environment, a file, a prompt; the command line can give it and never has to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource


def token(values: dict[str, Any]) -> str:
    """Return the token: as given, else from a file, else asked for where somebody can answer.

    Raises:
        click.UsageError: There is none, or it cannot stand in a header.
    """
    path: Path | None = values.get("token_file")
    given: str | None = values["token"]
    if path is not None:
        if given and click.get_current_context().get_parameter_source("token") is ParameterSource.COMMANDLINE:
            message = "--token and --token-file both name a token; leave one out"
            raise click.UsageError(message)
        given = _read_token(path)
    if not given and sys.stdin.isatty():
        given = str(click.prompt("Token", hide_input=True, err=True))
    if not given:
        message = (
            "the token is missing: set SECMASTER_TOKEN, or name a file with --token-file (or put token into --config)"
        )
        raise click.UsageError(message)
    if not (given.isascii() and given.isprintable() and given == given.strip()):
        message = "the token has characters that no header can carry (line breaks, spaces around it, or non-ASCII)"
        raise click.UsageError(message)
    return given


def _read_token(path: Path) -> str:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise click.UsageError(message) from None
    except UnicodeDecodeError:
        message = f"{path} holds no token: it is not text"
        raise click.UsageError(message) from None
    lines = text.split()
    if len(lines) != 1:
        message = f"{path} has to hold the token and nothing else; it holds {len(lines)} words"
        raise click.UsageError(message)
    return lines[0]
