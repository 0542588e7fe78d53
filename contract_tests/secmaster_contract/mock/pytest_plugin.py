"""A pytest plugin: `pytest_plugins = ["secmaster_contract.mock.pytest_plugin"]` gives the fixture `secmaster_mock`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from secmaster_contract.mock.server import Running, running


@pytest.fixture(scope="session")
def secmaster_mock() -> Iterator[Running]:
    """A stateless server on loopback; `.url` and `.token` are what a client needs."""
    with running() as server:
        yield server
