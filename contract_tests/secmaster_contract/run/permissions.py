"""What may be sent where harm is possible, decided from the final bytes of each request.

On a live system a request goes out if a correct server rejects it, if its method is a safe one, or if the user allowed
its command for the resource that it is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import unquote

from openapi_contract.operations import Operation
from openapi_contract.oracle import Standing
from secmaster_contract.judge.outcome import Outcomes
from secmaster_contract.judge.reading import Reader
from secmaster_contract.run.gate import LIVE_LIMITS, Limits
from secmaster_contract.run.spelling import given
from secmaster_contract.run.target import Target
from secmaster_contract.vectors.catalogue import Catalogue, Scope
from secmaster_contract.vectors.doors import fits
from secmaster_contract.vectors.vector import Expected, Vector
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import Request

SENTINEL = "00000000-0000-0000-0000-000000000000"
_FEW_TOKENS = ("absent", "wrong")  # the invalid tokens that a live system is asked with; the others flood its gateway


@dataclass(frozen=True)
class Permissions:
    """What the user lets a run do; without a word of theirs, nothing that a correct server would carry out.

    `live` is true where harm is possible; `allowed` are the commands, by label, that may be carried out, None for all;
    `instances` is for each command the value of the path's last parameter, where one is named.
    """

    live: bool = True
    allowed: frozenset[str] | None = frozenset()
    instances: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def for_target(
        cls,
        target: Target,
        *,
        live: bool | None = None,
        allowed: frozenset[str] | None = None,
        instances: Mapping[str, str] | None = None,
    ) -> Permissions:
        """Return what a run may do at a target: the only place that decides it.

        On this machine it may do all, elsewhere nothing, unless `live` says whether harm is possible there and
        `allowed` names the commands that may be carried out.
        """
        live = not target.is_loopback if live is None else live
        return cls(live, allowed or frozenset() if live else allowed, instances or {})

    @property
    def sentinel(self) -> str | None:
        """What acting requests are addressed to: on a live system a resource that does not exist."""
        return SENTINEL if self.live else None

    def limits(self, target: Target) -> Limits:
        """Return what a run may cost its server where nobody says otherwise."""
        return replace(LIVE_LIMITS, patience=target.patience) if self.live else Limits()


class Safety:
    """Decides what is sent, and sees harm when it shows."""

    def __init__(self, catalogue: Catalogue, permissions: Permissions) -> None:
        self.catalogue = catalogue
        self.permissions = permissions
        self._outcomes = Outcomes(catalogue.contract)
        for name, vector in catalogue.vectors.items():
            catalogue.vectors[name] = self._readdressed(vector)

    # -- commands -----------------------------------------------------------------------------------------------------

    def command_of(self, vector: Vector) -> str | None:
        """Return the label of the command that a vector or its control is about."""
        twin = self.catalogue.vectors.get(vector.twin or "")
        command = vector.operation.command(vector.command or (twin.command if twin else None))
        return command.label if command else None

    def _may(self, label: str | None) -> bool:
        allowed = self.permissions.allowed
        return allowed is None or (label in allowed if label else False)

    def _path(self, scope: Scope, instance: str) -> str:
        names = scope.operation.path_names
        given = {name: value for name, value in self.catalogue.target.values.items() if name in names}
        return scope.path(**given | {names[-1]: instance}) if names else scope.path()

    def _readdressed(self, vector: Vector) -> Vector:
        """Send what is about a command to that command's resource."""
        label = self.command_of(vector)
        if label is None or label not in self.permissions.instances or not self._may(label):
            return vector
        scope = self.catalogue.scope(vector.operation)
        home, path = scope.path(), self._path(scope, self.permissions.instances[label])
        if self.permissions.live and self._may_be_read_as_another(vector, label):
            return replace(vector, apart=True)

        def there(request: Request) -> Request:
            at_home = request.target.partition("?")[0] == home
            return replace(request, target=path + request.target[len(home) :]) if at_home else request

        return replace(
            vector,
            request=there(vector.request),
            before=tuple(map(there, vector.before)),
            beside=tuple(map(there, vector.beside)),
        )

    def _may_be_read_as_another(self, vector: Vector, label: str) -> bool:
        """Whether a server that is too kind may read another command into a vector than the one that is allowed there.

        Many readers take a number for a member of an enumeration, and nothing for its first. A vector is safe where its
        body selects its command or names that one alone, in the place for it if it is an object; or where all are
        allowed.
        """
        operation, named = vector.operation, self.permissions.instances
        if all(self._may(own.label) and named.get(own.label) == named[label] for own in operation.commands):
            return _is_undocumented(vector)
        selector = operation.body.discriminator if operation.body else None
        if selector is None:
            return False
        value = vector.judgement.value
        place = repr(value.get(selector)) if isinstance(value, dict) else repr(vector.request.body)
        told = {own.label for own in operation.commands if str(own.selector) in place}
        return told != {label}

    @cached_property
    def _named_paths(self) -> frozenset[str]:
        """The paths of the resources that may be acted on."""
        named = self.permissions.instances
        return frozenset(
            self._path(scope, named[command.label])
            for scope in self.catalogue.scopes
            for command in scope.operation.commands
            if command.label in named and self._may(command.label)
        )

    # -- deciding -----------------------------------------------------------------------------------------------------

    def must_reject(self, vector: Vector) -> bool:
        """Whether a correct server carries nothing out for a vector, by the final bytes of all that it sends."""
        rejected = vector.expected is Expected.REJECTED and vector.judgement.standing is Standing.REJECTED
        return rejected and not vector.before and not vector.beside

    def withheld(self, vector: Vector) -> str | None:
        """Say why a vector is not sent, None where it is."""
        requests = (vector.request, *vector.before, *vector.beside)
        if not self.permissions.live:
            return next(filter(None, map(self._forbidden_here, requests)), None)
        operation, token = vector.operation, self.catalogue.target.token
        if vector.family == "door" or any(request.method != operation.method for request in requests):
            return "a live system is asked on the operation's own path and method alone"
        if token and any(token in request.target for request in requests):
            return "the server's logs would keep the token"
        about_token = vector.clause.role.startswith("token.") or vector.family == "authentication-first"
        if about_token and (vector.family != "token" or vector.kind not in _FEW_TOKENS):
            return "a live system's gateway is not flooded with invalid tokens"
        return None if operation.reads else self._withheld_act(vector, requests)

    def _withheld_act(self, vector: Vector, requests: tuple[Request, ...]) -> str | None:
        """Say why a vector of an operation that acts is not sent to a live system."""
        operation, label = vector.operation, self.command_of(vector)
        if vector.apart and _is_undocumented(vector):
            return "the server may know this command, though the contract does not"
        if self.must_reject(vector):
            at, _, query = vector.request.target.partition("?")
            if not _is_documented(operation, query):
                return "a live system is asked with documented parameters alone"
            known = at == self.catalogue.scope(operation).path() or at in self._named_paths
            return None if known else self._elsewhere(operation, label)
        if not label or not self._may(label):
            return f"it may carry out {label or 'a command'}; see --allow"
        if any(request.target.partition("?")[0] not in self._named_paths for request in requests):
            return self._elsewhere(operation, label)
        return None

    @staticmethod
    def _elsewhere(operation: Operation, label: str | None) -> str:
        names = operation.path_names
        return f"it is for another path than {given(names[-1], 'ID', label) if names else 'the operation'} names"

    def _forbidden_here(self, request: Request) -> str | None:
        """Say which command a server that need not be spared may carry out for a request, though it is not allowed."""
        if self.permissions.allowed is None:
            return None
        scope = self._scope_of(request)
        if scope is None or scope.operation.reads:
            return None if scope and request.method == scope.operation.method else "it may be another act; see --allow"
        judgement = scope.judge(request)
        label = judgement.command.label if judgement.command else None
        if judgement.standing is Standing.REJECTED or self._may(label):
            return None
        return f"it may carry out {label or 'a command'}, which is not allowed; see --allow"

    def _scope_of(self, request: Request) -> Scope | None:
        """Return the operation whose path and method a request has; else one of the path, whose method it may mean."""
        path = request.target.partition("?")[0].removeprefix(self.catalogue.target.prefix)
        there = [scope for scope in self.catalogue.scopes if fits(scope.operation, path)]
        own = [scope for scope in there if scope.operation.method == request.method]
        return next(iter((*own, *there, *self.catalogue.scopes)), None)

    def control_vector(self, operation: Operation) -> Vector:
        """Return a vector with the valid token that a correct server answers without carrying anything out."""
        scope = self.catalogue.scope(operation)
        if operation.reads:
            return self.catalogue.vectors[scope.baseline(scope.gentlest)]
        unknown = scope.vector("unknown-command/unknown")
        faults = (
            vector
            for vector in scope.of("mandatory", "type", "limits", "parameter", "malformed")
            if self.must_reject(vector)
        )
        return unknown or next(faults, self.catalogue.vectors[scope.baseline(scope.gentlest)])

    @property
    def control(self) -> Vector:
        """The control of the operation that is asked first: one that reads, if there is one."""
        scopes = sorted(self.catalogue.scopes, key=lambda scope: not scope.operation.reads)
        return self.control_vector(scopes[0].operation)

    @cached_property
    def _list(self) -> frozenset[Request]:
        sent = (vector for vector in self.catalogue.vectors.values() if self.withheld(vector) is None)
        requests = (request for vector in sent for request in (vector.request, *vector.before, *vector.beside))
        return frozenset(requests)

    def forbidden(self, request: Request) -> str | None:
        """Say why a request may not go to the server, None where it may."""
        if not self.permissions.live:
            return self._forbidden_here(request)
        return None if request in self._list else "it is not among the requests that this run may send to a live system"

    def harm(self, exchange: Exchange) -> str | None:
        """Say what a live server has carried out though it had to reject it."""
        request = exchange.request
        if not self.permissions.live or request.target.partition("?")[0] in self._named_paths:
            return None
        if exchange.status is None or not 200 <= exchange.status < 300:
            return None
        scope = self._scope_of(request)
        if scope and (scope.operation.reads or self._outcomes.says_failed(scope.operation, Reader.parse(exchange))):
            return None
        return (
            "the run was stopped at once: the server accepted a request that it must reject, outside the instances "
            f"that may be acted on ({request.method} {request.target} was answered with {exchange.status})"
        )

    def needs(self, vector: Vector) -> str | None:
        """Return the command whose permission would let a vector show something, None where none would."""
        label = self.command_of(vector)
        if vector.apart:
            return next((own.label for own in vector.operation.commands if not self._may(own.label)), None)
        reason = self.withheld(vector)
        if not self.permissions.live or vector.operation.reads or label is None or self._may(label):
            return None
        return label if reason is None or "--allow" in reason else None


def _is_documented(operation: Operation, query: str) -> bool:
    """Whether a query names parameters of an operation alone; others may mean something that nobody foresaw."""
    names = {parameter.name for parameter in operation.parameters_in("query")}
    return all(unquote(pair.partition("=")[0]) in names for pair in query.split("&") if pair)


def _is_undocumented(vector: Vector) -> bool:
    """Whether a vector asks for a command that the contract does not know and the server may."""
    return vector.kind.startswith("sibling-")
