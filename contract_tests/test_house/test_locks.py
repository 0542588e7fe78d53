"""The locks in requirements/ against both pyproject.toml and against each other."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECTS = ("pyproject.toml", "contract_tests/pyproject.toml")
# What each lock is compiled from beside what both distributions need: extras and dependency groups of the first.
SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "contract": ((), ("editable",)),
    "dev": (("otel",), ("dev", "editable")),
    "bench": ((), ("bench", "editable")),
}


@dataclass(frozen=True)
class Pin:
    """One package of a lock; `direct` where a pyproject.toml asks for it itself."""

    version: str
    marker: str
    hashes: frozenset[str]
    direct: bool


def read(path: Path) -> dict[str, Pin]:
    """Read a lock, package by package."""
    pins: dict[str, Pin] = {}
    for entry in re.split(r"\n(?=[a-z])", path.read_text().split("\n", 2)[2]):
        head = re.match(r"(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))? \\?\n", entry)
        assert head, f"{path.name} has an entry that is not `name==version`: {entry.splitlines()[0]}"
        pins[canonicalize_name(head["name"])] = Pin(
            version=head["version"],
            marker=head["marker"] or "",
            hashes=frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry)),
            direct=any(f"({project}" in entry for project in PROJECTS),
        )
    return pins


@pytest.fixture(scope="session")
def locks(root: Path) -> dict[str, dict[str, Pin]]:
    """The locks by name."""
    return {name: read(root / f"requirements/{name}.txt") for name in SOURCES}


@pytest.fixture(scope="session")
def declared(root: Path) -> dict[str, list[Requirement]]:
    """What both pyproject.toml ask for in the sources of each lock."""
    documents: list[dict[str, Any]] = [tomllib.loads((root / project).read_text()) for project in PROJECTS]
    client = documents[0]
    return {
        lock: [
            Requirement(text)
            for part in (
                *(document["project"]["dependencies"] for document in documents),
                *(client["project"]["optional-dependencies"][extra] for extra in extras),
                *(client["dependency-groups"][group] for group in groups),
            )
            for text in part
            if isinstance(text, str)
        ]
        for lock, (extras, groups) in SOURCES.items()
    }


@pytest.mark.parametrize("name", SOURCES)
def test_lock_pins_what_pyproject_asks_for(
    name: str, locks: dict[str, dict[str, Pin]], declared: dict[str, list[Requirement]]
) -> None:
    """
    Each declared requirement is pinned at a version that satisfies it (repair: make lock).
    """
    unmet = [
        str(wanted)
        for wanted in declared[name]
        if (pin := locks[name].get(canonicalize_name(wanted.name))) is None
        or Version(pin.version) not in wanted.specifier
    ]

    assert not unmet


@pytest.mark.parametrize("name", SOURCES)
def test_lock_holds_nothing_that_was_dropped(
    name: str, locks: dict[str, dict[str, Pin]], declared: dict[str, list[Requirement]]
) -> None:
    """
    What the lock takes for a wish of a pyproject.toml is one (repair: make lock).
    """
    direct = {package for package, pin in locks[name].items() if pin.direct}

    assert direct == {canonicalize_name(wanted.name) for wanted in declared[name]}


def test_dev_holds_all_of_contract(locks: dict[str, dict[str, Pin]]) -> None:
    """
    Both locks agree on version and hashes, so that one environment serves both.
    """
    differing = [
        package
        for package, pin in locks["contract"].items()
        if (other := locks["dev"].get(package)) is None or (other.version, other.hashes) != (pin.version, pin.hashes)
    ]

    assert not differing


@pytest.mark.parametrize("name", SOURCES)
def test_every_pin_has_hashes(name: str, locks: dict[str, dict[str, Pin]]) -> None:
    """
    Nothing is installed unchecked.
    """
    assert not [package for package, pin in locks[name].items() if not pin.hashes]


@pytest.mark.parametrize("name", SOURCES)
def test_lock_is_for_every_platform(name: str, locks: dict[str, dict[str, Pin]]) -> None:
    """
    A package with compiled parts is locked by all its wheels, and Windows' own needs are in.
    """
    assert len(locks[name]["rpds-py" if name == "dev" else "httptools"].hashes) > 20
    assert "win32" in locks[name]["colorama"].marker


@pytest.mark.parametrize("name", SOURCES)
def test_lock_names_no_place(name: str, root: Path) -> None:
    """
    A lock names packages and hashes, never an index, a URL or a directory.
    """
    text = (root / f"requirements/{name}.txt").read_text()

    assert not re.findall(r"https?:|file:|--\w*index|--find-links|(?<!\w)/\w+/| @ ", text)
