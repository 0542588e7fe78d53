"""However large an answer, the client stays small."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator

import pytest

from test_client.raw_server import RawServer, Received

LIMIT = 64 * 1024 * 1024
CALL = """
import resource, sys
from secmaster_workflows import CallError, UndocumentedAnswerError, WorkflowsClient

client = WorkflowsClient(endpoint=sys.argv[1], token="t", project_id="p", workspace_id="w", timeout=60, max_retries=0)
import secmaster_workflows._runtime.connections
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    client.retry("i")
except UndocumentedAnswerError as error:
    assert error.sent == "answered", error
    assert "larger than" in str(error), error
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print((after - before) * (1 if sys.platform == "darwin" else 1024))
"""


def bomb() -> Iterator[bytes]:
    """A gigabyte of white space, compressed."""
    compressor = zlib.compressobj(9, wbits=31)
    for _ in range(1024):
        yield compressor.compress(b" " * 1024 * 1024)
    yield compressor.flush()


def gzipped(connection: object, _: Received) -> bool:
    """Sends 1 GB as 1 MB."""
    content = b"".join(bomb())
    assert len(content) < 1024 * 1024, "so that the limit on what is received does not stop it"
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    connection.sendall(head + content)  # type: ignore[attr-defined]  # a socket
    return True


def chunked(connection: object, _: Received) -> bool:
    """Sends 600 MB in chunks."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")  # type: ignore[attr-defined]  # a socket
    for _mebibyte in range(600):
        connection.sendall(b"100000\r\n" + b" " * 1024 * 1024 + b"\r\n")  # type: ignore[attr-defined]  # a socket
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="the resource module is not there")
@pytest.mark.parametrize("behave", [gzipped, chunked])
def test_a_huge_answer_costs_little_memory(behave: Callable[..., bool], serve: Callable[..., RawServer]) -> None:
    """1 GB of gzip and 600 MB of chunks end in a typed error within 64 MB of memory."""
    server = serve(behave)

    done = subprocess.run(
        [sys.executable, "-c", CALL, server.url], capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) < LIMIT
