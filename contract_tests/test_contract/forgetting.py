"""Servers that forget one rule of a contract: mocks whose oracle, or whose answer, breaks just this one."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from openapi_contract import Contract, Operation, Response
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Breach, Headers, Judgement, Oracle, judgement, write_parameter
from openapi_contract.rules import ITEM, VALUE, Rule, Rules, group_of_answer
from openapi_contract.samples import Samples
from secmaster_contract.mock.answers import Answers, Template
from secmaster_contract.mock.server import Running
from test_contract.breaking import replaced
from test_contract.chain import mock_of


@dataclass(frozen=True)
class Case:
    """One rule of an operation of a contract, and the answer that it is about where it is no rule of a request."""

    file: str
    ledger: Ledger
    operation: Operation
    rule: Rule
    response: Response | None = None

    @property
    def key(self) -> str:
        """The key of the clause on the rule."""
        return self.ledger.of_rule(self.operation, self.rule).key

    @property
    def id(self) -> str:
        """The name of a test's case."""
        return f"{self.file}-{self.key}-{self.rule.place}.{self.rule.key}"


def cases_of_requests(file: str, ledger: Ledger) -> Iterator[Case]:
    """Yield the rules of a contract's requests that a server can forget: it cannot serve a path without its values."""
    rules = Rules(ledger.contract.document)
    for operation in ledger.contract.operations:
        for rule in rules.of_request(operation):
            if not rule.is_nested and (rule.place, rule.keyword) != ("path", "required"):
                yield Case(file, ledger, operation, rule)


def cases_of_answers(file: str, ledger: Ledger) -> Iterator[Case]:
    """Yield the rules of a contract's answers to accepted and to faulty requests."""
    rules = Rules(ledger.contract.document)
    for operation in ledger.contract.operations:
        for response in filter(None, (operation.success, operation.rejection)):
            for rule in rules.of_response(operation, response):
                if not rule.is_nested:
                    yield Case(file, ledger, operation, rule, response)


def leads(steps: Sequence[str], path: Sequence[str | int]) -> bool:
    """Whether the steps of a rule lead to a place in a value."""
    return len(steps) == len(path) and all(
        step in (VALUE, at) or (step == ITEM and isinstance(at, int)) for step, at in zip(steps, path, strict=True)
    )


class Forgetful(Oracle):
    """Judges requests as the contract does, but for one rule of one operation."""

    def __init__(self, contract: Contract, case: Case) -> None:
        super().__init__(contract)
        self.case = case

    def path_values(self, operation: Operation, texts: Any) -> Judgement:
        """Judge the values of a path."""
        return self._without(operation, super().path_values(operation, texts))

    def query(self, operation: Operation, query: str) -> Judgement:
        """Judge a query."""
        return self._without(operation, super().query(operation, query))

    def headers(self, operation: Operation, headers: Headers) -> Judgement:
        """Judge headers and cookies."""
        return self._without(operation, super().headers(operation, headers))

    def body(self, operation: Operation, data: bytes) -> Judgement:
        """Judge a body."""
        return self._without(operation, super().body(operation, data))

    def _without(self, operation: Operation, judged: Judgement) -> Judgement:
        if operation.id != self.case.operation.id:
            return judged
        kept = [breach for breach in judged.breaches if not self._is_forgotten(breach)]
        if len(kept) == len(judged.breaches):
            return judged
        return judgement(kept, judged.unclear, judged.value, judged.command or operation.commands[0])

    def _is_forgotten(self, breach: Breach) -> bool:
        rule = self.case.rule
        return (breach.place, breach.pointer) == (rule.place, rule.reported) and leads(rule.steps, breach.path)


@contextmanager
def forgetting(case: Case) -> Generator[Running]:
    """Serve a mock that lets through what breaks a rule of its requests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secmaster_contract.mock.service.Oracle", lambda contract: Forgetful(contract, case))
        with mock_of(case.ledger) as server:
            yield server


@contextmanager
def answering(case: Case, headers: Iterable[tuple[str, list[str]]], body: Any) -> Generator[Running]:
    """Serve a mock that gives the answer of a case with these headers and this body."""
    response = case.response
    assert response is not None
    status = response.status or 400
    lines = tuple((name.lower().encode(), ",".join(texts).encode()) for name, texts in headers)
    media_type = str(response.media_type).encode() if response.schema_pointer else None
    content = json.dumps(body).encode() if response.schema_pointer else b""
    template = Template(status, content, None, lines, media_type)
    usual = Answers._template

    def faulty(self: Answers, given: Response, *rest: Any) -> Template:
        mine = self.operation.id == case.operation.id and given is response
        return template if mine else usual(self, given, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Answers, "_template", faulty)
        with mock_of(case.ledger) as server:
            yield server


def faulty_answer(case: Case) -> tuple[list[tuple[str, list[str]]], Any] | None:
    """Return headers and a body of which the body, or one header, breaks the rule of a case alone; None without one."""
    contract, response = case.ledger.contract, case.response
    assert response is not None
    oracle = Oracle(contract)
    samples = Samples(contract, oracle)
    valid = {name: write_parameter(header, samples.parameter(header)) for name, header in response.headers.items()}
    for name, header in response.headers.items():
        if case.rule.steps[:1] == (name,) and case.rule.pointer.startswith(header.pointer):
            if case.rule.keyword == "required":
                return [(own, texts) for own, texts in valid.items() if own != name], _body(samples, response)
            for value in replaced({name: samples.parameter(header)}, case.rule.steps, case.rule):
                texts = write_parameter(header, value[name])
                if {breach.pointer for breach in oracle._parameter(header, texts)} == {case.rule.reported}:
                    return list({**valid, name: texts}.items()), _body(samples, response)
            return None
    place = group_of_answer(case.operation, response)
    for value in replaced(_body(samples, response), case.rule.steps, case.rule):
        found = list(oracle.breaches(str(response.schema_pointer), value, place))
        if {breach.pointer for breach in found} == {case.rule.reported} and all(
            leads(case.rule.steps, breach.path) for breach in found
        ):
            return list(valid.items()), value
    return None


def _body(samples: Samples, response: Response) -> Any:
    return samples.value(response.schema_pointer, full=True) if response.schema_pointer else None
