"""TLS: secure by default, its settings by option."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from secmaster_workflows import ConnectionFailedError
from test_client.conftest import Caller
from test_client.raw_server import RawServer, answer, at_once, in_turn, says


def test_a_trusted_server_is_sent_to(caller: Caller, tls_server: RawServer, trusting: ssl.SSLContext) -> None:
    """With a context that trusts the server the call goes through."""
    result = caller.retry(endpoint=tls_server.url, ssl_context=trusting)

    assert result.success is True


def test_another_name_is_not_trusted(caller: Caller, tls_server: RawServer, trusting: ssl.SSLContext) -> None:
    """A certificate of another host is refused."""
    error = caller.error(endpoint=tls_server.url.replace("localhost", "127.0.0.1"), ssl_context=trusting)

    assert (type(error), error.sent) == (ConnectionFailedError, "no")
    assert tls_server.received == []


def test_the_environment_adds_no_trust(
    caller: Caller, tls_server: RawServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSL_CERT_FILE does not decide whom the token is sent to."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    error = caller.error(endpoint=tls_server.url)

    assert (type(error), error.sent) == (ConnectionFailedError, "no")


@pytest.mark.skipif(not hasattr(socket, "TCP_CORK"), reason="this system cannot send two records in one segment")
@pytest.mark.parametrize("extra", [b"", answer({"success": False}), b" "], ids=["none", "an answer", "one octet"])
def test_an_answer_too_many_within_tls_is_not_believed(
    extra: bytes,
    caller: Caller,
    serve: Callable[..., RawServer],
    server_context: ssl.SSLContext,
    trusting: ssl.SSLContext,
) -> None:
    """A second TLS record behind the answer costs the connection, none keeps it."""
    server = serve(in_turn(at_once(*filter(None, [answer(), extra])), says(answer())), context=server_context)

    async def both(client: object) -> list[bool]:
        first = await client.retry("1")  # type: ignore[attr-defined]  # the asynchronous client
        second = await client.retry("2")  # type: ignore[attr-defined]  # the asynchronous client
        return [first.success, second.success]

    if caller.kind == "async":
        results = caller.run(both, endpoint=server.url, ssl_context=trusting)
    else:
        results = caller.run(
            lambda client: [client.retry("1").success, client.retry("2").success],
            endpoint=server.url,
            ssl_context=trusting,
        )

    assert results == [True, True]
    assert server.connections == (2 if extra else 1)
