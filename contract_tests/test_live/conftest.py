"""Runs of the verifier as its users start it, in this process or in one of their own."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from secmaster_contract.commands.verify import verify
from test_verifier.servers.reference import TOKEN

Verify = Callable[..., "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What a run ended with, said and wrote."""

    status: int
    out: str
    err: str
    directory: Path

    @property
    def verdict(self) -> dict[str, Any]:
        """The verdict file."""
        value: dict[str, Any] = json.loads((self.directory / "verdict.json").read_text(encoding="utf-8"))
        return value

    @property
    def clauses(self) -> dict[str, dict[str, Any]]:
        """The clauses of the verdict file by key."""
        return {clause["key"]: clause for clause in self.verdict["clauses"]}


@pytest.fixture
def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SECMASTER_", "GITHUB_"))}
    proxies = {f"{scheme}_proxy" for scheme in ("http", "https", "all", "no")}
    return {name: value for name, value in kept.items() if name.lower() not in proxies} | {"SECMASTER_TOKEN": TOKEN}


@pytest.fixture
def run_verify(tmp_path: Path, environment: dict[str, str]) -> Verify:
    """Verify a URL with some options, all files into one directory."""

    def run(url: str, *options: str, **more: str) -> Outcome:
        directory = tmp_path / "report"
        unset = dict.fromkeys(set(os.environ) - set(environment))
        arguments = [url, "--report", str(directory), *options]
        result = CliRunner().invoke(verify, arguments, env={**unset, **environment, **more}, catch_exceptions=False)
        return Outcome(result.exit_code, result.stdout, result.stderr, directory)

    return run


@pytest.fixture
def live(run_verify: Verify) -> Verify:
    """Verify a URL as a live system, fast enough for a test."""

    def run(url: str, *options: str, **more: str) -> Outcome:
        return run_verify(url, "--treat-as", "live", "--rate", "1000/s", *options, **more)

    return run


@pytest.fixture
def started(environment: dict[str, str]) -> Callable[..., subprocess.Popen[str]]:
    """Start the command line in a process of its own."""

    def start(*arguments: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", "from secmaster_contract.cli import main; main()", *arguments],
            env={**environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody trusts, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    file = tmp_path_factory.mktemp("tls") / "key"
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run(
        [openssl, "req", *kind, *name, "-keyout", file, "-out", f"{file}.cert"], check=True, capture_output=True
    )
    whole = file.with_suffix(".pem")
    whole.write_bytes(file.read_bytes() + Path(f"{file}.cert").read_bytes())
    return whole


@pytest.fixture(scope="session")
def server_tls(certificate: Path) -> ssl.SSLContext:
    """The settings of a server that shows the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
