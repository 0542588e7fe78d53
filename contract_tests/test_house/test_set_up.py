"""requirements/install.sh on a small project of its own, without a network."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from test_house import wheels
from test_house.conftest import Run

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "{name}"
version = "1"
"""
BACKEND = """
from pathlib import Path
from wheels import make_wheel

def build_editable(directory, config_settings=None, metadata_directory=None):
    return make_wheel(Path(directory), "{name}", "1").name
"""


@dataclass
class Project:
    """A directory that install.sh sets up from the wheels in another one."""

    place: Path
    wheels: Path
    run: Run
    settings: dict[str, str] = field(default_factory=dict)

    def lock(self, name: str, version: str, digest: str | None = None) -> None:
        """Lock the dependency to a version, with its true hash unless another is given."""
        wheel = wheels.make_wheel(self.wheels, "dependency", version)
        digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.place / f"requirements/{name}.txt").write_text(f"dependency=={version} --hash=sha256:{digest}\n")

    def install(self, name: str = "contract", **env: str) -> subprocess.CompletedProcess[str]:
        """Run install.sh."""
        return self.run("sh", "requirements/install.sh", name, cwd=self.place, env=self.settings | env)

    def installed(self) -> str:
        """Return the version of the dependency that the environment holds."""
        code = "import dependency, client, verifier; print(dependency.version)"
        return self.run(self.place / ".venv/bin/python", "-c", code, cwd=self.place.parent).stdout.strip()


@pytest.fixture
def project(root: Path, tmp_path: Path, run: Run) -> Project:
    place, shelf = tmp_path / "a project", tmp_path / "wheels"
    (place / "requirements").mkdir(parents=True)
    shelf.mkdir()
    shutil.copy(root / "requirements/install.sh", place / "requirements")
    for folder, name in ((place, "client"), (place / "contract_tests", "verifier")):
        folder.mkdir(exist_ok=True)
        shutil.copy(Path(wheels.__file__), folder / "wheels.py")
        (folder / "pyproject.toml").write_text(PYPROJECT.format(name=name))
        (folder / "backend.py").write_text(BACKEND.format(name=name))
    project = Project(place, shelf, run, {"PYTHON": sys.executable, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf)})
    project.lock("contract", "1")
    project.lock("dev", "1")
    return project


@pytest.fixture
def ready(project: Project) -> Project:
    done = project.install()
    assert done.returncode == 0, done.stderr
    return project


def python(directory: Path, answers: str) -> Path:
    """Write a stand-in for an interpreter."""
    path = directory / "python3"
    path.write_text(f"#!/bin/sh\n{answers}\n")
    path.chmod(0o755)
    return path


def test_first_run_sets_up_and_says_so(project: Project) -> None:
    """
    A fresh checkout gets an environment, announced before it is made.
    """
    done = project.install()

    assert re.match(r"Setting up \.venv with \S+ 3\.\d+ \(once", done.stderr), done.stderr
    assert ".venv is ready after" in done.stderr
    assert project.installed() == "1"


def test_second_run_does_and_says_nothing(ready: Project) -> None:
    """
    Where nothing changed nothing happens.
    """
    done = ready.install(PIP_FIND_LINKS="nowhere")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_touched_lock_is_not_a_change(ready: Project) -> None:
    """
    The content of the lock counts, not its date: a git checkout alters dates.
    """
    os.utime(ready.place / "requirements/contract.txt")

    assert ready.install().stderr == ""


def test_changed_lock_is_followed(ready: Project) -> None:
    """
    A new version in the lock replaces the old one.
    """
    ready.lock("contract", "2")

    assert "Bringing .venv up to date" in ready.install().stderr
    assert ready.installed() == "2"


@pytest.mark.parametrize("folder", [".", "contract_tests"])
def test_changed_project_is_followed(folder: str, ready: Project) -> None:
    """
    What either pyproject.toml says is installed anew when it says something else.
    """
    with (ready.place / folder / "pyproject.toml").open("a") as file:
        file.write("description = 'changed'\n")

    assert "Bringing .venv up to date" in ready.install().stderr


def test_environment_of_dev_serves_contract(project: Project) -> None:
    """
    After make test, make verify installs nothing.
    """
    assert project.install("dev").returncode == 0

    assert project.install("contract").stderr == ""


