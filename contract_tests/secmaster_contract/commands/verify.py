"""`secmaster-contract verify`: one target, every clause, a report and an exit status."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NoReturn

import click

from openapi_contract.errors import ContractError
from openapi_contract.ledger import Ledger
from openapi_contract.operations import Operation
from secmaster_contract.commands import configuration
from secmaster_contract.commands.contracts import Values, ledger_of, operations_of, values_of
from secmaster_contract.commands.credentials import token
from secmaster_contract.commands.options import (
    OF_SAFETY,
    OF_THE_CHECKS,
    OF_THE_CONNECTION,
    OF_THE_CONTRACT,
    OF_THE_ORDER,
    OF_THE_REPORT,
    OF_THE_TARGET,
)
from secmaster_contract.commands.sections import Sectioned
from secmaster_contract.commands.vector_list import example_catalogue, show_list
from secmaster_contract.judge.known import KnownIssues, KnownIssuesError
from secmaster_contract.judge.verdicts import ExitStatus
from secmaster_contract.people import Voice
from secmaster_contract.report import github, terminal
from secmaster_contract.report.planning import show_plan
from secmaster_contract.report.progress import progress
from secmaster_contract.report.write import Outputs
from secmaster_contract.run.gate import Gate
from secmaster_contract.run.interruption import interruptible
from secmaster_contract.run.journal import Journal
from secmaster_contract.run.permissions import Permissions
from secmaster_contract.run.preflight import NotReady
from secmaster_contract.run.secret import Redactor
from secmaster_contract.run.session import Options, Session, is_named
from secmaster_contract.run.target import Target

_EPILOG = """\b
secmaster-contract verify --mock
secmaster-contract verify http://127.0.0.1:9000 --report build/report
secmaster-contract verify https://HOST --allow retry --instance-id retry=ID
secmaster-contract verify http://127.0.0.1:9000 --contract orders.yaml --param order_id=7

