"""The rules of an operation: each command accepted, each rule broken alone, and the values on its right side."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from openapi_contract.errors import Problem
from openapi_contract.operations import Command, Parameter
from openapi_contract.oracle import Judgement, Standing, write_parameter
from openapi_contract.rules import ITEM, VALUE, Rule
from secmaster_contract.vectors import values
from secmaster_contract.vectors.catalogue import Parts, Scope, encode
from secmaster_contract.vectors.vector import Expected

# The families of vectors by keyword: one that is not here has the family `limits`.
_FAMILIES = {"type": "type", "required": "mandatory", "discriminator": "range", "enum": "limits", "const": "limits"}
_MOST = 5  # vectors for one rule and command that are no telling ones
_MOST_ACCEPTED = 25


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of the operation's rules."""
    for command in scope.commands:
        _accepted(scope, command)
    _parameters(scope)
    _strangers(scope)
    rules = scope.catalogue.rules.of_request(scope.operation)
    for rule in rules:
        if rule.place == "body":
            _of_body(scope, rule)
        else:
            _of_parameter(scope, rule)
    for command in scope.commands:
        _bare(scope, command)


# -- accepted ---------------------------------------------------------------------------------------------------------


def _accepted(scope: Scope, command: Command) -> None:
    operation, body = scope.operation, scope.operation.body
    clause = scope.role("command", command.pointer) if body else scope.role("operation")
    value = scope.value(command)
    scope.classified(
        f"accepted/{command.name}/example",
        "accepted",
        scope.valid(command),
        equivalence=clause,
        command=command.name,
    )
    if body is None:
        return
    if not body.required and command is scope.gentlest:
        scope.classified(
            "accepted/no-body",
            "optional",
            scope.parts(None).request(scope.target, operation),
            equivalence=scope.role("body.optional"),
            command=command.name,
            follows=(scope.baseline(command),),
        )
    full = scope.full(command)
    if not isinstance(value, dict):
        return
    present: list[str] = []
    for name in command.optional:
        _left_out(scope, command, name, value)
        # The field may need another one; and not all may have room beside each other.
        item = full[name] if name in full else scope.catalogue.samples.value(command.fields[name].pointer, full=True)
        requests = [scope.request(encode(body)) for body in ({**value, name: item}, full) if name in body]
        sent = next((one for one in requests if scope.judge(one).standing is not Standing.REJECTED), None)
        if sent is None:
            continue
        vector = scope.classified(
            f"{command.name}/{name}/present",
            "optional",
            sent,
            equivalence=scope.role("field.optional", command.fields[name].site),
            command=command.name,
            field=name,
            follows=(scope.baseline(command),),
        )
        present.append(vector.name)
    if len(present) > 1:
        scope.classified(
            f"{command.name}/all-fields/present",
            "optional",
            scope.request(encode(full)),
            equivalence=scope.catalogue.vectors[present[0]].clause,
            command=command.name,
            follows=(scope.baseline(command), *present),
        )


def _left_out(scope: Scope, command: Command, name: str, value: dict[str, Any]) -> None:
    """Add the usual body of a command without an optional field: an example may show more than is mandatory."""
    request = scope.request(encode({key: item for key, item in value.items() if key != name}))
    if name in value and scope.judge(request).standing is not Standing.REJECTED:
        scope.classified(
            f"{command.name}/{name}/left-out",
            "optional",
            request,
            equivalence=scope.role("field.optional", command.fields[name].site),
            command=command.name,
            field=name,
            follows=(scope.baseline(command),),
        )


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


# -- parameters -------------------------------------------------------------------------------------------------------


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
        for kind, faulty in _unique(_wrong_texts(rule, schema, value, scope))
        if (texts := _texts(parameter, right, faulty, inside)) is not None
    }
    judged = {name: scope.judge(sent) for name, sent in wrong.items()}
    for alone in (True, False):
        found = [name for name in wrong if _breaks(judged[name], rule, alone=alone)]
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
        _report(scope, rule)
    for kind, good in _unique(values.boundaries(rule, schema, value, scope.catalogue.samples)):
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


# -- bodies -----------------------------------------------------------------------------------------------------------


