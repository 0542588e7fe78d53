"""The catalogue: every vector for one target, derived from the contract and classified from its final bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from secmaster_contract.harness.ledger import Clause, Ledger, Level
from secmaster_contract.harness.oracle import Breach, Judgement, Oracle, Standing
from secmaster_contract.harness.request import Header, Request
from secmaster_contract.harness.spec import Command, Spec
from secmaster_contract.harness.target import Target
from secmaster_contract.harness.vectors import Due, Vector


def encode(value: Any) -> bytes:
    """Write a value as JSON in the usual way of clients; a lone surrogate, which UTF-8 cannot hold, as its escape."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


class Catalogue:
    """Builds vectors for a target and keeps them by name."""

    def __init__(self, target: Target, spec: Spec, ledger: Ledger, oracle: Oracle) -> None:
        self.target = target
        self.spec = spec
        self.ledger = ledger
        self.oracle = oracle
        self.vectors: dict[str, Vector] = {}

    def value(self, command: Command) -> dict[str, Any]:
        """Return a valid body of a command: the YAML's example, with the target's own node and parameter if it has any.

        Only documented properties that the example carries are in it.
        """
        value = self.spec.example(command)
        for name, own in (("task_id", self.target.task_id), ("input_dataobject", self.target.input_dataobject)):
            if own is not None and name in value:
                value[name] = own
        return value

    def full(self, command: Command) -> dict[str, Any]:
        """Return a valid body of a command with every documented property."""
        donors = [self.value(other) for other in self.spec.commands]
        pool = {name: item for donor in donors for name, item in donor.items()}
        return {name: pool[name] for name in command.properties} | {self.spec.discriminator: command.selector}

    def headers(self) -> tuple[Header, ...]:
        """The headers of a valid request."""
        return ((self.spec.token_header, self.target.token), ("Content-Type", self.spec.media_type))

    def request(self, body: bytes) -> Request:
        """Return a request that is valid but for, maybe, its body."""
        return Request(self.spec.method, self.target.path(self.spec), self.headers(), body)

    def valid(self, command: Command | None = None) -> Request:
        """Return the usual request of a command, of the retry command where none is named."""
        return self.request(encode(self.value(command or self.spec.commands[1])))

    def baseline(self, command: Command) -> str:
        """Return the name of a command's valid twin."""
        return f"taken/{command.name}/example"

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

    def judge(self, request: Request) -> Judgement:
        """Judge a request on the operation's own path from its final bytes: token, then Content-Type, then body."""
        worst: Judgement | None = None
        parts: tuple[Callable[[], Judgement], ...] = (
            lambda: self.oracle.judge_token(request.values(self.spec.token_header), (self.target.token,)),
            lambda: self.oracle.judge_content_type(request.values("Content-Type")),
            lambda: self.oracle.judge_body(request.body),
        )
        judged = [part() for part in parts]
        for judgement in judged:
            if judgement.standing is Standing.REFUSED:
                return judgement
            if judgement.standing is Standing.OPEN:
                worst = worst or judgement
        return worst or judged[-1]

    def blame(self, judgement: Judgement) -> Clause:
        """Return the clause that a refused request breaks."""
        breaches = [breach for breach in judgement.breaches if not breach.tolerable]
        first = breaches[0]
        if first.part == "token":
            key = "mandatory" if first.keyword == "required" else "user-token"
            return self.ledger[f"headers.x-auth-token.{key}"]
        if first.part == "content-type":
            return self.ledger[f"headers.content-type.{'mandatory' if first.keyword == 'required' else 'range'}"]
        if first.keyword == "json":
            return self.ledger["http.malformed-utf-8" if "UTF-8" in first.message else "http.malformed"]
        parents = {breach.pointer.rpartition("/")[0] for breach in breaches}
        if len(breaches) > 1 and len(parents) == 1 and {breach.keyword for breach in breaches} == {"required"}:
            return self.ledger.clause_for(parents.pop())
        if self._is_optional_null(judgement, first):
            return self._advice(first.pointer)
        return self.ledger.clause_for(first.pointer)

    def _is_optional_null(self, judgement: Judgement, breach: Breach) -> bool:
        command, name = judgement.command, breach.field
        return (
            breach.keyword == "type"
            and command is not None
            and name in command.optional
            and judgement.value.get(name, "") is None
        )

    def _advice(self, pointer: str) -> Clause:
        for clause in self.ledger.testable.values():
            if clause.level is Level.SHOULD and pointer in clause.pointers:
                return clause
        return self.ledger["body.optional-null"]

    def classified(
        self,
        name: str,
        family: str,
        request: Request,
        *,
        equivalence: Clause | str | None = None,
        clause: str | None = None,
        **more: Any,
    ) -> Vector:
        """Add a vector whose due and clause follow from its final bytes.

        `equivalence` is the clause to blame when a valid form is refused; `clause` overrides the one that is broken.
        """
        judgement = self.judge(request)
        if judgement.standing is Standing.REFUSED:
            broken = self.ledger[clause] if clause else self.blame(judgement)
            due, statuses = Due.REFUSED, (*self.ledger.refusals(broken), *self._also_refused(request))
            command = judgement.command or self.spec.commands[1]
            more.setdefault("twin", self.baseline(command))
        else:
            stated = clause or equivalence or "guard.no-server-error"
            broken = stated if isinstance(stated, Clause) else self.ledger[stated]
            due = Due.TAKEN if judgement.standing is Standing.ACCEPTED else Due.ANY
            due = more.pop("due", due)
            statuses = self.ledger.refusals(broken)
        more.pop("due", None)
        kind = more.pop("kind", name.rsplit("/", 1)[-1])
        return self.add(Vector(name, family, kind, broken, due, request, judgement, statuses=statuses, **more))

    def _also_refused(self, request: Request) -> tuple[int, ...]:
        """The statuses by which a server may refuse what the contract leaves open around the fault of a request."""
        media = self.oracle.judge_content_type(request.values("Content-Type")).standing
        statuses = self.ledger.refusals(self.ledger["headers.content-type.range"]) if media is Standing.OPEN else ()
        known = request.target.partition("?")[0] == self.target.path(self.spec)
        return statuses if known else (*statuses, *self.ledger.refusals(self.ledger["uri.instance-id.mandatory"]))

    def add_refused(self, name: str, family: str, request: Request, clause: str, twin: str, *, kind: str) -> Vector:
        """Add a vector that a clause of the standards refuses where the contract's own oracle may be silent."""
        stated = self.ledger[clause]
        return self.add(
            Vector(
                name,
                family,
                kind,
                stated,
                Due.REFUSED,
                request,
                self.judge(request),
                statuses=self.ledger.refusals(stated),
                twin=twin,
            )
        )

    def of(self, *families: str) -> list[Vector]:
        """Return the vectors of some families, in the order they were added."""
        return [vector for vector in self.vectors.values() if vector.family in families]

    def variant(self, vector: Vector, suffix: str, **changes: Any) -> Vector:
        """Add a copy of a vector that differs in how it is sent, explained by the original."""
        return self.add(
            replace(
                vector,
                name=f"{vector.name}/{suffix}",
                kind=suffix,
                follows=(vector.name, *vector.follows),
                **changes,
            )
        )
