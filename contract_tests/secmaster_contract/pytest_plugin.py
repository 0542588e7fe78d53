"""A pytest plugin: the clauses as tests of your own suite, and a fixture that verifies a server.

    pytest --pyargs secmaster_contract.suite --contract-target URL

One session judges the clauses of the tests that were chosen, and the first test waits for all of it: a violated clause
fails, advice warns, what was withheld is skipped, and what nothing can be said of for another reason fails with that
reason. The token comes from SECMASTER_TOKEN, as for the command line. With pytest-xdist one worker gets all of them. A
target that is not on this machine is live: it gets only requests that read, or that a correct server rejects.

pytest loads this module wherever the distribution is installed: the rest of the verifier is imported only once it is
asked for, so that no other suite pays for it.
"""
# ruff: noqa: PLC0415  see above

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from secmaster_contract.judge.report import Report
    from secmaster_contract.pytest_session import ContractSession

SUITE = "secmaster_contract/suite.py"
_NAME = "secmaster-contract-session"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a target."""
    group = parser.getgroup("secmaster-contract")
    group.addoption("--contract-target", metavar="URL", help="Server that the clauses of the contract are checked at.")
    group.addoption("--contract", metavar="FILE", type=Path, help="OpenAPI 3.1 file. Default: the shipped contract.")
    group.addoption("--contract-ledger", metavar="FILE", type=Path, help="Its clauses; what no row states is derived.")
    group.addoption(
        "--contract-param",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="Value of a parameter, or of a text field of bodies. May be repeated. Default: the contract's example.",
    )
    group.addoption(
        "--contract-treat-as",
        choices=("live", "local"),
        help="live: only harmless requests; local: all of them. Default: local on loopback, live elsewhere.",
    )
    group.addoption("--contract-rate", metavar="RATE", help="Send no faster, such as 5/s; that is the default if live.")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the session, where a target is named."""
    if config.getoption("--contract-target"):
        from secmaster_contract.pytest_session import ContractSession

        config.pluginmanager.register(ContractSession.of(config), _NAME)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the test of a clause its clauses."""
    if "contract_clause" in metafunc.fixturenames:
        session = metafunc.config.pluginmanager.get_plugin(_NAME)
        if session is None:
            raise pytest.UsageError("secmaster_contract.suite needs a server: give --contract-target URL")
        metafunc.parametrize("contract_clause", session.keys)


@pytest.fixture(scope="session")
def contract_session(pytestconfig: pytest.Config) -> ContractSession:
    """The session that judges the clauses."""
    session: Any = pytestconfig.pluginmanager.get_plugin(_NAME)
    found: ContractSession = session
    return found


@pytest.fixture(scope="session")
def contract_report(pytestconfig: pytest.Config) -> Callable[..., Report]:
    """Verify a server: `contract_report(url, token)` returns the Report.

    `values` are those of parameters by name; other keywords are those of `Options`: `only`, `skip`, `strict` and so on.
    The report's `exit_status` is 0 where the server conforms; `of("violates")` are the clauses that it breaks.
    """
    from secmaster_contract.run.session import Options, Session
    from secmaster_contract.run.target import Target
    from secmaster_contract.shipped import choose

    def verify(url: str, token: str, values: Mapping[str, str] | None = None, **options: Any) -> Report:
        _, ledger = choose(pytestconfig.getoption("--contract"), pytestconfig.getoption("--contract-ledger"))
        return Session(Target(url, token, values or {}), ledger, options=Options(**options)).run()

    return verify
