"""Leave for one command is leave for no other, however a server reads what names none."""

from __future__ import annotations

from typing import Any

from test_live.conftest import Verify
from test_live.servers import MINE, Knowing, LookingFirst
from test_verifier.servers.reference import DEBUG, RETRY, TERMINATE
from test_verifier.servers.wire import Answer, Request, serving

EVERY = ("--allow", "terminate,retry,debug", "--instance-id", MINE)


class Numbering(Knowing):
    """Takes the number of a command for the command, and none for the first, as many a reader of enumerations does."""

    commands = (TERMINATE, RETRY, DEBUG)

    def command(self, request: Request, body: dict[str, Any]) -> Any:
        """Return the command that is asked for."""
        value = body.get("command_type", 0)
        if str(value) in {"0", "1", "2"}:
            body["command_type"] = self.commands[int(value)]
        return super().command(request, body)

    def no_object(self, request: Request, body: Any) -> None:
        """Take null for a command without a word."""
        if body is not None:
            super().no_object(request, body)

    async def carry_out(self, request: Request, body: Any) -> Answer:
        """Carry a command out on the one instance."""
        return await super().carry_out(request, body or {"command_type": TERMINATE})


class Knowledgeable(Knowing):
    """Has a command that the page does not know."""

    def unknown_command(self, request: Request, body: dict[str, Any], value: str) -> None:
        """Let it pass."""
        if value != "ActionInstanceDeleteCommand":
            super().unknown_command(request, body, value)


def test_kind_server_is_led_to_no_other_command(live: Verify) -> None:
    """
    With leave to debug one instance, a server that reads numbers as commands carries out nothing but debug there.
    """
    server = Numbering()
    with serving(server) as url:
        live(url, "--allow", "debug", "--instance-id", f"debug={MINE}")

    assert set(server.carried_out) == {(DEBUG, MINE)}


def test_kind_server_is_found_out_with_leave_for_every_command(live: Verify) -> None:
    """
    With leave for every command on the instance, the same server is asked, and blamed.
    """
    server = Numbering()
    with serving(server) as url:
        outcome = live(url, *EVERY)

    assert (TERMINATE, MINE) in server.carried_out
    assert outcome.clauses["body.command-type.mandatory"]["verdict"] == "violates"


def test_undocumented_command_is_never_sent_to_a_named_instance(live: Verify) -> None:
    """
    A command that only a sibling of the page's might be is for no instance that exists, whatever is allowed.
    """
    server = Knowledgeable()
    with serving(server) as url:
        live(url, *EVERY)

    assert {command for command, _ in server.carried_out} == {TERMINATE, RETRY, DEBUG}


def test_what_names_no_command_is_conclusive_with_leave_for_every_command(live: Verify) -> None:
    """
    A server that looks for the instance first shows that it refuses unknown commands once every command is allowed.
    """
    with serving(LookingFirst()) as url:
        outcome = live(url, *EVERY)

    assert outcome.clauses["body.command-type.range"]["verdict"] == "conforms"
    assert outcome.clauses["body.command-type.mandatory"]["verdict"] == "conforms"


def test_what_names_no_command_is_asked_of_no_instance_that_exists(live: Verify) -> None:
    """
    With leave for one command alone, the same server is not blamed for its 404; the report says which leave is lacking.
    """
    with serving(LookingFirst()) as url:
        outcome = live(url, "--allow", "debug", "--instance-id", f"debug={MINE}")

    clause = outcome.clauses["body.command-type.mandatory"]
    assert clause["verdict"] == "inconclusive"
    assert set(clause["needs"]) == {"terminate", "retry"}
