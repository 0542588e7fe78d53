"""What people install: the built distributions, in environments of their own, far from any checkout."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from test_house.conftest import Run

pytestmark = pytest.mark.xdist_group("wheel")  # the distributions are built once
CARRIED = ("clauses.yaml", "secmaster-workflows.yaml", "source-page.yaml", "examples/")


@dataclass(frozen=True)
class Built:
    """The source distribution, the wheel made from it, and the wheel made from the checkout itself."""

    sdist: Path
    wheel: Path
    wheel_of_checkout: Path


@dataclass(frozen=True)
class Environment:
    """An environment with the wheel in it, and a directory to work in."""

    bin: Path
    work: Path
    run: Run

    def python(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run a line of Python, isolated from the directory it runs in."""
        return self.run(self.bin / "python", "-I", "-c", code, cwd=self.work)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run secmaster-contract."""
        return self.run(self.bin / "secmaster-contract", *arguments, cwd=self.work)


@pytest.fixture(scope="module")
def built(run: Run, copy_checkout: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build from a copy of what is committed, so that nothing else can slip in."""
    place = tmp_path_factory.mktemp("build")
    copy_checkout(place / "checkout")
    for arguments in ([], ["--wheel"]):
        out = place / ("direct" if arguments else "dist")
        done = run(sys.executable, "-m", "build", "--no-isolation", *arguments, "--outdir", out, cwd=place / "checkout")
        assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = (list((place / "dist").glob(kind)) for kind in ("*.tar.gz", "*.whl"))
    (direct,) = (place / "direct").glob("*.whl")
    return Built(sdist, wheel, direct)


