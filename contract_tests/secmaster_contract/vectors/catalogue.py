"""The catalogue: every vector for one target, derived from the contract and classified from its final bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from openapi_contract.errors import Problem
from openapi_contract.ledger import Clause, Ledger
from openapi_contract.operations import Command, Contract, Operation, Parameter
from openapi_contract.oracle import CONTENT_TYPE, TOKEN, Breach, Judgement, Oracle, Standing, write_parameter
from openapi_contract.rules import Rules
from openapi_contract.samples import Samples
from secmaster_contract.run.target import Target
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.request import Header, Request


def encode(value: Any) -> bytes:
    """Write a value as JSON in the usual way of clients; a lone surrogate, which UTF-8 cannot hold, as its escape."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


class Catalogue:
    """Keeps the vectors for a target by name, in the order in which causes come before consequences."""

    def __init__(
        self, target: Target, ledger: Ledger, operations: Iterable[Operation], sentinel: str | None = None
    ) -> None:
        self.target = target
        self.sentinel = sentinel
        self.ledger = ledger
        self.contract: Contract = ledger.contract
        self.oracle = Oracle(self.contract)
        self.samples = Samples(self.contract, self.oracle)
        self.rules = Rules(self.contract.document)
        self.vectors: dict[str, Vector] = {}
        self.problems: list[Problem] = []
        self.scopes = tuple(Scope(self, operation) for operation in operations)

    def scope(self, operation: Operation) -> Scope:
        """Return what builds the vectors of an operation."""
        return next(scope for scope in self.scopes if scope.operation is operation)

    def add(self, vector: Vector) -> Vector:
        """Keep a vector.

        Raises:
            ValueError: Another one has its name.
        """
        if vector.name in self.vectors:
            message = f"two vectors are named {vector.name}"
            raise ValueError(message)
        self.vectors[vector.name] = vector
        return vector

    def of(self, *families: str) -> list[Vector]:
        """Return the vectors of some families, in the order they were added."""
        return [vector for vector in self.vectors.values() if vector.family in families]


@dataclass(frozen=True)
class Parts:
    """A request before it is written: the values of its path, and its other parts as text."""

    path: Mapping[str, str]
    query: Sequence[tuple[str, str]] = ()
    headers: Sequence[Header] = ()
    cookies: Sequence[tuple[str, str]] = ()
    body: bytes = b""

    def request(self, target: Target, operation: Operation) -> Request:
        """Return the request."""
        path = target.prefix + operation.fill(self.path)
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query)
        headers = tuple(self.headers)
        if self.cookies:
            headers += (("Cookie", "; ".join(f"{name}={quote(value, safe='')}" for name, value in self.cookies)),)
        return Request(operation.method, f"{path}?{query}" if query else path, headers, self.body)

    def with_parameter(self, parameter: Parameter, texts: Sequence[str]) -> Parts:
        """Return the parts with these texts for a parameter; with none, without it."""
        name = parameter.name
        match parameter.place:
            case "path":
                return replace(self, path={**self.path, name: texts[0] if texts else ""})
            case "query":
                return replace(self, query=_with(self.query, name, texts))
            case "header":
                return replace(self, headers=_with(self.headers, name, texts))
            case _:
                return replace(self, cookies=_with(self.cookies, name, texts))


