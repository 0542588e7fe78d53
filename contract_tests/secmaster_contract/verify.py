"""`secmaster-contract verify`: one target, every clause, a report and an exit status."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NoReturn

import click

from secmaster_contract import configuration
from secmaster_contract.credentials import token
from secmaster_contract.harness.gate import Gate
from secmaster_contract.harness.interruption import interruptible
from secmaster_contract.harness.journal import Journal
from secmaster_contract.harness.known import KnownIssues, KnownIssuesError
from secmaster_contract.harness.ledger import Ledger
from secmaster_contract.harness.order import Order
from secmaster_contract.harness.preflight import NotReady
from secmaster_contract.harness.runner import planned, run
from secmaster_contract.harness.safety import Permissions
from secmaster_contract.harness.secret import Redactor
from secmaster_contract.harness.selection import is_named, is_wanted
from secmaster_contract.harness.spec import Spec, SpecError
from secmaster_contract.harness.target import Target
from secmaster_contract.harness.verdicts import ExitStatus
from secmaster_contract.options import (
    OF_SAFETY,
    OF_THE_CHECKS,
    OF_THE_CONNECTION,
    OF_THE_ORDER,
    OF_THE_REPORT,
    OF_THE_TARGET,
)
from secmaster_contract.people import Voice
from secmaster_contract.report import github, terminal
from secmaster_contract.report.planning import show_plan
from secmaster_contract.report.progress import progress
from secmaster_contract.report.write import Outputs
from secmaster_contract.sections import Sectioned
from secmaster_contract.vector_list import example_catalogue, show_list

_EPILOG = """\b
secmaster-contract verify --mock
secmaster-contract verify http://127.0.0.1:9000 --report build/report
secmaster-contract verify https://HOST --allow retry --instance-id retry=ID

