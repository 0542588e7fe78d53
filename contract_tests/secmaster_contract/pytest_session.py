"""The session behind the tests of `secmaster_contract.suite`: it runs once, for the clauses of the chosen tests."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import click
import pytest

from openapi_contract.errors import ContractError
from openapi_contract.ledger import Ledger
from secmaster_contract.commands.contracts import values_of
from secmaster_contract.judge.report import Report
from secmaster_contract.judge.verdicts import Verdict
from secmaster_contract.people import safe
from secmaster_contract.pytest_plugin import SUITE
from secmaster_contract.report.document import document
from secmaster_contract.report.words import failure_text
from secmaster_contract.run.gate import Gate, read_rate
from secmaster_contract.run.permissions import Permissions
from secmaster_contract.run.preflight import NotReady
from secmaster_contract.run.secret import Redactor
from secmaster_contract.run.session import Options, Session, chosen
from secmaster_contract.run.spelling import named
from secmaster_contract.run.target import Target
from secmaster_contract.shipped import choose

_SHARED = frozenset({"load", "worksteal", "loadgroup"})  # ways of xdist that would tear the clauses apart


class ContractSession:
    """One session of the verifier within one of pytest."""

    def __init__(self, target: Target, ledger: Ledger, permissions: Permissions, gate: Gate) -> None:
        self.target = target
        self.ledger = ledger
        self.permissions = permissions
        self.gate = gate
        self.only: frozenset[str] = frozenset()

    @classmethod
    def of(cls, config: pytest.Config) -> ContractSession:
        """Return the session that the options of pytest name.

        Raises:
            pytest.UsageError: An option cannot be used.
        """
        option: Callable[..., Any] = config.getoption
        try:
            contract, ledger = choose(option("--contract"), option("--contract-ledger"))
            variables = {name: os.environ.get(f"SECMASTER_{name.upper()}") for name in named()}
            values = values_of(option("--contract-param"), variables, chosen(contract)).common
            rate = read_rate(option("--contract-rate")) if option("--contract-rate") else None
        except ContractError as error:
            raise pytest.UsageError(f"--contract: {error}") from None
        except click.UsageError as error:
            raise pytest.UsageError(error.message.replace("--param", "--contract-param")) from None
        except ValueError as error:
            raise pytest.UsageError(f"--contract-rate: {error}") from None
        if option("dist", "no") == "each":
            raise pytest.UsageError("--dist each would verify the server once a worker; leave it out")
        token = os.environ.get("SECMASTER_TOKEN", "")
        if not token and any(operation.security for operation in chosen(contract)):
            raise pytest.UsageError("the token is missing: set SECMASTER_TOKEN")
        target = Target(option("--contract-target"), token, values)
        treated = option("--contract-treat-as")
        permissions = Permissions.for_target(target, live=treated == "live" if treated else None)
        limits = permissions.limits(target)
        return cls(target, ledger, permissions, Gate(replace(limits, rate=rate or limits.rate)))

    @property
    def keys(self) -> list[str]:
        """The clauses that there are tests for."""
        return [clause.key for clause in self.ledger.judged(chosen(self.ledger.contract))]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Judge the clauses of the tests that are left, and no others."""
        calls = (getattr(item, "callspec", None) for item in session.items)
        self.only = frozenset(
            call.params["contract_clause"] for call in calls if call and "contract_clause" in call.params
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Hand all clauses to one worker, the other tests out one by one."""
        if config.getoption("dist") not in _SHARED:
            return None
        from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # noqa: PLC0415  only under xdist

        class Whole(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
            def _split_scope(self, nodeid: str) -> str:
                # A module outside of pytest's root directory has no path.
                path, _, name = nodeid.rpartition("::")
                is_clause = name.startswith("test_clause[") and (not path or path.endswith(SUITE))
                return SUITE if is_clause else nodeid

        return Whole(config, log)

    @cached_property
    def report(self) -> Report | str:
        """What the session found; why there is nothing, where the server is not ready."""
        options = Options(only=self.only)
        try:
            session = Session(self.target, self.ledger, permissions=self.permissions, options=options, gate=self.gate)
            return session.run()
        except NotReady as error:
            return f"Inconclusive ({error.readiness}): {error}"
        except ContractError as error:
            return str(error)

    @cached_property
    def _clauses(self) -> dict[str, dict[str, Any]]:
        """The clauses of the verdict file by key; the token is in none."""
        return {} if isinstance(self.report, str) else {one["key"]: one for one in document(self.report)["clauses"]}

    def check(self, key: str) -> None:
        """Let the test of a clause end as its verdict says."""
        __tracebackhide__ = True
        if isinstance(self.report, str):
            pytest.fail(self._safe(self.report), pytrace=False)
        clause = self._clauses[key]
        reasons = clause["reasons"] or [""]
        told = "\n\n".join(failure_text(clause, failure) for failure in clause["failures"][:3])
        if clause["verdict"] == Verdict.VIOLATES:
            pytest.fail(told, pytrace=False)
        if clause["verdict"] == Verdict.ADVISES:
            warnings.warn(f"Advice: {told}", stacklevel=2)
        if clause["withheld"] and self.report.stopped not in reasons:
            pytest.skip(self._safe(reasons[0]))
        if clause["verdict"] in {Verdict.INCONCLUSIVE, Verdict.WITHHELD}:
            pytest.fail(self._safe(f"Inconclusive: {key}: {reasons[0]}"), pytrace=False)

    def _safe(self, text: str) -> str:
        return safe(text, Redactor(self.target.token).text)
