"""Answers for the instances that a server remembers."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from openapi_contract import Command
from secmaster_contract.mock.answers import Answer, Template, dump, plain
from secmaster_contract.mock.instances import KEY, Instance, WrongStatusError
from secmaster_contract.mock.request import Request
from secmaster_contract.mock.settings import MockSettings
from secmaster_contract.mock.store import Key, NoSuchInstanceError, Store

if TYPE_CHECKING:
    from secmaster_contract.mock.service import Door

# Marks an answer that no rule of the contract speaks of.
PLATFORM = ((b"x-mock-origin", b"platform"),)


class Keeper:
    """The instances behind an operation; a server that remembers none knows every one of them, running."""

    def __init__(self, settings: MockSettings) -> None:
        """Open the state, if the settings name one.

        Raises:
            StateError: The state file cannot be used.
        """
        self.store = (
            None
            if settings.state is None
            else Store(settings.state, settings.instances, settle_seconds=settings.settle_seconds)
        )

    def handle(self, door: Door, request: Request, command: Command, body: bytes) -> Answer | None:
        """Carry a request out; return the answer where that of success does not say it."""
        key = _key(request)
        try:
            if door.operation.reads:
                template = self._show(door, key)
            elif self.store is None:
                return None
            else:
                self.store.carry_out(key, door.operation.id, command.name, body, request.request_id.decode())
                return None
        except NoSuchInstanceError:
            template = door.answers.rejection("There is no such workflow instance.", 404)
        except WrongStatusError as error:
            sentence = f"{error}."
            template = door.answers.of_reason("state", sentence=sentence) or door.answers.rejection(sentence)
        except sqlite3.Error:
            # The disk is full or the file is gone: no input does this, and the truth is better than a success.
            documented = door.answers.has(500)
            template = door.answers.example(500) if documented else plain(500, "The state cannot be used.")
        return template.answer(request.request_id)

    def _show(self, door: Door, key: Key) -> Template:
        """Return the details of an instance: platform knowledge, and no more of them than a state machine needs."""
        instance = self.store.get(key) if self.store else _nominal(key)
        shown: dict[str, Any] = {
            "id": instance.instance_id,
            "name": instance.instance_id,
            "trigger_type": instance.trigger_type,
            "status": instance.status,
            "retry_count": instance.retry_count,
        }
        if door.added:
            return Template(door.operation.success_status, dump(shown), None, PLATFORM)
        return door.answers.filled(shown)


def _key(request: Request) -> Key:
    project, workspace, instance = (request.match.parameters[name] for name in KEY)
    return project, workspace, instance


def _nominal(key: Key) -> Instance:
    project, workspace, instance = key
    return Instance(project_id=project, workspace_id=workspace, instance_id=instance)
