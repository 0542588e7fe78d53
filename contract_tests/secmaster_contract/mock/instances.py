"""
Workflow instances and what a command does to one.

Platform knowledge: the statuses and triggers are those of the page that shows an instance. No page has a table of
transitions; the one here is a sensible reading, and no rule of the endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from openapi_contract import Command, Operation

# The parameters of the path that name an instance.
KEY = ("project_id", "workspace_id", "instance_id")
_Word = TypeVar("_Word", bound=StrEnum)


class Status(StrEnum):
    """Where a run stands."""

    RUNNING = "RUNNING"
    FAILED = "FAILED"
    FINISHED = "FINISHED"
    RETRYING = "RETRYING"
    TERMINATING = "TERMINATING"
    TERMINATED = "TERMINATED"


class Trigger(StrEnum):
    """What started a run."""

    DEBUG = "DEBUG"
    TIMER = "TIMER"
    EVENT = "EVENT"
    MANUAL = "MANUAL"


class InvalidInstanceError(Exception):
    """A description of an instance cannot be used; the text says why."""


class WrongStatusError(Exception):
    """An instance may not be sent this command now; the text says why."""


@dataclass(frozen=True)
class Transition:
    """A command is legal from `sources`, for runs by `trigger` alone where one is named, and leads to `target`."""

    sources: frozenset[Status]
    target: Status | None = None
    trigger: Trigger | None = None
    counts_as_retry: bool = False


# By operationId and the name of the command; what has no row leaves every instance as it is.
TRANSITIONS: Mapping[str, Mapping[str, Transition]] = {
    "updateWorkflowInstance": {
        "ActionInstanceTerminateCommand": Transition(
            frozenset({Status.RUNNING, Status.RETRYING}), target=Status.TERMINATING
        ),
        "ActionInstanceRetryCommand": Transition(
            frozenset({Status.FAILED, Status.TERMINATED}), target=Status.RETRYING, counts_as_retry=True
        ),
        "ActionInstanceDebugCommand": Transition(frozenset({Status.RUNNING}), trigger=Trigger.DEBUG),
    }
}
SETTLES: Mapping[Status, Status] = {Status.RETRYING: Status.RUNNING, Status.TERMINATING: Status.TERMINATED}


def has_state(operation: Operation) -> bool:
    """Say whether an operation is about instances that can be remembered."""
    return operation.id in TRANSITIONS and set(KEY) <= set(operation.path_names)


def show_operation(operation: Operation) -> Operation:
    """Return the GET that the platform has beside an operation on an instance; no rule of the contract."""
    success = replace(operation.success, key="200", media_type=None, schema_pointer=None, examples={}, headers={})
    others = {key: response for key, response in operation.responses.items() if not key.startswith("2")}
    return replace(
        operation,
        id=f"show {operation.id}",
        method="GET",
        origin="platform",
        parameters=operation.parameters_in("path"),
        body=None,
        responses={success.key: success, **others},
        commands=(Command(f"show {operation.id}", "show", "reads"),),
    )


@dataclass(frozen=True, kw_only=True)
class Instance:
    """
    One workflow instance.

    `settles_at` is when a passing status ends, in seconds since the epoch. An instance that is `lenient` takes every
    command and keeps its status, as a target that a whole test run may be aimed at.
    """

    project_id: str
    workspace_id: str
    instance_id: str
    status: Status = Status.RUNNING
    trigger_type: Trigger = Trigger.DEBUG
    retry_count: int = 0
    lenient: bool = False
    settles_at: float | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What the path names it by."""
        return self.project_id, self.workspace_id, self.instance_id

    @classmethod
    def parse(cls, value: Any) -> Instance:
        """
        Read the description of an instance from a seed file or an administrator.

        Raises:
            InvalidInstanceError: A name is missing or unknown, or a value has the wrong type.
        """
        if not isinstance(value, dict):
            raise InvalidInstanceError("an instance is an object")
        known = [field.name for field in fields(cls) if field.name != "settles_at"]
        for name in value:
            if name not in known:
                raise InvalidInstanceError(f"{str(name)!r} is no field of an instance; known are {', '.join(known)}")
        for name in known[:3]:
            if not isinstance(value.get(name), str) or not _is_text(value[name]):
                raise InvalidInstanceError(f"{name} is a string that is not empty")
        if not isinstance(value.get("lenient", False), bool):
            raise InvalidInstanceError("lenient is true or false")
        count = value.get("retry_count", 0)
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count < 2**31:
            raise InvalidInstanceError("retry_count is a whole number from 0")
        return cls(
            project_id=value["project_id"],
            workspace_id=value["workspace_id"],
            instance_id=value["instance_id"],
            status=_word(Status, value.get("status", cls.status), "status"),
            trigger_type=_word(Trigger, value.get("trigger_type", cls.trigger_type), "trigger_type"),
            retry_count=count,
            lenient=value.get("lenient", False),
        )

    def settled(self, now: float) -> Instance:
        """Return the instance as it stands now."""
        if self.settles_at is None or now < self.settles_at:
            return self
        return replace(self, status=SETTLES.get(self.status, self.status), settles_at=None)

    def after(self, operation: str, command: str, now: float, settle_seconds: float) -> Instance:
        """
        Return the instance as a command leaves it.

        Raises:
            WrongStatusError: The command is illegal now; nothing has changed.
        """
        transition = TRANSITIONS.get(operation, {}).get(command)
        if self.lenient or transition is None:
            return self
        if self.status not in transition.sources:
            legal = " or ".join(sorted(transition.sources))
            raise WrongStatusError(f"{command} needs an instance that is {legal}; this one is {self.status}")
        if transition.trigger not in {None, self.trigger_type}:
            raise WrongStatusError(
                f"{command} needs an instance triggered by {transition.trigger}; this one was by {self.trigger_type}"
            )
        if transition.target is None:
            return self
        return replace(
            self,
            status=transition.target,
            retry_count=self.retry_count + transition.counts_as_retry,
            settles_at=now + settle_seconds,
        )

    def describe(self) -> dict[str, Any]:
        """Return the instance in plain JSON values, as `parse` takes them."""
        return {name: value for name, value in asdict(self).items() if name != "settles_at"}


def _is_text(value: str) -> bool:
    # JSON can spell a lone surrogate, which is no character and has no bytes.
    return value != "" and not re.search("[\ud800-\udfff]", value)


def _word(kind: type[_Word], value: Any, name: str) -> _Word:
    try:
        return kind(value)
    except ValueError:
        raise InvalidInstanceError(f"{name} is one of {', '.join(kind)}") from None
