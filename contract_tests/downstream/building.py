"""Builds a generator's output together with the program that uses it, a language each."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from downstream.consumers import NODE_MODULES, PROGRAMS, Command, generator_jar

_MARK = "// bad debug"
_TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "target": "es2022",
        "module": "node16",
        "moduleResolution": "node16",
        "lib": ["es2023", "dom", "dom.iterable"],
        "types": ["node"],
        "skipLibCheck": True,
        "rootDir": "src",
        "outDir": "out",
    },
    "include": ["src"],
}
# Where a language wants the generated code, below the directory that its program is built in.
PLACES = {"Python": ".", "TypeScript": "src/generated", "Java": "client", "Go": "client"}


@dataclass(frozen=True)
class Build:
    """Whether it compiles, the command that runs it, and whether the compiler alone refuses the bad command."""

    compiles: bool
    command: Command
    guarded: bool = False


def call(
    command: Command, directory: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; what it says and its status are the result."""
    return subprocess.run(  # noqa: S603  the commands are those of this package
        command,
        cwd=directory,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def build(language: str, program: str, home: Path, python: Path) -> Build:
    """Compile what stands in a language's place below `home`, and the program beside it."""
    return _BUILDERS[language](program, home, python)


def _python(program: str, home: Path, python: Path) -> Build:
    for name in (program, "cases.py"):
        shutil.copy(PROGRAMS / name, home)
    compiled = call([str(python), "-m", "compileall", "-q", "."], home)
    return Build(compiled.returncode == 0, [str(python), program])


def _typescript(program: str, home: Path, _: Path) -> Build:
    for name, target in ((program, "program.ts"), ("main.ts", "main.ts"), ("environment.ts", "environment.ts")):
        shutil.copy(PROGRAMS / name, home / "src" / target)
    (home / "tsconfig.json").write_text(json.dumps(_TSCONFIG), encoding="utf-8")
    (home / "node_modules").symlink_to(NODE_MODULES, target_is_directory=True)
    compiled = call([str(NODE_MODULES / ".bin" / "tsc"), "--project", ".", "--pretty", "false"], home)
    bad_from = (PROGRAMS / program).read_text(encoding="utf-8").split(_MARK)[0].count("\n") + 1
    errors = re.findall(r"^(\S+)\((\d+),\d+\): error", compiled.stdout, re.MULTILINE)
    guarded = [path == "src/program.ts" and int(line) > bad_from for path, line in errors]
    return Build(all(guarded), ["node", "out/main.js"], any(guarded))


def _java(program: str, home: Path, python: Path) -> Build:
    """Compile against Jackson as the generator's own jar holds it, so that nothing else is to be fetched."""
    jar = str(generator_jar(python))
    sources = [PROGRAMS / program, PROGRAMS / "Generated.java", *(home / "client" / "src" / "main").rglob("*.java")]
    compiled = call(["javac", "-proc:none", "-cp", jar, "-d", "out", *map(str, sources)], home)
    return Build(compiled.returncode == 0, ["java", "-cp", os.pathsep.join(("out", jar)), Path(program).stem])


def _go(program: str, home: Path, _: Path) -> Build:
    """Compile without any module from elsewhere: the client as it is configured needs none."""
    for name in (program, "go.mod"):
        shutil.copy(PROGRAMS / name, home)
    compiled = call(["go", "build", "-o", "out/program", "."], home, {"GOPROXY": "off"})
    return Build(compiled.returncode == 0, ["out/program"])


_BUILDERS: dict[str, Callable[[str, Path, Path], Build]] = {
    "Python": _python,
    "TypeScript": _typescript,
    "Java": _java,
    "Go": _go,
}