@pytest.fixture(scope="module")
def create(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Callable[[str], Environment]:
    """Make an empty environment."""

    def create_environment(name: str) -> Environment:
        place = tmp_path_factory.mktemp(name)
        venv.create(place / "env", with_pip=True)
        (place / "work").mkdir()
        return Environment(place / "env/bin", place / "work", run)

    return create_environment


@pytest.fixture(scope="module")
def bare(
    built: Built, create: Callable[[str], Environment], root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Environment:
    """The wheel and what it says it needs, from the package index, in the locked versions."""
    environment = create("bare")
    pins = re.findall(r"^[a-z].*==[^\\\n]*", (root / "requirements/contract.txt").read_text(), re.MULTILINE)
    constraints = tmp_path_factory.mktemp("pins") / "constraints.txt"
    constraints.write_text("\n".join(pins))
    done = environment.run(
        environment.bin / "python",
        "-m",
        "pip",
        "install",
        "--no-compile",
        "--constraint",
        constraints,
        built.wheel,
        env={name: value for name, value in os.environ.items() if name.startswith("PIP_")},
    )
    assert done.returncode == 0, f"the package index is needed here: {done.stderr}"
    return environment


@pytest.fixture(scope="module")
def full(built: Built, create: Callable[[str], Environment]) -> Environment:
    """The wheel beside the packages of the extra `contract`, which are borrowed from the checkout's environment."""
    environment = create("full")
    done = environment.run(environment.bin / "python", "-m", "pip", "install", "--no-deps", "--no-index", built.wheel)
    assert done.returncode == 0, done.stderr
    site = environment.python("import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return environment


def members(wheel: Path) -> dict[str, bytes]:
    """Return the content of a wheel by path."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def metadata(wheel: Path) -> Message:
    """Return the metadata of a wheel."""
    (name,) = (name for name in members(wheel) if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(members(wheel)[name])


def matches(requirement: Requirement, extra: str) -> bool:
    """Return whether a requirement holds where an extra is asked for."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def imports(source: bytes) -> Iterator[str]:
    """Name the top of every module that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_wheel_from_sdist_is_the_wheel_of_the_checkout(built: Built) -> None:
    """
    Nothing that the wheel needs is missing from the source distribution.
    """
    assert members(built.wheel) == members(built.wheel_of_checkout)


def test_wheel_holds_both_packages_and_nothing_else(built: Built) -> None:
    """
    The wheel holds the client, the verifier, and its own metadata.
    """
    tops = {name.split("/")[0] for name in members(built.wheel)}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"secmaster_contract", "secmaster_workflows"}
    assert {"secmaster_contract/py.typed", "secmaster_workflows/py.typed"} <= members(built.wheel).keys()


def test_wheel_carries_the_contract(built: Built, root: Path, tracked: list[Path]) -> None:
    """
    The spec, the ledger, the page's outline and the examples are in the wheel, byte for byte.
    """
    openapi = root / "openapi"
    due = {
        f"secmaster_contract/_openapi/{path.relative_to(openapi)}": path.read_bytes()
        for path in tracked
        if path.is_relative_to(openapi) and str(path.relative_to(openapi)).startswith(CARRIED)
    }
    carried = {name: content for name, content in members(built.wheel).items() if "/_openapi/" in name}

    assert len(due) > len(CARRIED)
    assert carried == due


def test_bare_install_is_the_client_alone(bare: Environment) -> None:
    """
    Without an extra the client comes with its HTTP library and attrs, and without the verifier's packages.
    """
    listed = bare.run(bare.bin / "python", "-m", "pip", "list", "--format", "freeze").stdout
    names = {line.split("==")[0].lower() for line in listed.splitlines()}

    assert {"attrs", "httpx2", "secmaster-workflows"} <= names
    assert not names & {"pytest", "schemathesis", "hypothesis", "starlette", "uvicorn", "click", "rich", "pyyaml"}


def test_bare_install_imports_the_client(bare: Environment) -> None:
    """
    The client works with nothing but what the distribution asks for.
    """
    done = bare.python(
        "from secmaster_workflows import WorkflowsClient as C; import inspect; print(inspect.getfile(C))"
    )

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(bare.bin.parent)


@pytest.mark.parametrize("arguments", [[], ["verify", "--mock"], ["mock"], ["clauses"], ["--help"]])
def test_bare_install_says_what_the_command_needs(bare: Environment, arguments: list[str]) -> None:
    """
    Without the extra the command says in one sentence how to get it.
    """
    done = bare.command(*arguments)

    assert done.returncode == 2, done.stdout
    assert "pip install 'secmaster-workflows[contract]'" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("package", "extras"), [("secmaster_workflows", {"", "otel"}), ("secmaster_contract", {"", "contract"})]
)
def test_distribution_asks_for_all_it_imports(package: str, extras: set[str], built: Built) -> None:
    """
    Every library that a package imports is a requirement of its own, not only one of somebody else's.
    """
    asked = {
        canonicalize_name(requirement.name)
        for text in metadata(built.wheel).get_all("Requires-Dist", [])
        for requirement in [Requirement(text)]
        if any(matches(requirement, extra) for extra in extras)
    }
    imported = {
        canonicalize_name({"attr": "attrs", "opentelemetry": "opentelemetry-api", "yaml": "pyyaml"}.get(module, module))
        for name, content in members(built.wheel).items()
        if name.startswith(f"{package}/") and name.endswith(".py")
        for module in imports(content)
        if module not in sys.stdlib_module_names | {"secmaster_contract", "secmaster_workflows"}
    }

    assert imported
    assert imported <= asked


def test_installed_verifier_reads_the_contract_it_carries(full: Environment) -> None:
    """
    Far from a checkout the verifier takes the YAML from inside its own package.
    """
    done = full.python("from secmaster_contract.harness.places import openapi_directory as d; print(d())")

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(full.bin.parent)


def test_installed_verifier_reaches_a_verdict(full: Environment) -> None:
    """
    Far from a checkout the verifier serves its mock and finds it conforming.
    """
    done = full.command("verify", "--mock", "--json", "verdict.json")

    assert done.returncode == 0, done.stdout + done.stderr
    assert (full.work / "verdict.json").is_file()


def test_installed_mock_listens(full: Environment, environment: dict[str, str]) -> None:
    """
    Far from a checkout the mock says where it listens, and ends when it is told to.
    """
    with subprocess.Popen(
        [full.bin / "secmaster-contract", "mock", "--port", "0"],
        cwd=full.work,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()

    assert re.fullmatch(r"Listening on http://127\.0\.0\.1:\d+\n", line)
