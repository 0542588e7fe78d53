"""What a request to an operation of the contract is answered: token, fault, size, parameters, media type, body, state.

Nothing here waits: `begin` judges the head of a request, `finish` the rest. The parts that only some servers need are
loaded by the first request that needs them, since users wait for a server to start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from openapi_contract import Contract, Operation
from openapi_contract.ledger import Ledger
from openapi_contract.oracle import Oracle
from openapi_contract.samples import Samples
from secmaster_contract.mock.answers import Answer, Answers, Template, plain
from secmaster_contract.mock.errors import StateError
from secmaster_contract.mock.gate import Gate
from secmaster_contract.mock.instances import has_state, show_operation
from secmaster_contract.mock.request import Request
from secmaster_contract.mock.route import Match, Routes
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
    """The stand-in for a service and for the gateway in front of it."""

    def __init__(self, settings: MockSettings, contract: Contract, ledger: Ledger) -> None:
        """Set up the service.

        Raises:
            ContractError: No valid answer, or no valid request, can be made.
            StateError: The state file cannot be used, or the contract has no operation with a state.
        """
        self.settings, self.contract, self.ledger = settings, contract, ledger
        samples = Samples(contract, Oracle(contract))
        operations = list(contract.operations)
        self.kept = next((operation for operation in operations if has_state(operation)), None)
        added: Operation | None = None
        if self.kept and not any((one.path, one.method) == (self.kept.path, "GET") for one in operations):
            added = show_operation(self.kept)
            operations.append(added)
        self.doors: Mapping[str, Door] = {
            operation.id: Door(self, operation, samples, added=operation is added) for operation in operations
        }
        self.routes = Routes(self.doors.values())
        self.next_fault: Callable[[str], Fault | None] | None = None
        if settings.scenario is not None:
            from secmaster_contract.mock.scenario import Course  # noqa: PLC0415  see the top

            self.next_fault = Course(settings.scenario).next
        if settings.state is not None:
            if self.kept is None:
                raise StateError("no operation of this contract has a state that could be kept; leave the state out")
            _ = self.keeper

    @cached_property
    def keeper(self) -> Keeper:
        """The instances."""
        from secmaster_contract.mock.keeper import Keeper  # noqa: PLC0415  see the top

        return Keeper(self.settings)

    def close(self) -> None:
        """Let go of the state."""
        if self.settings.state is not None and self.keeper.store is not None:
            self.keeper.store.close()

    # -- what no operation answers ------------------------------------------------------------------------------------

    def unknown(self, match: Match | None, method: str) -> Template:
        """Return the answer to a method and path that the contract does not have: as its gateway, where it has one."""
        if self._no_such_api is not None:
            return self._no_such_api
        if match is None:
            return plain(404, "The contract has no such path.")
        allowed = ", ".join(sorted(match.doors))
        return plain(405, f"The path has no method {method}; it has {allowed}.", (b"allow", allowed.encode()))

    def malformed(self, sentence: str) -> Template:
        """Return the answer to what is no HTTP, in the words of an operation that documents a 400."""
        door = min(self.doors.values(), key=lambda door: door.operation.response(400) is None)
        return door.answers.rejection(sentence, 400)

    @cached_property
    def _no_such_api(self) -> Template | None:
        for door in self.doors.values():
            response = door.operation.responses.get("404")
            if response is not None and response.is_platform and response.examples:
                return door.answers.example(404)
        return None


class Door:
    """The way in to one operation: everything that is prepared for its requests."""

    def __init__(self, service: Service, operation: Operation, samples: Samples, *, added: bool = False) -> None:
        """Prepare an operation; `added` is one that stands in no contract.

        Raises:
            ContractError: No valid answer, or no valid request, can be made.
        """
        self.operation = operation
        self.added = added
        self.answers = Answers(operation, samples)
        self.answers.check()
        for command in operation.commands if operation.body else ():
            samples.body(operation, command)  # what no request can meet is told at the start, and not by the reference
        self.gate = Gate(operation, samples.oracle, service.ledger, self.answers, service.settings.tokens)
        self._service = service
        self._settings = service.settings
        self._success = self.answers.success
        kept, stateful = service.kept, service.settings.state is not None
        shows = kept is not None and (operation.path, operation.method) == (kept.path, "GET")
        self._handled = added or (stateful and (operation is kept or shows))

    def too_large(self) -> Template:
        """Return the answer to a body beyond the limit."""
        sentence = f"The body is longer than {self._settings.body_limit} bytes."
        return self.answers.example(413) if self.answers.has(413) else plain(413, sentence)

    def too_slow(self) -> Template:
        """Return the answer to a body that does not arrive."""
        seconds = self._settings.body_seconds
        sentence = f"Invalid parameter: the body did not arrive whole within {seconds:g} seconds."
        told = self.answers.rejection(sentence)
        return replace(told, headers=(*told.headers, (b"connection", b"close")))

    def begin(self, request: Request) -> Begun | Answer:
        """Judge the head of a request."""
        rejected = self.gate.reject_token(request.tokens, request.request_id)
        if rejected is not None:
            return rejected
        if request.length > self._settings.body_limit:
            return self.too_large().answer(request.request_id)
        if self.added or not (request.prefer or self._service.next_fault):
            return _UNTROUBLED
        return self._meet_fault(request)

    def _meet_fault(self, request: Request) -> Begun | Answer:
        from secmaster_contract.mock.prefer import BadPreferenceError, read  # noqa: PLC0415  see the top

        next_fault = self._service.next_fault
        scripted = next_fault(request.match.name or self.operation.id) if next_fault else None
        try:
            return Begun(read(request.prefer, self.answers) or scripted)
        except BadPreferenceError as error:
            return self.answers.rejection(f"{error}.").answer(request.request_id)

    def finish(self, request: Request, begun: Begun, body: bytes) -> Answer:
        """Judge the rest of a request and carry it out."""
        fault = begun.fault
        if fault is None:
            return self._carry_out(request, body)
        if not fault.executed and not fault.unsuccessful:
            return fault.dress(fault.answer(self.answers, request.request_id))
        answer = self._carry_out(request, body, execute=not fault.unsuccessful)
        if answer.status == self.operation.success_status and fault.replaces:
            answer = fault.answer(self.answers, request.request_id)
        return fault.dress(answer)

    def _carry_out(self, request: Request, body: bytes, *, execute: bool = True) -> Answer:
        rejected = self.gate.reject_parameters(request) or self.gate.reject_label(request, body)
        admitted = rejected or self.gate.admit(body)
        if isinstance(admitted, Template):
            return admitted.answer(request.request_id)
        if execute and self._handled:
            answer = self._service.keeper.handle(self, request, admitted.command, body)
            if answer is not None:
                return answer
        return self._success.answer(request.request_id)
