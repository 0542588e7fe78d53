"""The rules of an operation: one schema keyword at one place, for requests and for answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from openapi_contract.document import Document, join
from openapi_contract.keywords import FREE_FORMATS, RULES, type_of
from openapi_contract.operations import Command, Operation, Parameter, Response, kebab

# Steps that lead to any item of an array, and to the value of any undocumented property.
ITEM = "[]"
VALUE = "*"
_STRUCTURE = {"properties", "items", "allOf", "discriminator", "oneOf", "anyOf", "required", "dependentRequired"}
GROUPS: Mapping[str, str] = {"path": "uri", "query": "query", "header": "headers", "cookie": "cookies", "body": "body"}


@dataclass(frozen=True)
class Rule:
    """One keyword of a schema at one place of a request or an answer.

    `place` is path, query, header, cookie or body, or the key of an answer; `steps` leads from there to the value that
    the rule is about, for `required` to the property that has to be there. `pointer` leads to the keyword, for
    `required` to the name in it. `reported` is the rule that a validator names where this one stands in an alternative
    of `oneOf` or `anyOf`; `alternative` is then the pointer of that alternative and `at` the steps to it. `commands`
    are the names of those it holds for.
    """

    place: str
    steps: tuple[str, ...]
    keyword: str
    value: Any
    pointer: str
    reported: str
    schema_pointer: str
    commands: tuple[str, ...] = ()
    alternative: str | None = None
    at: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The steps to the value that is faulty: the object that lacks a property, for `required` and its like."""
        return self.steps[:-1] if self.keyword in {"required", "dependentRequired"} else self.steps

    @property
    def is_nested(self) -> bool:
        """Whether it stands in an alternative, so that the alternatives are what is broken with it."""
        return self.reported != self.pointer

    @cached_property
    def subject(self) -> str:
        """What the rule is about, in words: `notify.level`, `the body`."""
        words = ["the body", *self.steps] if self.steps[:1] in {(), (ITEM,), (VALUE,)} else list(self.steps)
        return ".".join(word or '""' for word in words).replace(f".{ITEM}", ITEM).replace(f".{VALUE}", "'s values")

    @property
    def told(self) -> str:
        """Its value in words."""
        return _listed(self.value) if isinstance(self.value, list) else _shown(self.value)

    @cached_property
    def key(self) -> str:
        """The key of a clause on this rule, below its group: `notify.level.enum`."""
        named = [{ITEM: "items", VALUE: "values"}.get(step, kebab(step)) for step in self.steps]
        return ".".join([*named, kebab(self.keyword)])

    @cached_property
    def text(self) -> str:
        """The rule as a sentence."""
        return f"{self.subject} {_SENTENCES[self.keyword](self.value)}"


def _listed(values: Any) -> str:
    return ", ".join(map(_shown, values))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _types(value: Any) -> str:
    names = [value] if isinstance(value, str) else list(value)
    articles = {"integer": "an integer", "array": "an array", "object": "an object", "null": "null"}
    return " or ".join(articles.get(name, f"a {name}") for name in names)


_SENTENCES: Mapping[str, Any] = {
    "type": lambda value: f"is {_types(value)}",
    "enum": lambda value: f"is one of {_listed(value)}",
    "const": lambda value: f"is {_shown(value)}",
    "discriminator": lambda value: f"is one of {_listed(value)}",
    "minLength": lambda value: f"has at least {value} characters",
    "maxLength": lambda value: f"has at most {value} characters",
    "pattern": lambda value: f"matches {value}",
    "format": lambda value: f"has the format {value}",
    "minimum": lambda value: f"is at least {value}",
    "maximum": lambda value: f"is at most {value}",
    "exclusiveMinimum": lambda value: f"is more than {value}",
    "exclusiveMaximum": lambda value: f"is less than {value}",
    "multipleOf": lambda value: f"is a multiple of {value}",
    "minItems": lambda value: f"has at least {value} items",
    "maxItems": lambda value: f"has at most {value} items",
    "uniqueItems": lambda _: "has no item twice",
    "required": lambda _: "is there",
    "additionalProperties": lambda _: "has documented properties alone",
    "minProperties": lambda value: f"has at least {value} properties",
    "maxProperties": lambda value: f"has at most {value} properties",
    "dependentRequired": lambda value: f"comes with {value}",
    "oneOf": lambda _: "fits exactly one of the alternatives",
    "anyOf": lambda _: "fits one of the alternatives",
}


def anchor_of(operation: Operation) -> Command:
    """Return the command whose schema is named for a fault that keeps every command of a union from being selected."""
    return min(operation.commands, key=lambda command: command.name)


