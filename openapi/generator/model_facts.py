"""
What the templates need to know of the models: their fields, with the rules that are checked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openapi_contract import Contract, Operation
from openapi_contract.document import Document
from openapi_contract.keywords import FREE_FORMATS, RULES
from openapi_contract.operations import fields as contract_fields
from parsing import RESERVED, Parsed, Type, type_of

# Attributes that models have already, and functions that their classes are written with.
_RESERVED_ATTRIBUTES = frozenset({"additional_properties", "field", "from_dict", "to_dict"}) | RESERVED


@dataclass(frozen=True)
class Field:
    """
    A field of a model.
    """

    name: str
    attribute: str
    type: Type
    required: bool
    checks: Mapping[str, Any]
    description: str
    constant: str | None
    is_text: bool

    @property
    def hashable(self) -> bool:
        """
        Whether its values can be hashed.
        """
        return not {"list[", "dict[", "Any"} & {
            word for word in ("list[", "dict[", "Any") if word in self.type.annotation
        }


@dataclass(frozen=True)
class Model:
    """
    A class of the client. `extra` is the type of further properties, None where there are none; `whole` has the rules
    of the object that none of its fields has.
    """

    name: str
    is_command: bool
    is_answer: bool
    description: str
    fields: tuple[Field, ...]
    extra: Type | None
    whole: Mapping[str, Any]
    success: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def arguments(self) -> list[Field]:
        """
        The fields that a caller gives.
        """
        return [own for own in self.fields if own.constant is None or not own.required or self.is_answer]

    @property
    def imports(self) -> list[str]:
        """
        The classes that its fields hold.
        """
        found = frozenset[str]().union(
            *(own.type.classes for own in self.fields), self.extra.classes if self.extra else ()
        )
        return sorted(found - {self.name})

    @property
    def text(self) -> str:
        """
        What its docstring says.
        """
        lines = "\n".join(f"    {own.attribute}: {own.description or own.name}" for own in self.fields)
        return (
            f"{self.description or f'The schema {self.name}.'}\n\nAttributes:\n{lines}" if lines else self.description
        )


def has_commands(operation: Operation) -> bool:
    """
    Whether the body is one of several commands, told apart by a field.
    """
    return bool(operation.body and operation.body.required and operation.body.discriminator)


class Models:
    """
    The classes of a client, by name.
    """

    def __init__(self, contract: Contract, parsed: Parsed) -> None:
        self.contract = contract
        self.parsed = parsed

    @cached_property
    def by_name(self) -> dict[str, Model]:
        """
        All of them.
        """
        return {name: self._model(name) for name in self.parsed.classes}

    @cached_property
    def commands(self) -> dict[str, str]:
        """
        The classes of commands by the pointer of their schemas.
        """
        pointers = {
            command.pointer
            for operation in self.contract.operations
            if has_commands(operation)
            for command in operation.commands
        }
        found = {self.parsed.place(name): name for name in self.parsed.classes}
        return {place: name for place, name in found.items() if place in pointers}

    @cached_property
    def answers(self) -> frozenset[str]:
        """
        The classes that an answer may hold.
        """
        found = set[str]()
        for endpoint in self.parsed.endpoints.values():
            for response in endpoint.responses:
                self._reach(type_of(response.prop).classes, found)
        return frozenset(found)

    def _reach(self, names: Iterable[str], found: set[str]) -> None:
        for name in set(names) - found:
            found.add(name)
            model = self.parsed.classes[name]
            inner = [*model.required_properties, *model.optional_properties]
            if model.additional_properties:
                inner.append(model.additional_properties)
            for prop in inner:
                self._reach(type_of(prop).classes, found)

    def _model(self, name: str) -> Model:
        document, place = self.contract.document, self.parsed.place(name)
        model = self.parsed.classes[name]
        stated = contract_fields(document, place)
        schema = inlined(document, place)
        is_answer = name in self.answers
        properties = {
            prop.name.get_untrusted_value(): prop for prop in (*model.required_properties, *model.optional_properties)
        }
        taken = set(_RESERVED_ATTRIBUTES)
        fields: list[Field] = []
        success: dict[str, Any] = {}
        for field_name in (own.get_untrusted_value() for own in model.data.properties):
            own = stated.get(field_name)
            schema_of = own.schema if own else {}
            attribute = unique(str(properties[field_name].python_name), taken)
            constant = schema_of.get("const")
            fields.append(
                Field(
                    name=field_name,
                    attribute=attribute,
                    type=type_of(properties[field_name]),
                    required=bool(properties[field_name].required),
                    checks=inlined(document, own.pointer) if own else {},
                    description=_described(document, own) if own else "",
                    constant=constant if isinstance(constant, str) else None,
                    is_text=schema_of.get("contentMediaType") == "application/json"
                    and schema_of.get("type") == "string",
                )
            )
            if own and "x-succeeded-when" in (node := {**schema_of, **document.at(own.site)}):
                success[attribute] = node["x-succeeded-when"]
        extra = self._extra(model, schema, is_answer=is_answer)
        rest = set(schema) - {"type", "properties", "required"}
        if extra is None or schema.get("additionalProperties") is True:
            rest -= {"additionalProperties"} if schema.get("additionalProperties") in {True, False} else set()
        return Model(
            name=name,
            is_command=place in self.commands,
            is_answer=is_answer,
            description=document.at(place).get("description", ""),
            fields=tuple(fields),
            extra=extra,
            whole=schema if rest else {},
            success=success,
        )

    def _extra(self, model: Any, schema: Mapping[str, Any], *, is_answer: bool) -> Type | None:
        below = schema.get("additionalProperties")
        if below is False:
            return None
        if isinstance(below, dict):
            return type_of(model.additional_properties)
        return Type("Any") if below is True or is_answer else None


def _described(document: Document, own: Any) -> str:
    stated = document.at(own.site).get("description") or own.schema.get("description", "")
    return str(stated)


def unique(name: str, taken: set[str]) -> str:
    """
    The name, with what it takes behind it to be none of those taken; it is taken from now on.
    """
    name = name.lstrip("_") or "field"
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def inlined(document: Document, pointer: str) -> dict[str, Any]:
    """
    The schema at a pointer with its references written out, and of its keywords those that are checked.
    """
    found: dict[str, Any] = _inlined(document, document.resolve(pointer)[1])
    return found


def _inlined(document: Document, node: Any) -> Any:
    schema = document.resolve_node(node)
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for word, value in schema.items():
        match word:
            case "properties":
                kept[word] = {name: _inlined(document, own) for name, own in value.items()}
            case "items" | "additionalProperties":
                kept[word] = _inlined(document, value)
            case "oneOf" | "anyOf" | "allOf":
                kept[word] = [_inlined(document, own) for own in value]
            case "discriminator":
                pass
            case "format" if value in FREE_FORMATS:
                pass
            case _ if word in RULES or word == "contentSchema":
                kept[word] = value
            case _:
                pass
    return kept
