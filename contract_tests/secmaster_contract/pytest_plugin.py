"""A pytest plugin: the clauses as tests of your own suite, and a fixture that verifies a server.

    pytest --pyargs secmaster_contract.clauses --contract-target URL

The token comes from SECMASTER_TOKEN, as for the command line. With pytest-xdist (`-n 4`) each worker has its share of
the clauses; a server that serves one connection at a time, or that keeps a state, is left to one worker.
A target that is not on this machine is live: it is sent only what a correct server refuses, slowly, by one worker, and
the first test waits for all of it. Advice is a warning; what is not sent there, and what shows nothing without it, is
skipped; what nothing can be said of for another reason fails.

pytest loads this module wherever the distribution is installed: the rest of the verifier is imported only once it is
asked for, so that no other suite pays for it.
"""
# ruff: noqa: PLC0415  see above

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from secmaster_contract.run.session import Report

_MARKS = (
    "vectors(*families): the families of enumerated vectors that a check is for",
    "readings(*clauses): the clauses that every answer of the run is read for",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a target."""
    group = parser.getgroup("secmaster-contract")
    group.addoption("--contract-target", metavar="URL", help="Server that the clauses of the contract are checked at.")
    for name, what in (("project", "project"), ("workspace", "workspace"), ("instance", "workflow instance")):
        group.addoption(
            f"--contract-{name}-id", metavar="ID", help=f"Its {what}. Default: SECMASTER_{name.upper()}_ID."
        )
    group.addoption(
        "--contract-treat-as",
        choices=("live", "local"),
        help="Whether harm is possible there. Default: local on loopback, live elsewhere.",
    )
    group.addoption("--contract-rate", metavar="RATE", help="Send no faster, such as 5/s; that is the default if live.")


def pytest_configure(config: pytest.Config) -> None:
    """Give the clauses their vectors, where a target is named."""
    for mark in _MARKS:
        config.addinivalue_line("markers", mark)
    if config.getoption("--contract-target"):
        from secmaster_contract.harness.target_plugin import plugin_of

        config.pluginmanager.register(plugin_of(config), "secmaster-contract-clauses")


@pytest.fixture(scope="session")
def contract_report() -> Callable[..., Report]:
    """Verify a server: `contract_report(url, token)` returns the Report; keywords are those of `run`, and identifiers.

    The report's `exit_status` is 0 where the server conforms; `of(Verdict.VIOLATES)` are the clauses that it breaks.
    """
    from secmaster_contract.run.session import run
    from secmaster_contract.run.target import Target

    def verify(url: str, token: str, identifiers: dict[str, str] | None = None, **options: Any) -> Report:
        names = ("project_id", "workspace_id", "instance_id")
        return run(Target(url, token, {**dict.fromkeys(names, "example"), **(identifiers or {})}), **options)

    return verify
