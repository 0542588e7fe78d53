"""Frames answers and sends them, whole or in the ways that a fault asks for."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from secmaster_contract.mock.answers import Answer, Delivery, Header

TRANSPORT = "secmaster.transport"
_DRIPS = 20


def head(answer: Answer, request_id: bytes) -> list[Header]:
    """Return the header lines of an answer."""
    lines = [(b"x-request-id", request_id), *answer.headers]
    if any(name == b"x-request-id" for name, _ in answer.headers):
        del lines[0]
    # RFC 9110 section 8.6: a 204 has no length, and neither has a 1xx.
    if answer.status != 204 and answer.status >= 200:
        lines.insert(0, (b"content-length", b"%d" % len(answer.body)))
    if answer.media_type is not None:
        lines.insert(0, (b"content-type", answer.media_type))
    return lines


async def deliver(
    answer: Answer,
    request_id: bytes,
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """
    Send an answer.

    Raises:
        ConnectionResetError: A fault breaks the connection, and the server in front offers no connection to break.
    """
    if answer.seconds and answer.delivery is not Delivery.DRIP:
        await asyncio.sleep(answer.seconds)
    if answer.delivery is Delivery.RESET:
        await _break(scope, receive, reset=True)
        return
    await send({"type": "http.response.start", "status": answer.status, "headers": head(answer, request_id)})
    if answer.delivery is Delivery.WHOLE:
        await send({"type": "http.response.body", "body": answer.body})
    elif answer.delivery is Delivery.TRUNCATED:
        await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
        await _break(scope, receive, reset=False)
    else:
        step = max(1, len(answer.body) // _DRIPS)
        pieces = [answer.body[start : start + step] for start in range(0, len(answer.body), step)]
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(answer.seconds / len(pieces))
        await send({"type": "http.response.body", "body": b""})


async def _break(
    scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[MutableMapping[str, Any]]], *, reset: bool
) -> None:
    transport = scope.get("extensions", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionResetError("the connection was broken on purpose, by a fault that was asked for")
    if reset:
        # Without lingering, the close is a reset: the client sees that, not an orderly end.
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
