"""An answer that comes before the request has left is an answer."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

import pytest

from secmaster_workflows import RefusedError
from test_client.conftest import Caller
from test_client.raw_server import answer

TOO_LARGE = answer({"code": "C.413", "message": "too large"}, "413 Content Too Large")


@contextmanager
def refusing(context: ssl.SSLContext | None, *, lingers: bool) -> Generator[str]:
    """A server that answers to the head of a request, and reads no more of it; it may linger before it closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or closing drops the answer
                with context.wrap_socket(connection, server_side=True) if context else connection as own:
                    own.recv(1024)
                    own.sendall(TOO_LARGE)
                    if lingers:
                        own.shutdown(socket.SHUT_WR)
                        while own.recv(1 << 20):
                            pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"{'https' if context else 'http'}://localhost:{listener.getsockname()[1]}"
        thread.join(5)


@pytest.mark.parametrize("lingers", [False, True], ids=["resets", "lingers"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_early_refusal_is_read(
    *,
    scheme: str,
    lingers: bool,
    caller: Caller,
    server_context: ssl.SSLContext,
    trusting: ssl.SSLContext,
) -> None:
    """A 413 to the head of an 8 MB command is told, though the server breaks the connection off (RFC 9112, 9.3.1)."""
    for _ in range(5):
        with refusing(server_context if scheme == "https" else None, lingers=lingers) as url:
            with pytest.raises(RefusedError) as caught:
                caller.run(
                    lambda client: client.debug("i", task_id="t", input_dataobject="x" * 8_000_000),
                    endpoint=url,
                    ssl_context=trusting,
                    max_retries=0,
                )
            assert (caught.value.status, caught.value.code) == (413, "C.413")