def test_interrupted_set_up_starts_over(ready: Project) -> None:
    """
    What an interrupted run left behind is not trusted.
    """
    (ready.place / ".venv/installing").touch()
    (ready.place / ".venv/installed-contract").unlink()
    (ready.place / ".venv/leftover").touch()

    assert "Setting up" in ready.install().stderr
    assert not (ready.place / ".venv/leftover").exists()
    assert ready.installed() == "1"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_leaves_a_checkout_that_sets_up(
    project: Project, environment: dict[str, str], number: int
) -> None:
    """
    A set-up that was stopped half-way is made good by the next one.
    """
    with subprocess.Popen(
        ["sh", "requirements/install.sh", "contract"],
        cwd=project.place,
        env=environment | project.settings,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        os.killpg(process.pid, number)  # as a terminal does: the whole group of this one process

    assert process.returncode != 0
    assert project.install().returncode == 0
    assert project.installed() == "1"


def test_moved_checkout_gets_a_new_environment(ready: Project) -> None:
    """
    Scripts with the path of another place are not used.
    """
    ready.place = ready.place.rename(ready.place.with_name("moved"))

    assert "Setting up" in ready.install().stderr
    assert str(ready.place) in (ready.place / ".venv/bin/pip").read_text()


def test_lock_of_a_dead_process_does_not_block(project: Project) -> None:
    """
    The turn of a process that is gone is over.
    """
    dead = subprocess.Popen(["true"])
    dead.wait()
    (project.place / ".venv.lock").mkdir()
    (project.place / ".venv.lock/pid").write_text(str(dead.pid))

    assert project.install().returncode == 0
    assert not (project.place / ".venv.lock").exists()


def test_altered_package_is_refused(project: Project) -> None:
    """
    A package whose hash is not the locked one is named in a sentence and not installed.
    """
    project.lock("contract", "1", digest="0" * 64)

    done = project.install()

    assert done.returncode == 1
    assert "is not the one that requirements/contract.txt names" in done.stderr
    assert project.installed() == ""


def test_package_without_a_hash_is_refused(project: Project) -> None:
    """
    Nothing is installed that the lock does not vouch for.
    """
    lock = project.place / "requirements/contract.txt"
    lock.write_text(lock.read_text().split(" --hash")[0])

    done = project.install()

    assert done.returncode == 1
    assert "Hashes are required" in done.stderr
    assert project.installed() == ""


def test_unreachable_index_is_a_sentence(project: Project) -> None:
    """
    Without a package index the reader learns what to check.
    """
    project.settings = {"PYTHON": sys.executable, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    project.settings["PIP_CONFIG_FILE"] = os.devnull

    done = project.install()

    assert done.returncode == 1
    assert "The package index cannot be reached. Check the network" in done.stderr
    assert "Traceback" not in done.stderr


def test_old_python_is_a_sentence(project: Project, tmp_path: Path) -> None:
    """
    A Python that is too old is named with its version and with the way out.
    """
    old = python(tmp_path, 'case "$*" in *print*) echo 3.9;; *) exit 1;; esac')

    done = project.install(PYTHON=str(old))

    assert done.returncode == 1
    assert done.stderr == (
        f"{old} is Python 3.9; 3.11 or newer is needed. Install it,"
        " or name one that is there: make PYTHON=/path/to/python3.11 ...\n"
    )


def test_missing_python_is_a_sentence(project: Project) -> None:
    """
    Where there is no Python the reader is told which one to install.
    """
    done = project.install(PYTHON="no-such-python")

    assert done.returncode == 1
    assert done.stderr.startswith("no-such-python was not found or does not run. Install Python 3.11 or newer")


def test_missing_venv_module_is_a_sentence(project: Project, tmp_path: Path) -> None:
    """
    A Python without ensurepip, as Debian ships it, is told apart from an old one.
    """
    bare = python(tmp_path, 'case "$*" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac')

    done = project.install(PYTHON=str(bare))

    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr


def test_newer_python_beside_an_old_one_is_found(project: Project, tmp_path: Path) -> None:
    """
    Where python3 is too old, a python3.11 or newer on the path is taken.
    """
    python(tmp_path, "exit 1")
    (tmp_path / "python3.11").symlink_to(sys.executable)
    del project.settings["PYTHON"]

    done = project.install(PATH=f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")

    assert done.returncode == 0, done.stderr
    assert "with python3.1" in done.stderr
