"""
Renders the client: openapi-python-client's project, this project's templates, the runtime, the formatter.
"""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import answer_facts
import model_facts
import operation_facts
import spec_reading
from blocking import SOURCES, blocking
from tools import GENERATOR, EnvironmentFaultError, format_package

HERE = Path(__file__).parent
SPEC = HERE.parent / "secmaster-workflows.yaml"
CONFIG = HERE / "config.yaml"
TEMPLATES = HERE / "templates"
RUNTIME = HERE / "runtime"
PACKAGE = "secmaster_workflows"
NOTICE = "# Generated from openapi/secmaster-workflows.yaml by `make generate`; do not edit.\n"
COPY_NOTICE = "# Copied from openapi/generator/runtime/{name} by `make generate`; do not edit.\n"
DERIVED_NOTICE = "# Derived from openapi/generator/runtime/{name} by `make generate`; do not edit.\n"
EXPORTS = {
    "client": ["AsyncWorkflowsClient", "WorkflowsClient"],
    "commands": ["COMMANDS", "parse_command"],
    "types": ["UNSET", "Unset"],
    "_runtime.options": ["AttemptRecord", "CallOptions", "Options"],
    "_runtime.request": ["DryRun"],
}
OWN_TEMPLATES = {
    "commands.py": "commands.py.jinja",
    "_spec.py": "spec_facts.py.jinja",
    "_examples.py": "examples.py.jinja",
    "_shapes.py": "shapes.py.jinja",
}


class SpecFaultError(Exception):
    """
    The spec cannot be turned into a client without losing something.
    """


def render(spec_file: Path, directory: Path) -> None:
    """
    Writes the package into the directory.

    Raises:
        SpecFaultError: The spec is not understood whole.
        EnvironmentFaultError: A tool is missing or fails.
    """
    package = directory / PACKAGE
    project, spec = _project(spec_file, package)
    try:
        project.env.globals.update(_template_globals(spec))
    except spec_reading.UnsupportedSpecError as error:
        raise SpecFaultError(f"{spec_file.name}: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SpecFaultError(f"{spec_file.name} has not the form that openapi/README.md describes: {error!r}") from None
    _build(project)
    for target, template in OWN_TEMPLATES.items():
        _write(package / target, project.env.get_template(template).render())
    notices = _copy_runtime(package)
    _write(package / "py.typed", "")
    format_package(package)
    for file in sorted(package.rglob("*.py")):
        _write(file, notices.get(file, NOTICE) + file.read_text(encoding="utf-8"))


def _copy_runtime(package: Path) -> dict[Path, str]:
    # The runtime and its blocking half; the notice of each file.
    notices: dict[Path, str] = {}
    for source in sorted(RUNTIME.rglob("*.py")):
        name, text = source.relative_to(RUNTIME), source.read_text(encoding="utf-8")
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


def _project(spec_file: Path, package: Path) -> tuple[Any, dict[str, Any]]:
    from openapi_python_client import Project, _get_document  # noqa: PLC0415 - its version is checked first
    from openapi_python_client.config import Config, ConfigFile, MetaType  # noqa: PLC0415 - see above
    from openapi_python_client.parser import GeneratorData  # noqa: PLC0415 - see above
    from openapi_python_client.parser.errors import GeneratorError  # noqa: PLC0415 - see above

    config = Config.from_sources(
        ConfigFile.load_from_path(CONFIG),
        MetaType.NONE,
        document_source=spec_file,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )
    spec = _get_document(source=spec_file, timeout=0)
    if isinstance(spec, GeneratorError):
        raise SpecFaultError(f"{spec_file.name}: {spec.header}")
    if not isinstance(spec, dict):
        raise SpecFaultError(f"{spec_file.name} is no OpenAPI document")
    openapi = GeneratorData.from_dict(json.loads(json.dumps(spec)), config=config)
    if isinstance(openapi, GeneratorError):
        raise SpecFaultError(f"{spec_file.name}: {openapi.header} {openapi.detail or ''}")
    return Project(openapi=openapi, config=config, custom_template_path=TEMPLATES), spec


def _build(project: Any) -> None:
    import contextlib  # noqa: PLC0415 - for the line below only
    import io  # noqa: PLC0415 - see above

    with contextlib.redirect_stdout(io.StringIO()):  # it announces the temporary directory
        faults = project.build()
    if faults:
        said = "; ".join(f"{fault.header} {fault.detail or ''}".strip() for fault in faults)
        raise SpecFaultError(f"{GENERATOR} would leave something out: {said}")


def _template_globals(spec: Mapping[str, Any]) -> dict[str, Any]:
    supported = _checked_keywords()
    operation = operation_facts.only_operation(spec, supported)
    models = model_facts.object_schemas(spec)
    fields = {name: model_facts.fields(spec, name, supported) for name in models}
    response_models = answer_facts.response_models(spec)
    endpoint_template, regions = operation_facts.server(spec)
    errors = [line.split("(")[0].removeprefix("class ") for line in _class_lines(RUNTIME / "errors.py")]
    exports = {
        **EXPORTS,
        "commands": [*EXPORTS["commands"], operation.union],
        "models": models,
        "errors": errors,
    }
    command_names = [command.name for command in operation.commands]

    def model_text(name: str) -> str:
        text = spec["components"]["schemas"][name].get("description", "")
        lines = "\n".join(f"    {field.attribute}: {field.description}" for field in fields[name])
        return f"{text}\n\nAttributes:\n{lines}" if lines else text

    return {
        "raw_spec": spec,
        "operation": operation,
        "command_names": command_names,
        "fields_of": fields.__getitem__,
        "model_text": model_text,
        "response_models": response_models,
        "answer_names": answer_facts.answer_names(spec),
        "error_fields": answer_facts.error_fields(spec),
        "gateway_models": answer_facts.gateway_schemas(spec),
        "request_id_header": answer_facts.request_id_header(spec),
        "answer_models": sorted({name for _, _, names in response_models for name in names}),
        "endpoint_template": endpoint_template,
        "regions": tuple(regions),
        "examples": answer_facts.answer_examples(spec),
        "exports": exports,
        "exported": [name for names in exports.values() for name in names],
        "docstring": _docstring,
        "quoted": json.dumps,
        "literal": repr,
    }


def _checked_keywords() -> frozenset[str]:
    # Read from the runtime's table, so that the two cannot differ.
    import ast  # noqa: PLC0415 - for this only

    for node in ast.walk(ast.parse((RUNTIME / "_runtime" / "checks.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "RULES":
            table = node.value
            if isinstance(table, ast.Dict):
                return frozenset(
                    key.value for key in table.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                )
    raise EnvironmentFaultError("runtime/_runtime/checks.py has no table RULES")


def _class_lines(module: Path) -> list[str]:
    return [line for line in module.read_text(encoding="utf-8").splitlines() if line.startswith("class ")]


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
