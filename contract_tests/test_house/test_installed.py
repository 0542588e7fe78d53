"""What people install, in environments of their own, far from any checkout."""

import os
import re
import subprocess
import sysconfig
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from test_house.conftest import Built, Run


@dataclass(frozen=True)
class Environment:
    """An environment with a wheel in it, and a directory to work in."""

    bin: Path
    work: Path
    run: Run

    def python(self, code: str) -> subprocess.CompletedProcess[str]:
        """Run a line of Python, isolated from the directory it runs in."""
        return self.run(self.bin / "python", "-I", "-c", code, cwd=self.work)

    def pip(self, *arguments: str | Path, **env: str) -> str:
        """Run pip to its success and return what it prints."""
        done = self.run(self.bin / "python", "-m", "pip", *arguments, cwd=self.work, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run secmaster-contract."""
        return self.run(self.bin / "secmaster-contract", *arguments, cwd=self.work)


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
def bare(built: Mapping[str, Built], create: Callable[[str], Environment], root: Path) -> Environment:
    """The client's wheel and what it says it needs, from the package index, in the locked versions."""
    environment = create("bare")
    pins = re.findall(r"^[a-z].*==[^\\\n]*", (root / "requirements/contract.txt").read_text(), re.MULTILINE)
    constraints = environment.work / "constraints.txt"
    constraints.write_text("\n".join(pins))
    index = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    wheel = built["secmaster_workflows"].wheel
    environment.pip("install", "--no-compile", "--constraint", constraints, wheel, **index)
    return environment


@pytest.fixture(scope="module")
def full(built: Mapping[str, Built], create: Callable[[str], Environment]) -> Environment:
    """The extra `contract` from the directory of the built distributions; it finds the others' packages installed.

    They are borrowed from the checkout's environment.
    """
    environment = create("full")
    site = Path(environment.python("import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip())
    borrowed = environment.work / "borrowed"
    borrowed.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith("secmaster_"):
            (borrowed / path.name).symlink_to(path)
    (site / "borrowed.pth").write_text(str(borrowed))
    shelf = built["secmaster_workflows"].wheel.parent
    environment.pip("install", "--no-index", "--find-links", shelf, "secmaster-workflows[contract]")
    return environment


def test_bare_install_is_the_client_alone(bare: Environment) -> None:
    """
    Without an extra the client comes with its HTTP library and attrs, and without the verifier and its packages.
    """
    names = {line.split("==")[0].lower() for line in bare.pip("list", "--format", "freeze").splitlines()}

    assert {"attrs", "httpx2", "secmaster-workflows"} <= names
    assert not names & {"secmaster-contract", "pytest", "schemathesis", "hypothesis", "uvicorn", "click", "pyyaml"}


def test_bare_install_imports_the_client(bare: Environment) -> None:
    """
    The client works with nothing but what the distribution asks for.
    """
    done = bare.python(
        "from secmaster_workflows import WorkflowsClient as C; import inspect; print(inspect.getfile(C))"
    )

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(bare.bin.parent)


def test_bare_install_has_no_verifier(bare: Environment) -> None:
    """
    Without the extra there is no package, no command and no plugin that only says what it lacks.
    """
    done = bare.python("import secmaster_contract")

    assert "ModuleNotFoundError: No module named 'secmaster_contract'" in done.stderr
    assert not (bare.bin / "secmaster-contract").exists()


def test_client_tells_its_version(bare: Environment, built: Mapping[str, Built]) -> None:
    """
    The client's User-Agent names the version of its own distribution.
    """
    done = bare.python("from secmaster_workflows._runtime.client import user_agent; print(user_agent())")

    assert done.stdout.strip() == f"secmaster-workflows/{built['secmaster_workflows'].wheel.name.split('-')[1]}"


def test_extra_installs_both_wheels(full: Environment) -> None:
    """
    The extra brings the verifier beside the client, both from the wheels and not from a checkout.
    """
    for package in ("secmaster_contract", "secmaster_workflows"):
        done = full.python(f"import {package}; print({package}.__file__)")
        assert Path(done.stdout.strip()).is_relative_to(full.bin.parent), done.stderr


def test_installed_verifier_tells_its_version(full: Environment, built: Mapping[str, Built]) -> None:
    """
    The command names the version of the verifier's own distribution.
    """
    version = built["secmaster_contract"].wheel.name.split("-")[1]

    assert full.command("--version").stdout.split() == ["secmaster-contract,", "version", version]


def test_installed_verifier_reads_the_contract_it_carries(full: Environment) -> None:
    """
    Far from a checkout the verifier takes the YAML from inside its own package.
    """
    done = full.python("from secmaster_contract.shipped import openapi_directory as d; print(d())")

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(full.bin.parent)


def test_installed_verifier_reaches_a_verdict(full: Environment) -> None:
    """
    Far from a checkout the verifier serves its mock and finds it conforming.
    """
    done = full.command("verify", "--mock", "--json", "verdict.json")

    assert done.returncode == 0, done.stdout + done.stderr
    assert (full.work / "verdict.json").is_file()


def test_installed_plugin_is_found_by_pytest(full: Environment) -> None:
    """
    A suite of one's own can name a target without naming the plugin.
    """
    done = full.run(full.bin / "python", "-m", "pytest", "--help", cwd=full.work)

    assert "--contract-target" in done.stdout


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