What no option gives comes from the environment (--project-id from SECMASTER_PROJECT_ID, URL from SECMASTER_ENDPOINT),
else from the file of --config.
"""


@click.command(
    cls=Sectioned,
    epilog=_EPILOG,
    sections=(
        OF_THE_TARGET,
        OF_THE_CONTRACT,
        OF_THE_CONNECTION,
        OF_SAFETY,
        OF_THE_CHECKS,
        OF_THE_ORDER,
        OF_THE_REPORT,
    ),
)
@click.argument("url", required=False, envvar="SECMASTER_ENDPOINT")
def verify(url: str | None, *, use_mock: bool, or_mock: bool, **given: Any) -> None:
    """Say clause by clause whether the server at URL keeps the contract.

    A target that is not on this machine is live: it gets only requests that read, or that a correct server rejects.
    Allow real commands with --allow. What is withheld so is not judged, and does not fail the run.

    Exit status: 0 nothing that was judged is broken, 1 it violates a clause, 2 bad usage, configuration or contract,
    3 inconclusive (with --require-all also where requests were withheld), 130 interrupted.
    """
    ledger = ledger_of(given["contract"], given["ledger"])
    operations = operations_of(ledger, given["operations"])
    options = _options(ledger, operations, given)
    values = values_of(given["params"], given, operations)
    if given["listing"]:
        show_list(Voice.out(), example_catalogue(ledger, operations, values.common), options)
        return
    use_mock = use_mock or (or_mock and not _is_named(url))
    run = _Run(ledger, operations, values, options, given)
    with run.target(url, use_mock=use_mock) as (target, permissions):
        status = run.plan(target, permissions) if given["plan"] else run.verify(target, permissions)
    click.get_current_context().exit(int(status))


def _options(ledger: Ledger, operations: Sequence[Operation], given: dict[str, Any]) -> Options:
    """Return how the run goes; each name is one that the contract has."""
    clauses = ledger.judged(operations)
    for option in ("only", "skip"):
        for name in sorted(given[option] or ()):
            if not any(is_named(clause.key, name) for clause in clauses):
                groups = ", ".join(dict.fromkeys(clause.key.split(".")[0] for clause in clauses))
                message = (
                    f"--{option} {name}: there is no such clause; the groups are {groups}, and `secmaster-contract "
                    "clauses` lists what is in them"
                )
                raise click.UsageError(message)
    labels = sorted({command.label for one in operations if not one.reads for command in one.commands})
    unknown = sorted((given["allow"] or frozenset()) - set(labels))
    if unknown:
        known = f"the commands are {', '.join(labels)}" if labels else "no operation has commands"
        raise click.UsageError(f"--allow {', '.join(unknown)}: {known}")
    options = Options(
        only=given["only"] or frozenset(),
        skip=given["skip"] or frozenset(),
        workers=given["workers"],
        strict=given["strict"],
        require_all=given["require_all"],
        shuffle=given["shuffle"],
        repeat=given["repeat"],
        seed=given["seed"] if given["seed"] is not None else secrets.randbelow(1_000_000),
        fuzz=given["fuzz"],
        database=given["fuzz_database"],
    )
    if not any(options.wants(clause) for clause in clauses):
        raise click.UsageError("--only and --skip together leave no clause to check")
    return options


def _is_named(url: str | None) -> bool:
    """Whether somebody named a server, if only by a variable that turned out empty, which click takes for none."""
    return url is not None or "SECMASTER_ENDPOINT" in os.environ


class _Run:
    """One run of the command."""

    def __init__(
        self,
        ledger: Ledger,
        operations: Sequence[Operation],
        values: Values,
        options: Options,
        given: dict[str, Any],
    ) -> None:
        self.ledger = ledger
        self.operations = operations
        self.values = values
        self.options = options
        self.given = given

    @contextmanager
    def target(self, url: str | None, *, use_mock: bool) -> Generator[tuple[Target, Permissions]]:
        """Yield the server and what may be done to it, the embedded one started for it."""
        given = self.given
        if not use_mock:
            if not url:
                where = "an argument, SECMASTER_ENDPOINT (with make: TARGET), or url in the file of --config"
                raise click.UsageError(
                    f"the URL of the server is {'empty' if _is_named(url) else 'missing'}: give it as {where}; "
                    "--mock verifies the embedded server"
                )
            permissions = configuration.permissions(url, given, self.values, self.operations)
            secret = token(given) if any(one.security for one in self.operations) else given["token"] or ""
            yield configuration.target(url, secret, given, self.values), permissions
            return
        if url and click.get_current_context().get_parameter_source("url") is click.core.ParameterSource.COMMANDLINE:
            message = f"--mock starts a server of its own; leave out either --mock or {url}"
            raise click.UsageError(message)
        from secmaster_contract.mock.server import running  # noqa: PLC0415  another server needs none of it

        with running(contract=self.ledger.contract, ledger=self.ledger) as server:
            permissions = configuration.permissions(server.url, given, self.values, self.operations)
            target = configuration.target(server.url, server.token, given, self.values)
            yield replace(target, label="the embedded mock"), permissions

    def plan(self, target: Target, permissions: Permissions) -> ExitStatus:
        """Print every request that would be sent."""
        session = Session(target, self.ledger, operations=self._ids, permissions=permissions, options=self.options)
        show_plan(Voice.out(Redactor(target.token).text), session.plan(), target)
        return ExitStatus.CONFORMS

    def verify(self, target: Target, permissions: Permissions) -> ExitStatus:
        """Send them, and report."""
        given, redactor = self.given, Redactor(target.token)
        options = self._with_known_issues()
        outputs = Outputs.of(given, target, live=permissions.live)
        loud, notes = Voice.err(redactor.text), Voice.err(redactor.text, quiet=given["quiet"])
        notes.say(f"Verifying {target.name}")
        terminal.warn(loud, notes, target, permissions, insecure=given["insecure"])
        if options.shuffle or options.fuzz:
            notes.say(f"The order and the search are drawn from --seed {options.seed}")
        gate = Gate(configuration.limits(permissions.limits(target), given))
        head = {"target": target.url, "live": permissions.live}
        journal = Journal(redactor, outputs.journal, head, keep=outputs.needs_traffic)
        try:
            with interruptible(gate), progress(notes, verbose=given["verbose"]) as watcher:
                report = Session(
                    target,
                    self.ledger,
                    operations=self._ids,
                    permissions=permissions,
                    options=options,
                    gate=gate,
                    journal=journal,
                    progress=watcher.checked,
                    heard=watcher.heard,
                ).run()
        except NotReady as error:
            outputs.write(error.report)
            loud.say(f"Inconclusive ({error.readiness}): ", f"{error}")
            return ExitStatus.INCONCLUSIVE
        except ContractError:
            raise
        except Exception as error:  # noqa: BLE001  whatever failed, a traceback would show what is not for everybody
            _fail(error, loud)
        finally:
            journal.close()
        verdict = outputs.write(report)
        out = Voice.out(redactor.text)
        if not given["quiet"]:
            terminal.show_details(out, report, verdict)
        github.tell(verdict, os.environ, out)
        for where in outputs.told:
            notes.say(where)
        terminal.show_result(out, report, verdict)
        return report.exit_status

    @property
    def _ids(self) -> list[str]:
        return [operation.id for operation in self.operations]

    def _with_known_issues(self) -> Options:
        path = self.given["known"]
        if path is None:
            return self.options
        try:
            catalogue = example_catalogue(self.ledger, self.operations, self.values.common)
            return replace(self.options, known=KnownIssues.load(path, catalogue))
        except KnownIssuesError as error:
            raise click.UsageError(f"--known: {error}") from None


def _fail(error: Exception, loud: Voice) -> NoReturn:
    said = f"{type(error).__name__}: {error}"
    loud.say("The verifier itself failed, which says nothing of the server: ", said, ". Please report it.")
    click.get_current_context().exit(int(ExitStatus.INCONCLUSIVE))
