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

from downstream.consumers import NODE_MODULES, PROGRAMS, Command, generator_jar, installed

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
_BESIDE = ("Java", "Go", "Rust", "Kotlin", "C#")
PLACES = {"Python": ".", "TypeScript": "src/generated"} | dict.fromkeys(_BESIDE, "client")
_REFUSED = re.compile(r"^(\S+?):\d+:\d+: error", re.MULTILINE)
# Cargo takes Debian's crates, and nothing else, for those of its registry.
_DEBIAN_CRATES = [
    *("--config", 'source.crates-io.replace-with="debian"'),
    *("--config", 'source.debian.directory="/usr/share/cargo/registry"'),
]
_DOTNET = (
    *("System.Net.Http", "System.Web", "System.Runtime.Serialization", "System.ComponentModel.DataAnnotations"),
    # Newtonsoft.Json is built for .NET Standard, whose names these map to the .NET Framework's.
    *("Facades/System.Runtime", "Facades/System.ObjectModel", "Facades/System.Dynamic.Runtime"),
    "Newtonsoft.Json",
)


class NotHereError(Exception):
    """The libraries that a build needs are not installed; the text names them."""


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
    """Compile what stands in a language's place below `home`, and the program beside it; raises NotHereError."""
    return _BUILDERS[language](program, home, python)


def build_guarded(compiler: Command, home: Path, command: Command, bad: str, past: str) -> Build:
    """
    Compile a program whose file `bad` makes the bad command, where a compiler leaves nothing to run that it refuses.

    Errors in `bad` alone are put down to the bad command: its file gives way to `past`, which gets round the compiler.
    """
    compiled = call(compiler, home)
    refused = {Path(path).name for path in _REFUSED.findall(compiled.stdout + compiled.stderr)}
    if refused != {bad}:
        return Build(compiled.returncode == 0, command)
    shutil.copy(PROGRAMS / past, home / bad)
    return Build(call(compiler, home).returncode == 0, command, guarded=True)


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


def _rust(program: str, home: Path, _: Path) -> Build:
    """Compile against the crates that Debian packages, which are older than the generated manifest asks for."""
    for name in (program, "Cargo.toml", "bad_debug.rs"):
        shutil.copy(PROGRAMS / name, home)
    cargo = ["cargo", *_DEBIAN_CRATES]
    if call([*cargo, "generate-lockfile", "--offline"], home).returncode:
        raise NotHereError("no crates of Debian's here")
    compiler = [*cargo, "build", "--offline", "--quiet", "--message-format", "short"]
    return build_guarded(compiler, home, ["target/debug/program"], "bad_debug.rs", "bad_debug_past.rs")


def _kotlin(program: str, home: Path, _: Path) -> Build:
    """Compile against Ktor and Jackson as Specmatic's jar holds them, Kotlin's own library included."""
    for name in (program, "BadDebug.kt"):
        shutil.copy(PROGRAMS / name, home)
    libraries = str(NODE_MODULES / "specmatic" / "specmatic.jar")
    compiler = [
        *("java", "-cp", str(NODE_MODULES / "kotlin-compiler" / "lib" / "kotlin-compiler.jar")),
        *("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-no-reflect", "-nowarn"),
        *("-cp", libraries, "-d", "out", "client/src/main/kotlin", program, "BadDebug.kt"),
    ]
    command = ["java", "-cp", os.pathsep.join(("out", libraries)), f"{Path(program).stem}Kt"]
    return build_guarded(compiler, home, command, "BadDebug.kt", "BadDebugPast.kt")


def _csharp(program: str, home: Path, python: Path) -> Build:
    library = installed(python, "mssqlscripter/mssqltoolsservice/bin/Newtonsoft.Json.dll")
    if library is None:
        raise NotHereError("no Newtonsoft.Json here")
    for path in (library, PROGRAMS / program):
        shutil.copy(path, home)
    references = [f"-reference:{','.join(_DOTNET)}", "-recurse:client/src/Org.OpenAPITools/*.cs"]
    compiled = call(["mcs", "-langversion:latest", "-out:program.exe", *references, program], home)
    return Build(compiled.returncode == 0, ["mono", "program.exe"])


_BUILDERS: dict[str, Callable[[str, Path, Path], Build]] = {
    "Python": _python,
    "TypeScript": _typescript,
    "Java": _java,
    "Go": _go,
    "Rust": _rust,
    "Kotlin": _kotlin,
    "C#": _csharp,
}
