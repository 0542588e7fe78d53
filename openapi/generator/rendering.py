"""
Renders the client: openapi-python-client's project, this project's templates, the runtime, the formatter.
"""

import contextlib
import io
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import answer_facts
import operation_facts
from blocking import SOURCES, blocking
from model_facts import Models, unique
from openapi_contract import Contract, ContractError, Problem
from openapi_contract.document import read_yaml
from operation_facts import OWN_ARGUMENTS
from parsing import Parsed, parse
from tools import GENERATOR, format_package

HERE = Path(__file__).parent
CONTRACT = HERE.parent / "secmaster-workflows.yaml"
CONFIG = HERE / "config.yaml"
PACKAGES = HERE / "packages.yaml"
TEMPLATES = HERE / "templates"
RUNTIME = HERE / "runtime"
PACKAGE = "secmaster_workflows"
NOTICE = "# Generated from {contract} by `make generate`; do not edit.\n"
COPY_NOTICE = "# Copied from openapi/generator/runtime/{name} by `make generate`; do not edit.\n"
DERIVED_NOTICE = "# Derived from openapi/generator/runtime/{name} by `make generate`; do not edit.\n"
OWN_TEMPLATES = {
    "_operations.py": "operations.py.jinja",
    "_spec.py": "spec_facts.py.jinja",
    "_examples.py": "examples.py.jinja",
    "_shapes.py": "shapes.py.jinja",
}


@dataclass(frozen=True)
class Names:
    """
    What a package and the things in it are called.
    """

    package: str
    client: str
    environment: str
    error: str
    guide: str
    first: str
    tables: Mapping[str, str]

    @property
    def distribution(self) -> str:
        """
        The name that it is installed by.
        """
        return self.package.replace("_", "-")

    @classmethod
    def of(cls, package: str, title: str) -> "Names":
        """
        Those that packages.yaml states, or else made of the package's name.
        """
        stated: dict[str, Any] = read_yaml(PACKAGES).get(package, {})
        camel = "".join(word.capitalize() for word in package.split("_"))
        return cls(
            package=package,
            client=stated.get("client", f"{camel}Client"),
            environment=stated.get("environment", f"{package.upper()}_"),
            error=stated.get("error", f"{camel}Error"),
            guide=stated.get("guide", ""),
            first=stated.get("first", f"Calls {title}"),
            tables=stated.get("tables", {}),
        )

    def put_into(self, text: str) -> str:
        """
        The text of a runtime file with the names of this package in it.
        """
        return text.replace(PACKAGE, self.package).replace("SecMasterError", self.error)


def render(contract: Contract, directory: Path, names: Names) -> Parsed:
    """
    Writes the package into the directory.

    Raises:
        ContractError: The client would not keep the contract whole.
        EnvironmentFaultError: A tool is missing or fails.
    """
    package = directory / names.package
    parsed = parse(contract, CONFIG, names.package, package)
    facts = _facts(contract, parsed, names)
    project = _project(parsed)
    project.env.globals.update(facts)
    _build(contract, project)
    templates = OWN_TEMPLATES | ({"commands.py": "commands.py.jinja"} if facts["unions"] else {})
    for target, template in templates.items():
        _write(package / target, project.env.get_template(template).render())
    notices = _copy_runtime(package, names)
    _write(package / "py.typed", "")
    format_package(package, names.package)
    shipped = contract.document.file == str(CONTRACT)
    notice = NOTICE.format(
        contract="openapi/secmaster-workflows.yaml" if shipped else Path(contract.document.file).name
    )
    for file in sorted(package.rglob("*.py")):
        _write(file, notices.get(file, notice) + file.read_text(encoding="utf-8"))
    return parsed


def _copy_runtime(package: Path, names: Names) -> dict[Path, str]:
    # The runtime and its blocking half; the notice of each file.
    notices: dict[Path, str] = {}
    for source in sorted(RUNTIME.rglob("*.py")):
        name, text = source.relative_to(RUNTIME), names.put_into(source.read_text(encoding="utf-8"))
        (package / name).parent.mkdir(exist_ok=True)
        _write(package / name, text)
        notices[package / name] = COPY_NOTICE.format(name=name.as_posix())
        if source.name in SOURCES:
            derived = (package / name).with_name(SOURCES[source.name])
            _write(derived, blocking(text))
            notices[derived] = DERIVED_NOTICE.format(name=name.as_posix())
    return notices


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _project(parsed: Parsed) -> Any:
    from openapi_python_client import Project  # noqa: PLC0415 - its version is checked first

    return Project(openapi=parsed.data, config=parsed.config, custom_template_path=TEMPLATES)


def _build(contract: Contract, project: Any) -> None:
    with contextlib.redirect_stdout(io.StringIO()):  # it announces the temporary directory
        faults = project.build()
    if faults:
        said = "; ".join(f"{fault.header} {fault.detail or ''}".strip() for fault in faults)
        raise ContractError(contract.document.file, [Problem("", f"{GENERATOR} would leave something out: {said}")])


