"""Values that break one rule, made from the rule and a valid value, independent of the verifier's vectors."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from openapi_contract import Operation
from openapi_contract.oracle import Oracle, write_parameter
from openapi_contract.rules import ITEM, VALUE, Rule
from openapi_contract.samples import Samples

OF_TYPE: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 7.5,
    "string": "7.5x",
    "array": [],
    "object": {},
}


def faulty(rule: Rule, valid: Any) -> Iterator[Any]:  # noqa: C901, PLR0912  one case a keyword
    """Yield values, in place of a valid one, of which some break the rule."""
    value = rule.value
    match rule.keyword:
        case "type":
            allowed = [value] if isinstance(value, str) else value
            yield from (own for name, own in OF_TYPE.items() if name not in allowed)
        case "enum" | "const" | "discriminator":
            yield from ("none of them", 3.25, None)
        case "minLength":
            yield "x" * (value - 1)
        case "maxLength":
            yield "x" * (value + 1)
        case "pattern" | "format":
            yield from ("", "?", " x ", 2**70, "12345678901234567890")
        case "minimum" | "exclusiveMinimum":
            yield from (value - 1, value)
        case "maximum" | "exclusiveMaximum":
            yield from (value + 1, value)
        case "multipleOf":
            yield from (value * 1.5, value * 0.5)
        case "minItems":
            yield valid[: value - 1]
        case "maxItems":
            yield [*valid, *([valid[0] if valid else "x"] * (value + 1))]
        case "uniqueItems":
            yield [*valid[:1], *valid[:1]]
        case "additionalProperties":
            yield {**valid, "undocumented": 1}
        case "minProperties":
            yield dict(list(valid.items())[: value - 1])
        case "maxProperties":
            yield valid | {f"x{number}": "x" for number in range(value + 1)}
        case "oneOf" | "anyOf":
            yield from (3.25, "?", [], {}, None, False)
        case other:
            raise AssertionError(other)


def replaced(value: Any, steps: tuple[str, ...], rule: Rule) -> Iterator[Any]:
    """Yield copies of a body with the value at some steps made faulty."""
    if rule.keyword == "required" and len(steps) == 1:
        yield {name: own for name, own in value.items() if name != steps[0]}
    elif rule.keyword == "dependentRequired" and len(steps) == 1:
        yield {name: own for name, own in value.items() if name != rule.value}
    elif not steps:
        yield from faulty(rule, value)
    else:
        step, rest = steps[0], steps[1:]
        key = {ITEM: 0, VALUE: next(reversed(value), None) if isinstance(value, dict) else None}.get(step, step)
        for inner in replaced(value[key], rest, rule):
            whole = copy.deepcopy(value)
            whole[key] = inner
            yield whole


def breaks(oracle: Oracle, samples: Samples, operation: Operation, rule: Rule) -> bool:
    """Whether the oracle names a rule of a request for some value that is made to break it."""
    if rule.place == "body":
        return _body_breaks(oracle, samples, operation, rule)
    (parameter,) = (own for own in operation.parameters_in(rule.place) if own.name == rule.steps[0])
    if rule.keyword == "required":
        judged = oracle.query(operation, "") if rule.place == "query" else oracle.headers(operation, [])
        return rule.place == "path" or rule.pointer in {breach.pointer for breach in judged.breaches}
    for value in replaced({parameter.name: samples.parameter(parameter)}, rule.steps, rule):
        texts = write_parameter(parameter, value[parameter.name])
        found = {breach.pointer for breach in oracle._parameter(parameter, texts)} if texts else set()
        if rule.reported in found:
            return True
    return False


def _body_breaks(oracle: Oracle, samples: Samples, operation: Operation, rule: Rule) -> bool:
    if rule.keyword == "required" and not rule.steps:
        return rule.pointer in {breach.pointer for breach in oracle.body(operation, b"").breaches}
    for name in rule.commands or tuple(command.name for command in operation.commands):
        command = operation.command(name)
        assert command is not None
        valid = samples.value(str(command.pointer), full=True)
        for body in replaced(valid, rule.steps, rule):
            if rule.reported in {breach.pointer for breach in oracle.value(operation, body).breaches}:
                return True
    return False
