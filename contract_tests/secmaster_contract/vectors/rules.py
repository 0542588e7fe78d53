"""The rules of a body: each broken alone, in each command that it holds for, and the values on its right side."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from openapi_contract.operations import Command
from openapi_contract.oracle import Standing
from openapi_contract.rules import ITEM, VALUE, Rule
from secmaster_contract.vectors import values
from secmaster_contract.vectors.breaking import breaks, report, unique
from secmaster_contract.vectors.catalogue import Scope, encode

# The families of vectors by keyword: one that is not here has the family `limits`.
_FAMILIES = {"type": "type", "required": "mandatory"}
_MOST = 5  # vectors for one rule and command that are no telling ones
_MOST_ACCEPTED = 25


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of the rules of the operation's body."""
    for rule in scope.catalogue.rules.of_request(scope.operation):
        if rule.place == "body" and rule.keyword != "discriminator":
            _of_body(scope, rule)
    for command in scope.commands:
        _bare(scope, command)


def _of_body(scope: Scope, rule: Rule) -> None:
    if not rule.path and rule.keyword in {"type", "required"} and rule.steps == ():
        return  # no object, or no body at all: vectors/bodies.py sends many of them
    mine = [command for command in scope.commands if command.name in rule.commands]
    # Where no value breaks the rule alone, one that breaks other rules of the same value with it has to do.
    if not sum(_broken(scope, rule, command) for command in mine) and not sum(
        _broken(scope, rule, command, alone=False) for command in mine
    ):
        report(scope, rule)
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
        if not breaks(scope.judge(request), rule, alone=alone):
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
    for kind, value in unique(values.breakers(rule, schema, right, scope.catalogue.samples)):
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
    for kind, value in unique(values.boundaries(rule, schema, _at(whole, steps), scope.catalogue.samples)):
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
