"""An address that looks like this machine's is none until it is, and a URL with a secret in it is not taken."""

from __future__ import annotations

import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from secmaster_contract.wire.dial import ConnectionFailed, Route
from test_live.conftest import Verify
from test_live.raw import hang_up, listening
from test_live.servers import Watched
from test_verifier.servers.wire import serving

ELSEWHERE = "192.0.2.7"  # RFC 5737: an address of nobody


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Resolve every name to a machine elsewhere; the addresses that a connection was tried to."""
    addresses: list[str] = []

    def resolve(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ELSEWHERE, port))]

    def connect(_link: socket.socket, address: tuple[str, int]) -> None:
        addresses.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return addresses


@pytest.mark.parametrize("host", ["localhost", "prod.localhost"])
def test_name_of_this_machine_that_leads_elsewhere_is_not_followed(
    run_verify: Verify, tried: list[str], host: str
) -> None:
    """
    A server that is local by its name is sent nothing where its name leads to another machine.
    """
    outcome = run_verify(f"http://{host}:8080")

    assert tried == []
    assert outcome.status == 3
    assert f"{host}:8080 is {ELSEWHERE}, which is not this machine" in " ".join(outcome.err.split())


def test_other_names_are_followed(tried: list[str]) -> None:
    """
    Any other name is followed to where it leads: what is refused above is refused for the name.
    """
    route = Route(urlsplit("http://prod.example:8080"))

    with pytest.raises(ConnectionFailed):
        route.open(time.monotonic() + 1)
    assert tried == [ELSEWHERE]


def test_localhost_is_this_machine(run_verify: Verify) -> None:
    """
    The name localhost is local where it is.
    """
    server = Watched()
    with serving(server) as url:
        outcome = run_verify(url.replace("127.0.0.1", "localhost"))

    assert outcome.status == 0
    assert server.carried_out


@pytest.mark.usefixtures("tried")
def test_token_on_an_open_network_is_loud(run_verify: Verify) -> None:
    """
    The token is warned of, even in a quiet run, where it goes to another machine by plain HTTP.
    """
    outcome = run_verify("http://prod.example:8080", "--quiet")

    assert "WARNING: http://prod.example:8080 is no https: whoever sits in between reads the token." in outcome.err


@pytest.mark.usefixtures("tried")
def test_another_machine_treated_as_local_is_loud(run_verify: Verify) -> None:
    """
    What may be carried out on another machine that is treated as local is told, even in a quiet run.
    """
    outcome = run_verify("https://prod.example", "--treat-as", "local", "--instance-id", "i", "--quiet")

    said = " ".join(outcome.err.split())
    assert "WARNING: --treat-as local: https://prod.example is another machine, and every command" in said


def test_this_machine_is_no_reason_to_warn(run_verify: Verify) -> None:
    """
    Plain HTTP to this machine is no reason to warn.
    """
    with serving(Watched()) as url:
        outcome = run_verify(url)

    assert "WARNING" not in outcome.err


@pytest.mark.parametrize("user", ["user:hunter2", ":hunter2", "hunter2", "hunter2:", ""])
@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_url_with_a_user_is_refused_unseen(run_verify: Verify, scheme: str, user: str) -> None:
    """
    A URL with a user or password is refused, and not shown.
    """
    with listening(hang_up) as server:
        outcome = run_verify(f"{scheme}://{user}@{server.address}")

    assert outcome.status == 2
    assert "hunter2" not in outcome.err + outcome.out
    assert "has no query, fragment or user" in " ".join(outcome.err.split())
