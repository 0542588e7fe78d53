"""A contract with ten operations against a live target: it is read, and nothing that acts is accepted there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openapi_contract.ledger import Ledger
from openapi_contract.operations import Contract
from secmaster_contract.run.gate import Gate
from secmaster_contract.run.permissions import SENTINEL, Permissions
from secmaster_contract.run.session import Session
from secmaster_contract.run.target import Target
from secmaster_contract.vectors.doors import fits
from secmaster_contract.wire.exchange import Exchange
from test_contract.chain import mock_of
from test_contract.making import CONTRACTS

REAL = "2f1f9a54-5a39-4d0f-8a0a-8f2a4f0f9c11"


@pytest.fixture(scope="module")
def foreign() -> Ledger:
    """The contract of a shop."""
    return Ledger.load(Contract.load(CONTRACTS / "foreign.yaml"))


@pytest.fixture(scope="module")
def heard(foreign: Ledger) -> list[Exchange]:
    """What a correct server of the shop is asked as a live one, and what it answers."""
    found: list[Exchange] = []
    with mock_of(foreign) as server:
        target = Target(server.url, server.token, {"order_id": REAL})
        permissions = Permissions.for_target(target, live=True)
        limits = replace(permissions.limits(target), rate=None)
        Session(
            target,
            foreign,
            operations=[operation.id for operation in foreign.contract.operations],
            permissions=permissions,
            gate=Gate(limits),
            heard=lambda _, exchange: found.append(exchange),
        ).run()
    return found


def acting(exchange: Exchange) -> bool:
    """Whether a request may change something."""
    return exchange.request.method not in {"GET", "HEAD", "OPTIONS"}


def test_nothing_that_acts_is_accepted(foreign: Ledger, heard: list[Exchange]) -> None:
    """
    A correct server rejects every request of a live run that may change something, and each acting operation is asked.
    """
    sent = [exchange for exchange in heard if acting(exchange)]

    asked = {
        own.id
        for own in foreign.contract.operations
        for exchange in sent
        if exchange.request.method == own.method and fits(own, exchange.request.target.partition("?")[0])
    }
    assert asked == {own.id for own in foreign.contract.operations if not own.reads}
    assert [exchange.request for exchange in sent if not 400 <= (exchange.status or 0) < 500] == []


def test_what_acts_is_for_the_sentinel(heard: list[Exchange]) -> None:
    """
    What may change something is addressed to a resource that does not exist, never to the one that the user named.
    """
    sent = [exchange.request.target.partition("?")[0] for exchange in heard if acting(exchange)]

    assert {f"/orders/{SENTINEL}", f"/orders/{SENTINEL}/payments", f"/orders/{SENTINEL}/labels/1"} <= set(sent)
    assert [path for path in sent if REAL in path] == []


def test_what_reads_is_sent(heard: list[Exchange]) -> None:
    """
    The operations that read are asked as usual, for the resource that the user named.
    """
    read = [exchange for exchange in heard if exchange.request.method == "GET" and exchange.status == 200]

    assert {exchange.request.target.partition("?")[0] for exchange in read} >= {
        "/health",
        "/orders",
        f"/orders/{REAL}",
        "/customers",
    }


def test_a_host_elsewhere_is_live_unless_the_user_says_otherwise(foreign: Ledger) -> None:
    """
    Without a word of the user a session on another machine may do nothing, and one on this machine all.
    """
    elsewhere = Session(Target("https://shop.example", "token-of-the-tests"), foreign).permissions
    here = Session(Target("http://127.0.0.1:1", "token-of-the-tests"), foreign).permissions

    assert (elsewhere.live, elsewhere.allowed) == (True, frozenset())
    assert (here.live, here.allowed) == (False, None)
