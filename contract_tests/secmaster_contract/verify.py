"""`secmaster-contract verify`: one target, every clause, a report and an exit status."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from secmaster_contract import configuration
from secmaster_contract.harness.ledger import Ledger
from secmaster_contract.harness.preflight import NotReady
from secmaster_contract.harness.runner import Report, run
from secmaster_contract.harness.spec import Spec, SpecError
from secmaster_contract.harness.target import Target
from secmaster_contract.harness.verdicts import ExitStatus
from secmaster_contract.report import files, terminal


def _option(name: str, *names: str, **more: Any) -> Callable[[Any], Any]:
    """An option that the environment and the TOML file may give as well."""
    return click.option(f"--{name}", *names, envvar=configuration.variable(name), **more)


def _names(_: click.Context, __: click.Parameter, text: str | list[str] | None) -> frozenset[str] | None:
    if text is None:
        return None
    parts = text.split(",") if isinstance(text, str) else text
    return frozenset(part.strip() for part in parts if part.strip())


@click.command()
@click.argument("url", required=False, envvar="SECMASTER_ENDPOINT")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="SECMASTER_CONFIG",
    is_eager=True,
    expose_value=False,
    callback=configuration.load_file,
    help="TOML file with any of these options.",
)
@click.option("--mock", "use_mock", is_flag=True, help="Verify the embedded server, started on a free port.")
@_option("token", help="User token. Better given by the environment.")
@_option("project-id", help="Project of the instance.")
@_option("workspace-id", help="Workspace of the instance.")
@_option("instance-id", help="Workflow instance that commands may be sent to.")
@_option("task-id", help="Debugging node of the instance. Default: the contract's example.")
@_option("input-dataobject", help="Parameter of the debugging node, JSON text. Default: the contract's example.")
@_option(
    "allow",
    callback=_names,
    help="Commands that may be carried out, such as retry,debug. Default: all on loopback, none elsewhere.",
)
@_option("only", callback=_names, help="Clauses, or groups of them (body, http, ...), to check; the others are not.")
@_option("skip", callback=_names, help="Clauses, or groups of them, not to check.")
@_option("json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write the verdict file.")
@_option("junit", "junit_file", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML.")
@_option("timeout", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, help="Seconds for one exchange.")
@_option(
    "patience",
    type=click.FloatRange(0, 3600),
    default=30.0,
    show_default=True,
    help="Seconds in all to wait for a server that throttles.",
)
@_option("workers", type=click.IntRange(1, 32), default=4, show_default=True, help="Requests under way at once.")
@click.option("--strict", is_flag=True, envvar="SECMASTER_STRICT", help="Let advice fail the run.")
@click.option("--quiet", is_flag=True, help="Only the result.")
def verify(url: str | None, *, use_mock: bool, quiet: bool, **values: Any) -> None:
    """Say clause by clause whether the server at URL keeps the contract.

    Exit status: 0 it conforms, 1 it violates a clause, 2 bad usage or configuration, 3 inconclusive, 130 interrupted.
    """
    try:
        spec = Spec.load()
        _check_names(Ledger.load(spec), spec, values)
    except (SpecError, FileNotFoundError) as error:
        raise click.UsageError(str(error)) from None
    with _target(url, use_mock=use_mock, values=values) as target:
        report = _run(target, spec, values, quiet=quiet)
    _write(report, values)
    click.get_current_context().exit(int(report.exit_status))


def _check_names(ledger: Ledger, spec: Spec, values: dict[str, Any]) -> None:
    known = {*ledger.testable, *ledger.groups}
    for option in ("only", "skip"):
        for name in values[option] or ():
            if name not in known and not any(key.startswith(f"{name}.") for key in known):
                message = f"--{option} {name}: there is no such clause; `secmaster-contract clauses` lists them"
                raise click.UsageError(message)
    commands = set(spec.short_names.values())
    unknown = (values["allow"] or frozenset()) - commands
    if unknown:
        message = f"--allow {', '.join(sorted(unknown))}: the commands are {', '.join(sorted(commands))}"
        raise click.UsageError(message)


@contextmanager
def _target(url: str | None, *, use_mock: bool, values: dict[str, Any]) -> Generator[Target]:
    if not use_mock:
        if not url:
            message = "which server? Give its URL (or SECMASTER_ENDPOINT), or --mock for the embedded one"
            raise click.UsageError(message)
        yield configuration.target(url, values)
        return
    if url and click.get_current_context().get_parameter_source("url") is click.core.ParameterSource.COMMANDLINE:
        message = f"--mock starts a server of its own; leave out either --mock or {url}"
        raise click.UsageError(message)
    from secmaster_contract.mock.server import running  # noqa: PLC0415  a run against another server needs no server

    with running() as server:
        yield configuration.target(server.url, {**values, "token": server.token})


def _run(target: Target, spec: Spec, values: dict[str, Any], *, quiet: bool) -> Report:
    notes = Console(stderr=True, quiet=quiet)
    allowed = values["allow"] if values["allow"] is not None or target.is_loopback else frozenset()
    if not target.is_loopback and not allowed:
        notes.print(
            f"{target.url} is not on this machine: no command is sent that a correct server would carry out "
            "(see --allow).",
            highlight=False,
            markup=False,
        )
    try:
        with terminal.progress(notes, target.url) as progress:
            report = run(
                target,
                spec=spec,
                allowed=allowed,
                only=values["only"] or frozenset(),
                skip=values["skip"] or frozenset(),
                workers=values["workers"],
                strict=values["strict"],
                progress=progress,
            )
    except NotReady as error:
        click.echo(f"Inconclusive: {error}", err=True)
        click.get_current_context().exit(int(ExitStatus.INCONCLUSIVE))
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing is said of the server.", err=True)
        click.get_current_context().exit(int(ExitStatus.INTERRUPTED))
    terminal.show(Console(soft_wrap=True), report, brief=quiet)
    return report


def _write(report: Report, values: dict[str, Any]) -> None:
    for path, text in ((values["json_file"], files.as_json), (values["junit_file"], files.as_junit)):
        if path is not None:
            try:
                path.write_text(text(report), encoding="utf-8")
            except OSError as error:
                message = f"cannot write {path}: {error.strerror}"
                raise click.UsageError(message) from None
