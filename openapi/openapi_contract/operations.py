"""The operations of a contract: what each is sent, by whom, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openapi_contract.document import Document, join
from openapi_contract.errors import ContractError, Problem
from openapi_contract.keywords import METHODS, SAFE_METHODS, problems, types_of

# From the gentlest effect to the harshest; `x-effect` states one.
EFFECTS = ("reads", "repeatable", "changes", "destroys")


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter, or a header of an answer. `pointer` leads to its object, `schema_pointer` to its schema."""

    name: str
    place: str
    required: bool
    pointer: str
    schema_pointer: str
    schema: Mapping[str, Any]
    examples: tuple[Any, ...] = ()
    description: str = ""
    origin: str | None = None

    @property
    def types(self) -> tuple[str, ...]:
        """The JSON types of its value."""
        return tuple(sorted(types_of(self.schema) or {"string"}))


@dataclass(frozen=True)
class Security:
    """How a request shows who sends it: a header, and the word before the token there."""

    scheme: str
    pointer: str
    header: str
    prefix: str = ""
    description: str = ""

    def value(self, token: str) -> str:
        """Return the header's value for a token."""
        return f"{self.prefix}{token}"

    def usual(self, value: str) -> str:
        """Return a header's value as `value` writes it, whatever the case of the first word (RFC 9110, 11.1)."""
        value = value.strip(" \t")
        word, token = value[: len(self.prefix)], value[len(self.prefix) :]
        return self.value(token) if word.lower() == self.prefix.lower() else value