def _facts(contract: Contract, parsed: Parsed, names: Names) -> dict[str, Any]:
    models = Models(contract, parsed)
    operations = operation_facts.operations(contract, parsed, models, names.tables)
    unions = [operation for operation in operations if operation.commands]
    server, values = operation_facts.server(contract)
    stated = contract.document.root.get("servers", [{}])[0].get("variables", {})
    taken = {*OWN_ARGUMENTS}
    own = {
        parameter.argument.attribute: parameter.argument
        for operation in operations
        for parameter in operation.parameters
        if parameter.is_own
    }
    taken |= own.keys()
    secured = [operation.security for operation in operations if operation.security]
    return {
        "names": names,
        "title": contract.title,
        "operations": operations,
        "unions": unions,
        "only_union": unions[0].union if len(operations) == 1 and unions else "",
        "union_texts": {operation.id: _union_text(contract, operation.id) for operation in unions},
        "operation_of": lambda endpoint: next(own for own in operations if own.id == _id_of(parsed, endpoint)),
        "ordered": _ordered,
        "model_of": models.by_name.__getitem__,
        "module_of": lambda name: str(parsed.classes[name].class_info.module_name),
        "models_in": lambda text: _models_in(text, parsed),
        "own_arguments": list(own.values()),
        "security": tuple(dict.fromkeys(header for header, _ in secured)),
        "token_text": _token_text(contract),
        "token_needed": bool(secured) and len(secured) == len(operations),
        "client_first": f"{names.first}. For any number of threads.",
        "client_first_async": f"{names.first}, for asyncio. For any number of tasks and event loops.",
        "server": server,
        "variables": {name: unique(re.sub(r"\W", "_", name), taken) for name in values},
        "variable_values": {name: tuple(known) for name, known in values.items()},
        "variable_texts": {name: variable.get("description", "") for name, variable in stated.items()},
        "answer_names": tuple(answer_facts.answer_names(contract)),
        "error_fields": {
            kind: tuple(found) for kind, found in answer_facts.error_fields(contract, parsed, models).items()
        },
        "gateway_models": answer_facts.gateway_models(contract, parsed, models),
        "request_id_headers": tuple(answer_facts.request_id_headers(contract)),
        "examples": answer_facts.answer_examples(contract),
        **_exports(names, unions, list(parsed.classes)),
        "docstring": _docstring,
        "quoted": json.dumps,
        "literal": repr,
    }


def _exports(names: Names, unions: Sequence[Any], models: list[str]) -> dict[str, Any]:
    commands = []
    if unions:
        alone = len(unions) == 1
        for operation in unions:
            table = ["COMMANDS", "parse_command"]
            own = [f"{operation.constant}_COMMANDS", f"parse_{operation.name}_command"]
            commands += [*(table if alone else own), operation.union]
    lines = names.put_into((RUNTIME / "errors.py").read_text(encoding="utf-8")).splitlines()
    exports = {
        "client": [f"Async{names.client}", names.client],
        "commands": commands,
        "types": ["UNSET", "Unset"],
        "_runtime.options": ["AttemptRecord", "CallOptions", "Options"],
        "_runtime.request": ["DryRun"],
        "errors": [line.split("(")[0].removeprefix("class ") for line in lines if line.startswith("class ")],
    }
    taken = {name for own in exports.values() for name in own}
    # A model of a name that the package has already stands in `models` alone.
    ordered = {**exports, "models": [name for name in models if name not in taken]}
    ordered["errors"] = ordered.pop("errors")
    kept = {module: own for module, own in ordered.items() if own}
    return {"exports": kept, "exported": [name for own in kept.values() for name in own]}


def _id_of(parsed: Parsed, endpoint: Any) -> str:
    return next(key for key, own in parsed.endpoints.items() if own is endpoint)


def _models_in(text: str, parsed: Parsed) -> str:
    # Strings in a Literal are no names of classes.
    parts = re.split(r"('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", text)
    named = r"(?<![\w.])(" + "|".join(map(re.escape, sorted(parsed.classes, key=len, reverse=True))) + r")\b"
    if not parsed.classes:
        return text
    return "".join(part if at % 2 else re.sub(named, r"models.\1", part) for at, part in enumerate(parts))


def _ordered(operation: Any) -> list[Any]:
    return sorted(operation.parameters, key=lambda own: (own.place != "path", not own.required))


def _union_text(contract: Contract, name: str) -> str:
    body = contract.operation(name).body
    schema = contract.document.at(body.schema_pointer) if body else {}
    return str(schema.get("description") or f"The commands of {name}.")


def _token_text(contract: Contract) -> str:
    found = [operation.security.description for operation in contract.operations if operation.security]
    return next((text.split(". ")[0].rstrip(".") for text in found if text), "The token")


def _docstring(text: str) -> str:
    """
    The text as a docstring that cannot be left early.
    """
    safe = text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = [line for given in safe.splitlines() for line in _wrap(given)]
    return "\n".join(['"""', *lines, '"""'])


def _wrap(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    inner = f"{indent}    " if indent else ""
    return textwrap.wrap(line, 108, subsequent_indent=inner, break_long_words=False, break_on_hyphens=False) or [""]
