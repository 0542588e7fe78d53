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

    `package` is the distribution whose version counts; `generate` returns the command that fills a directory. Where no
    `program` was written, `libraries` fetches what the output builds on and `compile` builds it, and nothing is sent.
    """

    name: str
    language: str
    form: str
    package: str
    generate: Callable[[Path, Path, Path], Command]
    program: str | None = None
    models_only: bool = False
    needs: tuple[str, ...] = ()
    libraries: Command | None = None
    compile: Command | None = None


def generator_jar(python: Path) -> Path:
    """Return the jar of openapi-generator that is installed beside an interpreter."""
    return next(python.parents[1].glob("lib/python3*/site-packages/openapi_generator_cli/openapi-generator.jar"))


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
    ),
    Consumer(
        "openapi-generator rust",
        "Rust",
        "compat31",
        "openapi-generator-cli",
        _openapi_generator("rust"),
        needs=("java", "cargo"),
        libraries=["cargo", "fetch"],
        compile=["cargo", "build", "--offline"],
    ),
    Consumer(
        "openapi-generator csharp",
        "C#",
        "compat31",
        "openapi-generator-cli",
        _openapi_generator("csharp"),
        needs=("java", "dotnet"),
        libraries=["dotnet", "restore"],
        compile=["dotnet", "build", "--no-restore"],
    ),
    Consumer(
        "openapi-generator kotlin",
        "Kotlin",
        "compat31",
        "openapi-generator-cli",
        _openapi_generator("kotlin"),
        needs=("java", "gradle"),
        libraries=["gradle", "dependencies"],
        compile=["gradle", "--offline", "compileKotlin"],
    ),
)