def _of_body(scope: Scope, rule: Rule) -> None:
    if not rule.path and rule.keyword in {"type", "required"} and rule.steps == ():
        return  # no object, or no body at all: vectors/bodies.py sends many of them
    if rule.keyword == "discriminator":
        _near_selectors(scope)
        return
    mine = [command for command in scope.commands if command.name in rule.commands]
    # Where no value breaks the rule alone, one that breaks other rules of the same value with it has to do.
    if not sum(_broken(scope, rule, command) for command in mine) and not sum(
        _broken(scope, rule, command, alone=False) for command in mine
    ):
        _report(scope, rule)
    for command in mine:
        _boundaries(scope, rule, command)


def _broken(scope: Scope, rule: Rule, command: Command, *, alone: bool = True) -> int:
    """Add the vectors that break a rule in a command, alone or with others of the same value; return how many."""
    selects = rule.steps == (scope.discriminator,)
    found = 0
    for kind, body, follows in _shared_out(scope, command, rule, _faults(scope, rule, command)):
        if (
            selects
            and command is not scope.fullest
            and str(command.selector) not in repr(body)
            and rule.keyword == "type"
        ):
            continue  # a wrong type that holds no command selects none, so it is the same fault under each of them
        if rule.keyword == "required" and kind in _OTHER_PLACES and not _is_last_to_require(scope, rule, command):
            continue
        request = scope.request(encode(body))
        if not _breaks(scope.judge(request), rule, alone=alone):
            continue
        name = f"{command.name}/{_field(rule)}/{kind}"
        if scope.vector(name) is None:
            scope.classified(
                name,
                _FAMILIES.get(rule.keyword, "limits"),
                request,
                clause=None if alone else scope.ledger.of_rule(scope.operation, rule),
                command=command.name,
                field=rule.steps[-1] if rule.steps else None,
                twin=scope.baseline(command),
                follows=scope.names(*(f"{command.name}/{_field(rule)}/{cause}" for cause in follows)),
            )
        found += 1
    return found


def _breaks(judged: Judgement, rule: Rule, *, alone: bool) -> bool:
    pointers = {breach.pointer for breach in judged.breaches}
    if judged.standing is not Standing.REJECTED or rule.reported not in pointers:
        return False
    return pointers == {rule.reported} or (not alone and len({breach.field for breach in judged.breaches}) == 1)


def _field(rule: Rule) -> str:
    return ".".join(rule.steps) or "body"


_OTHER_PLACES = frozenset({"nested", "in-an-array", "inherited"}) | {
    f"named-{kind}" for kind, _ in values.other_names("any_name")
}


def _is_last_to_require(scope: Scope, rule: Rule, command: Command) -> bool:
    """Whether a field is sent under other names with this command: with one that needs it, the fullest if it does."""
    needing = [own for own in scope.commands if own.name in rule.commands]
    chosen = scope.fullest if scope.fullest in needing else needing[-1]
    return command is chosen


Fault = tuple[str, Any, tuple[str, ...]]


def _faults(scope: Scope, rule: Rule, command: Command) -> Iterator[Fault]:
    """Yield a kind, a body, and the kinds whose failure explains it."""
    whole, steps = _prepared(scope, rule, command)
    if whole is None:
        return
    right = _at(whole, steps)
    schema = scope.catalogue.contract.document.at(rule.schema_pointer)
    if rule.keyword == "required":
        yield from _absences(scope, rule, command, whole, steps)
        return
    if rule.keyword == "dependentRequired":
        present = {**right, rule.steps[-1]: right.get(rule.steps[-1], "x")}
        yield (
            f"without-{rule.value}",
            _put(whole, steps, {name: item for name, item in present.items() if name != rule.value}),
            (),
        )
        return
    # A fault of another keyword is named by it, so that faults of one field keep names of their own.
    stem = "" if rule.keyword == "type" else f"{rule.keyword}-"
    for kind, value in _unique(values.breakers(rule, schema, right, scope.catalogue.samples)):
        # A server that accepts a command without the field accepts it with null, too: one fault, not two.
        mandatory = len(rule.steps) == 1 and rule.steps[0] in command.required
        yield f"{stem}{kind}", _put(whole, steps, value), ("absent",) if mandatory and value is None else ()