@dataclass(frozen=True, eq=False)
class Command:
    """One kind of valid request of an operation: a member of its body's union, or the whole of it where there is none.

    `pointer` leads to the schema of the body, None where there is no body; `selector` is the discriminator's value.
    `label` is the short name, of the words that the other members do not share.
    """

    name: str
    label: str
    effect: str
    pointer: str | None = None
    selector: str | None = None
    description: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict[str, "Field"], repr=False)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the mandatory properties, in the order of the contract."""
        return tuple(name for name, member in self.fields.items() if member.required)

    @property
    def optional(self) -> tuple[str, ...]:
        """The names of the documented properties that may be left out."""
        return tuple(name for name, member in self.fields.items() if not member.required)


@dataclass(frozen=True, eq=False)
class Field:
    """A property of an object: `site` is where it is stated, `pointer` where its schema stands behind references."""

    name: str
    required: bool
    site: str
    pointer: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Body:
    """The body of a request; `media_type` is the documented literal, `examples` are its values by name."""

    pointer: str
    required: bool
    media_type: str
    content_pointer: str
    schema_pointer: str
    examples: Mapping[str, Any]
    discriminator: str | None = None


@dataclass(frozen=True, eq=False)
class Response:
    """An answer under its key (`200`, `5XX`, `default`); `schema_pointer` is None where it has no body."""

    key: str
    pointer: str
    description: str
    origin: str | None
    media_type: str | None
    schema_pointer: str | None
    headers: Mapping[str, Parameter]
    examples: Mapping[str, Any]
    reasons: Mapping[str, str]

    @property
    def is_platform(self) -> bool:
        """Whether the answer is knowledge of the platform, and no rule of the operation."""
        return self.origin == "platform"

    @property
    def status(self) -> int | None:
        """The status, None for a class of statuses."""
        return int(self.key) if self.key.isdecimal() else None


@dataclass(frozen=True, eq=False)
class Operation:
    """One method of one path. `pointer` leads to the operation object; `origin` is its `x-origin`."""

    id: str
    method: str
    path: str
    pointer: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: Mapping[str, Response]
    security: Security | None
    commands: tuple[Command, ...]
    summary: str = ""
    description: str = ""
    origin: str | None = None

    @property
    def reads(self) -> bool:
        """Whether the method is a safe one (RFC 9110 section 9.2.1): it changes nothing."""
        return self.method.lower() in SAFE_METHODS

    @property
    def is_platform(self) -> bool:
        """Whether the operation is knowledge of the platform; it is judged only when asked for."""
        return self.origin == "platform"

    def parameters_in(self, place: str) -> tuple[Parameter, ...]:
        """Return the parameters of a place, in the order of the contract."""
        return tuple(parameter for parameter in self.parameters if parameter.place == place)

    @cached_property
    def path_names(self) -> tuple[str, ...]:
        """The names in the path, in its order."""
        return tuple(re.findall(r"{([^}]+)}", self.path))

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the path with each parameter percent-encoded in its place."""
        return re.sub(r"{([^}]+)}", lambda match: quote(values[match[1]], safe=""), self.path)

    def command(self, name: str | None) -> Command | None:
        """Return the command of a name."""
        return next((command for command in self.commands if command.name == name), None)

    def selected(self, value: Any) -> Command | None:
        """Return the command that a body selects."""
        if self.body is None or self.body.discriminator is None:
            return self.commands[0]
        chosen = value.get(self.body.discriminator) if isinstance(value, dict) else None
        return next((command for command in self.commands if command.selector == chosen), None)

    @cached_property
    def gentlest(self) -> Command:
        """The command that harms least, by its effect and then by its name."""
        return min(self.commands, key=lambda command: (EFFECTS.index(command.effect), command.name))

    @cached_property
    def fullest(self) -> Command:
        """The command with the most mandatory fields, then the most fields, then by its name."""
        return min(self.commands, key=lambda own: (-len(own.required), -len(own.fields), own.name))

    @cached_property
    def success(self) -> Response:
        """The answer of success: the lowest 2xx."""
        return self.responses[min(key for key in self.responses if re.fullmatch(r"2\d\d", key))]

    @cached_property
    def success_status(self) -> int:
        """Its status."""
        return int(self.success.key)

    @cached_property
    def success_statuses(self) -> frozenset[int]:
        """Every documented 2xx."""
        return frozenset(int(key) for key in self.responses if re.fullmatch(r"2\d\d", key))

    @cached_property
    def rejection(self) -> Response | None:
        """The answer that rejects a faulty request: 400, else 422, else the lowest 4xx that is the operation's own."""
        own = [key for key, answer in self.responses.items() if key.startswith("4") and not answer.is_platform]
        for key in ("400", "422", *sorted(own)):
            if key in own and key not in {"401", "403", "404", "429"}:
                return self.responses[key]
        return None

    @cached_property
    def rejection_statuses(self) -> tuple[int, ...]:
        """The statuses by which a faulty request is rejected: the documented one, or 400 and 422 where none is."""
        answer = self.rejection
        if answer is None:
            return (400, 422)
        return (answer.status,) if answer.status else (400, 422)

    def response(self, status: int) -> Response | None:
        """Return the answer that covers a status (`429`, `5XX`, `default`), or None."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.responses:
                return self.responses[key]
        return None


@dataclass(frozen=True, eq=False)
class Contract:
    """One document and its operations."""

    document: Document
    operations: tuple[Operation, ...]

    @classmethod
    def load(cls, path: Path) -> Contract:
        """Read a contract.

        Raises:
            ContractError: It cannot be read, or says something that would not be derived everywhere.
        """
        return cls.of(Document.load(path))

    @classmethod
    def of(cls, document: Document) -> Contract:
        """Read a contract from a document.

        Raises:
            ContractError: It says something that would not be derived everywhere.
        """
        try:
            found = problems(document)
            if found:
                raise ContractError(document.file, found)
            contract = cls(document, tuple(_operations(document)))
        except RecursionError:
            raise ContractError(
                document.file, [Problem("", "the file nests too deeply, or its references lead round in a circle")]
            ) from None
        seen: dict[str, str] = {}
        for operation in contract.operations:
            other = seen.setdefault(kebab(operation.id), operation.id)
            if other != operation.id:
                what = f"{operation.id} differs from {other} in case or punctuation alone"
                raise document.error(operation.pointer + "/operationId", what, "Use another name")
        return contract

    @property
    def title(self) -> str:
        """The title and the version of the contract, in one line."""
        info = self.document.root["info"]
        return f"{info['title']} {info['version']}"

    def operation(self, name: str) -> Operation:
        """Return the operation of an operationId.

        Raises:
            KeyError: There is none.
        """
        return {operation.id: operation for operation in self.operations}[name]


def fields(document: Document, pointer: str) -> dict[str, Field]:
    """Return the properties of an object schema, those of its `allOf` included, in the order of the contract."""
    place, schema = document.resolve(pointer)
    found: dict[str, Field] = {}
    for number in range(len(schema.get("allOf", ()))):
        found |= fields(document, place + join("allOf", number))
    for name in schema.get("properties", {}):
        site = place + join("properties", name)
        where, stated = document.resolve(site)
        found[name] = Field(name, name in found and found[name].required, site, where, stated)
    required = set(_required(document, place))
    return {
        name: Field(name, member.required or name in required, member.site, member.pointer, member.schema)
        for name, member in found.items()
    }


def _required(document: Document, pointer: str) -> Iterator[str]:
    place, schema = document.resolve(pointer)
    yield from schema.get("required", ())
    for number in range(len(schema.get("allOf", ()))):
        yield from _required(document, place + join("allOf", number))


def _operations(document: Document) -> Iterator[Operation]:
    for path, item in document.root["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(document, path, method, item[method])


def _operation(document: Document, path: str, method: str, node: Mapping[str, Any]) -> Operation:
    pointer = join("paths", path, method)
    body = _body(document, pointer) if "requestBody" in node else None
    usual = node.get("x-effect", "reads" if method in SAFE_METHODS else "changes")
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        pointer=pointer,
        parameters=tuple(_parameters(document, path, pointer)),
        body=body,
        responses={key: _response(document, pointer, key) for key in node["responses"] if not key.startswith("x-")},
        security=_security(document, node),
        commands=tuple(_commands(document, node, body, usual)),
        summary=node.get("summary", ""),
        description=node.get("description", ""),
        origin=node.get("x-origin"),
    )


def _parameters(document: Document, path: str, pointer: str) -> Iterator[Parameter]:
    found: dict[tuple[str, str], Parameter] = {}
    for base in (join("paths", path), pointer):
        for number in range(len(document.at(base).get("parameters", ()))):
            where, node = document.resolve(base + join("parameters", number))
            found[node["in"], node["name"]] = _parameter(document, where, node, node["name"], node["in"])
    # The order of the list means nothing: path parameters stand as the path names them, the others as they are listed.
    order = re.findall(r"{([^}]+)}", path)
    yield from sorted(found.values(), key=lambda own: order.index(own.name) if own.place == "path" else len(order))


def _parameter(document: Document, pointer: str, node: Mapping[str, Any], name: str, place: str) -> Parameter:
    pointer = document.canonical(pointer)
    where, schema = document.resolve(pointer + "/schema")
    examples = [node["example"]] if "example" in node else []
    examples += _examples(document, pointer, node).values()
    return Parameter(
        name=name,
        place=place,
        required=bool(node.get("required", False)),
        pointer=pointer,
        schema_pointer=where,
        schema=schema,
        examples=tuple(examples),
        description=node.get("description", ""),
        origin=node.get("x-origin"),
    )


def _examples(document: Document, pointer: str, node: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: document.resolve(pointer + join("examples", name))[1]["value"] for name in node.get("examples", {})}
    return {"example": node["example"]} | found if "example" in node else found


def _body(document: Document, pointer: str) -> Body:
    where, node = document.resolve(pointer + "/requestBody")
    ((media_type, media),) = node["content"].items()
    content = where + join("content", media_type)
    schema_pointer, schema = document.resolve(content + "/schema")
    return Body(
        pointer=document.canonical(where),
        required=bool(node.get("required", False)),
        media_type=media_type,
        content_pointer=content,
        schema_pointer=schema_pointer,
        examples=_examples(document, content, media),
        discriminator=schema.get("discriminator", {}).get("propertyName"),
    )


def _response(document: Document, pointer: str, key: str) -> Response:
    where, node = document.resolve(pointer + join("responses", key))
    media_type, schema_pointer, examples, reasons = None, None, dict[str, Any](), dict[str, str]()
    for media_type, media in node.get("content", {}).items():
        content = where + join("content", media_type)
        schema_pointer = document.resolve(content + "/schema")[0]
        examples = _examples(document, content, media)
        for name in media.get("examples", {}):
            example = document.resolve(content + join("examples", name))[1]
            if "x-reason" in example:
                reasons[name] = example["x-reason"]
    headers = {}
    for name in node.get("headers", {}):
        place, header = document.resolve(where + join("headers", name))
        headers[name] = _parameter(document, place, header, name, "header")
    return Response(
        key=key,
        pointer=where,
        description=node.get("description", ""),
        origin=node.get("x-origin"),
        media_type=media_type,
        schema_pointer=schema_pointer,
        headers=headers,
        examples=examples,
        reasons=reasons,
    )


def _security(document: Document, node: Mapping[str, Any]) -> Security | None:
    for requirement in node.get("security", document.root.get("security", ())):
        for name in requirement:
            pointer, scheme = document.resolve(join("components", "securitySchemes", name))
            told = scheme.get("description", "")
            if scheme["type"] == "apiKey":
                return Security(name, pointer, scheme["name"], "", told)
            return Security(name, pointer, "Authorization", "Bearer ", told)
    return None


def words(name: str) -> list[str]:
    """Return the words of a name in CamelCase, snake_case or kebab-case."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", name)


