"""
What the templates need to know of the contract beyond what openapi-python-client hands them.
"""

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Keywords that describe and do not check. Those that check are the keys of RULES in runtime/_checks.py.
ANNOTATIONS = frozenset(
    {"title", "description", "examples", "example", "deprecated", "default", "format", "contentMediaType", "$comment"}
)
# How the fields of an error body are told apart.
FIELD_PATTERNS = {"code": "(.*_)?code", "message": "(.*_)?(message|msg)", "request_id": "request_id"}
PYTHON_TYPES = {
    "string": "str",
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "array": "list[Any]",
    "object": "dict[str, Any]",
    "null": "None",
}


class UnsupportedSpecError(Exception):
    """
    The spec says something that the templates would lose.
    """


@dataclass(frozen=True)
class Field:
    """
    A field of a model.
    """

    name: str
    attribute: str
    annotation: str
    required: bool
    checks: dict[str, Any]
    description: str
    constant: str | None
    json_text: bool


@dataclass(frozen=True)
class Command:
    """
    A member of the union of commands, and the method that sends it.
    """

    name: str
    module: str
    method: str
    value: str
    description: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class Operation:
    """
    The operation of the contract.
    """

    method: str
    path: str
    parts: Sequence[str]
    parameters: Mapping[str, str]
    operation_id: str
    content_type: str
    token_header: str
    union: str
    union_description: str
    discriminator: str
    success_status: int
    result: str
    commands: Sequence[Command]

    @property
    def own_parameters(self) -> list[str]:
        """
        Path parameters that belong to the client: all but the last.
        """
        return list(self.parameters)[:-1]

    @property
    def call_parameter(self) -> str:
        """
        The path parameter that each call names.
        """
        return list(self.parameters)[-1]


def resolve(spec: Mapping[str, Any], node: Any) -> Any:
    """
    The node that a local reference leads to.
    """
    seen = set[str]()
    while isinstance(node, dict) and "$ref" in node:
        reference: str = node["$ref"]
        if reference in seen or not reference.startswith("#/"):
            raise UnsupportedSpecError(f"the reference {reference} leads nowhere in this file")
        seen.add(reference)
        node = spec
        for part in reference[2:].split("/"):
            try:
                node = node[part.replace("~1", "/").replace("~0", "~")]
            except (KeyError, TypeError):
                raise UnsupportedSpecError(f"the reference {reference} leads nowhere in this file") from None
    return node


def operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """
    Method, path and operation, of all.
    """
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def only_operation(spec: Mapping[str, Any], supported: frozenset[str]) -> Operation:
    """
    The one operation, as the client templates see it.
    """
    found = list(operations(spec))
    if len(found) != 1:
        raise UnsupportedSpecError(f"there are {len(found)} operations; the client templates are made for one")
    method, path, operation = found[0]
    parameters = [resolve(spec, parameter) for parameter in operation.get("parameters", [])]
    if others := [parameter["name"] for parameter in parameters if parameter["in"] != "path"]:
        raise UnsupportedSpecError(f"parameters outside the path are not supported: {', '.join(others)}")
    described = {parameter["name"]: parameter for parameter in parameters}
    parts = re.split(r"\{([^{}]+)\}", path)
    if sorted(parts[1::2]) != sorted(described):
        raise UnsupportedSpecError(f"the path {path} and its parameters do not name the same")
    for name, parameter in described.items():
        schema = parameter["schema"]
        if schema["type"] != "string" or set(schema) - {"type"} - ANNOTATIONS:
            raise UnsupportedSpecError(f"the path parameter {name} has rules that the client would not check")
    body = resolve(spec, operation["requestBody"])
    ((content_type, media),) = body["content"].items()
    (union,) = (media["schema"]["$ref"].rsplit("/", 1)[-1],)
    schema = resolve(spec, media["schema"])
    discriminator = schema["discriminator"]["propertyName"]
    status, result = _success(spec, operation)
    return Operation(
        method=method.upper(),
        path=path,
        parts=parts,
        parameters={name: described[name].get("description", "") for name in parts[1::2]},
        operation_id=operation["operationId"],
        content_type=content_type,
        token_header=_token_header(spec, operation),
        union=union,
        union_description=schema.get("description", ""),
        discriminator=discriminator,
        success_status=status,
        result=result,
        commands=_commands(spec, schema, supported),
    )


