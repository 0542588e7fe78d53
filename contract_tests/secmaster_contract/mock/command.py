"""`secmaster-contract mock`: serves the embedded server until it is told to stop."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: the system chooses.")
@click.option(
    "--token", "tokens", multiple=True, envvar="SECMASTER_MOCK_TOKEN", help="Token that is let in; may be repeated."
)
def mock(host: str, port: int, tokens: tuple[str, ...]) -> None:
    """Serve a stand-in for SecMaster that judges each request by the contract."""
    from secmaster_contract.mock.app import create_app  # noqa: PLC0415  `--help` answers without loading a server
    from secmaster_contract.mock.server import ReadyServer, address, bind, configure  # noqa: PLC0415  as above
    from secmaster_contract.mock.settings import MockSettings  # noqa: PLC0415  as above

    try:
        settings = MockSettings(tokens=tokens) if tokens else MockSettings()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    try:
        listener = bind(host, port)
    except OSError as error:
        message = f"cannot listen on {host} port {port}: {error.strerror or error}; choose another with --port"
        raise click.UsageError(message) from None
    # uvicorn shuts down gracefully on these, then raises them again for whoever handled them before.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    where = address(listener)
    server = ReadyServer(configure(create_app(settings)), on_ready=lambda: click.echo(f"Listening on {where}"))
    server.run(sockets=[listener])


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
