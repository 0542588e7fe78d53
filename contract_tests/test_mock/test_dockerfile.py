"""The Dockerfile's steps, taken without Docker: the context, the build, the start, the health check."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from test_mock.wire import ask, message

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "Dockerfile"
NOBODY = 65532
# A file that the process writes to ends it: what a read-only root does, and works under any user.
_NO_WRITES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"

pytestmark = pytest.mark.skipif(not DOCKERFILE.is_file(), reason="a source distribution without the Dockerfile")


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"\\\n", " ", DOCKERFILE.read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def only(name: str) -> str:
    """Return the argument of the last instruction of a kind."""
    return [rest for kind, rest in instructions() if kind == name][-1]


def context(target: Path) -> None:
    """Copy what .dockerignore leaves of the checkout."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    names = shutil.ignore_patterns(*(rule.removeprefix("**/") for rule in rules if rule.startswith("**/")))
    for rule in (rule.removeprefix("!") for rule in rules if rule.startswith("!")):
        source, copy = ROOT / rule, target / rule
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=names)
        else:
            shutil.copy(source, copy)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build stage installs, from nothing but the build's context and the locked packages."""
    here = tmp_path_factory.mktemp("image")
    context(here / "src")
    install = next(rest for kind, rest in instructions() if kind == "RUN" and rest.endswith(" ./contract_tests"))
    step = [sys.executable, *shlex.split(install)[1:], "--quiet", "--target", str(here / "opt")]
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(step, cwd=here / "src", env=environment, check=True)
    return here / "opt"


def localised(command: str, port: int) -> list[str]:
    """Return a command of the Dockerfile with this machine's interpreter and port in the place of the image's."""
    script, *rest = json.loads(command)
    rest = ["127.0.0.1" if word == "0.0.0.0" else word.replace("8080", str(port)) for word in rest]  # noqa: S104  is replaced
    if script.endswith("secmaster-contract"):
        rest = ["-c", f"{_NO_WRITES}; from secmaster_contract.cli import main; main()", *rest]
    return [sys.executable, *rest]


@pytest.fixture
def container(image: Path) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """The entry point, running with no place to write."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    home = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        localised(only("ENTRYPOINT"), port),
        cwd="/",
        env={**home, "PYTHONPATH": os.pathsep.join([str(image), sysconfig.get_paths()["purelib"]])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip(), port
        process.kill()


def health(port: int) -> int:
    """Run the health check; return its exit status."""
    command = only("HEALTHCHECK").partition("CMD ")[2]
    return subprocess.run(localised(command, port), capture_output=True, check=False).returncode


def test_the_image_serves_without_a_place_to_write(
    container: tuple[subprocess.Popen[str], str, int], image: Path
) -> None:
    """
    What the build installed answers by itself, is healthy, writes nothing, and ends on the stop signal.
    """
    process, line, port = container
    before = sorted(image.rglob("*"))

    assert line == f"Listening on http://127.0.0.1:{port}"
    assert ask(f"http://127.0.0.1:{port}", message()).status == 200
    assert ask(f"http://127.0.0.1:{port}", message(b"", method="GET", target="/", headers=[])).status == 200
    assert health(port) == 0
    process.send_signal(signal.Signals[only("STOPSIGNAL")])
    assert process.wait(10) == 0
    assert health(port) != 0
    assert sorted(image.rglob("*")) == before


def test_the_image_holds_the_contract(image: Path) -> None:
    """
    The server in the image needs no checkout: the contract and the page's files are in the package.
    """
    names = {str(path.relative_to(image)) for path in image.rglob("*")}

    assert "secmaster_contract/_openapi/secmaster-workflows.yaml" in names
    assert "secmaster_contract/mock/assets/reference.html.jinja" in names


def test_the_image_is_made_in_two_stages_and_runs_as_nobody() -> None:
    """
    The last stage copies the result alone, runs under a number that is not root's, and holds no secret.
    """
    kinds = [kind for kind, _ in instructions()]
    last = instructions()[len(kinds) - 1 - kinds[::-1].index("FROM") :]

    assert kinds.count("FROM") == 2
    assert [rest for kind, rest in last if kind == "COPY"] == ["--from=build /opt/mock /opt/mock"]
    assert only("USER") == f"{NOBODY}:{NOBODY}"
    assert "ADD" not in kinds
    assert all(re.search(r":\d", rest) for kind, rest in instructions() if kind == "FROM")
    assert not re.search(
        r"(?i)token|secret|password", " ".join(rest for kind, rest in instructions() if kind in {"ENV", "ARG"})
    )


def test_packages_come_by_hash() -> None:
    """
    The image installs what the lock names, and nothing that it does not.
    """
    installs = [rest for kind, rest in instructions() if kind == "RUN" and "pip install" in rest]

    assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)
