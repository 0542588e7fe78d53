"""The habits of the tests themselves: names and docstrings that state claims."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

# Opens like an order or a hope, not like a claim.
NO_CLAIM = re.compile(r"(?i)(?:tests?|checks?|verif(?:y|ies)|ensures?|makes? sure|assert(?:s|ing)?)\b")
LONGEST_NAME = 70


def faults(source: str) -> Iterator[str]:
    """Name every test in a module whose name or docstring is no claim in the indicative."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test"):
            continue
        claim = ast.get_docstring(node) or ""
        if re.match(r"test_should|test_that|test_it_|test$|test_?\d+$", node.name):
            yield f"{node.name}: the name is no claim"
        if len(node.name) > LONGEST_NAME:
            yield f"{node.name}: the name is longer than {LONGEST_NAME} characters"
        if not claim:
            yield f"{node.name}: has no docstring that states the claim"
        elif NO_CLAIM.match(claim) or re.search(r"(?i)\bshould\b", claim):
            yield f"{node.name}: the docstring is no claim in the indicative"
        elif not claim.rstrip().endswith((".", "?", "!", ":", "`")):
            yield f"{node.name}: the docstring is no sentence"


def test_every_test_states_a_claim(tracked: list[Path], root: Path) -> None:
    """
    The name and the docstring of each test say what is true.
    """
    modules = [path for path in tracked if path.match("contract_tests/**/test_*.py")]
    found = [f"{path.relative_to(root)}: {fault}" for path in modules for fault in faults(path.read_text())]

    assert modules
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def test_a_is_b(): pass", "has no docstring"),
        ("def test_should_work():\n    '''A is B.'''", "the name is no claim"),
        ("def test_a():\n    '''Test that A is B.'''", "no claim in the indicative"),
        ("def test_a():\n    '''A should be B.'''", "no claim in the indicative"),
        ("async def test_a():\n    '''A is B'''", "no sentence"),
        (f"def test_{'a' * 70}():\n    '''A is B.'''", "longer than"),
    ],
)
def test_other_habits_are_named(source: str, fault: str) -> None:
    """
    A test that states no claim is found.
    """
    (found,) = faults(source)

    assert fault in found
