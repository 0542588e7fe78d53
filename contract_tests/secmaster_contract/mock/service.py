"""
What a request to the contract's path is answered: route, token, fault, size, media type, JSON, contract, state.

Nothing here waits: `begin` judges the head of a request, `finish` its body. The parts that only some servers need are
loaded by the first request that needs them, since users wait for a server to start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from openapi_contract.oracle import Oracle, load_oracle
from secmaster_contract.mock import codes
from secmaster_contract.mock.answers import Answer, Answers
from secmaster_contract.mock.gate import Gate
from secmaster_contract.mock.request import Request
from secmaster_contract.mock.route import Route
from secmaster_contract.mock.settings import MockSettings

if TYPE_CHECKING:
    from secmaster_contract.mock.faults import Fault
    from secmaster_contract.mock.keeper import Keeper


@dataclass(frozen=True)
class Begun:
    """A request whose head was let in, and the fault that it meets."""

    fault: Fault | None = None


_UNTROUBLED = Begun()


class Service:
    """The stand-in for the service and for the gateway in front of it."""

    def __init__(self, settings: MockSettings, oracle: Oracle | None = None) -> None:
        """
        Set up the service.

        Raises:
            StateError: The state file cannot be used.
        """
        oracle = oracle or load_oracle()
        self.spec = oracle.spec
        self.settings = settings
        self.answers = Answers(oracle.spec)
        self.route = Route(oracle.spec)
        self.gate = Gate(oracle, self.answers, settings.tokens)
        self.token_header = oracle.spec.token_header.lower().encode()
        self._methods = frozenset({oracle.spec.method, "GET"})
        self.next_fault: Callable[[str], Fault | None] | None = None
        if settings.scenario is not None:
            from secmaster_contract.mock.scenario import Course  # noqa: PLC0415  see the top

            self.next_fault = Course(settings.scenario).next
        if settings.state is not None:
            _ = self.keeper

    @cached_property
    def keeper(self) -> Keeper:
        """The instances."""
        from secmaster_contract.mock.keeper import Keeper  # noqa: PLC0415  see the top

        return Keeper(self.settings, self.answers)

    def serves(self, method: str) -> bool:
        """Say whether the contract's path takes a method; GET is platform knowledge."""
        return method in self._methods

    def no_such_api(self, request_id: bytes) -> Answer:
        """Return the gateway's answer to a method and path that it does not know."""
        return self.answers.template(404, "no-such-api").answer(request_id)

    def too_large(self, request_id: bytes) -> Answer:
        """Return the gateway's answer to a body beyond its limit."""
        return self.answers.template(413, "too-large").answer(request_id)

    def too_slow(self) -> Answer:
        """Return the answer to a body that does not arrive."""
        seconds = self.settings.body_seconds
        sentence = f"Invalid parameter: the body did not arrive whole within {seconds:g} seconds."
        return replace(self.answers.refusal(codes.INVALID_PARAMETER, sentence), headers=((b"connection", b"close"),))

    def begin(self, request: Request) -> Begun | Answer:
        """Judge the head of a request."""
        refusal = self.gate.refuse_token(request.tokens, request.request_id)
        if refusal is not None:
            return refusal
        if request.length > self.settings.body_limit:
            return self.too_large(request.request_id)
        if request.method != self.spec.method or not (request.prefer or self.next_fault):
            return _UNTROUBLED
        return self._meet_fault(request)

    def _meet_fault(self, request: Request) -> Begun | Answer:
        from secmaster_contract.mock.prefer import BadPreferenceError, read  # noqa: PLC0415  see the top

        instance_id = request.match.parameters[self.spec.path_parameters[-1]]
        scripted = self.next_fault(instance_id) if self.next_fault else None
        try:
            return Begun(read(request.prefer, self.answers) or scripted)
        except BadPreferenceError as error:
            return self.answers.refusal(codes.INVALID_PARAMETER, f"{error}.")

    def finish(self, request: Request, begun: Begun, body: bytes) -> Answer:
        """Judge the body of a request and carry its command out."""
        fault = begun.fault
        if request.method != self.spec.method:
            refusal = self.gate.refuse_path(request)
            return refusal or self.keeper.show(self._key(request), request.request_id)
        if fault is None:
            return self._command(request, body)
        if fault.executed or fault.unsuccessful:
            answer = self._command(request, body, execute=not fault.unsuccessful)
            if answer.status == self.spec.success_status:
                answer = fault.answer(self.answers, request.request_id) or answer
        else:
            answer = fault.answer(self.answers, request.request_id) or self.no_such_api(request.request_id)
        return fault.dress(answer)

    def _command(self, request: Request, body: bytes, *, execute: bool = True) -> Answer:
        refusal = self.gate.refuse_path(request) or self.gate.refuse_label(request)
        if refusal is not None:
            return refusal
        admitted = self.gate.admit(body)
        if isinstance(admitted, Answer):
            return admitted
        if execute and self.settings.state is not None:
            refusal = self.keeper.refuse(self._key(request), admitted.command.name, body, request.request_id)
        return refusal or self.answers.success.answer(request.request_id)

    def _key(self, request: Request) -> tuple[str, str, str]:
        project, workspace, instance = (request.match.parameters[name] for name in self.spec.path_parameters)
        return project, workspace, instance

    def close(self) -> None:
        """Let go of the state."""
        if self.settings.state is not None and self.keeper.store is not None:
            self.keeper.store.close()
