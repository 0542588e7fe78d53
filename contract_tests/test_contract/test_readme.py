"""The steps of openapi/README.md, done on a copy of the contract."""

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi_contract import Contract
from openapi_contract.document import Document, read_yaml
from openapi_contract.ledger import Ledger
from test_contract.making import ROOT, SHIPPED, SHIPPED_LEDGER

README = (ROOT / "openapi" / "README.md").read_text()
BLOCK = re.compile(r"^( *)```yaml\n *# (?:(clauses\.yaml): )?(/\S*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
KEY = re.compile(r"`([a-z][a-z-]*(?:\.[a-z0-9-]+)+)`")


def section(title: str) -> str:
    """Return the text under a heading."""
    (text,) = re.findall(rf"^## {title}\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)
    return str(text)


def merge(node: Any, more: Any) -> None:
    """Add to an object or a list what a reader would write into it."""
    if isinstance(node, list):
        node.extend(more)
        return
    for name, value in more.items():
        if isinstance(value, dict | list) and name in node:
            merge(node[name], value)
        else:
            node[name] = value


def followed(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the contract and the ledger with each block of a text written at the place that it names."""
    files = {"": read_yaml(SHIPPED), "clauses.yaml": read_yaml(SHIPPED_LEDGER)}
    for _, file, pointer, block in BLOCK.findall(text):
        merge(Document(file, files[file]).at(pointer), yaml.safe_load(textwrap.dedent(block)))
    return files[""], files["clauses.yaml"]


@pytest.mark.parametrize("title", ["Changing a rule", "Adding a command", "Adding an operation"])
def test_the_steps_lead_to_the_clauses_they_name(title: str, tmp_path: Path) -> None:
    """
    Who writes what a section shows gets each clause that the section names.
    """
    text = section(title)
    root, rows = followed(text)
    path = tmp_path / "clauses.yaml"
    path.write_text(yaml.safe_dump(rows))
    contract = Contract.of(Document(SHIPPED.name, root))

    derived = Ledger.load(contract, SHIPPED_LEDGER).clauses
    written = Ledger.load(contract, path).clauses

    keys = {key for key in KEY.findall(text) if key.partition(".")[0] not in {"clauses", "source-page", "info"}}
    assert keys
    assert keys <= set(derived) | set(written)
    assert not keys <= set(Ledger.load(Contract.load(SHIPPED), SHIPPED_LEDGER).clauses)


def test_a_row_takes_the_place_of_the_derived_clause(tmp_path: Path) -> None:
    """
    The row of the first section claims the rule, so that no clause of it is unwritten.
    """
    root, rows = followed(section("Changing a rule"))
    path = tmp_path / "clauses.yaml"
    path.write_text(yaml.safe_dump(rows))

    ledger = Ledger.load(Contract.of(Document(SHIPPED.name, root)), path)

    assert not ledger.unwritten
    assert ledger["body.task-id.length"].written
