"""Tries each generator and writes `openapi/DOWNSTREAM.md`: `make downstream`."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import replace
from importlib.metadata import distributions
from pathlib import Path

import yaml

from downstream import shipped, tools, wire
from downstream.building import PLACES, Build, NotHereError, build, call
from downstream.consumers import CONSUMERS, FORMS, HERE, NODE_MODULES, ROOT, Consumer
from downstream.table import PAGE, Row, write

SCRATCH = ROOT / "reports" / "downstream"
PYTHON = SCRATCH / "python" / "bin" / "python"


class NotRunError(Exception):
    """A generator or a toolchain is not at hand; the text says which and why."""


def main() -> int:
    """Measure all generators, then run the tools: status 1 where one finds a fault, 3 if nothing was measured."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    try:
        _prepare()
        _prove()
    except NotRunError as error:
        sys.stderr.write(f"Nothing was measured: {error}. {PAGE.name} stays as it is.\n")
        return 3
    rows = []
    for consumer in CONSUMERS:
        rows.append(_measure(consumer, FORMS[consumer.form], SCRATCH))
        sys.stdout.write(str(rows[-1]))
    results = []
    for tool in tools.run(PYTHON, _version, SCRATCH):
        results.append(tool)
        sys.stdout.write("".join((str(tool), *(f"{tool.name}: {fault}\n" for fault in tool.faults))))
    write(rows, tools.section(results))
    return 1 if any(tool.faults for tool in results) else 0


def _prepare() -> None:
    for program in ("npm", "java"):
        if shutil.which(program) is None:
            raise NotRunError(f"{program} is not installed")
    sys.stdout.write("installing the generators of requirements.txt and package-lock.json ...\n")
    shutil.rmtree(SCRATCH)
    SCRATCH.mkdir()
    _must([sys.executable, "-m", "venv", str(SCRATCH / "python")], SCRATCH)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement"]
    _must([*pip, str(HERE / "requirements.txt")], SCRATCH)
    # One library that C# needs, in a package whose other requirements nothing here uses; not for every platform.
    call([*pip, str(HERE / "newtonsoft-json.txt"), "--no-deps"], SCRATCH)
    for directory in (HERE, tools.QUALITY):
        _must(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], directory)


def _must(command: list[str], directory: Path) -> None:
    ended = call(command, directory)
    if ended.returncode:
        last = (ended.stderr or ended.stdout).strip().splitlines()[-1:] or ["no message"]
        raise NotRunError(f"{Path(command[0]).name} failed: {last[0]}")


def _version(package: str) -> str:
    manifest = NODE_MODULES / package / "package.json"
    if manifest.is_file():
        return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])
    places = [str(place) for place in (SCRATCH / "python" / "lib").glob("python3*/site-packages")]
    return next(found.version for found in distributions(path=places) if found.name == package)


def _prove() -> None:
    """Measure generators on a contract that lets a debug command go without task_id; the difference must show."""
    debug = next(command for command in shipped.OPERATION.commands if "task_id" in command.required)
    lax = SCRATCH / "lax"
    lax.mkdir()
    for form, path in FORMS.items():
        document = yaml.safe_load(path.read_bytes())
        document["components"]["schemas"][debug.name]["required"].remove("task_id")
        (lax / f"{form}.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    for consumer in CONSUMERS:
        row = _measure(consumer, lax / f"{consumer.form}.yaml", lax)
        if row.bad_debug != "sent" and not row.compiles.startswith("not run"):
            raise NotRunError(
                f"{consumer.name} is given a contract without the rule, and the measurement says {row.bad_debug}"
            )


def _measure(consumer: Consumer, contract: Path, scratch: Path) -> Row:
    row = Row(consumer.name, _version(consumer.package), consumer.form)
    home = scratch / re.sub(r"[^a-z0-9]+", "-", consumer.name.lower()).strip("-")
    generated = home / PLACES[consumer.language]
    generated.mkdir(parents=True)
    environment = {"CONTRACT": str(contract), "OUTPUT": str(generated)}
    made = call(consumer.generate(PYTHON, contract, generated), HERE, environment)
    if made.returncode:
        return replace(row, generates="no")
    row = replace(row, generates="yes", types=_types(generated))
    try:
        built = _build(consumer, home)
    except NotHereError as error:
        debian = f"; on Debian: apt-get install {' '.join(consumer.debian)}" if consumer.debian else ""
        return replace(row, compiles=f"not run: {error}{debian}")
    if not (built.compiles or built.guarded):
        return replace(row, compiles="no")
    row = replace(row, compiles="yes" if built.compiles else "no")
    return judge(consumer, row, wire.run(built.command, home), guarded=built.guarded)


def _types(generated: Path) -> str:
    """Whether each command is declared as a type of its own, by its name."""
    text = "\n".join(path.read_text(errors="replace") for path in generated.rglob("*") if path.is_file())
    declared = [
        command.name
        for command in shipped.OPERATION.commands
        if re.search(
            rf"\b(?:class|struct|interface|type|record)\s+{command.name}\b|^\s+{command.name}: {{$", text, re.MULTILINE
        )
    ]
    return "yes" if len(declared) == len(shipped.OPERATION.commands) else f"no, {len(declared)}"


def _build(consumer: Consumer, home: Path) -> Build:
    missing = [program for program in consumer.needs if shutil.which(program) is None]
    if missing:
        raise NotHereError(f"no {missing[0]} here")
    return build(consumer.language, consumer.program, home, PYTHON)


def judge(consumer: Consumer, row: Row, run: wire.Run, *, guarded: bool) -> Row:
    """Return a row with what came of a program."""
    examples = shipped.body().examples
    good = [run.arrivals[name] for name in examples if name in run.arrivals]
    fit = [arrival.case for arrival in good if arrival.fits]
    arrived = "all" if len(fit) == len(examples) else f"{len(fit)} of {len(examples)}"
    at_run_time = "refused at run time" if wire.BAD in run.refused else "not run"
    if wire.BAD in run.arrivals:
        filled = run.arrivals[wire.BAD].fits
        at_run_time = "sent with an empty task_id, which the contract accepts" if filled else "sent"
    bad = f"type error; past the compiler: {at_run_time}" if guarded else at_run_time
    row = replace(row, examples=f"{arrived}{f' ({run.fault})' if run.fault else ''}", bad_debug=bad)
    if consumer.models_only:
        return replace(row, content_type="makes no requests", token="makes no requests")  # noqa: S106  a cell
    media_types = sorted({str(arrival.content_type) for arrival in good})
    exact = media_types == [shipped.body().media_type]
    token = "yes" if good and all(arrival.authenticated for arrival in good) else "no"
    return replace(row, content_type="yes" if exact else f"no: {', '.join(media_types) or 'none'}", token=token)


if __name__ == "__main__":
    sys.exit(main())