What no option gives comes from the environment (--project-id from SECMASTER_PROJECT_ID, URL from SECMASTER_ENDPOINT),
else from the file of --config.
"""


@click.command(
    cls=Sectioned,
    epilog=_EPILOG,
    sections=(OF_THE_TARGET, OF_THE_CONNECTION, OF_SAFETY, OF_THE_CHECKS, OF_THE_ORDER, OF_THE_REPORT),
)
@click.argument("url", required=False, envvar="SECMASTER_ENDPOINT")
def verify(url: str | None, *, use_mock: bool, or_mock: bool, **values: Any) -> None:
    """Say clause by clause whether the server at URL keeps the contract.

    A target that is not on this machine is live: it is sent only what a correct server refuses, unless --allow says
    more. What is withheld so is not judged, and does not fail the run.

    Exit status: 0 nothing that was judged is broken, 1 it violates a clause, 2 bad usage or configuration,
    3 inconclusive (with --require-all also where requests were withheld), 130 interrupted.
    """
    spec = Spec.load()
    ledger = Ledger.load(spec)
    _check_names(ledger, spec, values)
    if values["listing"]:
        show_list(spec, values["only"], values["skip"])
        return
    values["known"] = _known(spec, values)
    use_mock = use_mock or (or_mock and not _is_named(url))
    with _target(url, spec, use_mock=use_mock, values=values) as (target, permissions):
        if values["plan"]:
            steps = planned(target, permissions, values["only"], values["skip"])
            show_plan(Voice.out(Redactor(target.token).text), steps, target)
            return
        status = _run(target, spec, permissions, values)
    click.get_current_context().exit(int(status))


def _check_names(ledger: Ledger, spec: Spec, values: dict[str, Any]) -> None:
    known = {*ledger.testable, *ledger.groups}
    for option in ("only", "skip"):
        values[option] = values[option] or frozenset()
        for name in values[option]:
            if not any(is_named(key, name) for key in known):
                message = f"--{option} {name}: there is no such clause; `secmaster-contract clauses` lists them"
                raise click.UsageError(message)
    if not any(is_wanted(key, values["only"], values["skip"]) for key in ledger.testable):
        raise click.UsageError("--only and --skip together leave no clause to check")
    commands = set(spec.short_names.values())
    unknown = (values["allow"] or frozenset()) - commands
    if unknown:
        message = f"--allow {', '.join(sorted(unknown))}: the commands are {', '.join(sorted(commands))}"
        raise click.UsageError(message)


def _known(spec: Spec, values: dict[str, Any]) -> KnownIssues:
    try:
        return KnownIssues.load(values["known"], example_catalogue(spec)) if values["known"] else KnownIssues()
    except KnownIssuesError as error:
        raise click.UsageError(f"--known: {error}") from None


def _is_named(url: str | None) -> bool:
    """Whether somebody named a server, if only by a variable that turned out empty, which click takes for none."""
    return url is not None or "SECMASTER_ENDPOINT" in os.environ


@contextmanager
def _target(
    url: str | None, spec: Spec, *, use_mock: bool, values: dict[str, Any]
) -> Generator[tuple[Target, Permissions]]:
    commands = tuple(spec.short_names.values())
    if not use_mock:
        if not url:
            where = "an argument, SECMASTER_ENDPOINT (with make: TARGET), or url in the file of --config"
            raise click.UsageError(
                f"the URL of the server is {'empty' if _is_named(url) else 'missing'}: give it as {where}; "
                "--mock verifies the embedded server"
            )
        permissions = configuration.permissions(url, values, commands)
        yield configuration.target(url, token(values), values, commands), permissions
        return
    if url and click.get_current_context().get_parameter_source("url") is click.core.ParameterSource.COMMANDLINE:
        message = f"--mock starts a server of its own; leave out either --mock or {url}"
        raise click.UsageError(message)
    from secmaster_contract.mock.server import running  # noqa: PLC0415  a run against another server needs no server

    with running() as server:
        permissions = configuration.permissions(server.url, values, commands)
        target = configuration.target(server.url, server.token, values, commands)
        yield replace(target, label="the embedded mock"), permissions


def _run(target: Target, spec: Spec, permissions: Permissions, values: dict[str, Any]) -> ExitStatus:
    outputs = Outputs.of(values, target, live=permissions.live)
    redactor = Redactor(target.token)
    # The checks run with both streams redirected; what is told meanwhile goes to the stream of now.
    loud, notes = Voice.err(redactor.text), Voice.err(redactor.text, quiet=values["quiet"])
    notes.say(f"Verifying {target.name}")
    terminal.warn(loud, notes, target, permissions, insecure=values["insecure"])
    gate = Gate(configuration.limits(permissions.limits(target), values))
    head = {"target": target.url, "live": permissions.live}
    journal = Journal(redactor, outputs.journal, head, keep=outputs.needs_traffic)
    order = _order(notes, values)
    try:
        with interruptible(gate), progress(notes, verbose=values["verbose"]) as watcher:
            report = run(
                target,
                spec=spec,
                permissions=permissions,
                only=values["only"],
                skip=values["skip"],
                shard=values["shard"],
                known=values["known"],
                workers=values["workers"],
                strict=values["strict"],
                require_all=values["require_all"],
                order=order,
                fuzz=values["fuzz"],
                database=values["fuzz_database"],
                gate=gate,
                journal=journal,
                progress=watcher.checked,
                heard=watcher.heard,
            )
    except NotReady as error:
        outputs.write(error.report)
        loud.say(f"Inconclusive ({error.readiness}): ", f"{error}")
        return ExitStatus.INCONCLUSIVE
    except SpecError:
        raise
    except Exception as error:  # noqa: BLE001  whatever failed, a traceback would show what is not for everybody's eyes
        _fail(error, loud)
    finally:
        journal.close()
    verdict = outputs.write(report)
    out = Voice.out(redactor.text)
    if not values["quiet"]:
        terminal.show_details(out, report)
    github.tell(verdict, os.environ, out)
    for where in outputs.told:
        notes.say(where)
    terminal.show_result(out, report, verdict)
    return report.exit_status


def _order(notes: Voice, values: dict[str, Any]) -> Order:
    """Return the order of the run; a seed that was drawn is told, so that the run can be had again."""
    number = values["seed"] if values["seed"] is not None else secrets.randbelow(1_000_000)
    if values["shuffle"] or values["fuzz"]:
        notes.say(f"The order and the search are drawn from --seed {number}")
    return Order(number, values["shuffle"], values["repeat"])


def _fail(error: Exception, loud: Voice) -> NoReturn:
    said = f"{type(error).__name__}: {error}"
    loud.say("The verifier itself failed, which says nothing of the server: ", said, ". Please report it.")
    click.get_current_context().exit(int(ExitStatus.INCONCLUSIVE))
