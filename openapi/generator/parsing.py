"""
What openapi-python-client makes of the contract: classes with their names, nesting and modules, Python names, types.

It reads the bare form of each schema: types, properties, requirements, items and alternatives. The keywords beside them
are the checks', which take them from the contract itself; several of them would make it drop a model or an operation.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

from openapi_contract import Contract, ContractError, Problem
from openapi_contract.document import join
from openapi_contract.keywords import types_of

# Where a class of the bare form stands in the contract, and the values that a type is narrowed to.
PLACE = "x-place"
# Names that the generated modules use themselves.
RESERVED = frozenset(
    {
        "Any",
        "Check",
        "ClassVar",
        "Command",
        "Final",
        "JsonInput",
        "Literal",
        "Mapping",
        "MappingProxyType",
        "Model",
        "TypeAlias",
        "Unset",
    }
)


@dataclass
class _Bare:
    """A schema with its allOf put together."""

    types: set[str] | None = None
    values: list[Any] | None = None
    properties: dict[str, str] = field(default_factory=dict[str, str])
    required: set[str] = field(default_factory=set[str])
    below: bool | str | None = None
    items: str | None = None
    alternatives: list[str] = field(default_factory=list[str])


class Bare:
    """The contract as openapi-python-client is given it."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.document = contract.document
        schemas = self.document.root.get("components", {}).get("schemas", {})
        self._taken = {_class_name(name) for name in schemas} | RESERVED

    def root(self) -> dict[str, Any]:
        """The whole document."""
        schemas = self.document.root.get("components", {}).get("schemas", {})
        info = self.document.root["info"]
        root: dict[str, Any] = {
            "openapi": "3.1.0",
            "info": {"title": info["title"], "version": info["version"]},
            "paths": {},
            "components": {"schemas": {name: self._component(name) for name in schemas}},
        }
        for operation in self.contract.operations:
            node = self.document.at(operation.pointer)
            item = root["paths"].setdefault(operation.path, {})
            item[operation.method.lower()] = self._operation(operation, node.get("tags", [])[:1])
        return root

    def _operation(self, operation: Any, tags: list[str]) -> dict[str, Any]:
        bare: dict[str, Any] = {
            "operationId": operation.id,
            "summary": operation.summary,
            "tags": tags,
            "parameters": [
                {
                    "name": parameter.name,
                    "in": parameter.place,
                    "required": parameter.required,
                    "schema": self._parameter(parameter),
                }
                for parameter in operation.parameters
            ],
            "responses": {
                key: {"description": response.description, **self._content(response, f"{operation.id} {key}")}
                for key, response in operation.responses.items()
            },
        }
        if operation.body is not None:
            content = self._schema(operation.body.content_pointer + "/schema", f"{operation.id} body")
            media = {"application/json": {"schema": content}}
            bare["requestBody"] = {"required": operation.body.required, "content": media}
        return bare

    def _parameter(self, parameter: Any) -> dict[str, Any]:
        # It knows no lists in headers; there a list is one text.
        bare = self._schema(parameter.pointer + "/schema", parameter.name)
        return {"type": "string"} if parameter.place == "header" and "array" in parameter.types else bare

    def _content(self, response: Any, hint: str) -> dict[str, Any]:
        if response.schema_pointer is None:
            return {}
        ((name, _),) = self.document.at(response.pointer)["content"].items()
        schema = self._schema(response.pointer + join("content", name) + "/schema", hint)
        return {"content": {"application/json": {"schema": schema}}}

    def _component(self, name: str) -> dict[str, Any]:
        title = _class_name(name)
        pointer = join("components", "schemas", name)
        if "$ref" in self.document.at(pointer):
            return self._schema(pointer, name)
        return self._of(pointer, f"{title}_" if title in RESERVED else title, named=True)

    def _schema(self, pointer: str, hint: str) -> dict[str, Any]:
        node = self.document.at(pointer)
        if "$ref" in node and node["$ref"].startswith("#/components/schemas/") and node["$ref"].count("/") == 3:
            return {"$ref": node["$ref"]}
        return self._of(self.document.resolve(pointer)[0], hint, named=False)

    def _of(self, place: str, hint: str, *, named: bool) -> dict[str, Any]:
        bare = self._merged(place)
        if bare.values is not None and all(not isinstance(value, list | dict) for value in bare.values):
            return _union([_scalar(kind, values) for kind, values in _by_type(bare.values)])
        members = [
            self._schema(pointer, f"{hint} {self._called(pointer, at)}") for at, pointer in enumerate(bare.alternatives)
        ]
        if members and not bare.properties and any(members):
            return _union(members)
        types = bare.types
        if types is None:
            types = {"object"} if bare.properties else {"array"} if bare.items else set[str]()
        if bare.alternatives and "object" in types:
            self._absorb(bare)
        return _union([self._typed(kind, bare, place, hint, named=named) for kind in sorted(types)])

    def _called(self, pointer: str, at: int) -> str:
        title = self.document.at(pointer).get("title", "")
        return title if isinstance(title, str) and title else str(at + 1)

    def _absorb(self, bare: _Bare) -> None:
        # Alternatives beside properties: one class has what each of them names, and the checks choose.
        for pointer in bare.alternatives:
            other = self._merged(pointer)
            bare.properties = {**other.properties, **bare.properties}

    def _typed(self, kind: str, bare: _Bare, place: str, hint: str, *, named: bool) -> dict[str, Any]:
        if kind == "array":
            return {"type": "array", "items": self._schema(bare.items, f"{hint} item") if bare.items else {}}
        if kind != "object":
            return {"type": kind}
        below: Any = bare.below
        if isinstance(below, str):
            below = self._schema(below, f"{hint} value")
        if not bare.properties:
            return {
                "type": "object",
                "title": self._title(hint, named=named),
                "additionalProperties": below is None or below,
            }
        title = self._title(hint, named=named)
        return {
            "type": "object",
            "title": title,
            PLACE: place,
            "properties": {name: self._schema(pointer, f"{title} {name}") for name, pointer in bare.properties.items()},
            "required": [name for name in bare.properties if name in bare.required],
            "additionalProperties": False if below is None else below,
        }

    def _title(self, hint: str, *, named: bool) -> str:
        if named:
            return hint
        title = stem = _class_name(hint)
        number = 1
        while title in self._taken:
            number += 1
            title = f"{stem}{number}"
        self._taken.add(title)
        return title

    def _merged(self, pointer: str) -> _Bare:
        place, schema = self.document.resolve(pointer)
        own = _Bare(
            types=types_of(schema),
            values=[schema["const"]] if "const" in schema else schema.get("enum"),
            properties={name: place + join("properties", name) for name in schema.get("properties", {})},
            required=set(schema.get("required", ())),
            items=place + "/items" if "items" in schema else None,
            alternatives=[
                place + join(word, at) for word in ("oneOf", "anyOf") for at in range(len(schema.get(word, ())))
            ],
        )
        below = schema.get("additionalProperties")
        own.below = place + "/additionalProperties" if isinstance(below, dict) else below
        members = [self._merged(place + join("allOf", at)) for at in range(len(schema.get("allOf", ())))]
        return reduce(_both, members, own)


