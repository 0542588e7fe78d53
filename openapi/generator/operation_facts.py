"""
What the templates need to know of the operations: the methods of the client, what each is given, sends and gives back.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer_facts import Answer, answers
from model_facts import Models, has_commands, inlined, unique
from openapi_contract import Contract, ContractError, Problem
from openapi_contract import Operation as Stated
from openapi_contract.operations import words
from parsing import Parsed, Type, type_of


def _options() -> Iterator[str]:
    text = (Path(__file__).parent / "runtime" / "_runtime" / "options.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name in {"CallOptions", "Options"}:
            yield from (
                line.target.id
                for line in node.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            )


# What the client has already, and what its methods are written with.
_OWN_METHODS = frozenset({"aclose", "close", "deliver", "dry_run", "send", "with_options"})
OWN_ARGUMENTS = frozenset({"endpoint", "options", "self", "token", "transport", *_options()})
"""
The arguments that the constructor of every client has.
"""
_OF_METHODS = frozenset({"body", "command", "headers", "self"})
_OWN_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)


@dataclass(frozen=True)
class Argument:
    """
    An argument of a method. `shown` says in the documentation where it goes.
    """

    attribute: str
    annotation: str
    required: bool
    description: str
    shown: str

    @property
    def text(self) -> str:
        """
        What the documentation says of it.
        """
        return f"{self.description} ({self.shown})" if self.description else self.shown


@dataclass(frozen=True)
class Parameter:
    """
    A parameter of an operation; `is_own` where it belongs to the client.
    """

    name: str
    place: str
    required: bool
    checks: Mapping[str, Any]
    is_own: bool
    argument: Argument


@dataclass(frozen=True)
class Method:
    """
    A method of the client: `sent` is the expression of the body that it sends.
    """

    name: str
    description: str
    arguments: tuple[Argument, ...]
    sent: str


@dataclass(frozen=True)
class Operation:
    """
    An operation as the client's templates see it.

    `commands` has the class of each command by the discriminator's value; `body_type` is the type of the body, None
    where it has none or its fields are the arguments of a method.
    """

    id: str
    name: str
    tag: str
    method: str
    parts: Sequence[str]
    parameters: tuple[Parameter, ...]
    media_type: str | None
    body_type: Type | None
    body_required: bool
    body_schema: Mapping[str, Any]
    security: tuple[str, str] | None
    accept: str
    answers: list[Answer]
    reads: bool
    union: str
    discriminator: str
    commands: Mapping[str, str]
    methods: tuple[Method, ...]
    send: str
    dry_run: str
    description: str
    summary: str

    @property
    def constant(self) -> str:
        """
        The name of the object that stands for it.
        """
        return self.name.upper()

    @property
    def result(self) -> str:
        """
        The type of what a call gives.
        """
        return _together([answer.type for answer in self.answers if answer.is_success])

    @property
    def answer(self) -> str:
        """
        The type of any documented answer's body.
        """
        return _together([answer.type for answer in self.answers])

    @property
    def call_parameters(self) -> list[Parameter]:
        """
        Those that a call gives: those of the path in their order, mandatory ones, the others.
        """
        own = [parameter for parameter in self.parameters if not parameter.is_own]
        return sorted(own, key=lambda parameter: (parameter.place != "path", not parameter.required))


def _together(types: Sequence[Type | None]) -> str:
    names = [part for own in types for part in (own.annotation if own else "None").split(" | ")]
    if any(own and "[" in own.annotation for own in types):
        names = [own.annotation if own else "None" for own in types]
    return " | ".join(sorted(dict.fromkeys(names), key=lambda name: name == "None"))


def own_parameters(contract: Contract) -> list[str]:
    """
    The path parameters that belong to the client: every operation with parameters in its path has them, and no path
    ends with one.
    """
    paths = [operation for operation in contract.operations if operation.path_names]
    last = {operation.path.rsplit("/", 1)[-1].strip("{}") for operation in paths if operation.path.endswith("}")}
    shared = [name for name in (paths[0].path_names if paths else ()) if all(name in own.path_names for own in paths)]
    return [name for name in shared if name not in last]


def operations(contract: Contract, parsed: Parsed, models: Models, tables: Mapping[str, str]) -> list[Operation]:
    """
    All of them. `tables` has what documentation calls the places of arguments.

    Raises:
        ContractError: The client cannot be made for one.
    """
    reading = _Reading(contract, parsed, models, tables)
    found = [reading.operation(operation) for operation in contract.operations]
    if reading.problems:
        raise ContractError(contract.document.file, reading.problems)
    return found


class _Reading:
    def __init__(self, contract: Contract, parsed: Parsed, models: Models, tables: Mapping[str, str]) -> None:
        self.tables = tables
        self.contract = contract
        self.parsed = parsed
        self.models = models
        self.problems: list[Problem] = []
        self.own = own_parameters(contract)
        unions = [operation for operation in contract.operations if has_commands(operation)]
        names = {operation.id: str(parsed.endpoints[operation.id].name) for operation in contract.operations}
        self._same(names)
        self.functions = {key: f"{name}_" if name in _OWN_METHODS else name for key, name in names.items()}
        self.only_union = len(unions) == 1
        short = {operation.id: self._method_names(operation) for operation in unions}
        plain = [self.functions[operation.id] for operation in contract.operations if not has_commands(operation)]
        used = Counter([*plain, *_OWN_METHODS, *(name for own in short.values() for name in own.values())])
        self.methods = {
            key: {name: f"{self.functions[key]}_{word}" if used[word] > 1 else word for name, word in own.items()}
            for key, own in short.items()
        }

    def _same(self, names: Mapping[str, str]) -> None:
        for operation in self.contract.operations:
            others = [key for key, name in names.items() if name == names[operation.id] and key != operation.id]
            if others:
                what = f"{operation.id} and {others[0]} would both be the method {names[operation.id]}"
                self.problems.append(Problem(operation.pointer + "/operationId", what, "Use another name"))

    def _method_names(self, operation: Stated) -> dict[str, str]:
        # What tells the names apart: the words that all begin or end with are left out.
        split = {command.name: words(command.name) for command in operation.commands}
        names = list(split.values())
        while len(names) > 1 and all(len(own) > 1 for own in names) and len({own[0] for own in names}) == 1:
            names = [own[1:] for own in names]
        while len(names) > 1 and all(len(own) > 1 for own in names) and len({own[-1] for own in names}) == 1:
            names = [own[:-1] for own in names]
        taken = set[str]()
        return {key: unique(_identifier("_".join(own)), taken) for key, own in zip(split, names, strict=True)}

    def operation(self, operation: Stated) -> Operation:
        endpoint = self.parsed.endpoints[operation.id]
        taken = set(_OF_METHODS)
        parameters = tuple(self._parameters(operation, endpoint, taken))
        body = operation.body
        name = self.functions[operation.id]
        body_type = type_of(endpoint.bodies[0].prop) if body else None
        tag = next(
            (str(tag) for tag, own in self.parsed.data.endpoint_collections_by_tag.items() if endpoint in own.endpoints)
        )
        commands, union, discriminator = dict[str, str](), "", ""
        methods: tuple[Method, ...]
        if has_commands(operation) and body and body_type:
            discriminator = str(body.discriminator)
            commands = {str(own.selector): self.models.commands[str(own.pointer)] for own in operation.commands}
            union = self._union(body.schema_pointer, endpoint)
            methods = tuple(
                self._method(
                    self.methods[operation.id][own.name], commands[str(own.selector)], own.description, parameters
                )
                for own in operation.commands
            )
        elif body and body_type and body.required and self._is_flat(body_type):
            methods = (
                self._method(
                    name, body_type.annotation, operation.description or operation.summary or operation.id, parameters
                ),
            )
        else:
            methods = (self._plain(name, operation, body_type, parameters),)
        return Operation(
            id=operation.id,
            name=name,
            tag=tag,
            method=operation.method,
            parts=re.split(r"\{([^{}]+)\}", operation.path),
            parameters=parameters,
            media_type=body.media_type if body else None,
            body_type=body_type,
            body_required=bool(body and body.required),
            body_schema=inlined(self.contract.document, body.schema_pointer) if body and not commands else {},
            security=(operation.security.header, operation.security.prefix) if operation.security else None,
            accept=_accepted(operation),
            answers=answers(self.contract, self.parsed, operation),
            reads=operation.reads,
            union=union,
            discriminator=discriminator,
            commands=commands,
            methods=methods,
            send="send" if self.only_union else f"{name}_send",
            dry_run="dry_run" if self.only_union else f"{name}_dry_run",
            description=operation.description,
            summary=operation.summary or operation.id,
        )

    def _union(self, pointer: str, endpoint: Any) -> str:
        from openapi_python_client.strings import ClassName  # noqa: PLC0415 - its version is checked first

        stem = pointer.rsplit("/", 1)[-1] if pointer.startswith("/components/schemas/") else f"{endpoint.name}_command"
        return str(ClassName(stem, "field_"))

    def _is_flat(self, body_type: Type) -> bool:
        return body_type.annotation in self.models.by_name

    def _parameters(self, operation: Stated, endpoint: Any, taken: set[str]) -> Iterator[Parameter]:
        props = {(place.value, prop.name.get_untrusted_value()): prop for place, prop in endpoint.iter_all_parameters()}
        secured = operation.security.header.lower() if operation.security else ""
        for parameter in operation.parameters:
            prop = props[parameter.place, parameter.name]
            is_own = parameter.place == "path" and parameter.name in self.own
            if parameter.place == "header" and parameter.name.lower() in {*_OWN_HEADERS, secured}:
                what = f"the client writes the header {parameter.name} itself"
                self.problems.append(Problem(parameter.pointer + "/name", what, "Leave the parameter out"))
            annotation = type_of(prop).annotation
            if parameter.place == "header" and "array" in parameter.types:
                annotation = f"list[{self._item(parameter.schema_pointer)}]"
            attribute = str(prop.python_name)
            if is_own and attribute in OWN_ARGUMENTS:
                attribute = f"{attribute}_"
            yield Parameter(
                name=parameter.name,
                place=parameter.place,
                required=parameter.required,
                checks=inlined(self.contract.document, parameter.schema_pointer),
                is_own=is_own,
                argument=Argument(
                    attribute=attribute if is_own else unique(attribute, taken),
                    annotation=annotation,
                    required=parameter.required,
                    description=parameter.description,
                    shown=self._shown(parameter.place, parameter.name),
                ),
            )

    def _shown(self, place: str, name: str) -> str:
        return f"{self.tables[place]}, {name}" if place in self.tables else f"{place} {name}"

    def _item(self, pointer: str) -> str:
        _, items = self.contract.document.resolve(pointer + "/items")
        values = [items["const"]] if "const" in items else items.get("enum", [])
        if values and not any(isinstance(value, float) for value in values):
            return f"Literal[{', '.join(map(repr, values))}]"
        return {"integer": "int", "number": "float", "boolean": "bool"}.get(str(items.get("type")), "str")

    def _method(self, name: str, model: str, description: str, parameters: tuple[Parameter, ...]) -> Method:
        taken = {*_OF_METHODS, *(parameter.argument.attribute for parameter in parameters)}
        fields = self.models.by_name[model].arguments
        arguments, given = [], []
        for own in fields:
            free = own.attribute if own.attribute not in taken else f"{own.attribute}_body"
            attribute = unique(free, taken)
            annotation = (
                "JsonInput" if own.is_text and not self.models.by_name[model].is_answer else own.type.annotation
            )
            arguments.append(
                Argument(attribute, annotation, own.required, own.description, self._shown("body", own.name))
            )
            given.append(f"{own.attribute}={attribute}")
        if extra := self.models.by_name[model].extra:
            attribute = unique("additional_properties", taken)
            told = "Fields that the contract does not name."
            arguments.append(
                Argument(attribute, f"Mapping[str, {extra.annotation}]", required=False, description=told, shown="body")
            )
            given.append(f"additional_properties={attribute} or {{}}")
        return Method(name, description, _ordered(parameters, arguments), f"models.{model}({', '.join(given)})")

    def _plain(self, name: str, operation: Stated, body: Type | None, parameters: tuple[Parameter, ...]) -> Method:
        arguments = []
        if body and operation.body:
            told = self.contract.document.at(operation.body.pointer).get("description", "The body.")
            arguments.append(Argument("body", body.annotation, operation.body.required, told, "body"))
        text = operation.description or operation.summary or operation.id
        return Method(name, text, _ordered(parameters, arguments), "body" if body else "UNSET")


def _ordered(parameters: tuple[Parameter, ...], arguments: list[Argument]) -> tuple[Argument, ...]:
    """The arguments of the path in its order, mandatory ones, the others."""
    given = [parameter.argument for parameter in parameters if not parameter.is_own and parameter.place != "path"]
    path = [parameter.argument for parameter in parameters if not parameter.is_own and parameter.place == "path"]
    return (*path, *sorted([*given, *arguments], key=lambda own: not own.required))


def _accepted(operation: Stated) -> str:
    types = [response.media_type for response in operation.responses.values() if response.media_type]
    return ", ".join(dict.fromkeys(types)) or "application/json"


def _identifier(name: str) -> str:
    from openapi_python_client.schema.untrusted_string import UntrustedString  # noqa: PLC0415 - see above
    from openapi_python_client.strings import PythonIdentifier  # noqa: PLC0415 - its version is checked first

    return str(PythonIdentifier(UntrustedString(name), "do_"))


def server(contract: Contract) -> tuple[str, dict[str, list[str]]]:
    """
    The URL of the one server, "" where there are several or none that is absolute; and the values of its variables.
    """
    servers: Sequence[Any] = contract.document.root.get("servers", ())
    if len(servers) != 1 or not re.match("https?://", str(servers[0].get("url", ""))):
        return "", {}
    variables = servers[0].get("variables", {})
    return servers[0]["url"], {name: [*map(str, variable.get("enum", []))] for name, variable in variables.items()}
