"""Generating the client beside openapi-generator, and how the cost grows with the contract."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.figures import exponent, in_turn, median, quartiles, ratio
from benchmarks.page import Section, Table, verdict
from benchmarks.processes import Ended, run
from benchmarks.tools import DEV, ROOT, SCRATCH, SPEC, bench_versions, openapi_generator
from openapi_contract import Operation
from secmaster_contract.shipped import shipped_contract

_SIZES = (10, 100, 1000)
_LINEAR = 1.15
_HOW = (
    "`make generate` as it is: it renders, formats, imports the client once to prove that it is whole, and compares it "
    "with what is there. Cold: no bytecode of Python is cached; warm: it is. openapi-generator makes its Python client "
    "of the same file, unformatted and unproven; Java caches nothing between runs. CPU includes that of the programs "
    "that a generator starts."
)
_GROWTH = (
    "Contracts with 10, 100 and 1,000 operations, made from this one. This generator takes one HTTP operation with any "
    "number of commands, each of which becomes a class and a method of both clients: its contracts have so many "
    "commands. Those of the others have so many paths, without examples. CPU seconds, the smaller of two runs. The "
    "power of the size by which the cost beyond that of the smallest grows is 1 where it is linear."
)


@dataclass(frozen=True)
class Generator:
    """A generator: the command that turns a contract into files in a directory."""

    name: str
    command: Callable[[Path, Path], Sequence[str | Path]]
    of_commands: bool = False

    def run(self, spec: Path, output: Path, env: dict[str, str] | None = None) -> Ended:
        """Generate."""
        return run(self.command(spec, output), cwd=ROOT, env=env)


def _generators() -> list[Generator]:
    program = ROOT / "openapi" / "generator" / "generate.py"
    found = [
        Generator(
            "make generate",
            lambda spec, output: [DEV, program, "--contract", spec, "--output", output],
            of_commands=True,
        )
    ]
    if jar := openapi_generator():
        version = bench_versions("openapi-generator-cli")["openapi-generator-cli"]
        found.append(
            Generator(
                f"openapi-generator {version}, python",
                lambda spec, output: [*jar, "generate", "-i", spec, "-g", "python", "-o", output],
            )
        )
    return found


def measure(rounds: int) -> list[Section]:
    """Measure generation."""
    generators = _generators()
    return [_compare(generators, rounds), _grow(generators)]


def _compare(generators: Sequence[Generator], rounds: int) -> Section:
    section = Section("Generation", _HOW, axis="seconds")
    cpu: dict[str, list[float]] = {}

    def seconds_of(generator: Generator, *, cold: bool) -> Callable[[], float]:
        def measured() -> float:
            output, cache = SCRATCH / "generated", SCRATCH / "pycache"
            for place in (output, *([cache] if cold else [])):
                shutil.rmtree(place, ignore_errors=True)
            ended = generator.run(SPEC, output, {"PYTHONPYCACHEPREFIX": str(cache)})
            cpu.setdefault(f"{generator.name}, {'cold' if cold else 'warm'}", []).append(ended.cpu)
            return ended.wall

        return measured

    measures = {f"{one.name}, warm": seconds_of(one, cold=False) for one in generators}
    measures |= {f"{generators[0].name}, cold": seconds_of(generators[0], cold=True)}
    series = in_turn(measures, rounds)
    peer = f"{generators[-1].name}, warm"
    table = Table(["generator", "seconds", f"ratio to {generators[-1].name}", "seconds of CPU"])
    for name, values in series.items():
        low, high = quartiles(values)
        section.bars[name] = median(values)
        spread = f"{median(values):.2f} ({low:.2f} to {high:.2f})"
        title = f"**{name}**" if name.startswith("make") else name
        table.rows.append([title, spread, str(ratio(values, series[peer])), f"{median(cpu[name]):.2f}"])
    section.tables.append(table)
    return section


def _grow(generators: Sequence[Generator]) -> Section:
    section = Section("Generation: growth", _GROWTH)
    table = Table(["generator", *(f"{size:,}" for size in _SIZES), "ms for each of 1,000", "power"])
    for generator in generators:
        cost = []
        for size in _SIZES:
            spec = SCRATCH / f"{size}-{'commands' if generator.of_commands else 'operations'}.yaml"
            _write(_commands(size) if generator.of_commands else _operations(size), spec)
            output = SCRATCH / "grown"
            shutil.rmtree(output, ignore_errors=True)
            cost.append(min(generator.run(spec, output).cpu for _ in range(2)))
        power = exponent(_SIZES, cost)
        cells = [f"{seconds:.2f} s" for seconds in cost]
        title = f"**{generator.name}**" if generator.of_commands else generator.name
        table.rows.append([title, *cells, f"{cost[-1] / _SIZES[-1] * 1e3:.1f}", f"{power:.2f}"])
        if generator.of_commands:
            section.remarks.append(verdict("power of the growth of make generate", power, _LINEAR))
    section.tables.append(table)
    return section


def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    return document


def _stated() -> Operation:
    return shipped_contract().operation("updateWorkflowInstance")


def _commands(size: int) -> dict[str, Any]:
    """Return the contract with so many commands in its union, the further ones like the fullest."""
    document, operation = _document(), _stated()
    schemas, body = document["components"]["schemas"], operation.body
    union = schemas[body.schema_pointer.rpartition("/")[2] if body else ""]
    for number in range(size - len(operation.commands)):
        name = f"ActionInstanceMade{number}Command"
        made = copy.deepcopy(schemas[operation.fullest.name]) | {"title": name}
        made["properties"][body.discriminator if body else ""]["const"] = name
        schemas[name] = made
        union["oneOf"].append({"$ref": f"#/components/schemas/{name}"})
        union["discriminator"]["mapping"][name] = f"#/components/schemas/{name}"
    return document


def _operations(size: int) -> dict[str, Any]:
    """Return the contract with so many paths, each with an operation like the one it has."""
    document, stated = _document(), _stated()
    method = stated.method.lower()
    # Without its examples, or a thousand would be more YAML than openapi-generator reads (3 MB).
    item = copy.deepcopy(document["paths"][stated.path])
    operation = item[method]
    for part in (operation["requestBody"], *operation["responses"].values()):
        for media in part.get("content", {}).values():
            media.pop("examples", None)
    for number in range(size - 1):
        made = copy.deepcopy(item)
        made[method]["operationId"] += f"Made{number}"
        document["paths"][stated.path.replace("/instances/", f"/instances{number}/")] = made
    return document


class _WithoutAliases(yaml.SafeDumper):
    """Writes each part out: the generators read no YAML aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  the base's signature
        return True


def _write(document: dict[str, Any], path: Path) -> None:
    path.write_text(yaml.dump(document, Dumper=_WithoutAliases, sort_keys=False), encoding="utf-8")
