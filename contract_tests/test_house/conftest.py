"""The checkout, the programs in it, and a clean environment to start them in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# An outer make, pytest or shell must not steer the programs that a test starts.
LEFT_OUT = (
    *("MAKE", "MFLAGS", "PIP_", "PYTEST_", "PYTHON", "SECMASTER_", "UV_", "VIRTUAL_ENV", "XDIST_"),
    *("TARGET", "TOKEN", "PROJECT_ID", "WORKSPACE_ID", "INSTANCE_ID"),
)
SECONDS = 300

Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Built:
    """A source distribution, the wheel made from it, and the wheel made from the checkout itself."""

    sdist: Path
    wheel: Path
    wheel_of_checkout: Path


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}


@pytest.fixture(scope="session")
def run(environment: dict[str, str]) -> Run:
    """Run a program to its end: no input, both outputs as text, nothing raised for its exit status."""

    def run_program(
        *command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=environment | dict(env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    return run_program


@pytest.fixture(scope="session")
def tracked(run: Run) -> list[Path]:
    """Every text file that is or would be committed."""
    listing = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert listing.returncode == 0, f"git does not list the files of this checkout: {listing.stderr}"
    files = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [path for path in files if path.is_file() and b"\0" not in path.read_bytes()]


@pytest.fixture(scope="session")
def copy_checkout(tracked: list[Path]) -> Callable[[Path], Path]:
    """Copy what is committed to another place."""

    def copy(place: Path) -> Path:
        for path in tracked:
            target = place / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        return place

    return copy


@pytest.fixture(scope="session")
def built(
    run: Run, copy_checkout: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Built]:
    """Build both distributions, by package, from a copy of what is committed, so that nothing else can slip in."""
    place = copy_checkout(tmp_path_factory.mktemp("build"))
    programs = Path(sys.executable).parent
    build = (sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", "direct")
    for command in (("make", "--old-file=dev", "wheel", f"BIN={programs}"), (*build, "."), (*build, "contract_tests")):
        done = run(*command, cwd=place)
        assert done.returncode == 0, done.stdout + done.stderr

    def only(pattern: str) -> Path:
        (path,) = place.glob(pattern)
        return path

    return {
        name: Built(only(f"dist/{name}-*.tar.gz"), only(f"dist/{name}-*.whl"), only(f"direct/{name}-*.whl"))
        for name in ("secmaster_workflows", "secmaster_contract")
    }


@pytest.fixture(scope="session")
def script() -> Path:
    """The installed command, beside the interpreter that runs the tests."""
    return Path(sys.executable).with_name("secmaster-contract")