def _token_header(spec: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
    ((name,),) = operation.get("security", spec.get("security"))
    scheme = spec["components"]["securitySchemes"][name]
    if (scheme["type"], scheme.get("in")) != ("apiKey", "header"):
        raise UnsupportedSpecError(f"the security scheme {name} is no key in a header")
    header: str = scheme["name"]
    return header


def _success(spec: Mapping[str, Any], operation: Mapping[str, Any]) -> tuple[int, str]:
    successes = [status for status in operation["responses"] if str(status).startswith("2")]
    if len(successes) != 1:
        raise UnsupportedSpecError(f"the operation has {len(successes)} answers of success; the client knows one")
    (media,) = resolve(spec, operation["responses"][successes[0]])["content"].values()
    return int(successes[0]), media["schema"]["$ref"].rsplit("/", 1)[-1]


def _commands(spec: Mapping[str, Any], union: Mapping[str, Any], supported: frozenset[str]) -> list[Command]:
    names = [member["$ref"].rsplit("/", 1)[-1] for member in union["oneOf"]]
    mapping = {
        reference.rsplit("/", 1)[-1]: value for value, reference in union["discriminator"].get("mapping", {}).items()
    }
    methods = method_names(names)
    return [
        Command(
            name=name,
            module=snake_case(name),
            method=method,
            value=mapping.get(name, name),
            description=spec["components"]["schemas"][name].get("description", ""),
            fields=fields(spec, name, supported),
        )
        for name, method in zip(names, methods, strict=True)
    ]


def snake_case(name: str) -> str:
    """
    CamelCase as snake_case.
    """
    return "_".join(_words(name)).lower()


def _words(name: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", name)


def method_names(names: Sequence[str]) -> list[str]:
    """
    What tells the names apart, in snake_case: the words that all begin or end with are left out.
    """
    split = [_words(name) for name in names]
    if len(split) > 1:
        while all(len(words) > 1 for words in split) and len({words[0] for words in split}) == 1:
            split = [words[1:] for words in split]
        while all(len(words) > 1 for words in split) and len({words[-1] for words in split}) == 1:
            split = [words[:-1] for words in split]
    return ["_".join(words).lower() for words in split]


def fields(spec: Mapping[str, Any], name: str, supported: frozenset[str]) -> list[Field]:
    """
    The fields of an object schema, in the order of the contract.
    """
    schema = spec["components"]["schemas"][name]
    _refuse_unknown(f"schema {name}", schema, {"type", "required", "properties", "additionalProperties"})
    required = schema.get("required", [])
    return [
        _field(name, field, resolve(spec, property_), required=field in required, supported=supported)
        for field, property_ in schema.get("properties", {}).items()
    ]


def _refuse_unknown(place: str, schema: Mapping[str, Any], supported: set[str] | frozenset[str]) -> None:
    unknown = [word for word in schema if word not in supported | ANNOTATIONS and not word.startswith("x-")]
    if unknown:
        raise UnsupportedSpecError(f"{place} uses {', '.join(unknown)}, which the generated client would not check")


def _field(model: str, name: str, schema: Mapping[str, Any], *, required: bool, supported: frozenset[str]) -> Field:
    _refuse_unknown(f"field {name} of schema {model}", schema, supported)
    checks = {word: value for word, value in schema.items() if word in supported}
    constant = schema.get("const")
    allowed = [constant] if constant is not None else schema.get("enum", [])
    if allowed and all(isinstance(value, str) for value in allowed):
        annotation = f"Literal[{', '.join(map(repr, allowed))}]"
    else:
        types = schema.get("type", list(PYTHON_TYPES))
        annotation = " | ".join(PYTHON_TYPES[word] for word in ([types] if isinstance(types, str) else types))
    attribute = re.sub(r"\W", "_", name)
    return Field(
        name=name,
        attribute=f"{attribute}_" if keyword.iskeyword(attribute) else attribute,
        annotation=annotation,
        required=required,
        checks=checks,
        description=schema.get("description", ""),
        constant=constant if isinstance(constant, str) else None,
        json_text=schema.get("contentMediaType") == "application/json",
    )


def response_models(spec: Mapping[str, Any]) -> list[tuple[int, int, list[str]]]:
    """
    Lowest and highest status, and the schemas that a body of it may have.
    """
    _, _, operation = next(operations(spec))
    rows = []
    for status, response in operation["responses"].items():
        content = resolve(spec, response).get("content", {})
        names = [name for media in content.values() for name in _object_schemas(spec, media["schema"])]
        text = str(status)
        low, high = (0, 999) if text == "default" else (int(text.replace("XX", "00")), int(text.replace("XX", "99")))
        rows.append((low, high, names))
    return sorted(rows, key=lambda row: (row[1] - row[0], row[0]))


def _object_schemas(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    resolved = resolve(spec, schema)
    for word in ("anyOf", "oneOf"):
        if word in resolved:
            return [name for member in resolved[word] for name in _object_schemas(spec, member)]
    return [schema["$ref"].rsplit("/", 1)[-1]]


def error_fields(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """
    The names that the error bodies have for code, message and request ID.
    """
    found: dict[str, list[str]] = {"code": [], "message": [], "request_id": []}
    for name in error_schemas(spec):
        properties = spec["components"]["schemas"][name]["properties"]
        for kind, pattern in {
            "code": "(.*_)?code",
            "message": "(.*_)?(message|msg)",
            "request_id": "request_id",
        }.items():
            names = [field for field in properties if re.fullmatch(pattern, field)]
            if len(names) != 1 and kind != "request_id":
                raise UnsupportedSpecError(f"schema {name} has no field that is plainly its {kind}")
            found[kind] += [field for field in names if field not in found[kind]]
    return found


def error_schemas(spec: Mapping[str, Any]) -> list[str]:
    """
    The schemas of error bodies.
    """
    names = (name for low, _, names in response_models(spec) if low >= 400 for name in names)
    return list(dict.fromkeys(names))


def gateway_schemas(spec: Mapping[str, Any]) -> list[str]:
    """
    Those of them that the service itself does not use: `x-origin: platform`.
    """
    schemas = spec["components"]["schemas"]
    return [name for name in error_schemas(spec) if schemas[name].get("x-origin") == "platform"]


def request_id_header(spec: Mapping[str, Any]) -> str:
    """
    The header of answers that names the request.
    """
    _, _, operation = next(operations(spec))
    names = {
        name
        for response in operation["responses"].values()
        for name in resolve(spec, response).get("headers", {})
        if name.lower().endswith("request-id")
    }
    if len(names) != 1:
        raise UnsupportedSpecError(f"the answers have {len(names)} headers that name the request")
    return str(names.pop())


def answer_examples(spec: Mapping[str, Any]) -> dict[str, Any]:
    """
    The examples of answers, as "<status> <name>".
    """
    _, _, operation = next(operations(spec))
    return {
        f"{status} {name}": resolve(spec, example)["value"]
        for status, response in operation["responses"].items()
        for media in resolve(spec, response).get("content", {}).values()
        for name, example in media.get("examples", {}).items()
    }


def object_schemas(spec: Mapping[str, Any]) -> list[str]:
    """
    The component schemas that a model must stand for.
    """
    return [name for name, schema in spec["components"]["schemas"].items() if "properties" in schema]


def server(spec: Mapping[str, Any]) -> tuple[str, list[str]]:
    """
    The template of the endpoint's URL, and the values of its variable.
    """
    (entry,) = spec["servers"]
    (variable,) = entry["variables"].items()
    return entry["url"].replace(f"{{{variable[0]}}}", "{region}"), variable[1]["enum"]