def _absences(scope: Scope, rule: Rule, command: Command, whole: Any, steps: Sequence[Any]) -> Iterator[Fault]:
    """Yield the body without a field, and with the field under another name or elsewhere."""
    name = rule.steps[-1]
    holder = _at(whole, steps)
    if not isinstance(holder, dict):
        return
    without = {key: item for key, item in holder.items() if key != name}
    yield "absent", _put(whole, steps, without), ()
    if name not in holder:
        return
    right = holder[name]
    if not steps and name != scope.discriminator:
        # While the other mandatory fields hold no text, nothing there asks for the field.
        others = set(command.required) - {name, scope.discriminator}
        emptied = {**without, **{other: "" for other in sorted(others) if isinstance(without.get(other), str)}}
        if emptied != without:
            yield "absent-beside-empty", emptied, ("absent",)
    for kind, other in values.other_names(name):
        yield f"named-{kind}", _put(whole, steps, {**without, other: right}), ("absent",)
    elsewhere: dict[str, Any] = {"nested": {"data": {name: right}}, "in-an-array": {"data": [{name: right}]}}
    if name != scope.discriminator:
        elsewhere["inherited"] = {"__proto__": {name: right}}
    for kind, more in elsewhere.items():
        yield kind, _put(whole, steps, {**without, **more}), ("absent",)


def _shared_out(scope: Scope, command: Command, rule: Rule, faults: Iterator[Fault]) -> Iterator[Fault]:
    """Yield the telling kinds for every command; of the others all for the fullest, and each for one more."""
    mine = [own for own in scope.commands if own.name in rule.commands]
    fullest = scope.fullest if scope.fullest in mine else mine[0]
    others = [own for own in mine if own is not fullest]
    many = 0
    for number, fault in enumerate(faults):
        limited = rule.keyword not in {"type", "required"}
        many += limited
        if limited and many > _MOST * 4:
            return
        telling = fault[0] in values.TELLING or fault[0] in {"absent", "absent-beside-empty"} or limited
        if telling or command is fullest or (others and others[number % len(others)] is command):
            yield fault


def _boundaries(scope: Scope, rule: Rule, command: Command) -> None:
    """Add the values on the right side of a rule, which must be accepted."""
    whole, steps = _prepared(scope, rule, command)
    if whole is None:
        return
    schema = scope.catalogue.contract.document.at(rule.schema_pointer)
    field = command.fields.get(rule.steps[0]) if rule.steps else None
    present = scope.names(f"{command.name}/{rule.steps[0]}/present") if field and not field.required else ()
    found = 0
    for kind, value in _unique(values.boundaries(rule, schema, _at(whole, steps), scope.catalogue.samples)):
        body = _put(whole, steps, value)
        request = scope.request(encode(body))
        name = f"{command.name}/{_field(rule)}/{rule.keyword}/{kind}"
        if body == whole or scope.vector(name) or scope.judge(request).standing is not Standing.ACCEPTED:
            continue
        scope.classified(
            name,
            "boundary",
            request,
            equivalence=scope.ledger.of_rule(scope.operation, rule),
            command=command.name,
            field=_field(rule),
            follows=(scope.baseline(command), *present, *scope.names(f"{command.name}/all-fields/present")),
        )
        found += 1
        if found == _MOST_ACCEPTED:
            return


def _prepared(scope: Scope, rule: Rule, command: Command) -> tuple[Any, list[Any]]:
    """Return a valid body that has what a rule is about, and the steps to it; None where there is none."""
    for body in _bodies(scope, rule, command):
        whole = body
        if rule.alternative is not None:
            at = _steps(whole, rule.at)
            if at is None:
                continue
            whole = _put(whole, at, scope.catalogue.samples.value(rule.alternative, full=True))
        steps = _steps(whole, rule.path)
        if steps is not None and scope.catalogue.oracle.value(scope.operation, whole).standing is Standing.ACCEPTED:
            return whole, steps
    return None, []