def _both(first: _Bare, second: _Bare) -> _Bare:
    types = first.types if second.types is None else second.types if first.types is None else first.types & second.types
    if first.types and second.types and {"integer", "number"} <= first.types ^ second.types:
        types = {*(types or ()), "integer"}
    values = first.values if second.values is None else second.values
    if first.values is not None and second.values is not None:
        values = [value for value in first.values if value in second.values]
    return _Bare(
        types=types,
        values=values,
        properties={**first.properties, **second.properties},
        required=first.required | second.required,
        below=first.below if second.below is None else second.below,
        items=second.items or first.items,
        alternatives=first.alternatives or second.alternatives,
    )


def _by_type(values: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    kinds: dict[str, list[Any]] = {}
    for value in values:
        kinds.setdefault(_kind(value), []).append(value)
    yield from kinds.items()


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case _:
            return "string"


def _scalar(kind: str, values: list[Any]) -> dict[str, Any]:
    # Python's Literal takes no floating-point numbers, and None is one already.
    return {"type": kind} if kind in {"null", "number"} else {"type": kind, "description": json.dumps(values)}


def _union(members: list[dict[str, Any]]) -> dict[str, Any]:
    # openapi-python-client keeps one of two members of the same type: what narrows them is put together here.
    found: list[dict[str, Any]] = []
    for member in (inner for outer in members for inner in outer.get("anyOf", [outer])):
        same = [
            other for other in found if "title" not in member and other.get("type") == member.get("type") != "array"
        ]
        if not member.get("type") or not same:
            found.append(dict(member))
        elif "description" in same[0] and "description" in member:
            both = [*json.loads(same[0]["description"]), *json.loads(member["description"])]
            same[0]["description"] = json.dumps(list(dict.fromkeys(both)))
        else:
            same[0].pop("description", None)
    return found[0] if len(found) == 1 else {"anyOf": found} if found else {}


def _class_name(text: str) -> str:
    from openapi_python_client.strings import ClassName  # noqa: PLC0415 - its version is checked first

    return str(ClassName(_untrusted(text), "field_"))


def _untrusted(text: str) -> Any:
    from openapi_python_client.schema.untrusted_string import UntrustedString  # noqa: PLC0415 - see above

    return UntrustedString(text)


@dataclass(frozen=True)
class Type:
    """
    A type of Python, and how a value of JSON becomes one of it.

    Attributes:
        annotation: The type, as it is written.
        reader: An expression of what builds it, "" where JSON's own value is one.
        classes: The names of the classes in it.
    """

    annotation: str
    reader: str = ""
    classes: frozenset[str] = frozenset()


def type_of(prop: Any) -> Type:
    """
    The type of what openapi-python-client calls a property.
    """
    from openapi_python_client.parser import properties  # noqa: PLC0415 - its version is checked first
    from openapi_python_client.parser.properties.list_property import ListProperty  # noqa: PLC0415 - see above
    from openapi_python_client.parser.properties.union import UnionProperty  # noqa: PLC0415 - see above

    match prop:
        case UnionProperty():
            return _union_of([type_of(inner) for inner in prop.inner_properties])
        case ListProperty():
            inner = type_of(prop.inner_property)
            return Type(f"list[{inner.annotation}]", inner.reader and f"ListOf({inner.reader})", inner.classes)
        case properties.ModelProperty() if is_class(prop):
            name = str(prop.class_info.name)
            return Type(name, name, frozenset({name}))
        case properties.ModelProperty():
            inner = type_of(prop.additional_properties) if prop.additional_properties else Type("Any")
            return Type(f"dict[str, {inner.annotation}]", inner.reader and f"MapOf({inner.reader})", inner.classes)
        case _:
            return Type(_plain(prop))


def is_class(model: Any) -> bool:
    """
    Whether a model has fields; one without is a mapping.
    """
    return PLACE in (model.data.model_extra or {})


def _union_of(members: list[Type]) -> Type:
    readers = [member.reader for member in members if member.reader]
    reader = readers[0] if len(readers) == 1 else f"OneOf({', '.join(readers)})" if readers else ""
    # None last, as people write it.
    written = sorted(dict.fromkeys(member.annotation for member in members), key=lambda name: name == "None")
    if "Any" in written:
        written = ["Any"]
    return Type(" | ".join(written), reader, frozenset().union(*(member.classes for member in members)))


def _plain(prop: Any) -> str:
    name = {"Any": "Any", "None": "None"}.get(str(prop.get_base_type_string().as_unembedded_code()))
    if name is None:
        name = str(prop.get_base_type_string().as_unembedded_code())
    narrowed = prop.description.get_untrusted_value() if prop.description else ""
    if narrowed.startswith("["):
        return f"Literal[{', '.join(map(repr, json.loads(narrowed)))}]"
    return name


@dataclass(frozen=True)
class Parsed:
    """
    What openapi-python-client made of a contract.

    Attributes:
        data: Its own model, to be rendered.
        classes: Its models with fields, by the name of the class.
        endpoints: Its operations, by operationId.
    """

    data: Any
    config: Any
    classes: Mapping[str, Any]
    endpoints: Mapping[str, Any]

    def place(self, name: str) -> str:
        """
        The pointer to the schema that a class stands for.
        """
        return str(self.classes[name].data.model_extra[PLACE])


def parse(contract: Contract, settings: Path, package: str, output: Path) -> Parsed:
    """
    Has openapi-python-client read a contract.

    Raises:
        ContractError: It would leave something out.
    """
    from openapi_python_client.config import Config, ConfigFile, MetaType  # noqa: PLC0415 - its version is checked first
    from openapi_python_client.parser import GeneratorData  # noqa: PLC0415 - see above
    from openapi_python_client.parser.errors import GeneratorError  # noqa: PLC0415 - see above
    from openapi_python_client.strings import PythonIdentifier  # noqa: PLC0415 - see above

    file = ConfigFile.load_from_path(settings)
    file.use_path_prefixes_for_title_model_names = False
    file.package_name_override = package
    file.project_name_override = package.replace("_", "-")
    config = Config.from_sources(
        file,
        MetaType.NONE,
        document_source=Path(contract.document.file),
        file_encoding="utf-8",
        overwrite=False,
        output_path=output,
    )
    root = Bare(contract).root()
    try:
        data = GeneratorData.from_dict(root, config=config)
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over is told, not shown as a traceback
        raise _fault(contract, [f"{type(error).__name__}: {error}"]) from None
    if isinstance(data, GeneratorError):
        raise _fault(contract, [f"{data.header} {data.detail or ''}"])
    errors = [*data.errors, *(error for own in data.endpoint_collections_by_tag.values() for error in own.parse_errors)]
    if errors:
        raise _fault(contract, [f"{error.header} {error.detail or ''}" for error in errors])
    endpoints = [own for collection in data.endpoint_collections_by_tag.values() for own in collection.endpoints]
    named = {str(endpoint.name): endpoint for endpoint in endpoints}
    data.models[:] = [model for model in data.models if is_class(model)]
    return Parsed(
        data=data,
        config=config,
        classes={str(model.class_info.name): model for model in data.models},
        endpoints={own.id: named[str(PythonIdentifier(_untrusted(own.id), "field_"))] for own in contract.operations},
    )


def _fault(contract: Contract, said: list[str]) -> ContractError:
    what = "the client would leave something out: " + "; ".join(" ".join(text.split()) for text in said)
    return ContractError(contract.document.file, [Problem("", what, "Write it in another way")])