def _with(pairs: Sequence[tuple[str, str]], name: str, texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    kept = tuple(pair for pair in pairs if pair[0].lower() != name.lower())
    return (*kept, *((name, text) for text in texts))


@dataclass(frozen=True, eq=False)
class Scope:
    """Builds the vectors of one operation."""

    catalogue: Catalogue
    operation: Operation
    _bodies: dict[tuple[str, bool], Any] = field(default_factory=dict[tuple[str, bool], Any])

    @property
    def target(self) -> Target:
        """The server that the vectors are for."""
        return self.catalogue.target

    @property
    def ledger(self) -> Ledger:
        """The clauses."""
        return self.catalogue.ledger

    @property
    def commands(self) -> tuple[Command, ...]:
        """The operation's commands by name: the order of the contract means nothing."""
        return tuple(sorted(self.operation.commands, key=lambda command: command.name))

    @property
    def gentlest(self) -> Command:
        """The command that harms least."""
        return self.operation.gentlest

    @property
    def fullest(self) -> Command:
        """The command with the most mandatory fields."""
        return self.operation.fullest

    @property
    def discriminator(self) -> str | None:
        """The property that selects the command, None where nothing does."""
        return self.operation.body.discriminator if self.operation.body else None

    @cached_property
    def prefix(self) -> str:
        """What the names of the operation's vectors begin with."""
        return self.ledger.prefixes[self.operation.id].replace(".", "/")

    # -- valid requests -----------------------------------------------------------------------------------------------

    def value(self, command: Command) -> Any:
        """Return a valid body of a command, with the target's own values where it names some."""
        return self._body(command, full=False)

    def full(self, command: Command) -> Any:
        """Return a valid body of a command with every documented property."""
        return self._body(command, full=True)

    def _body(self, command: Command, *, full: bool) -> Any:
        key = (command.name, full)
        if key not in self._bodies:
            value = self.catalogue.samples.body(self.operation, command, full=full)
            if isinstance(value, dict):
                value = {
                    name: self.target.values.get(name, item) if isinstance(item, str) else item
                    for name, item in value.items()
                }
                if self.discriminator:
                    value[self.discriminator] = command.selector
            self._bodies[key] = value
        value = self._bodies[key]
        return dict(value) if isinstance(value, dict) else value

    @cached_property
    def path_values(self) -> Mapping[str, str]:
        """The values of the path: the target's own, else an example, else a made one."""
        parameters = self.operation.parameters_in("path")
        found = {parameter.name: self.texts(parameter)[0] for parameter in parameters}
        sentinel = self.catalogue.sentinel
        if sentinel is not None and parameters and not self.operation.reads:
            # The last one that may hold it: a position among others names nothing without what it is a position in.
            validator = self.catalogue.oracle.validator
            fitting = [own for own in parameters if validator(own.schema_pointer).is_valid(sentinel)]
            last = (fitting or parameters)[-1]
            found[last.name] = sentinel if fitting else str(self.catalogue.samples.parameter(last))
        return found

    def texts(self, parameter: Parameter) -> list[str]:
        """Return the texts of a valid value of a parameter."""
        given = self.target.values.get(parameter.name)
        return [given] if given is not None else write_parameter(parameter, self.catalogue.samples.parameter(parameter))

    def parts(self, body: bytes | None = None, *, full: bool = False) -> Parts:
        """Return the parts of a valid request but for, maybe, its body; `full` with every optional parameter."""
        operation = self.operation
        headers: list[Header] = []
        if operation.security:
            headers.append((operation.security.header, operation.security.value(self.target.token)))
        if operation.body is not None and body is not None:
            headers.append(("Content-Type", operation.body.media_type))
        parts = Parts(self.path_values, headers=tuple(headers), body=body or b"")
        for parameter in operation.parameters:
            if parameter.place != "path" and (full or parameter.required or parameter.name in self.target.values):
                parts = parts.with_parameter(parameter, self.texts(parameter))
        return parts

    def request(self, body: bytes | None = None) -> Request:
        """Return a request that is valid but for, maybe, its body."""
        return self.parts(body).request(self.target, self.operation)

    def valid(self, command: Command | None = None) -> Request:
        """Return the usual request of a command, of the gentlest where none is named."""
        if self.operation.body is None:
            return self.request()
        return self.request(encode(self.value(command or self.gentlest)))

    def path(self, **values: str) -> str:
        """Return the operation's path at the target, some values replaced."""
        return self.target.prefix + self.operation.fill({**self.path_values, **values})

    def elsewhere(self) -> str | None:
        """Return the path of another resource of the same kind: the last value of the path replaced."""
        names = self.operation.path_names
        return self.path(**{names[-1]: f"another-{names[-1].replace('_', '-').removesuffix('-id')}"}) if names else None

    def baseline(self, command: Command) -> str:
        """Return the name of a command's control."""
        return f"{self.prefix}accepted/{command.name}/example"

    # -- classifying --------------------------------------------------------------------------------------------------

    def judge(self, request: Request) -> Judgement:
        """Judge a request from its final bytes; one for another path by its other parts."""
        target = request.target.removeprefix(self.target.prefix)
        return self.catalogue.oracle.judge(self.operation, target, request.headers, request.body, (self.target.token,))

    def role(self, role: str, pointer: str | None = None) -> Clause:
        """Return the clause of a role of the operation."""
        return self.ledger.needed(self.operation, role, pointer)

    def blame(self, judgement: Judgement) -> Clause:
        """Return the clause that a rejected request breaks."""
        breaches = [breach for breach in judgement.breaches if not breach.tolerable]
        first = breaches[0]
        if first.place == TOKEN:
            return self.role("token.required" if first.keyword == "required" else "token.valid")
        if first.place == CONTENT_TYPE:
            return self.role("media-type.required" if first.keyword == "required" else "media-type.range")
        if first.keyword in {"json", "utf-8"}:
            return self.ledger["http.malformed" if first.keyword == "json" else "http.malformed-utf-8"]
        if len(breaches) > 1 and {breach.keyword for breach in breaches} == {"required"} and judgement.command:
            whole = self.ledger.of_role(self.operation, "requirements", f"{judgement.command.pointer}/required")
            if whole:
                return whole
        found = self._advice(judgement, first) or self.ledger.of_breach(self.operation, first)
        if found is None:
            message = f"{self.operation.id} has no clause on {first.pointer}"
            raise KeyError(message)
        return found

    def _advice(self, judgement: Judgement, breach: Breach) -> Clause | None:
        """Return the advice that null is no value of an optional field, where that is the fault."""
        command, name = judgement.command, breach.field
        value = judgement.value
        if breach.keyword != "type" or command is None or not isinstance(value, dict) or name not in command.optional:
            return None
        if value.get(name, "") is not None:
            return None
        return self.ledger.of_role(self.operation, "field.null", command.fields[str(name)].site)

    def rejections(self, clause: Clause) -> tuple[int, ...]:
        """The statuses by which a server may reject what breaks a clause."""
        return clause.rejection or self.operation.rejection_statuses

    def classified(
        self,
        name: str,
        family: str,
        request: Request,
        *,
        equivalence: Clause | None = None,
        clause: Clause | None = None,
        **more: Any,
    ) -> Vector:
        """Add a vector whose expectation and clause follow from its final bytes.

        `equivalence` is the clause to blame when a valid form is rejected; `clause` overrides the one that is broken.
        """
        judgement = self.judge(request)
        if judgement.standing is Standing.REJECTED:
            broken = clause or self.blame(judgement)
            expected = Expected.REJECTED
            statuses = (*self.rejections(broken), *self._also_rejected(request))
            more.setdefault("twin", self.baseline(judgement.command or self.gentlest))
        else:
            broken = clause or equivalence or self.ledger["guard.no-server-error"]
            expected = Expected.ACCEPTED if judgement.standing is Standing.ACCEPTED else Expected.ANY
            expected = more.pop("expected", expected)
            statuses = self.rejections(broken)
        more.pop("expected", None)
        kind = more.pop("kind", name.rsplit("/", 1)[-1])
        return self.catalogue.add(
            Vector(
                self.prefix + name,
                family,
                kind,
                broken,
                expected,
                request,
                judgement,
                self.operation,
                statuses=statuses,
                **more,
            )
        )

    def _also_rejected(self, request: Request) -> tuple[int, ...]:
        """The statuses by which a server may reject what the contract leaves open around the fault of a request."""
        values = request.values("Content-Type")
        media = self.catalogue.oracle.content_type(self.operation, values).standing
        statuses = (
            self.rejections(self.role("media-type.range")) if media is Standing.OPEN and self.operation.body else ()
        )
        known = request.target.partition("?")[0] == self.path()
        return statuses if known else (*statuses, 400, 401, 403, 404, 405)

    def add_rejected(self, name: str, family: str, request: Request, key: str, twin: str) -> Vector:
        """Add a vector that a clause of the standards rejects where the contract's own oracle may be silent."""
        stated = self.ledger[key]
        return self.catalogue.add(
            Vector(
                self.prefix + name,
                family,
                name.rsplit("/", 1)[-1],
                stated,
                Expected.REJECTED,
                request,
                self.judge(request),
                self.operation,
                statuses=self.rejections(stated),
                twin=twin,
            )
        )

    def variant(self, vector: Vector, suffix: str, **changes: Any) -> Vector:
        """Add a copy of a vector that differs in how it is sent, explained by the original."""
        return self.catalogue.add(
            replace(
                vector, name=f"{vector.name}/{suffix}", kind=suffix, follows=(vector.name, *vector.follows), **changes
            )
        )

    def vector(self, name: str) -> Vector | None:
        """Return a vector of the operation by its name without the prefix."""
        return self.catalogue.vectors.get(self.prefix + name)

    def names(self, *names: str) -> tuple[str, ...]:
        """Return names with the prefix."""
        return tuple(self.prefix + name for name in names)

    @property
    def vectors(self) -> list[Vector]:
        """The operation's vectors, in the order they were added."""
        return [vector for vector in self.catalogue.vectors.values() if vector.operation is self.operation]

    def of(self, *families: str) -> list[Vector]:
        """Return the operation's vectors of some families, in the order they were added."""
        return [vector for vector in self.vectors if vector.family in families]
