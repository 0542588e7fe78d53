"""What is in the built distributions, and what they say of themselves."""

import ast
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from test_house.conftest import Built

LIBRARIES = {
    "attr": "attrs",
    "opentelemetry": "opentelemetry-api",
    "xdist": "pytest-xdist",
    "yaml": "pyyaml",
}  # by module
# Packages that a distribution carries beside the one it is named for.
BESIDE = {"secmaster_contract": ("openapi_contract",)}
PACKAGES = ("secmaster_workflows", "secmaster_contract")
CARRIED = ("clauses.yaml", "secmaster-workflows.yaml", "source-page.yaml", "examples/")


def members(wheel: Path) -> dict[str, bytes]:
    """Return the content of a wheel by path."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def about(wheel: Path, file: str) -> bytes:
    """Return a file of a wheel's own description, nothing if it has no such file."""
    return b"".join(content for name, content in members(wheel).items() if name.endswith(f".dist-info/{file}"))


def metadata(wheel: Path) -> Message:
    """Return the metadata of a wheel."""
    return message_from_bytes(about(wheel, "METADATA"))


def requirements(wheel: Path, *extras: str) -> list[Requirement]:
    """Return what a wheel asks for, bare and with each of some extras."""
    wanted = [Requirement(text) for text in metadata(wheel).get_all("Requires-Dist", [])]
    return [
        one
        for one in wanted
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def imports(source: bytes) -> Iterator[str]:
    """Name the top of every module that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_wheel_from_sdist_is_the_wheel_of_the_checkout(package: str, built: Mapping[str, Built]) -> None:
    """
    Nothing that the wheel needs is missing from the source distribution.
    """
    from_sdist, direct = (members(wheel) for wheel in (built[package].wheel, built[package].wheel_of_checkout))
    for wheel in (from_sdist, direct):
        (record,) = (name for name in wheel if name.endswith(".dist-info/RECORD"))
        wheel[record] = b"\n".join(sorted(wheel[record].splitlines()))  # in the order of packing, which means nothing

    assert from_sdist == direct


@pytest.mark.parametrize("package", PACKAGES)
def test_wheel_holds_its_package_and_nothing_else(package: str, built: Mapping[str, Built]) -> None:
    """
    The client's wheel holds the client, the verifier's the verifier and the reader of contracts that it stands on.
    """
    tops = {name.split("/")[0] for name in members(built[package].wheel)}

    assert {top for top in tops if not top.endswith(".dist-info")} == {package, *BESIDE.get(package, ())}
    assert f"{package}/py.typed" in members(built[package].wheel)


def test_wheel_carries_the_contract(built: Mapping[str, Built], root: Path, tracked: list[Path]) -> None:
    """
    The spec, the ledger, the page's outline and the examples are in the verifier's wheel, byte for byte.
    """
    openapi = root / "openapi"
    due = {
        f"secmaster_contract/_openapi/{path.relative_to(openapi)}": path.read_bytes()
        for path in tracked
        if path.is_relative_to(openapi) and str(path.relative_to(openapi)).startswith(CARRIED)
    }
    wheel = members(built["secmaster_contract"].wheel)
    carried = {name: content for name, content in wheel.items() if "/_openapi/" in name}

    assert len(due) > len(CARRIED)
    assert carried == due


def test_command_and_plugin_come_with_the_verifier(built: Mapping[str, Built]) -> None:
    """
    The client puts nothing on the path and into nobody's pytest; the verifier brings its command and its plugin.
    """
    points = ConfigParser()
    points.read_string(about(built["secmaster_contract"].wheel, "entry_points.txt").decode())

    assert {group: list(points[group]) for group in points.sections()} == {
        "console_scripts": ["secmaster-contract"],
        "pytest11": ["secmaster_contract.pytest_plugin"],
    }
    assert about(built["secmaster_workflows"].wheel, "entry_points.txt") == b""


def test_extra_asks_for_the_verifier_of_its_own_version(built: Mapping[str, Built]) -> None:
    """
    The extra `contract` is the verifier that was built beside the client, and no other.
    """
    client, verifier = (metadata(built[package].wheel) for package in PACKAGES)
    bare = {str(one) for one in requirements(built["secmaster_workflows"].wheel)}
    (asked,) = (one for one in requirements(built["secmaster_workflows"].wheel, "contract") if str(one) not in bare)

    assert asked.name == verifier["Name"] == "secmaster-contract"
    assert str(asked.specifier) == f"=={verifier['Version']}" == f"=={client['Version']}"


@pytest.mark.parametrize("what", ["Author", "License-Expression", "Requires-Python"])
def test_both_distributions_say_the_same(what: str, built: Mapping[str, Built]) -> None:
    """
    Author, licence and the Pythons are those of the house.
    """
    client, verifier = (metadata(built[package].wheel) for package in PACKAGES)

    assert client[what]
    assert client[what] == verifier[what]


def test_both_distributions_promise_the_same_pythons(built: Mapping[str, Built]) -> None:
    """
    The classifiers of one name the versions that the classifiers of the other name.
    """
    client, verifier = (
        [text for text in metadata(built[package].wheel).get_all("Classifier", []) if re.search(r":: 3\.\d", text)]
        for package in PACKAGES
    )

    assert client
    assert client == verifier


@pytest.mark.parametrize("package", PACKAGES)
def test_distribution_brings_the_licence(package: str, built: Mapping[str, Built], root: Path) -> None:
    """
    Whoever has a wheel has the whole licence, the one of the house.
    """
    assert about(built[package].wheel, "licenses/LICENSE") == (root / "LICENSE").read_bytes()


@pytest.mark.parametrize(("package", "extras"), [("secmaster_workflows", ["otel"]), ("secmaster_contract", ["xdist"])])
def test_distribution_asks_for_all_it_imports(package: str, extras: list[str], built: Mapping[str, Built]) -> None:
    """
    Every library that a package imports is a requirement of its own, not only one of somebody else's.
    """
    asked = {canonicalize_name(requirement.name) for requirement in requirements(built[package].wheel, *extras)}
    imported = {
        canonicalize_name(LIBRARIES.get(module, module))
        for name, content in members(built[package].wheel).items()
        if name.endswith(".py")
        for module in imports(content)
        if module not in sys.stdlib_module_names | {package, *BESIDE.get(package, ())}
    }

    assert imported
    assert imported <= asked
