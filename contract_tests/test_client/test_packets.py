"""A request leaves in as few pieces as it fits into: each is a packet, and a record where there is TLS."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from secmaster_workflows import ActionInstanceDebugCommand
from test_client.conftest import Caller
from test_client.raw_server import RawServer
from test_client.test_import import modules_after


@pytest.mark.parametrize("size", [1, 1000, 30_000])
def test_head_and_body_leave_together(
    size: int, caller: Caller, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Head and body are one write."""
    server = serve()
    written: list[bytes] = []
    send = socket.socket.send

    def keep(own: socket.socket, data: memoryview) -> int:
        if own.family == socket.AF_INET and own.getpeername()[1] == server.port:
            written.append(bytes(data))
        return send(own, data)

    monkeypatch.setattr(socket.socket, "send", keep, raising=False)

    caller.send(ActionInstanceDebugCommand(task_id="t", input_dataobject="x" * size), endpoint=server.url)

    (whole,) = written
    assert whole == server.only.head + b"\r\n\r\n" + server.only.body


def test_blocking_calls_load_no_asyncio() -> None:
    """What the blocking client's first call loads has no asyncio in it, which takes time."""
    assert "asyncio" not in modules_after("; import secmaster_workflows._runtime.connections")
    assert "asyncio" in modules_after("; import secmaster_workflows._runtime.async_connections")
