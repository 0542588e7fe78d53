"""Generation: one result everywhere, a check that sees every difference, no contract half understood."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openapi_python_client
import pytest

from test_client.generating import GENERATOR, PACKAGE, ROOT, SPEC, Done, files, generate

# The templates of openapi-python-client that stand behind ours. When one changes, so may what ours leave out of it.
UPSTREAM = {
    "api_init.py.jinja": "f3b0290732b219be",
    "client.py.jinja": "4eac65762f21014a",
    "endpoint_init.py.jinja": "c1837a037fdbbd85",
    "endpoint_module.py.jinja": "c1b2628053eb4875",
    "model.py.jinja": "fd1c79680d51c06c",
    "models_init.py.jinja": "4f64a3d6e1b15a56",
    "package_init.py.jinja": "ac15907e32dc39bd",
}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A copy of generated/ to spoil."""
    copied = tmp_path / "generated"
    shutil.copytree(ROOT / "generated", copied, ignore=shutil.ignore_patterns("__pycache__"))
    return copied


def test_what_is_committed_is_current() -> None:
    """generated/ is what the generator writes."""
    assert generate("--check") == Done(0, "")


def test_the_result_is_the_same_everywhere(tmp_path: Path) -> None:
    """Hash seed, locale, directory, umask and PATH leave no trace in the result."""
    elsewhere = {"PYTHONHASHSEED": "4711", "LC_ALL": "C", "LANG": "C", "PATH": "/nonexistent", "TZ": "Asia/Shanghai"}
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 20\n")
    before = os.umask(0o077)
    try:
        done = generate("--output", tmp_path / "generated", environment=elsewhere, cwd=tmp_path)
    finally:
        os.umask(before)

    assert done.status == 0, done.said
    assert files(tmp_path / "generated") == files(ROOT / "generated")


def test_every_file_says_what_it_is() -> None:
    """Each generated file begins with a constant notice."""
    for name, content in files(ROOT / "generated").items():
        if name.endswith(".py"):
            first = content.decode().splitlines()[0]
            assert first.startswith(
                (
                    "# Generated from openapi/secmaster-workflows.yaml",
                    "# Copied from openapi/generator/",
                    "# Derived from openapi/generator/",
                )
            )
            assert first.endswith("by `make generate`; do not edit.")
    assert (ROOT / "generated" / PACKAGE / "py.typed").exists()


def test_the_runtime_is_copied_unchanged() -> None:
    """Below its notice each runtime file is the one that people edit."""
    runtime = GENERATOR / "runtime"
    for source in runtime.rglob("*.py"):
        name = source.relative_to(runtime)
        notice, _, content = (ROOT / "generated" / PACKAGE / name).read_text(encoding="utf-8").partition("\n")
        assert f"openapi/generator/runtime/{name.as_posix()}" in notice
        assert content == source.read_text(encoding="utf-8")


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "edited": (lambda out: (out / PACKAGE / "client.py").write_text("# mine\n"), "client.py: stale or edited by hand"),
    "edited runtime": (lambda out: (out / PACKAGE / "errors.py").write_text(""), "errors.py: stale or edited by hand"),
    "missing": (lambda out: (out / PACKAGE / "models" / "error_response.py").unlink(), "error_response.py: missing"),
    "surplus": (lambda out: (out / PACKAGE / "extra.py").write_text(""), "extra.py: surplus"),
    "surplus directory": (lambda out: shutil.copytree(out / PACKAGE / "api", out / "old"), "old/__init__.py: surplus"),
    "provenance": (lambda out: (out / "provenance.json").write_text("{}"), "provenance.json: stale"),
    "all gone": (shutil.rmtree, "client.py: missing"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_the_check_names_each_difference(case: str, output: Path) -> None:
    """A stale, edited, missing or surplus file is named, with the command that repairs it; generating repairs it."""
    spoil, line = SPOILT[case]
    spoil(output)

    done = generate("--check", "--output", output)

    assert done.status == 1
    assert line in done.said
    assert "make generate" in done.said
    assert generate("--output", output).status == 0
    assert generate("--check", "--output", output) == Done(0, "")
    assert files(output) == files(ROOT / "generated")


def test_the_provenance_tells_what_it_was_made_from() -> None:
    """Versions of generator and formatter, and the hash of each input."""
    provenance = json.loads((ROOT / "generated" / "provenance.json").read_text())

    assert provenance["generator"] == "openapi-python-client 0.29.1"
    assert provenance["formatter"] == f"ruff {importlib.metadata.version('ruff')}"
    hashes = provenance["sha256"]
    assert hashes.pop(SPEC.name) == hashlib.sha256(SPEC.read_bytes()).hexdigest()
    assert hashes.keys() >= {"config.yaml", "templates/model.py.jinja", "runtime/errors.py", "generate.py"}
    for name, digest in hashes.items():
        assert hashlib.sha256((GENERATOR / name).read_bytes()).hexdigest() == digest, name


def test_the_upstream_templates_are_those_that_ours_were_written_against() -> None:
    """Each template that stands in for one of the generator's was written with that one in view."""
    theirs = Path(openapi_python_client.__file__).parent / "templates"
    ours = {path.name for path in (GENERATOR / "templates").glob("*.jinja")}

    assert {name for name in ours if (theirs / name).exists()} == set(UPSTREAM)
    assert {name: hashlib.sha256((theirs / name).read_bytes()).hexdigest()[:16] for name in UPSTREAM} == UPSTREAM


BROKEN_ENVIRONMENTS: dict[str, tuple[str, str]] = {
    "another generator": (
        "openapi-python-client",
        "openapi-python-client is 0.0.1, the templates are written for 0.29.1",
    ),
    "no formatter": ("ruff", "ruff is not installed"),
}
SABOTAGE = """
import importlib.metadata as metadata, runpy, sys
real, name = metadata.version, sys.argv.pop(1)
def version(asked):
    if asked != name:
        return real(asked)
    if name == "ruff":
        raise metadata.PackageNotFoundError(name)
    return "0.0.1"
metadata.version = version
sys.path.insert(0, sys.argv[1].rsplit("/", 1)[0])
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("case", BROKEN_ENVIRONMENTS)
def test_a_broken_environment_is_one_sentence(case: str) -> None:
    """A tool that is missing or another says so, with what to do; exit status 2."""
    package, sentence = BROKEN_ENVIRONMENTS[case]
    command = [sys.executable, "-c", SABOTAGE, package, str(GENERATOR / "generate.py"), "--check"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "make" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_contract_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """A wrong path says so; exit status 2."""
    done = generate("--contract", tmp_path / "none.yaml")

    assert done.status == 2
    assert "none.yaml" in done.said
    assert "cannot be read" in done.said


@pytest.mark.parametrize("text", ["", "[]", "a: [", "openapi: 3.0.0", "- x"])
def test_a_contract_that_is_none_is_one_sentence(text: str, tmp_path: Path) -> None:
    """A file that is no OpenAPI document says so; exit status 2, and nothing is written."""
    contract = tmp_path / "contract.yaml"
    contract.write_text(text)

    done = generate("--contract", contract, "--output", tmp_path / "generated")

    assert done.status == 2
    assert "contract.yaml" in done.said
    assert not (tmp_path / "generated").exists()


@pytest.mark.parametrize("name", ["Acme", "acme-orders", "1acme", "class"])
def test_a_package_that_cannot_be_imported_is_refused(name: str, tmp_path: Path) -> None:
    """A name that no import statement takes is one sentence; exit status 2."""
    done = generate("--package", name, "--output", tmp_path / "generated")

    assert done.status == 2
    assert f"{name} is no name of a package" in done.said
