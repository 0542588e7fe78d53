"""The verifier and its peers: how each is called, and how many faults it says that it has found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from benchmarks.processes import Ended, ProgramError, run
from benchmarks.tools import DEV, NODE_MODULES, OLD_SPEC, SCRATCH, SPEC, java, node, npm_versions
from secmaster_contract.shipped import shipped_contract
from test_verifier.servers.reference import TOKEN

_IDENTIFIERS = {"project_id": "p", "workspace_id": "w", "instance_id": "i"}


@dataclass(frozen=True)
class Verifier:
    """A tool: the command that verifies a URL, and how the number of faults is read from what it says."""

    name: str
    command: Callable[[str], Sequence[object]]
    faults: Callable[[Ended], int]
    env: Mapping[str, str] = field(default_factory=dict)

    def verify(self, url: str, *more: str) -> tuple[Ended, int]:
        """Verify a server; return how the tool ended and the number of faults."""
        ended = run([*self.command(url), *more], cwd=SCRATCH, env=self.env, must=False)
        return ended, self.faults(ended)


def _number(pattern: str) -> Callable[[Ended], int]:
    def read(ended: Ended) -> int:
        found = re.findall(pattern, re.sub(r"\x1b\[[0-9;]*m", "", ended.output))
        if not found:
            message = f"no count of failures (status {ended.status}): {ended.output[-300:]}"
            raise ProgramError(message)
        return int(found[-1])

    return read


def ours() -> Verifier:
    """Return this project's own."""
    env = {f"SECMASTER_{name.upper()}": value for name, value in (_IDENTIFIERS | {"token": TOKEN}).items()}
    program = DEV.with_name("secmaster-contract")

    def faults(ended: Ended) -> int:
        return 0 if ended.status in (0, 3) else _number(r"(\d+) violates\b")(ended)

    return Verifier("secmaster-contract", lambda url: [program, "verify", url, "--quiet"], faults, env)


def _schemathesis() -> Verifier:
    program = DEV.with_name("schemathesis")

    def faults(ended: Ended) -> int:
        return len(set(re.findall(r"^- (ST\d+)", ended.output, re.MULTILINE)))

    name = f"schemathesis {version('schemathesis')}, default run"
    command = [program, "run", SPEC, "--seed", "1", "-H", f"X-Auth-Token: {TOKEN}", "--url"]
    return Verifier(name, lambda url: [*command, url], faults)


def _simplified(source: Path, name: str, keep: Callable[[str], bool]) -> Path:
    """Write the contract as a tool needs it: with examples of the identifiers, without what it misreads."""
    document: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    for parameter in document["components"]["parameters"].values():
        parameter["example"] = _IDENTIFIERS[parameter["name"]]
    stated = shipped_contract().operation("updateWorkflowInstance")
    operation = document["paths"][stated.path][stated.method.lower()]
    answers = {key: value for key, value in operation["responses"].items() if keep(key)}
    for answer in answers.values():
        answer.pop("headers", None)  # Dredd takes each for mandatory
    operation["responses"] = answers
    path = SCRATCH / name
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def available() -> list[Verifier]:
    """Return the tools that are here."""
    tools, versions = [ours(), _schemathesis()], npm_versions()
    if jar := java(NODE_MODULES / "specmatic" / "specmatic.jar"):
        contract = _simplified(SPEC, "for-specmatic.yaml", lambda status: status.isdigit())
        scheme = next(iter(shipped_contract().document.root["components"]["securitySchemes"]))
        env = {scheme: TOKEN, "SPECMATIC_GENERATIVE_TESTS": "true"}
        name = f"Specmatic {versions['specmatic']}, generative tests on"
        failures = _number(r"Tests run: \d+, Successes: \d+, Failures: (\d+)")
        tools.append(Verifier(name, lambda url: [*jar, "test", contract, f"--testBaseURL={url}"], failures, env))
    if program := node("dredd", "bin/dredd"):
        old = _simplified(OLD_SPEC, "for-dredd.yaml", lambda status: status.startswith("2"))
        header = f"X-Auth-Token: {TOKEN}"
        command = [*program, old]
        failing = _number(r"(\d+) failing")
        tools.append(Verifier(f"Dredd {versions['dredd']}", lambda url: [*command, url, "--header", header], failing))
    return tools
