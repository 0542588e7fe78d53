"""Servers to send requests to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from secmaster_contract.mock.server import Running, running
from secmaster_contract.mock.settings import MockSettings


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """One stateless server for all tests that leave nothing behind."""
    with running() as started:
        yield started


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Starts a server with settings of its own; it ends with the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(running(MockSettings(**settings)))


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Whatever the developer has exported decides nothing here."""
    monkeypatch.delenv("SECMASTER_MOCK_TOKEN", raising=False)
