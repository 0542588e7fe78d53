"""Loads a server with valid commands over kept connections: `python mock_load.py PORT SECONDS|COUNTx CONNECTIONS`.

No two of the first thousands of commands are equal, so that no server can answer from what it has judged before. Writes
the number of answers, the seconds, and the number of answers other than 200.
"""

from __future__ import annotations

import itertools
import json
import selectors
import socket
import sys
import time
import uuid

from openapi_contract.samples import Samples
from secmaster_contract.mock.settings import TOKEN
from secmaster_contract.shipped import shipped_contract

_DISTINCT = 5000


def requests() -> list[bytes]:
    """Return distinct valid requests, the contract's largest example among them."""
    contract = shipped_contract()
    samples, operation = Samples(contract), contract.operation("updateWorkflowInstance")
    path = operation.fill(dict.fromkeys(operation.path_names, "i"))
    lines = [f"{operation.method} {path} HTTP/1.1", "Host: mock"]
    if operation.security:
        lines.append(f"{operation.security.header}: {operation.security.value(TOKEN)}")
    if operation.body:
        lines.append(f"Content-Type: {operation.body.media_type}")
    head, written = "\r\n".join(lines), list[bytes]()
    for command, _ in zip(itertools.cycle(operation.commands), range(_DISTINCT), strict=False):
        body = json.dumps(samples.body(operation, command) | {"task_id": str(uuid.uuid4())}).encode()
        written.append(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    return written


def complete(seen: bytearray) -> bool:
    """Say whether an answer has come whole."""
    end = seen.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(seen[:end]).lower()
    at = head.find(b"content-length:")
    if at < 0:
        return seen.endswith(b"0\r\n\r\n")
    return len(seen) >= end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])


def main(port: int, until: str, connections: int) -> None:
    """Send until the time is over or the count is reached."""
    count = int(until[:-1]) if until.endswith("x") else sys.maxsize
    seconds = float("inf") if until.endswith("x") else float(until)
    supply = itertools.cycle(requests())
    done = other = 0
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(next(supply))
            selector.register(connection, selectors.EVENT_READ, bytearray())
        started = time.perf_counter()
        while done < count and time.perf_counter() - started < seconds:
            for key, _ in selector.select(1):
                open_socket: socket.socket = key.fileobj  # type: ignore[assignment]  # a socket is what was registered
                key.data.extend(open_socket.recv(65536))
                if complete(key.data):
                    done += 1
                    other += not key.data.startswith(b"HTTP/1.1 200")
                    key.data.clear()
                    open_socket.sendall(next(supply))
        sys.stdout.write(f"{done} {time.perf_counter() - started} {other}\n")
        for key in list(selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]  # as above


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
