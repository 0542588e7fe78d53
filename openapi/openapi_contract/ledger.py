"""The ledger: every statement that a verdict is given on, written by hand beside the contract or derived from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openapi_contract.document import join, read_yaml, split
from openapi_contract.errors import ContractError, Problem
from openapi_contract.operations import Contract, Field, Operation, Response, fields, kebab
from openapi_contract.oracle import Breach
from openapi_contract.rules import GROUPS, ITEM, VALUE, Rule, Rules, anchor_of, group_of_answer

# The role of a clause on a schema keyword; the other roles are those that standards.yaml derives.
RULE = "rule"


class Level(StrEnum):
    """How binding a clause is, by the words of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


@dataclass(frozen=True)
class Clause:
    """One statement.

    `operation` is the operationId that it belongs to, None for what holds for all; `group` is the heading it stands
    under. `rejection` has the statuses by which a server may reject what breaks it; `untested` says why no check
    exists; `written` is false where it is derived from the contract alone.
    """

    key: str
    level: Level
    text: str
    where: tuple[str, ...]
    group: str
    operation: str | None = None
    role: str = RULE
    pointers: tuple[str, ...] = ()
    rejection: tuple[int, ...] = ()
    untested: str | None = None
    written: bool = True

    @property
    def place(self) -> str:
        """The places in one line."""
        return "; ".join(self.where)


@dataclass(frozen=True)
class _Statement:
    """What the contract states, before a row of the ledger gives it a key and words."""

    role: str
    pointer: str
    key: str
    group: str
    text: str
    level: Level = Level.MUST
    rejection: tuple[int, ...] = ()
    rule: Rule | None = None

    @property
    def identity(self) -> Identity:
        """What tells it from every other statement of its operation: one schema may be used in several places."""
        return (self.role, self.group, self.pointer, self.rule.steps if self.rule else ())


