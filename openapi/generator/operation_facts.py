"""
What the templates need to know of the operation: where it is, who may call it, the commands that it takes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model_facts import ANNOTATIONS, Field, fields
from spec_reading import UnsupportedSpecError, operations, resolve, snake_case, words


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
        commands=_commands(spec, schema, supported, taken={"self", "headers", parts[-2]}),
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


def _commands(
    spec: Mapping[str, Any], union: Mapping[str, Any], supported: frozenset[str], taken: set[str]
) -> list[Command]:
    names = [member["$ref"].rsplit("/", 1)[-1] for member in union["oneOf"]]
    mapping = {
        reference.rsplit("/", 1)[-1]: value for value, reference in union["discriminator"].get("mapping", {}).items()
    }
    methods = method_names(names)
    for name in names:
        for field in fields(spec, name, supported):
            if field.attribute in taken:
                raise UnsupportedSpecError(f"the field {field.name} of {name} has the name of another argument")
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


def method_names(names: Sequence[str]) -> list[str]:
    """
    What tells the names apart, in snake_case: the words that all begin or end with are left out.
    """
    split = [words(name) for name in names]
    if len(split) > 1:
        while all(len(words) > 1 for words in split) and len({words[0] for words in split}) == 1:
            split = [words[1:] for words in split]
        while all(len(words) > 1 for words in split) and len({words[-1] for words in split}) == 1:
            split = [words[:-1] for words in split]
    return ["_".join(words).lower() for words in split]


def server(spec: Mapping[str, Any]) -> tuple[str, list[str]]:
    """
    The template of the endpoint's URL, and the values of its variable.
    """
    (entry,) = spec["servers"]
    (variable,) = entry["variables"].items()
    return entry["url"].replace(f"{{{variable[0]}}}", "{region}"), variable[1]["enum"]
