"""What the proofs about the contract work on. A test that alters a document alters a copy of its own."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from openapi_contract.ledger import Ledger, load_ledger
from openapi_contract.oracle import Oracle, load_oracle
from secmaster_contract.shipped import openapi_directory
from openapi_contract import Spec, load_spec
from test_spec.page import Page, parse, source_file


@pytest.fixture(scope="session")
def spec() -> Spec:
    """The YAML as it stands."""
    return load_spec()


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    """The ledger as it stands."""
    return load_ledger()


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    """The oracle over the YAML as it stands."""
    return load_oracle()


@pytest.fixture
def document(spec: Spec) -> Any:
    """A copy of the YAML to break."""
    return copy.deepcopy(spec.document)


@pytest.fixture
def rows() -> Any:
    """A copy of the ledger's file to break."""
    return yaml.safe_load((openapi_directory() / "clauses.yaml").read_bytes())


@pytest.fixture
def outline() -> Any:
    """A copy of the source page's outline to break."""
    return yaml.safe_load((openapi_directory() / "source-page.yaml").read_bytes())


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
