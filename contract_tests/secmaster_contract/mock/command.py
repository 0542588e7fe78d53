"""`secmaster-contract mock`: serves the embedded server until it is told to stop."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import click

from secmaster_contract.harness.places import SpecError
from secmaster_contract.mock.errors import UnusableError
from secmaster_contract.mock.settings import TOKEN, MockSettings


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; its root is the API reference."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    default=8080,
    show_default=True,
    help="Port; 0 lets the system choose.",
)
@click.option(
    "--token",
    "tokens",
    multiple=True,
    envvar="SECMASTER_MOCK_TOKEN",
    help=f"A token to let in; may be repeated.  [env var: SECMASTER_MOCK_TOKEN; default: {TOKEN}]",
)
@click.option(
    "--state", type=click.Path(path_type=Path), metavar="FILE", help="Remember instances in this SQLite file."
)
@click.option("--stateless", is_flag=True, help="Know every instance, remember none (the default).")
@click.option(
    "--seed-file", type=click.Path(path_type=Path), metavar="FILE", help="Instances of a new state, in JSON or YAML."
)
@click.option(
    "--settle",
    type=click.FloatRange(0, 3600),
    metavar="SECONDS",
    default=1.0,
    show_default=True,
    help="How long an instance stays RETRYING or TERMINATING.",
)
@click.option("--scenario", type=click.Path(path_type=Path), metavar="FILE", help="Faults to commit, in JSON or YAML.")
@click.option("--seed", type=int, metavar="N", help="Seed of the scenario's chances; wins over the file's.")
@click.option(
    "--log",
    type=click.Path(path_type=Path),
    metavar="FILE|-",
    help="Note each request as a line of JSON; - is the standard error.",
)
@click.option(
    "--record", type=click.Path(path_type=Path), metavar="FILE", help="Keep each request and answer as a line of JSON."
)
def mock(host: str, port: int, **options: Any) -> None:
    """Serve a stand-in for SecMaster that judges requests by the contract."""
    # uvicorn shuts down gracefully on these, then raises them again for whoever handled them before.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    # Modules are not garbage; looking for some while they load only takes time.
    gc.disable()
    try:
        _serve(host, port, options)
    except (UnusableError, SpecError) as error:
        click.echo(f"Error: {error}.", err=True)
        sys.exit(2)


def _serve(host: str, port: int, options: dict[str, Any]) -> None:
    from secmaster_contract.mock.app import create_app  # noqa: PLC0415  `--help` answers without loading a server
    from secmaster_contract.mock.server import ReadyServer, address, bind, configure  # noqa: PLC0415  as above

    with contextlib.ExitStack() as stack:
        app = create_app(_settings(options, stack))
        stack.callback(app.close)
        try:
            listener = stack.enter_context(bind(host, port))
        except OSError as error:
            reason = error.strerror or error
            raise UnusableError(f"cannot listen on {host} port {port}: {reason}; choose another with --port") from None
        line = f"Listening on {address(listener)}"
        gc.freeze()
        gc.enable()
        ReadyServer(configure(app), lambda: click.echo(line)).run(sockets=[listener])


def _settings(options: dict[str, Any], stack: contextlib.ExitStack) -> MockSettings:
    if options["stateless"] and (options["state"] or options["seed_file"]):
        raise UnusableError("--stateless contradicts --state and --seed-file; leave one out")
    given: dict[str, Any] = {"tokens": options["tokens"] or (TOKEN,), "settle_seconds": options["settle"]}
    if options["state"]:
        given["state"] = options["state"]
    if options["seed_file"]:
        from secmaster_contract.mock.documents import read_instances  # noqa: PLC0415  few servers need it

        given["instances"] = read_instances(options["seed_file"])
        given.setdefault("state", ":memory:")
    if options["scenario"]:
        from secmaster_contract.mock.scenario import Scenario  # noqa: PLC0415  few servers need it

        given["scenario"] = Scenario.load(options["scenario"], seed=options["seed"])
    elif options["seed"] is not None:
        raise UnusableError("--seed is the seed of a scenario; name one with --scenario")
    if options["log"]:
        given["log"] = sys.stderr if str(options["log"]) == "-" else _append(options["log"], stack)
    if options["record"]:
        given["record"] = _append(options["record"], stack)
    return MockSettings(**given)


def _append(path: Path, stack: contextlib.ExitStack) -> TextIO:
    # Readable by its owner alone: a recording holds what users send.
    def private(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    try:
        return stack.enter_context(open(path, "a", encoding="utf-8", opener=private))
    except OSError as error:
        raise UnusableError(f"cannot write to {path}: {error.strerror}") from None


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
