"""Answers for the instances that a server remembers."""

from __future__ import annotations

import sqlite3

from secmaster_contract.mock import codes
from secmaster_contract.mock.answers import Answer, Answers, dump
from secmaster_contract.mock.instances import Instance, WrongStatusError
from secmaster_contract.mock.settings import MockSettings
from secmaster_contract.mock.store import Key, NoSuchInstanceError, Store

# Marks an answer that no rule of the contract speaks of.
PLATFORM = ((b"x-mock-origin", b"platform"),)


class Keeper:
    """The instances behind the operation; a server that remembers none knows every one of them, running."""

    def __init__(self, settings: MockSettings, answers: Answers) -> None:
        """
        Open the state, if the settings name one.

        Raises:
            StateError: The state file cannot be used.
        """
        self._answers = answers
        self.store = (
            None
            if settings.state is None
            else Store(settings.state, settings.instances, settle_seconds=settings.settle_seconds)
        )

    def refuse(self, key: Key, command: str, body: bytes, request_id: bytes) -> Answer | None:
        """Carry a command out; return the refusal where the instance does not take it."""
        if self.store is None:
            return None
        try:
            self.store.carry_out(key, command, body, request_id.decode())
        except NoSuchInstanceError:
            return self._unknown()
        except WrongStatusError as error:
            return self._answers.refusal(codes.WRONG_STATE, f"{error}.")
        except sqlite3.Error:
            return self._out_of_order(request_id)
        return None

    def show(self, key: Key, request_id: bytes) -> Answer:
        """Return the details of an instance: platform knowledge, and no more of them than a state machine needs."""
        try:
            instance = self.store.get(key) if self.store else _nominal(key)
        except NoSuchInstanceError:
            return self._unknown()
        except sqlite3.Error:
            return self._out_of_order(request_id)
        shown = {
            "id": instance.instance_id,
            "name": instance.instance_id,
            "trigger_type": instance.trigger_type,
            "status": instance.status,
            "retry_count": instance.retry_count,
        }
        return Answer(self._answers.spec.success_status, dump(shown), PLATFORM)

    def _unknown(self) -> Answer:
        return self._answers.refusal(codes.INVALID_PARAMETER, "There is no such workflow instance.", 404)

    def _out_of_order(self, request_id: bytes) -> Answer:
        # The disk is full or the file is gone: no input does this, and the truth is better than a success.
        return self._answers.template(500, "unknown").answer(request_id)


def _nominal(key: Key) -> Instance:
    project, workspace, instance = key
    return Instance(project_id=project, workspace_id=workspace, instance_id=instance)