def _bodies(scope: Scope, rule: Rule, command: Command) -> Iterator[Any]:
    """Yield valid bodies, the likeliest to have what a rule is about first: an example need not show all there is."""
    samples, full = scope.catalogue.samples, scope.full(command)
    yield full
    member = command.fields.get(rule.steps[0]) if rule.steps else None
    if member and isinstance(full, dict):
        yield {**full, member.name: samples.value(member.pointer, full=True)}
    yield samples.value(str(command.pointer), full=True)
    # The fullest body leaves out what excludes something else: the shortest one may have room for it.
    value = scope.value(command)
    yield value
    if member and isinstance(value, dict):
        yield {**value, member.name: samples.value(member.pointer, full=True)}


def _steps(whole: Any, path: Sequence[str]) -> list[Any] | None:
    """Return the steps to a place in a value, with real items and names for those of any; None where it has no such."""
    steps: list[Any] = []
    node = whole
    for step in path:
        if step == ITEM:
            if not isinstance(node, list) or not node:
                return None
            steps.append(0)
        elif step == VALUE:
            # The names that samples give to undocumented properties.
            named = [key for key in node if key.startswith(("x-more", "x0"))] if isinstance(node, dict) else []
            if not named:
                return None
            steps.append(named[0])
        else:
            if not isinstance(node, dict) or step not in node:
                return None
            steps.append(step)
        node = node[steps[-1]]
    return steps


def _at(value: Any, steps: Sequence[Any]) -> Any:
    for step in steps:
        value = value[step]
    return value


def _put(value: Any, steps: Sequence[Any], new: Any) -> Any:
    """Return a copy of a value with another one in a place."""
    if not steps:
        return new
    changed = copy.copy(value)
    changed[steps[0]] = _put(value[steps[0]], steps[1:], new)
    return changed


def _unique(named: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    kinds: set[str] = set()
    for kind, value in named:
        if repr(value) not in seen and kind not in kinds:
            seen.add(repr(value))
            kinds.add(kind)
            yield kind, value


def _report(scope: Scope, rule: Rule) -> None:
    what = f"no request could be made that breaks this rule alone ({scope.ledger.of_rule(scope.operation, rule).key})"
    instead = (
        "Give values that break it as x-rejected-examples of its schema, or leave out a rule that another one implies"
    )
    scope.catalogue.problems.append(Problem(rule.pointer, what, instead))


# -- commands ---------------------------------------------------------------------------------------------------------


def _near_selectors(scope: Scope) -> None:
    """Add texts that are near to a command's selector and are none."""
    every = tuple(sorted(str(command.selector) for command in scope.commands))
    name = str(scope.discriminator)
    others = [command for command in scope.commands if command is not scope.fullest]
    for command in scope.commands:
        body = scope.full(command)
        for number, (kind, text) in enumerate(values.neighbours(str(command.selector), every)):
            shared = others and others[number % len(others)] is command
            if kind in values.TELLING or command is scope.fullest or shared:
                scope.classified(
                    f"{command.name}/{name}/{kind}",
                    "range",
                    scope.request(encode({**body, name: text})),
                    command=command.name,
                    field=name,
                    twin=scope.baseline(command),
                    follows=scope.names("unknown-command/unknown"),
                )


def _bare(scope: Scope, command: Command) -> None:
    """Add the command that lacks every mandatory field but its selector."""
    missing = [field for field in command.required if field != scope.discriminator]
    if len(missing) > 1:
        bare = {scope.discriminator: command.selector} if scope.discriminator else {}
        scope.classified(
            f"{command.name}/bare",
            "mandatory",
            scope.request(encode(bare)),
            command=command.name,
            twin=scope.baseline(command),
            follows=scope.names(*(f"{command.name}/{field}/absent" for field in missing)),
        )


def _strangers(scope: Scope) -> None:
    """Add commands that no enumeration knows, with every field that any command needs."""
    if scope.discriminator is None:
        return
    everything = {key: value for command in scope.commands for key, value in scope.full(command).items()}
    every = tuple(sorted(str(command.selector) for command in scope.commands))
    for kind, value in values.strangers(every):
        scope.classified(
            f"unknown-command/{kind}",
            "range",
            scope.request(encode({**everything, scope.discriminator: value})),
            field=scope.discriminator,
            twin=scope.baseline(scope.fullest),
            follows=() if kind == "unknown" else scope.names("unknown-command/unknown"),
        )
