"""The parameters of an operation: left out, given, and each of their rules broken alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from openapi_contract.operations import Parameter
from openapi_contract.oracle import Standing, write_parameter
from openapi_contract.rules import ITEM, Rule
from secmaster_contract.vectors import values
from secmaster_contract.vectors.breaking import breaks, report, unique
from secmaster_contract.vectors.catalogue import Parts, Scope, encode
from secmaster_contract.vectors.vector import Expected

_MOST = 5  # vectors for one rule


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of the operation's parameters."""
    _parameters(scope)
    for rule in scope.catalogue.rules.of_request(scope.operation):
        if rule.place != "body":
            _of_parameter(scope, rule)


def _parameters(scope: Scope) -> None:
    """Add the parameters that may be left out, and what the contract leaves open of any: empty, or more than once."""
    command, base = scope.gentlest, _base(scope)
    for parameter in scope.operation.parameters:
        if parameter.place == "path":
            continue
        stem, texts = f"{parameter.place}/{parameter.name}", scope.texts(parameter)
        if not parameter.required and parameter.name not in scope.target.values:
            scope.classified(
                f"{stem}/present",
                "optional",
                base.with_parameter(parameter, texts).request(scope.target, scope.operation),
                equivalence=scope.role("parameter.optional", parameter.pointer),
                command=command.name,
                field=parameter.name,
                follows=(scope.baseline(command),),
            )
        for kind, several in {"empty": [""], "repeated": texts * 2}.items():
            request = base.with_parameter(parameter, several).request(scope.target, scope.operation)
            if scope.judge(request).standing is not Standing.REJECTED:
                scope.classified(
                    f"{stem}/{kind}",
                    "open",
                    request,
                    command=command.name,
                    field=parameter.name,
                    twin=scope.baseline(command),
                    expected=Expected.ANY,
                )


def _base(scope: Scope) -> Parts:
    """The parts of the gentlest valid request."""
    return scope.parts(encode(scope.value(scope.gentlest)) if scope.operation.body else None)


def _of_parameter(scope: Scope, rule: Rule) -> None:
    parameter = next(own for own in scope.operation.parameters if (own.place, own.name) == (rule.place, rule.steps[0]))
    if rule.keyword == "required":
        _absent_parameter(scope, parameter)
        return
    command = scope.gentlest
    right = scope.catalogue.samples.parameter(parameter)
    schema = scope.catalogue.contract.document.at(rule.schema_pointer)
    inside = rule.steps[1:]
    value = right[0] if inside == (ITEM,) and isinstance(right, list) and right else right
    stem = f"{parameter.place}/{parameter.name}/{rule.keyword}"
    base = _base(scope)

    def request(texts: Sequence[str]) -> Any:
        return base.with_parameter(parameter, texts).request(scope.target, scope.operation)

    wrong = {
        f"{stem}-{kind}": request(texts)
        for kind, faulty in unique(_wrong_texts(rule, schema, value, scope))
        if (texts := _texts(parameter, right, faulty, inside)) is not None
    }
    judged = {name: scope.judge(sent) for name, sent in wrong.items()}
    for alone in (True, False):
        found = [name for name in wrong if breaks(judged[name], rule, alone=alone)]
        if found:
            break
    for name in found[:_MOST]:
        scope.classified(
            name,
            "parameter",
            wrong[name],
            clause=scope.ledger.of_rule(scope.operation, rule),
            command=command.name,
            field=parameter.name,
            twin=scope.baseline(command),
        )
    if not found:
        report(scope, rule)
    for kind, good in unique(values.boundaries(rule, schema, value, scope.catalogue.samples)):
        texts = _texts(parameter, right, good, inside)
        if texts is None or texts == scope.texts(parameter):
            continue
        sent = request(texts)
        if scope.judge(sent).standing is Standing.ACCEPTED and not _is_path(parameter):
            scope.classified(
                f"{stem}/{kind}",
                "boundary",
                sent,
                equivalence=scope.ledger.of_rule(scope.operation, rule),
                command=command.name,
                field=parameter.name,
                follows=(scope.baseline(command), *scope.names(f"{parameter.place}/{parameter.name}/present")),
            )


def _is_path(parameter: Parameter) -> bool:
    """Whether a value names a resource: a server knows some of them and not others."""
    return parameter.place == "path"


def _wrong_texts(rule: Rule, schema: Any, right: Any, scope: Scope) -> Iterator[tuple[str, Any]]:
    if rule.keyword == "type":
        # A text is all that a parameter can hold; the texts are those that lenient readers take for another type.
        yield from (("text", "text"), ("fraction", "1.5"), ("empty", ""), ("exponent", "1e2"), ("hexadecimal", "0x10"))
        yield from (
            ("spaced", " 1"),
            ("plus", "+1"),
            ("list", "1,2"),
            ("null", "null"),
            ("yes", "yes"),
            ("True", "True"),
        )
        return
    yield from values.breakers(rule, schema, right, scope.catalogue.samples)


def _texts(parameter: Parameter, right: Any, value: Any, inside: tuple[str, ...]) -> list[str] | None:
    """Return how a value travels in a parameter; None where it cannot."""
    if inside == (ITEM,):
        value = [value, *(right[1:] if isinstance(right, list) else [])]
    listed = value if isinstance(value, list) else [value]
    if any(isinstance(item, dict | list) or item is None for item in listed):
        return None
    texts = write_parameter(parameter, value)
    if parameter.place in {"header", "cookie"} and not all(
        text.isascii() and text.isprintable() and text == text.strip() for text in texts
    ):
        return None
    if parameter.place == "path" and any(text in {"", ".", ".."} or "/" in text for text in texts):
        return None
    return texts


def _absent_parameter(scope: Scope, parameter: Parameter) -> None:
    """Add the request without a mandatory parameter, and with it under another name or in another place."""
    if parameter.place == "path":
        return  # a path without it is another path: vectors/doors.py asks for it
    command, name = scope.gentlest, parameter.name
    without = _base(scope).with_parameter(parameter, ())
    pair = (name, scope.texts(parameter)[0])
    kinds = {"absent": without}
    if parameter.place == "query":
        # The names of a query are matched to the letter; those of headers are not.
        kinds["in-upper-case"] = replace(without, query=(*without.query, (name.upper(), pair[1])))
        kinds["in-a-header"] = replace(without, headers=(*without.headers, pair))
    else:
        kinds["in-the-query"] = replace(without, query=(*without.query, pair))
    stem = f"{parameter.place}/{name}"
    for kind, parts in kinds.items():
        request = parts.request(scope.target, scope.operation)
        if scope.judge(request).standing is Standing.REJECTED:
            scope.classified(
                f"{stem}/{kind}",
                "mandatory",
                request,
                command=command.name,
                field=name,
                twin=scope.baseline(command),
                follows=() if kind == "absent" else scope.names(f"{stem}/absent"),
            )