# Role, group, pointer and steps of a statement.
Identity = tuple[str, str, str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Ledger:
    """All clauses of a contract by key.

    `groups` has the headings by group; `prefixes` has for each operationId what its derived keys begin with. `file` is
    where the written ones stand, None where all are derived.
    """

    contract: Contract
    clauses: Mapping[str, Clause]
    groups: Mapping[str, str]
    prefixes: Mapping[str, str]
    _found: Mapping[tuple[str, str, str], list[tuple[Identity, str]]] = field(repr=False)
    file: Path | None = None

    @classmethod
    def load(cls, contract: Contract, path: Path | None = None) -> Ledger:
        """Read a ledger and derive what has no row in it; without a path, derive all.

        Raises:
            ContractError: A row is wrong, or names a place that the contract does not have.
        """
        return _Reading(contract, path).ledger()

    def __getitem__(self, key: str) -> Clause:
        return self.clauses[key]

    @property
    def testable(self) -> dict[str, Clause]:
        """The clauses that have checks."""
        return {key: clause for key, clause in self.clauses.items() if clause.untested is None}

    def judged(self, operations: Iterable[Operation]) -> list[Clause]:
        """Return the clauses that a run on some operations judges: their own, and those of all that they can show."""
        chosen = tuple(operations)
        ids, rows = {operation.id for operation in chosen}, standards()["clauses"]
        return [
            clause
            for clause in self.testable.values()
            if (_can_show(rows[clause.key], chosen) if clause.operation is None else clause.operation in ids)
        ]

    @property
    def unwritten(self) -> list[Clause]:
        """The clauses of operations that no row states."""
        return [clause for clause in self.clauses.values() if not clause.written]

    def of_rule(self, operation: Operation, rule: Rule) -> Clause:
        """Return the clause on a rule."""
        wanted = (RULE, GROUPS.get(rule.place, rule.place), rule.reported, rule.at if rule.is_nested else rule.steps)
        return self.clauses[dict(self._found[operation.id, RULE, rule.reported])[wanted]]

    def of_breach(self, operation: Operation, breach: Breach) -> Clause | None:
        """Return the clause on the rule that a breach breaks, None where the operation has no such rule."""
        found = self._found.get((operation.id, RULE, breach.pointer), [])
        group = GROUPS.get(breach.place, breach.place)
        here = [(identity, key) for identity, key in found if identity[1] == group]
        for identity, key in here:
            if _leads(identity[3], breach.path):
                return self.clauses[key]
        return self.clauses[here[0][1]] if here else None

    def of_pointer(self, operation: Operation, pointer: str, group: str | None = None) -> Clause | None:
        """Return the clause on the rule at a pointer, None where the operation, or a group of it, has no such rule."""
        found = self._found.get((operation.id, RULE, pointer), [])
        return next((self.clauses[key] for identity, key in found if group in (None, identity[1])), None)

    def of_role(self, operation: Operation, role: str, pointer: str | None = None) -> Clause | None:
        """Return the clause of a role of an operation; `pointer` says which, where the role has several."""
        if pointer is not None:
            found = self._found.get((operation.id, role, pointer), [])
        else:
            owner = (operation.id, role)
            found = next((own for place, own in self._found.items() if place[:2] == owner), [])
        return self.clauses[found[0][1]] if found else None

    def needed(self, operation: Operation, role: str, pointer: str | None = None) -> Clause:
        """Return the clause of a role that the operation has.

        Raises:
            KeyError: It has none; the caller asked for what the contract does not state.
        """
        found = self.of_role(operation, role, pointer)
        if found is None:
            message = f"{operation.id} has no clause of the role {role} at {pointer or 'any place'}"
            raise KeyError(message)
        return found


@cache
def standards() -> Mapping[str, Any]:
    """Return the clauses that hold for every contract, and the words of derived ones."""
    rows: Mapping[str, Any] = read_yaml(Path(__file__).with_name("standards.yaml"))
    return rows


def statements(contract: Contract, operation: Operation) -> Iterator[_Statement]:
    """Yield every statement of an operation."""
    yield from _Deriving(contract, operation).all()


class _Deriving:
    """Derives the statements of one operation."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self.contract = contract
        self.operation = operation
        self.rules = Rules(contract.document)
        # The documented rejection is right for every fault; some faults are usually told by another status.
        self._statuses = {
            name: tuple(dict.fromkeys((*usual, *operation.rejection_statuses)))
            for name, usual in standards()["statuses"].items()
        }
        rejection = operation.rejection
        self._words = {
            "method": operation.method,
            "path": operation.path,
            "success": operation.success.key,
            "rejection": rejection.key if rejection else " or ".join(map(str, operation.rejection_statuses)),
            "scheme": f"the header {operation.security.header}" if operation.security else "",
            "header": kebab(operation.security.header) if operation.security else "",
        }

    def _role(
        self, role: str, pointer: str, group: str, rejection: Iterable[int] = (), words: Mapping[str, str] | None = None
    ) -> _Statement:
        row = standards()["derived"][role]
        filled = {**self._words, **(words or {}), "group": group}
        text, key = row["text"], row["key"]
        for name, value in filled.items():
            text, key = text.replace(f"{{{name}}}", value), key.replace(f"{{{name}}}", value)
        return _Statement(role, pointer, key, group, text, Level(row.get("level", "MUST")), tuple(rejection))

    def all(self) -> Iterator[_Statement]:
        operation = self.operation
        yield self._role("operation", operation.pointer, "uri")
        yield from self._of_parameters()
        if operation.security:
            for role in ("token.required", "token.valid", "token.place"):
                yield self._role(role, operation.security.pointer, "headers", self._statuses["token"])
        yield from self._of_body()
        yield from self._of_answers()

    def _of_rules(self, rules: Iterable[Rule], group: str, rejection: Iterable[int]) -> Iterator[_Statement]:
        for rule in rules:
            if not rule.is_nested:
                yield _Statement(
                    RULE, rule.pointer, f"{group}.{rule.key}", group, rule.text, rejection=tuple(rejection), rule=rule
                )

    def _of_parameters(self) -> Iterator[_Statement]:
        operation = self.operation
        own = [rule for rule in self.rules.of_request(operation) if rule.place != "body"]
        for place in ("path", "query", "header", "cookie"):
            statuses = self._statuses["path"] if place == "path" else operation.rejection_statuses
            group = GROUPS[place]
            yield from self._of_rules((rule for rule in own if rule.place == place), group, statuses)
            for parameter in operation.parameters_in(place):
                if not parameter.required:
                    yield self._role(
                        "parameter.optional",
                        parameter.pointer,
                        group,
                        words={"parameter": kebab(parameter.name), "parameter-name": parameter.name},
                    )

    def _of_body(self) -> Iterator[_Statement]:
        operation, body = self.operation, self.operation.body
        if body is None:
            return
        for role in ("media-type.literal", "media-type.equivalence", "media-type.required", "media-type.range"):
            rejects = role in {"media-type.required", "media-type.range"}
            yield self._role(role, body.content_pointer, "headers", self._statuses["media-type"] if rejects else ())
        rules = [rule for rule in self.rules.of_request(operation) if rule.place == "body"]
        yield from self._of_rules(rules, "body", operation.rejection_statuses)
        if not body.required:
            yield self._role("body.optional", body.pointer, "body")
        seen: set[str] = set()
        for command in operation.commands:
            pointer = str(command.pointer)
            words = {"command": command.label, "name": command.name}
            group = f"body.{kebab(body.discriminator)}" if body.discriminator else "body"
            yield replace(self._role("command", pointer, group, words=words), group="body")
            needs = [name for name in command.required if name != body.discriminator]
            if len(needs) > 1:
                at = pointer + "/required"
                yield self._role("requirements", at, "body", operation.rejection_statuses, words)
            for name, member in command.fields.items():
                if name != body.discriminator and member.site not in seen:
                    seen.add(member.site)
                    yield from self._of_field(name, member, words)
        for name in body.examples:
            words = {"example": kebab(name), "example-name": name}
            yield self._role("example", body.content_pointer + join("examples", name), "body", words=words)

    def _of_field(self, name: str, member: Field, words: Mapping[str, str]) -> Iterator[_Statement]:
        more = {**words, "field": kebab(name), "field-name": name}
        if not member.required:
            yield self._role("field.optional", member.site, "body", words=more)
            types = member.schema.get("type")
            if types is not None and "null" not in ([types] if isinstance(types, str) else types):
                yield self._role("field.null", member.site, "body", self.operation.rejection_statuses, more)
        elif is_free_text(member):
            yield self._role("field.unrestricted", member.site, "body", (413,), more)

    def _of_answers(self) -> Iterator[_Statement]:
        operation = self.operation
        for response in operation.responses.values():
            if response.is_platform:
                continue
            group = group_of_answer(operation, response)
            if group in {"result", "error"}:
                yield self._role(f"{group}.status", response.pointer, group)
            yield from self._of_rules(self.rules.of_response(operation, response), group, ())
            if response.schema_pointer is None:
                continue
            members = members_of(self.contract, response)
            for name, member in members.items():
                if "x-succeeded-when" in self.contract.document.at(member.site):
                    words = {"field": kebab(name), "field-name": name}
                    yield self._role("result.success", member.site, group, words=words)
            if members and group in {"result", "error"}:
                yield self._role(f"{group}.complete", response.schema_pointer, group)


def members_of(contract: Contract, response: Response) -> dict[str, Field]:
    """Return the documented properties of an answer's body."""
    return fields(contract.document, response.schema_pointer) if response.schema_pointer else {}


def is_free_text(member: Field) -> bool:
    """Whether a field is a document of its own, carried as text that the contract restricts in no way.

    Other unrestricted text is often an identifier, of which a server knows some values and not others.
    """
    limits = {"enum", "const", "minLength", "maxLength", "pattern", "format"}
    schema = member.schema
    return schema.get("type") == "string" and "contentMediaType" in schema and not limits & set(schema)


_ROW = {"level", "text", "where", "pointer", "role", "rejection", "untested"}


class _Reading:
    """Reads one ledger."""

    def __init__(self, contract: Contract, path: Path | None) -> None:
        self.contract = contract
        self.path = path
        self.problems: list[Problem] = []
        self.clauses: dict[str, Clause] = {}
        self.found: dict[tuple[str, str, str], list[tuple[Identity, str]]] = {}
        self.groups: dict[str, str] = {}
        self.prefixes: dict[str, str] = {}
        self.rows: Mapping[str, Any] = {}

    def ledger(self) -> Ledger:
        if self.path is not None:
            self.rows = self._read(self.path)
        stated: Mapping[str, Any] = self.rows.get("operations", {})
        known = {operation.id for operation in self.contract.operations}
        for name in stated:
            if name not in known:
                what = f"the contract has no operation {name}"
                self.problems.append(
                    Problem(join("operations", name), what, f"Write one of {', '.join(sorted(known))}")
                )
        for operation in self.contract.operations:
            row = self._mapping(join("operations", operation.id), stated.get(operation.id, {}), {"prefix", "clauses"})
            alone = len(self.contract.operations) == 1
            prefix = row.get("prefix", "" if alone else f"{kebab(operation.id)}.")
            if not isinstance(prefix, str):
                self._fault(join("operations", operation.id, "prefix"), "the prefix is no text", "Put it in quotes")
                prefix = ""
            self.prefixes[operation.id] = prefix
            self._operation(operation, row)
        self._standards()
        if self.problems:
            raise ContractError(str(self.path), self.problems)
        return Ledger(self.contract, self.clauses, self.groups, self.prefixes, self.found, self.path)

    def _fault(self, pointer: str, what: str, instead: str) -> None:
        self.problems.append(Problem(pointer, what, instead))

    def _mapping(self, pointer: str, node: Any, known: set[str] | None = None) -> Mapping[str, Any]:
        """Return an object of the ledger; what is none counts as empty and is told."""
        if not isinstance(node, dict):
            self._fault(pointer, "this is no object", "Write an object, or leave it out")
            return {}
        for name in node:
            if known is not None and name not in known:
                self._fault(
                    pointer + join(name), f"{name} is not supported here", f"Write {' or '.join(sorted(known))}"
                )
        return node

    def _read(self, path: Path) -> Mapping[str, Any]:
        rows = read_yaml(path)
        if not isinstance(rows, dict) or not isinstance(rows.get("operations", {}), dict):
            raise ContractError(str(path), [Problem("", "this is no ledger", "Write operations: and their clauses")])
        self._mapping("", rows, {"groups", "operations"})
        groups = self._mapping("/groups", rows.get("groups", {}))
        for name, heading in groups.items():
            if not isinstance(heading, str):
                self._fault(join("groups", name), "the heading is no text", "Put it in quotes")
        return {**rows, "groups": groups}

    def _operation(self, operation: Operation, row: Mapping[str, Any]) -> None:
        prefix = self.prefixes[operation.id]
        written = {
            key: clause
            for key, stated in self._mapping(
                join("operations", operation.id, "clauses"), row.get("clauses", {})
            ).items()
            if (clause := self._row(operation, key, stated)) is not None
        }
        own = list(statements(self.contract, operation))
        claimed = self._claims(operation, written, own)
        rest = [statement for statement in own if statement.identity not in claimed]
        keys = _keys(operation, rest)
        used: dict[str, Clause] = {}
        for statement in own:
            key = claimed.get(statement.identity)
            if key is None:
                key = self._unique(f"{prefix}{keys[statement.key, statement.text]}", statement, written)
                used[key] = _derived(operation, key, statement, f"{prefix}{statement.group}", used.get(key))
            place = (operation.id, statement.role, statement.pointer)
            self.found.setdefault(place, []).append((statement.identity, key))
        for key in (*written, *used):
            if key in self.clauses or key in standards()["clauses"]:
                what = f"the key {key} stands twice"
                self.problems.append(Problem(join("operations", operation.id, "clauses", key), what, "Use another key"))
        filled = {key: self._filled(clause, own) for key, clause in written.items()}
        self.clauses.update(filled | used)
        for clause in (*filled.values(), *used.values()):
            self._heading(operation, clause.group)

    def _filled(self, clause: Clause, own: list[_Statement]) -> Clause:
        """Give a written clause the statuses of what it states, where its row names none."""
        if clause.rejection:
            return clause
        for statement in own:
            if statement.role == clause.role and statement.pointer in clause.pointers and statement.rejection:
                return replace(clause, rejection=statement.rejection)
        return clause

    def _heading(self, operation: Operation, group: str) -> None:
        name = group.removeprefix(self.prefixes[operation.id])
        stated = self.rows.get("groups", {}).get(group)
        usual = standards()["groups"].get(name.partition("-")[0], name)
        response = operation.rejection
        usual = usual.replace("{success}", operation.success.key).replace(
            "{rejection}", response.key if response else ""
        )
        self.groups.setdefault(group, stated or usual)

    def _claims(
        self, operation: Operation, written: Mapping[str, Clause], own: list[_Statement]
    ) -> dict[Identity, str]:
        """Return which statement is whose; a rule that says the same of the same field as a written one is its too."""
        claimed: dict[Identity, str] = {}
        prefix = self.prefixes[operation.id]
        for key, clause in written.items():
            if clause.untested is not None or clause.level is Level.MAY:
                continue
            place = join("operations", operation.id, "clauses", key, "pointer")
            named = [one for one in own if one.role == clause.role and one.pointer in clause.pointers]
            # Of a schema that is used in several places, a row states what stands in its own group.
            at_home = [one for one in named if f"{prefix}{one.group}" == clause.group]
            owners = {claimed.setdefault(one.identity, key) for one in at_home or named}
            if not owners:
                self._fault(
                    place, "no rule that can be judged stands there", "Name the keyword, or say in untested: why not"
                )
            elif key not in owners:
                self._fault(place, f"{min(owners)} states the same", "Leave one of them out")
        alike: dict[tuple[Any, ...], str] = {}
        selector = operation.body.discriminator if operation.body else None
        for statement in own:
            owner, rule = claimed.get(statement.identity), statement.rule
            if owner and (rule is None or rule.keyword != "required" or rule.steps == (selector,)):
                alike[_sense(statement)] = owner
        for statement in own:
            alike_key = alike.get(_sense(statement))
            if alike_key:
                claimed.setdefault(statement.identity, alike_key)
        return claimed

    @staticmethod
    def _unique(key: str, statement: _Statement, written: Mapping[str, Clause]) -> str:
        rule = statement.rule
        if key not in written:
            return key
        told = kebab("-".join(rule.commands)) if rule and rule.commands else kebab(statement.pointer)
        return f"{key}.{told}"

    def _row(self, operation: Operation, key: str, row: Any) -> Clause | None:
        place = join("operations", operation.id, "clauses", key)
        prefix = self.prefixes[operation.id]
        before = len(self.problems)
        if not isinstance(row, dict) or not {"level", "text", "where", "pointer"} <= set(row):
            self.problems.append(Problem(place, "the row is not complete", "Write level, text, where and pointer"))
            return None
        for name in set(row) - _ROW:
            self.problems.append(Problem(place + join(name), f"{name} is no part of a row", "Leave it out"))
        if not self._is_typed(place, row):
            return None
        role = row.get("role", RULE)
        if role != RULE and role not in standards()["derived"]:
            known = ", ".join(standards()["derived"])
            self.problems.append(Problem(place + "/role", f"there is no role {role}", f"Write one of {known}"))
        if row["level"] not in set(Level):
            self.problems.append(Problem(place + "/level", f"{row['level']} is no level", "Write MUST, SHOULD or MAY"))
        pointers = [self._pointer(operation, place, pointer) for pointer in _tuple(row["pointer"])]
        if len(self.problems) > before:
            return None
        return Clause(
            key=key,
            level=Level(row["level"]),
            text=row["text"],
            where=_tuple(row["where"]),
            group=prefix + key.removeprefix(prefix).split(".", 1)[0],
            operation=operation.id,
            role=role,
            pointers=tuple(pointers),
            rejection=tuple(row.get("rejection", ())),
            untested=row.get("untested"),
        )

    def _is_typed(self, place: str, row: Mapping[str, Any]) -> bool:
        """Whether the values of a row are of their types; those that are not are told."""
        before = len(self.problems)
        for name in ("level", "text", "role", "untested"):
            if name in row and not (isinstance(row[name], str) and row[name].strip()):
                self._fault(place + join(name), f"{name} is no text", "Write a text")
        for name in ("where", "pointer"):
            values = _tuple(row[name])
            if not values or not all(isinstance(value, str) for value in values):
                self._fault(place + join(name), f"{name} is no text and no list of texts", "Write one or several")
        statuses = row.get("rejection", [])
        if not isinstance(statuses, list) or not all(
            type(status) is int and 400 <= status <= 599 for status in statuses
        ):
            self._fault(place + "/rejection", "this is no list of statuses", "Write them as [400, 415]")
        return len(self.problems) == before

    def _pointer(self, operation: Operation, place: str, pointer: str) -> str:
        """Return the place in the document: from its root behind #, else from the operation."""
        whole = pointer[1:] if pointer.startswith("#") else operation.pointer + pointer
        try:
            return self.contract.document.canonical(whole)
        except ContractError:
            what = f"the contract has nothing at {pointer}"
            self.problems.append(Problem(place + "/pointer", what, "Name a place that exists"))
            return whole

    def _standards(self) -> None:
        for key, row in standards()["clauses"].items():
            if not _can_show(row, self.contract.operations):
                continue
            group = key.split(".", 1)[0]
            self.groups[group] = standards()["groups"][group]
            self.clauses[key] = Clause(
                key,
                Level(row["level"]),
                row["text"],
                _tuple(row["where"]),
                group,
                rejection=tuple(row.get("rejection", ())),
            )


def _can_show(row: Mapping[str, Any], operations: Iterable[Operation]) -> bool:
    """Whether some operation has what a clause of a standard needs to be judged."""
    match row.get("needs"):
        case "body":
            return any(operation.body for operation in operations)
        case "body behind a token":
            return any(operation.body and operation.security for operation in operations)
        case "act":
            return any(not operation.reads for operation in operations)
        case "answer":
            answers = (answer for operation in operations for answer in operation.responses.values())
            return any(answer.schema_pointer and not answer.is_platform for answer in answers)
        case _:
            return True


def _derived(operation: Operation, key: str, statement: _Statement, group: str, before: Clause | None) -> Clause:
    """Return the clause of a statement that no row states; statements of one key share it."""
    pointers = tuple(sorted({*(before.pointers if before else ()), statement.pointer}))
    return Clause(
        key=key,
        level=statement.level,
        text=statement.text,
        where=pointers[:1],
        group=group,
        operation=operation.id,
        role=statement.role,
        pointers=pointers,
        rejection=statement.rejection,
        written=False,
    )


def _leads(steps: tuple[str, ...], path: tuple[str | int, ...]) -> bool:
    """Whether the steps of a rule are those of a path into a value."""
    return len(steps) == len(path) and all(
        step in (VALUE, at) or (step == ITEM and isinstance(at, int)) for step, at in zip(steps, path, strict=True)
    )


def _sense(statement: _Statement) -> tuple[Any, ...]:
    """Return what a statement says, wherever it is stated: of two that say the same one row is enough."""
    rule = statement.rule
    return (rule.place, rule.steps, rule.keyword, str(rule.value)) if rule else (statement.role, statement.key)


def _keys(operation: Operation, own: Iterable[_Statement]) -> dict[tuple[str, str], str]:
    """Return the key of each statement by what it would be and by its text.

    Where one key would state several things, each gets the commands it is of, its value or its place beside it.
    """
    several: dict[str, dict[str, list[_Statement]]] = {}
    for statement in own:
        several.setdefault(statement.key, {}).setdefault(statement.text, []).append(statement)
    labels = {command.name: command.label for command in operation.commands}
    keys: dict[tuple[str, str], str] = {}
    for key, alike in several.items():
        namings = (
            {text: "-".join(_labels(of, labels)) for text, of in alike.items()},
            {text: kebab(of[0].rule.told) if of[0].rule else "" for text, of in alike.items()},
            {text: quote(_named(of[0]), safe="") for text, of in alike.items()},
            {text: str(number) for number, text in enumerate(sorted(alike), 1)},
        )
        for names in namings:
            if len(alike) == 1:
                keys.update({(key, text): key for text in alike})
            elif all(names.values()) and len(set(names.values())) == len(alike):
                keys.update({(key, text): f"{key}.{name}" for text, name in names.items()})
                break
    return keys


def _named(statement: _Statement) -> str:
    rule = statement.rule
    return rule.steps[-1] if rule and rule.steps else split(statement.pointer)[-1]


def _labels(own: Iterable[_Statement], labels: Mapping[str, str]) -> list[str]:
    return sorted({labels[name] for statement in own if statement.rule for name in statement.rule.commands})


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


__all__ = ["RULE", "Clause", "Ledger", "Level", "anchor_of", "is_free_text", "members_of", "standards", "statements"]