class Rules:
    """Derives the rules of operations from a document."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def of_request(self, operation: Operation) -> list[Rule]:
        """Return the rules of an operation's requests; those that several commands share stand once."""
        found = [rule for parameter in operation.parameters for rule in self.of_parameter(parameter)]
        found += self._of_body(operation)
        return _merged(found)

    def of_parameter(self, parameter: Parameter) -> Iterator[Rule]:
        """Yield the rules of a parameter. Text is text whatever it holds, so that the type string is no rule there."""
        if parameter.required:
            pointer = parameter.pointer + "/required"
            yield Rule(
                parameter.place,
                (parameter.name,),
                "required",
                True,
                pointer,
                pointer,
                parameter.pointer,
            )
        for rule in self._walk(parameter.schema_pointer, parameter.place, (parameter.name,), ()):
            # A single value is a list of one, so that no text can be of another type than array either.
            if rule.keyword != "type" or rule.value not in ("string", ["string"], "array"):
                yield rule

    def of_response(self, operation: Operation, response: Response) -> list[Rule]:
        """Return the rules of an answer's body and of its headers."""
        place = group_of_answer(operation, response)
        found: list[Rule] = []
        if response.schema_pointer:
            found += self._walk(response.schema_pointer, place, (), ())
        for name, header in response.headers.items():
            for rule in self.of_parameter(header):
                found.append(replace(rule, place=place, steps=(name, *rule.steps[1:])))
        return _merged(found)

    def _of_body(self, operation: Operation) -> Iterator[Rule]:
        body = operation.body
        if body is None:
            return
        if body.required:
            pointer = body.pointer + "/required"
            yield Rule("body", (), "required", True, pointer, pointer, body.pointer)
        if body.discriminator is None:
            yield from self._walk(body.schema_pointer, "body", (), (operation.commands[0].name,))
            return
        pointer = body.schema_pointer + "/discriminator"
        values = sorted(str(command.selector) for command in operation.commands)
        yield Rule("body", (body.discriminator,), "discriminator", values, pointer, pointer, body.schema_pointer)
        anchor = anchor_of(operation)
        for command in operation.commands:
            for rule in self._walk(str(command.pointer), "body", (), (command.name,)):
                # A fault of the selector, or no object at all, selects no command: it is a rule of all of them.
                if (rule.keyword, rule.steps) in {("type", ()), ("type", (body.discriminator,))} or (
                    rule.keyword == "required" and rule.steps == (body.discriminator,)
                ):
                    if (
                        rule.schema_pointer in {anchor.pointer, anchor.fields[body.discriminator].pointer}
                        and command is anchor
                    ):
                        yield replace(rule, commands=tuple(other.name for other in operation.commands))
                elif rule.steps != (body.discriminator,):
                    yield rule

    def _walk(
        self,
        pointer: str,
        place: str,
        steps: tuple[str, ...],
        commands: tuple[str, ...],
        inside: tuple[str, str, tuple[str, ...]] | None = None,
    ) -> Iterator[Rule]:
        """Yield the rules of a schema and below; `inside` is the outermost alternative: keyword, pointer and steps."""
        where, schema = self.document.resolve(pointer)

        def rule(keyword: str, value: Any, at: str, path: tuple[str, ...] = steps) -> Rule:
            reported, alternative, home = inside or (at, None, ())
            return Rule(place, path, keyword, value, at, reported, where, commands, alternative, home)

        for keyword, value in schema.items():
            if keyword in RULES and keyword not in _STRUCTURE and not _says_nothing(keyword, value):
                yield rule(keyword, value, where + join(keyword))
        for name in schema.get("required", ()):
            yield rule("required", name, where + join("required", name), (*steps, name))
        dependent = schema.get("dependentRequired", {}).items()
        for name, other in ((name, other) for name, others in dependent for other in others):
            yield rule("dependentRequired", other, where + join("dependentRequired", name, other), (*steps, name))
        for below, path in _below(where, schema):
            yield from self._walk(below, place, (*steps, *path), commands, inside)
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                at = where + join(keyword)
                yield rule(keyword, schema[keyword], at)
                for number in range(len(schema[keyword])):
                    member = at + join(number)
                    yield from self._walk(member, place, steps, commands, inside or (at, member, steps))


def _below(where: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the pointers of the schemas below one that hold whatever is chosen, with the steps to their values."""
    for name in schema.get("properties", {}):
        yield where + join("properties", name), (name,)
    if "items" in schema:
        yield where + "/items", (ITEM,)
    if isinstance(schema.get("additionalProperties"), dict):
        yield where + "/additionalProperties", (VALUE,)
    for number in range(len(schema.get("allOf", ()))):
        yield where + join("allOf", number), ()


def _says_nothing(keyword: str, value: Any) -> bool:
    """Whether a keyword with this value restricts nothing, or restricts only what stands below it."""
    match keyword:
        case "additionalProperties":
            return value is not False
        case "uniqueItems":
            return value is False
        case "minLength" | "minItems" | "minProperties":
            return bool(value == 0)
        case "format":
            return value in FREE_FORMATS
        case _:
            return False


def _merged(rules: list[Rule]) -> list[Rule]:
    found: dict[tuple[str, str, tuple[str, ...]], Rule] = {}
    for rule in rules:
        key = (rule.pointer, rule.reported, rule.steps)
        seen = found.get(key)
        found[key] = replace(seen, commands=(*seen.commands, *rule.commands)) if seen else rule
    return list(found.values())


def group_of_answer(operation: Operation, response: Response) -> str:
    """Return the group of clauses that an answer belongs to: result, error, or answer-202 for any other."""
    if response is operation.success:
        return "result"
    if response is operation.rejection:
        return "error"
    return f"answer-{response.key.lower()}"


def shown_type(value: Any) -> str:
    """Return the JSON type of a value as a phrase: a string, null."""
    return _types(type_of(value))