def kebab(name: str) -> str:
    """Return a name in kebab-case: `task_id` and `taskId` as `task-id`."""
    return "-".join(words(name)).lower() or re.sub(r"\W+", "-", name) or "-"


def short_names(names: tuple[str, ...]) -> dict[str, str]:
    """Return for each name the words that the others do not share, in lower case; the whole name where none is left."""
    split = {name: words(name) for name in names}
    shared = set.intersection(*map(set, split.values())) if len(names) > 1 else set[str]()
    return {
        name: "-".join(word for word in own if word not in shared).lower() or kebab(name) for name, own in split.items()
    }


def _commands(document: Document, node: Mapping[str, Any], body: Body | None, usual: str) -> Iterator[Command]:
    if body is None or body.discriminator is None:
        schema = document.at(body.schema_pointer) if body else {}
        yield Command(
            name=node["operationId"],
            label=kebab(node["operationId"]),
            effect=schema.get("x-effect", usual),
            pointer=body.schema_pointer if body else None,
            description=node.get("description", ""),
            fields=fields(document, body.schema_pointer) if body else {},
        )
        return
    union = document.at(body.schema_pointer)
    members = [document.resolve(body.schema_pointer + join("oneOf", n)) for n in range(len(union["oneOf"]))]
    labels = short_names(tuple(pointer.rsplit("/", 1)[-1] for pointer, _ in members))
    for pointer, schema in members:
        name = pointer.rsplit("/", 1)[-1]
        own = fields(document, pointer)
        yield Command(
            name=name,
            label=labels[name],
            effect=schema.get("x-effect", usual),
            pointer=pointer,
            selector=own[body.discriminator].schema["const"],
            description=schema.get("description", ""),
            fields=own,
        )
