"""The verifier's verdict on the server, in every mode of it."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openapi_contract import Contract
from openapi_contract.ledger import Ledger
from secmaster_contract.judge.verdicts import Verdict
from secmaster_contract.mock.instances import Instance
from secmaster_contract.mock.scenario import Scenario
from secmaster_contract.mock.server import Running, running
from secmaster_contract.run.session import Session
from secmaster_contract.run.target import Target

CONTRACTS = Path(__file__).parents[1] / "data" / "contracts"
READY = Instance(project_id="p", workspace_id="w", instance_id="i", lenient=True)
VERIFY = "from secmaster_contract.cli import main; main()"


def verify(server: Running) -> subprocess.CompletedProcess[str]:
    """Run the verifier against a server."""
    identity = ["--token", server.token, "--project-id", "p", "--workspace-id", "w", "--instance-id", "i"]
    command = [sys.executable, "-c", VERIFY, "verify", server.url, *identity]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "mode",
    [
        pytest.param(dict, id="stateless"),
        pytest.param(lambda: {"state": ":memory:", "instances": (READY,)}, id="stateful"),
        pytest.param(lambda: {"log": io.StringIO(), "record": io.StringIO()}, id="logged-and-recorded"),
        pytest.param(
            lambda: {"scenario": Scenario.parse({"instances": {"other": {"sequence": ["reset"]}}})}, id="scenario"
        ),
    ],
)
def test_the_server_conforms_in_every_mode(serve: Callable[..., Running], mode: Callable[[], dict[str, Any]]) -> None:
    """
    The verifier finds nothing to say against it.
    """
    result = verify(serve(**mode()))

    assert result.returncode == 0, result.stdout + result.stderr
    assert " conforms" in result.stdout


def test_an_instance_in_an_unfit_state_is_not_blamed_on_the_server(serve: Callable[..., Running]) -> None:
    """
    A server that remembers rejects commands by the state of their instance: inconclusive, and no violation.
    """
    result = verify(serve(state=":memory:", instances=(replace(READY, lenient=False),)))

    assert result.returncode == 3, result.stdout + result.stderr
    assert "violates" not in result.stdout


def test_a_server_that_breaks_down_does_not_conform(serve: Callable[..., Running]) -> None:
    """
    The control: the same run against a server whose scenario fails it does not end well.
    """
    scenario = Scenario.parse({"instances": {"*": {"sequence": [{"fault": "server-error"}], "repeat": True}}})
    result = verify(serve(scenario=scenario))

    assert result.returncode in {1, 3}, result.stdout + result.stderr


@pytest.mark.parametrize("name", ["minimal", "library", "reads"])
def test_the_server_of_another_contract_conforms(name: str) -> None:
    """
    On each clause that the verifier derives from a contract of another service, the server keeps it.
    """
    contract = Contract.load(CONTRACTS / f"{name}.yaml")
    ledger = Ledger.load(contract)
    with running(contract=contract, ledger=ledger) as server:
        report = Session(Target(server.url, server.token, {}, seconds=5), ledger).run()
    against = [*report.of(Verdict.VIOLATES), *report.of(Verdict.ADVISES)]

    assert [(result.clause.key, result.failures) for result in against] == []
    assert len(report.of(Verdict.CONFORMS)) > (5 if name == "minimal" else 100)
