"""The tools that run what is derived of the contract, and what came of each: a part of `openapi/DOWNSTREAM.md`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from downstream import arazzo_run, newman, postman, specmatic, specmatic_run, vectors
from downstream.consumers import NODE_MODULES, ROOT

QUALITY = ROOT / "openapi" / "quality"
_HEADER = """
## Tools that run it

Each was run against the embedded mock server, and what arrived was compared with what the file says. Specmatic and the
runners of Arazzo were also run against servers that are wrong on purpose, which they have to fail. The vectors are
counted as they were at that run.

| tool | version | runs | of which | result |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Tool:
    """One tool's result; `faults` is empty where all was as due."""

    name: str
    version: str
    runs: Path
    parts: str
    faults: Sequence[str]

    def __str__(self) -> str:
        runs = self.runs.relative_to(ROOT / "openapi")
        result = f"{len(self.faults)} faults" if self.faults else "all as due"
        return f"| {self.name} | {self.version} | [{runs}]({runs}) | {self.parts} | {result} |\n"


def section(tools: Sequence[Tool]) -> str:
    """Return the part of the page that tells the results."""
    return _HEADER + "".join(map(str, tools))


def run(python: Path, version: Callable[[str], str], scratch: Path) -> Iterator[Tool]:
    """
    Yield the result of each tool, one after the other.

    `python` is the interpreter that arazzo-runner is installed beside, `version` tells the version of a package that is
    installed, and `scratch` is a directory to work in.
    """
    document = vectors.document()
    of_all = f"of {len(document['vectors'])} vectors"
    yield Tool(
        "newman",
        version("newman"),
        postman.PATH,
        f"{len(postman.sendable(document))} {of_all}",
        newman.faults(postman.PATH, scratch),
    )
    yield Tool(
        "Specmatic",
        version("specmatic"),
        specmatic.CONTRACT,
        f"{len(specmatic.expressible(document))} {of_all}",
        specmatic_run.faults(NODE_MODULES / "specmatic" / "specmatic.jar", scratch),
    )
    redocly = QUALITY / "node_modules" / "@redocly" / "cli" / "package.json"
    for runner, its_version in (
        (arazzo_run.arazzo_runner(python.with_name("arazzo-runner"), scratch), version("arazzo_runner")),
        (
            arazzo_run.respect(QUALITY / "node_modules" / ".bin" / "redocly"),
            json.loads(redocly.read_bytes())["version"],
        ),
    ):
        faults = arazzo_run.faults(runner, scratch)
        yield Tool(runner.name, its_version, runner.workflows, "each workflow", faults)
