"""The generators that are tried, each with the form of the contract that it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = HERE / "programs"
NODE_MODULES = HERE / "node_modules"
FORMS = {
    "contract": ROOT / "openapi" / "secmaster-workflows.yaml",
    "compat31": ROOT / "openapi" / "dist" / "compat31.yaml",
    "compat30": ROOT / "openapi" / "dist" / "compat30.yaml",
}

Command = list[str]


@dataclass(frozen=True)
class Consumer:
    """
    One generator and the program that uses its output.

    `package` is the distribution whose version counts; `generate` returns the command that fills a directory. `needs`
    are the programs without which nothing is built, `debian` the packages that hold what it is built with, and `note`
    says what the table's reader has to know of how it was run.
    """

    name: str
    language: str
    form: str
    package: str
    generate: Callable[[Path, Path, Path], Command]
    program: str
    models_only: bool = False
    needs: tuple[str, ...] = ()
    debian: tuple[str, ...] = ()
    note: str | None = None


def installed(python: Path, name: str) -> Path | None:
    """Return a file that a distribution put beside an interpreter, None where the distribution is not installed."""
    return next(python.parents[1].glob(f"lib/python3*/site-packages/{name}"), None)


def generator_jar(python: Path) -> Path:
    """Return the jar of openapi-generator that is installed beside an interpreter."""
    jar = installed(python, "openapi_generator_cli/openapi-generator.jar")
    if jar is None:
        raise FileNotFoundError(f"{python} has no openapi-generator-cli: make downstream installs it")
    return jar


def _openapi_generator(generator: str, *options: str) -> Callable[[Path, Path, Path], Command]:
    return lambda python, contract, output: [
        *("java", "-jar", str(generator_jar(python)), "generate"),
        *("-g", generator, "-i", str(contract), "-o", str(output), *options),
    ]


def _datamodel(kind: str) -> Callable[[Path, Path, Path], Command]:
    return lambda python, contract, output: [
        *(str(python.with_name("datamodel-codegen")), "--input", str(contract), "--input-file-type", "openapi"),
        *("--output", str(output / "models.py"), "--output-model-type", kind, "--target-python-version", "3.11"),
        *("--disable-timestamp", "--use-annotated", "--formatters", "builtin"),
    ]


def _node(program: str, *options: str) -> Callable[[Path, Path, Path], Command]:
    def command(_: Path, contract: Path, output: Path) -> Command:
        filled = [option.format(contract=contract, output=output, programs=PROGRAMS) for option in options]
        return [str(NODE_MODULES / ".bin" / program), *filled]

    return command


CONSUMERS = (
    Consumer(
        "openapi-generator python",
        "Python",
        "compat31",
        "openapi-generator-cli",
        _openapi_generator("python"),
        "openapi_generator_python.py",
        needs=("java",),
    ),
    *(
        Consumer(
            f"datamodel-code-generator, {name}",
            "Python",
            "contract",
            "datamodel-code-generator",
            _datamodel(kind),
            f"datamodel_{name}.py",
            models_only=True,
        )
        for name, kind in (
            ("pydantic", "pydantic_v2.BaseModel"),
            ("msgspec", "msgspec.Struct"),
            ("dataclass", "dataclasses.dataclass"),
        )
    ),
    Consumer(
        "openapi-generator typescript-fetch",
        "TypeScript",
        "compat31",
        "openapi-generator-cli",
        _openapi_generator("typescript-fetch"),
        "typescript-fetch.ts",
        needs=("java", "npm"),
    ),
    Consumer(
        "openapi-typescript with openapi-fetch",
        "TypeScript",
        "contract",
        "openapi-typescript",
        _node("openapi-typescript", "{contract}", "-o", "{output}/schema.d.ts"),
        "openapi-fetch.ts",
        needs=("npm",),
    ),
    Consumer(
        "@hey-api/openapi-ts with zod",
        "TypeScript",
        "contract",
        "@hey-api/openapi-ts",
        _node("openapi-ts", "-f", "{programs}/hey-api.config.mjs"),
        "hey-api.ts",
        needs=("npm",),
    ),
    Consumer(
        "orval with zod",
        "TypeScript",
        "compat31",
        "orval",
        _node("orval", "--config", "{programs}/orval.config.mjs"),
        "orval.ts",
        needs=("npm",),
    ),
    Consumer(
        "openapi-generator java",
        "Java",
        "compat31",
        "openapi-generator-cli",
        _openapi_generator("java", "--library", "native", "--additional-properties", "openApiNullable=false"),
        "OpenapiGenerator.java",
        needs=("java", "javac"),
        note="Its library `native`, compiled against Jackson as the generator's own jar holds it.",
    ),
    Consumer(
        "openapi-generator go",
        "Go",
        "contract",
        "openapi-generator-cli",
        # Without a discriminator it imports a validator from elsewhere, to try one schema after the other.
        _openapi_generator(
            "go", "--additional-properties", "withGoMod=false,packageName=client,useOneOfDiscriminatorLookup=true"
        ),
        "openapi_generator.go",
        needs=("java", "go"),
        debian=("golang-go",),
    ),
    Consumer(
        "openapi-generator rust",
        "Rust",
        "compat31",
        "openapi-generator-cli",
        _openapi_generator("rust", "--additional-properties", "supportAsync=false"),
        "openapi_generator.rs",
        needs=("java", "cargo"),
        debian=("librust-reqwest-dev", "librust-serde-derive-dev", "librust-serde-json-dev", "librust-serde-repr-dev"),
        note=(
            "Its library `reqwest`, blocking, built with the crates that Debian packages: reqwest and url are older "
            "than its own manifest asks for, and TLS is left out (`programs/Cargo.toml`)."
        ),
    ),
    Consumer(
        "openapi-generator csharp",
        "C#",
        "compat31",
        "openapi-generator-cli",
        # Polly, which a retry would need, is in no registry that is used here.
        _openapi_generator(
            *("csharp", "--library", "httpclient"),
            *("--additional-properties", "targetFramework=net47,supportsRetry=false"),
        ),
        "OpenapiGenerator.cs",
        needs=("java", "mcs", "mono"),
        debian=("mono-devel",),
        note=(
            "Its library `httpclient` for .NET Framework 4.7, without retries, compiled and run by Mono with the "
            "Newtonsoft.Json that `newtonsoft-json.txt` installs, older than its own project file asks for."
        ),
    ),
    Consumer(
        "openapi-generator kotlin",
        "Kotlin",
        "compat31",
        "openapi-generator-cli",
        # What it makes of the oneOf is one class that needs the fields of all three, so no retry could be sent.
        _openapi_generator(
            *("kotlin", "--library", "jvm-ktor", "--additional-properties", "serializationLibrary=jackson"),
            *("--schema-mappings", "WorkflowInstanceCommand=kotlin.Any"),
        ),
        "OpenapiGenerator.kt",
        needs=("java", "npm"),
        note=(
            "Its library `jvm-ktor` with Jackson, compiled against the Ktor and Jackson of Specmatic's jar. The "
            "operation takes `Any` (`--schema-mappings WorkflowInstanceCommand=kotlin.Any`): of the three commands the "
            "generator makes one class with the fields of all, task_id mandatory even in a retry. The program tells "
            "Jackson to leave out what is null; by default a retry is sent with a null task_id, which the contract "
            "refuses."
        ),
    ),
)
