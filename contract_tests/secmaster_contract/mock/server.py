"""Serves the application on loopback from a thread of this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from openapi_contract import Contract
from openapi_contract.ledger import Ledger
from secmaster_contract.mock.app import create_app
from secmaster_contract.mock.protocol import MockProtocol
from secmaster_contract.mock.settings import MockSettings

_SHUTDOWN_SECONDS = 5


@dataclass(frozen=True)
class Running:
    """A server that accepts connections."""

    url: str
    token: str = field(repr=False)


class ReadyServer(uvicorn.Server):
    """A uvicorn server that says when it accepts connections."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._on_ready()


def configure(app: Any) -> uvicorn.Config:
    """Return uvicorn's settings for an application that logs for itself."""
    return uvicorn.Config(
        app,
        http=MockProtocol,
        log_config=None,
        log_level="error",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )


def bind(host: str, port: int) -> socket.socket:
    """
    Bind a listening socket; port 0 lets the system choose.

    Raises:
        OSError: The address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def address(listener: socket.socket) -> str:
    """Return the URL of a bound socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def running(
    settings: MockSettings | None = None,
    *,
    port: int = 0,
    contract: Contract | None = None,
    ledger: Ledger | None = None,
) -> Generator[Running]:
    """Serve on loopback until the block ends, by default the shipped contract; port 0 lets the system choose.

    Raises:
        ContractError: The contract cannot be used.
        OSError: The port cannot be had.
    """
    settings = settings or MockSettings()
    app = create_app(settings, contract=contract, ledger=ledger)
    listener = bind("127.0.0.1", port)
    ready = threading.Event()
    server = ReadyServer(configure(app), ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="secmaster-mock", daemon=True)
    thread.start()
    try:
        while not ready.wait(0.05):
            if not thread.is_alive():
                raise RuntimeError("the embedded server ended before it was ready")
        yield Running(address(listener), settings.tokens[0])
    finally:
        server.should_exit = True
        thread.join(_SHUTDOWN_SECONDS + 1)
        listener.close()
        app.close()
