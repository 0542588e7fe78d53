"""What may be sent to a live system: by construction, nothing that a correct server would carry out.

Every request of such a run is on a list that is built beforehand from the oracle's judgement of its final bytes: on
the operation's own path and method, and either one that a correct server refuses, for an instance that does not exist,
or one whose command and instance the user has named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from secmaster_contract.harness.catalogue import Catalogue
from secmaster_contract.harness.exchange import Exchange
from secmaster_contract.harness.gate import LIVE_LIMITS, Limits
from secmaster_contract.harness.oracle import Standing
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.target import Target
from secmaster_contract.harness.vectors import Due, Vector

SENTINEL = "00000000-0000-0000-0000-000000000000"
_FEW_TOKENS = ("absent", "wrong")  # the invalid tokens that a live system is asked with; the others flood its gateway


@dataclass(frozen=True)
class Permissions:
    """What the user lets a run do; without a word of theirs, nothing that a correct server would carry out.

    `live` is true where harm is possible; `allowed` are the commands, in short, that may be carried out, None for all;
    `instances` is the instance of each command, where one is named.
    """

    live: bool = True
    allowed: frozenset[str] | None = frozenset()
    instances: Mapping[str, str] = field(default_factory=dict)

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

    def home(self, target: Target) -> Target:
        """Return a target as a run addresses it: a live one at an instance that does not exist."""
        identifiers = {**target.identifiers, "instance_id": SENTINEL}
        return replace(target, identifiers=identifiers) if self.live else target

    def limits(self, target: Target) -> Limits:
        """Return what a run may cost its server where nobody says otherwise."""
        return replace(LIVE_LIMITS, patience=target.patience) if self.live else Limits()


class Safety:
    """Decides what is sent, and sees harm when it shows."""

    def __init__(self, catalogue: Catalogue, permissions: Permissions) -> None:
        self.catalogue = catalogue
        self.permissions = permissions
        self._home = catalogue.target.path(catalogue.spec)
        for name, vector in catalogue.vectors.items():
            catalogue.vectors[name] = self._readdressed(vector)

    def command_of(self, vector: Vector) -> str | None:
        """Return the command, in short, that a vector or its valid twin is about."""
        twin = self.catalogue.vectors.get(vector.twin or "")
        name = vector.command or (twin.command if twin else None)
        return self.catalogue.spec.short_names.get(name or "")

    def _may(self, command: str | None) -> bool:
        allowed = self.permissions.allowed
        return allowed is None or (command in allowed if command else False)

    def _path(self, instance: str) -> str:
        return self.catalogue.target.path(self.catalogue.spec, instance_id=instance)

    def _readdressed(self, vector: Vector) -> Vector:
        """Send what is about a command to that command's instance."""
        command = self.command_of(vector)
        if command is None or command not in self.permissions.instances or not self._may(command):
            return vector
        path = self._path(self.permissions.instances[command])
        if self.permissions.live and self._may_be_read_as_another(vector, command):
            return replace(vector, apart=True)

        def there(request: Request) -> Request:
            at_home = request.target.partition("?")[0] == self._home
            return replace(request, target=path + request.target[len(self._home) :]) if at_home else request

        return replace(
            vector,
            request=there(vector.request),
            before=tuple(map(there, vector.before)),
            beside=tuple(map(there, vector.beside)),
        )

    def _may_be_read_as_another(self, vector: Vector, command: str) -> bool:
        """Whether a server that is too kind may read another command into a vector than the one that is allowed there.

        Many readers take a number for a member of an enumeration, and nothing for its first. A vector is safe where its
        body selects its command or names that one alone, in the place for it if it is an object; or where all are
        allowed.
        """
        spec, named = self.catalogue.spec, self.permissions.instances
        if all(self._may(other) and named.get(other) == named[command] for other in spec.short_names.values()):
            return _is_undocumented(vector)
        value = vector.judgement.value
        place = repr(value.get(spec.discriminator)) if isinstance(value, dict) else repr(vector.request.body)
        told = {spec.short_names[other.name] for other in spec.commands if other.selector in place}
        return told != {command}

    @cached_property
    def _named_paths(self) -> frozenset[str]:
        """The paths of the instances that may be acted on."""
        instances = self.permissions.instances
        return frozenset(self._path(instance) for command, instance in instances.items() if self._may(command))

    def must_refuse(self, vector: Vector) -> bool:
        """Whether a correct server carries nothing out for a vector, by the final bytes of all that it sends."""
        refused = vector.due is Due.REFUSED and vector.judgement.standing is Standing.REFUSED
        return refused and not vector.before and not vector.beside

    def withheld(self, vector: Vector) -> str | None:
        """Say why a vector is not sent, None where it is."""
        requests = (vector.request, *vector.before, *vector.beside)
        if not self.permissions.live:
            return next(filter(None, map(self._forbidden_here, requests)), None)
        operation = self.catalogue.spec.method
        token = self.catalogue.target.token
        if vector.family == "door" or any(request.method != operation for request in requests):
            return "a live system is asked on the operation's own path and method alone"
        if any(token in request.target for request in requests):
            return "the server's logs would keep the token"
        about_token = vector.clause.key.startswith("headers.x-auth-token") or vector.family == "authentication-first"
        if about_token and (vector.family != "token" or vector.kind not in _FEW_TOKENS):
            return "a live system's gateway is not flooded with invalid tokens"
        command = self.command_of(vector)
        if vector.apart and _is_undocumented(vector):
            return "the server may know this command, though the page does not"
        if self.must_refuse(vector):
            at = vector.request.target
            return None if at == self._home or at in self._named_paths else self._elsewhere(command)
        if not command or not self._may(command):
            return f"it may carry out {command or 'a command'}; see --allow"
        if any(request.target.partition("?")[0] not in self._named_paths for request in requests):
            return self._elsewhere(command)
        return None

    def _elsewhere(self, command: str | None) -> str:
        return f"it is for an instance that --instance-id does not name for {command or 'any command'}"

    def _forbidden_here(self, request: Request) -> str | None:
        """Say which command a server that need not be spared may carry out for a request, though it is not allowed."""
        if self.permissions.allowed is None:
            return None
        judgement = self.catalogue.judge(request)
        command = self.catalogue.spec.short_names.get(judgement.command.name if judgement.command else "")
        if judgement.standing is Standing.REFUSED or self._may(command):
            return None
        return f"it may carry out {command or 'a command'}, which is not allowed; see --allow"

    @property
    def control_vector(self) -> Vector:
        """A vector with the valid token that a correct server refuses for its body."""
        return self.catalogue.vectors["unknown-command/unknown"]

    @property
    def control(self) -> Request:
        """Its request."""
        return self.control_vector.request

    @cached_property
    def _list(self) -> frozenset[Request]:
        sent = (vector for vector in self.catalogue.vectors.values() if self.withheld(vector) is None)
        requests = (request for vector in sent for request in (vector.request, *vector.before, *vector.beside))
        return frozenset((*requests, self.control))

    def forbidden(self, request: Request) -> str | None:
        """Say why a request may not go to the server, None where it may."""
        if not self.permissions.live:
            return self._forbidden_here(request)
        return None if request in self._list else "it is not among the requests that this run may send to a live system"

    def harm(self, exchange: Exchange) -> str | None:
        """Say what a live server has carried out though it had to refuse it."""
        request = exchange.request
        if not self.permissions.live or request.target.partition("?")[0] in self._named_paths:
            return None
        if exchange.status is None or not 200 <= exchange.status < 300 or _says_failed(exchange.content):
            return None
        return (
            "the run was stopped at once: the server took a request that it must refuse, outside the instances that "
            f"may be acted on ({request.method} {request.target} was answered with {exchange.status})"
        )

    def needs(self, vector: Vector) -> str | None:
        """Return the command whose permission would let a vector show something, None where none would."""
        command = self.command_of(vector)
        if vector.apart:
            return next((other for other in self.catalogue.spec.short_names.values() if not self._may(other)), None)
        reason = self.withheld(vector)
        if not self.permissions.live or command is None or self._may(command):
            return None
        return command if reason is None or "--allow" in reason else None


def _is_undocumented(vector: Vector) -> bool:
    """Whether a vector asks for a command that the page does not know and the server may."""
    return vector.kind.startswith("sibling-")


def _says_failed(body: bytes) -> bool:
    try:
        value = json.loads(body)
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("success") is False
