"""What the proofs about the contract work on. A test that alters a document alters a copy of its own."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from openapi_contract import Contract, Operation
from openapi_contract.document import read_yaml
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle
from secmaster_contract.shipped import openapi_directory, shipped_contract, shipped_ledger
from test_spec.page import Page, parse, source_file


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The YAML as it stands."""
    return shipped_contract()


@pytest.fixture(scope="session")
def operation(contract: Contract) -> Operation:
    """The operation that the source page states."""
    return contract.operation("updateWorkflowInstance")


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    """The ledger as it stands."""
    return shipped_ledger()


@pytest.fixture(scope="session")
def oracle(contract: Contract) -> Oracle:
    """The oracle over the YAML as it stands."""
    return Oracle(contract)


@pytest.fixture
def root(contract: Contract) -> Any:
    """A copy of what the YAML holds, to break."""
    return copy.deepcopy(contract.document.root)


@pytest.fixture
def outline() -> Any:
    """A copy of the source page's outline to break."""
    return read_yaml(openapi_directory() / "source-page.yaml")


@pytest.fixture(scope="session")
def page_text() -> str:
    """The source page's text, where it lies beside the checkout."""
    path = source_file()
    if path is None:
        pytest.skip("the source page does not lie beside this checkout (../shared/source/*.txt)")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def page(page_text: str) -> Page:
    """The source page as data."""
    return parse(page_text)
