"""Measures all parts and writes RESULTS.md and results.svg: `make bench`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from benchmarks import client, generation, machine, mock, profiles, scale, verifier
from benchmarks.page import Section
from benchmarks.processes import ProgramError, environment
from benchmarks.tools import BENCH, HERE, PROGRAMS, ROOT, prepare

PAGE = HERE / "RESULTS.md"
PLOT = HERE / "results.svg"
_INTRODUCTION = (
    "Written by `make bench`; do not edit. What is compared runs in turn, on one machine, so that ratios say more than "
    "times. Spreads are quartiles. No test depends on any of these figures."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; a status other than 0 says that a part could not be measured."""
    options = _options(arguments)
    parts: dict[str, Callable[[], list[Section]]] = {
        "client": lambda: client.measure(options.rounds),
        "profile": profiles.measure,
        "generation": lambda: generation.measure(5),
        "mock": lambda: mock.measure(3),
        "load": lambda: scale.measure_load(8),
        "verifier": lambda: verifier.measure(3, options.servers),
        "scale": scale.measure,
    }
    wanted = options.only.split(",") if options.only else list(parts)
    if unknown := [name for name in wanted if name not in parts]:
        sys.stderr.write(f"Error: there is no part {', '.join(unknown)}; the parts are {', '.join(parts)}.\n")
        return 2
    started, load = time.monotonic(), machine.load()
    _say("installing the tools from npm, generating the stock client")
    try:
        missing = prepare()
    except ProgramError as error:
        sys.stderr.write(f"Nothing was measured: {error}.\n")
        return 3
    sections, failed = [], []
    for name in wanted:
        _say(f"measuring: {name}")
        try:
            sections += parts[name]()
        except ProgramError as error:
            failed.append(f"{name}: {error}")
            _say(f"  not measured: {error}")
    facts = _facts(time.monotonic() - started, load, missing, failed)
    facts += [options.note] if options.note else []
    text = page(facts, sections)
    if options.only:
        sys.stdout.write(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        _draw([section for section in sections if section.bars])
        _say(f"written: {PAGE.relative_to(ROOT)}, {PLOT.relative_to(ROOT)}")
    return 1 if failed else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the project beside its peers.")
    parser.add_argument("--only", help="parts, separated by commas; printed, not written")
    parser.add_argument("--rounds", type=int, default=30, help="rounds of the client's comparison")
    parser.add_argument("--servers", type=int, default=8, help="broken servers that the verifiers are tried on")
    parser.add_argument("--note", help="a line for the page, such as what else ran on the machine")
    options = parser.parse_args(arguments)
    if options.rounds < 2 or options.servers < 1:
        parser.error("--rounds is at least 2, --servers at least 1")
    return options


def _facts(seconds: float, load: str, missing: Sequence[str], failed: Sequence[str]) -> list[str]:
    facts = [*machine.describe(), f"{datetime.now(UTC):%Y-%m-%d}, commit {_commit()}; the run took {seconds:.0f} s"]
    facts.append(
        f"runnable processes, mean of a minute: {load} before the run and {machine.load()} at its end, when the "
        "benchmarks' own are among them"
    )
    facts += [f"not to be had here: {name}" for name in missing]
    facts += [f"not measured: {reason}" for reason in failed]
    return facts


def _commit() -> str:
    git = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    described = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  fixed words
    return described.stdout.strip() or "unknown"


def page(facts: Sequence[str], sections: Sequence[Section]) -> str:
    """Return the page."""
    head = ["# Results of the benchmarks", _INTRODUCTION, "\n".join(f"- {fact}" for fact in facts)]
    if any(section.bars for section in sections):
        head.append(f"![the ratios as bars]({PLOT.name})")
    return "\n\n".join([*head, *map(str, sections)]) + "\n"


def _draw(sections: Sequence[Section]) -> None:
    command = [str(BENCH), str(PROGRAMS / "plot.py"), str(PLOT)]
    document = json.dumps([asdict(section) for section in sections])
    subprocess.run(command, input=document, text=True, env=environment(), check=True)  # noqa: S603  our own program


def _say(what: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {what}\n")


if __name__ == "__main__":
    sys.exit(main())
