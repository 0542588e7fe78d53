"""A server that remembers: what a command does to an instance, and what outlives the process."""

from __future__ import annotations

import contextlib
import itertools
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from secmaster_contract.mock.instances import TRANSITIONS, Instance, Status, Trigger, WrongStatusError
from secmaster_contract.mock.server import Running
from secmaster_contract.mock.store import NoSuchInstanceError, Store
from test_mock.wire import COMMANDS, DEBUG, OPERATION, RETRY, TERMINATE, TOKEN_LINE, ask, message

KEY = ("i", "i", "i")
# What README.md promises: command, status, trigger -> the status after it; everything else is rejected.
LEGAL: dict[tuple[str, Status, Trigger], Status] = {
    ("ActionInstanceDebugCommand", Status.RUNNING, Trigger.DEBUG): Status.RUNNING,
    **{
        (command, status, trigger): target
        for command, statuses, target in (
            ("ActionInstanceTerminateCommand", (Status.RUNNING, Status.RETRYING), Status.TERMINATING),
            ("ActionInstanceRetryCommand", (Status.FAILED, Status.TERMINATED), Status.RETRYING),
        )
        for status in statuses
        for trigger in Trigger
    },
}


def one(**values: Any) -> Instance:
    """Describe the instance that the tests' path names."""
    project, workspace, instance = KEY
    return Instance(project_id=project, workspace_id=workspace, instance_id=instance, **values)


def show(server: Running) -> Any:
    """Return the details of the instance."""
    return ask(server.url, message(b"", method="GET", headers=[TOKEN_LINE])).json()


@pytest.mark.parametrize(("command", "status", "trigger"), list(itertools.product(COMMANDS, Status, Trigger)))
def test_each_command_is_legal_in_its_own_statuses_alone(command: str, status: Status, trigger: Trigger) -> None:
    """
    A legal command leads to its status; an illegal one is rejected and changes nothing.
    """
    before = one(status=status, trigger_type=trigger, retry_count=3)
    try:
        after: str | None = before.after(OPERATION.id, command, 0, 1).status
    except WrongStatusError:
        after = None

    assert after == LEGAL.get((command, status, trigger))


def test_every_command_of_the_contract_has_its_transitions() -> None:
    """
    No command is carried out without a rule of its own.
    """
    assert {name: set(commands) for name, commands in TRANSITIONS.items()} == {OPERATION.id: set(COMMANDS)}


def test_a_rejected_transition_is_a_400_that_changes_nothing(serve: Callable[..., Running]) -> None:
    """
    The rejection names the command and the status, and the instance stays as it was.
    """
    server = serve(state=":memory:", instances=(one(status=Status.FINISHED),))
    before = show(server)
    reply = ask(server.url, message(TERMINATE))

    assert (reply.status, reply.json()["code"]) == (400, "SecMaster.11061001")
    assert "ActionInstanceTerminateCommand" in reply.json()["message"]
    assert "FINISHED" in reply.json()["message"]
    assert show(server) == before


def test_a_retry_is_counted_and_shown(serve: Callable[..., Running]) -> None:
    """
    GET shows the status and the count that the command led to.
    """
    server = serve(state=":memory:", instances=(one(status=Status.FAILED, trigger_type=Trigger.TIMER, retry_count=1),))

    assert ask(server.url, message(RETRY)).status == 200
    assert show(server) == {"id": "i", "name": "i", "trigger_type": "TIMER", "status": "RETRYING", "retry_count": 2}
    assert ask(server.url, message(RETRY)).status == 400


def test_an_invalid_command_does_not_reach_the_instance(serve: Callable[..., Running]) -> None:
    """
    What the contract or the gateway rejects changes nothing.
    """
    server = serve(state=":memory:", instances=(one(),))
    before = show(server)
    for data in (message(TERMINATE, headers=[]), message(TERMINATE + b"x"), message(TERMINATE, headers=[TOKEN_LINE])):
        assert ask(server.url, data).status in {400, 401}

    assert show(server) == before


def test_an_unknown_instance_is_a_404_of_the_service(serve: Callable[..., Running]) -> None:
    """
    A server that remembers knows the instances that it was told of, by all three identifiers.
    """
    server = serve(state=":memory:", instances=(one(),))
    for target in ("workspaces/i/soc/workflows/instances/other", "workspaces/other/soc/workflows/instances/i"):
        reply = ask(server.url, message(target=f"/v1/i/{target}"))

        assert reply.status == 404
        assert reply.json()["code"].startswith("SecMaster.")


def test_a_passing_status_settles() -> None:
    """
    RETRYING becomes RUNNING and TERMINATING becomes TERMINATED when their time is over.
    """
    now = [100.0]
    store = Store(":memory:", [one(status=Status.FAILED)], settle_seconds=2, clock=lambda: now[0])
    seen = []
    for command, wait in (("ActionInstanceRetryCommand", 1.9), ("", 0.2), ("ActionInstanceTerminateCommand", 2.1)):
        if command:
            store.carry_out(KEY, OPERATION.id, command, b"{}", "r")
        now[0] += wait
        seen.append(store.get(KEY).status)
    store.close()

    assert seen == ["RETRYING", "RUNNING", "TERMINATED"]


def test_a_lenient_instance_takes_every_command(serve: Callable[..., Running]) -> None:
    """
    A whole run of the verifier may be aimed at one instance.
    """
    server = serve(state=":memory:", instances=(one(lenient=True),))

    assert [ask(server.url, message(body)).status for body in (TERMINATE, RETRY, DEBUG, TERMINATE)] == [200] * 4


def test_commands_to_one_instance_are_judged_one_after_the_other(serve: Callable[..., Running]) -> None:
    """
    Of many terminate commands at once, one is carried out.
    """
    server = serve(state=":memory:", instances=(one(),), settle_seconds=60)
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: ask(server.url, message(TERMINATE)).status, range(32)))

    assert sorted(statuses) == [200] + [400] * 31


def test_rivals_on_one_file_take_turns(tmp_path: Path) -> None:
    """
    Of many stores on one file, as many processes would have, one wins each instance, and all see it.
    """
    instances = [replace(one(), instance_id=str(number)) for number in range(30)]
    stores = [Store(tmp_path / "s.db", instances, settle_seconds=60) for _ in range(8)]
    together = threading.Barrier(len(stores))

    def terminate(store: Store) -> int:
        won = 0
        for instance in instances:
            together.wait(10)
            with contextlib.suppress(WrongStatusError):
                store.carry_out(instance.key, OPERATION.id, "ActionInstanceTerminateCommand", b"{}", "r")
                won += 1
        return won

    with ThreadPoolExecutor(len(stores)) as pool:
        won = sum(pool.map(terminate, stores))
    seen = [{instance.status for instance in store.all()} for store in stores]
    for store in stores:
        store.close()

    assert won == len(instances)
    assert seen == [{Status.TERMINATING}] * len(stores)


def start(state: Path, seed: Path) -> tuple[subprocess.Popen[str], Running]:
    """Start the command on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "secmaster_contract.mock", "--port", "0", "--state", state, "--seed-file", seed],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, Running(line.removeprefix("Listening on ").strip(), "mock-token")


def test_an_accepted_command_survives_the_death_of_the_process(tmp_path: Path) -> None:
    """
    After kill -9 in the middle of traffic, every command that was answered is there, and the server goes on from it.
    """
    state, seed = tmp_path / "s.db", tmp_path / "seed.json"
    seed.write_text(json.dumps([one().describe()]))
    process, server = start(state, seed)
    with process:
        answered = [ask(server.url, message(DEBUG)).headers["x-request-id"] for _ in range(50)]
        answered.append(ask(server.url, message(TERMINATE)).headers["x-request-id"])
        process.kill()
    process, server = start(state, seed)
    with process:
        target = "/__mock__/commands?project_id=i&workspace_id=i&instance_id=i"
        kept = ask(server.url, message(b"", method="GET", target=target, headers=[TOKEN_LINE])).json()["commands"]
        status = show(server)["status"]
        process.send_signal(signal.SIGTERM)

    assert [command["request_id"] for command in kept] == answered
    assert status in {"TERMINATING", "TERMINATED"}
    assert process.returncode == 0


class Machine(RuleBasedStateMachine):
    """Random commands, reopenings and resets against a model that is a plain value."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.seed = [one(status=Status.FAILED, trigger_type=Trigger.DEBUG)]
        self.store = Store(":memory:", self.seed, settle_seconds=10, clock=lambda: self.now)
        self.status, self.retries, self.taken, self.due = "FAILED", 0, 0, 0.0

    @rule(command=st.sampled_from(sorted(COMMANDS)))
    def send(self, command: str) -> None:
        """Send a command; it succeeds exactly where the table says so."""
        expected = LEGAL.get((command, Status(self.status), Trigger.DEBUG))
        try:
            self.store.carry_out(KEY, OPERATION.id, command, b"{}", "r")
        except WrongStatusError:
            assert expected is None
            return
        assert expected is not None
        if expected != self.status:
            self.due = self.now + 10
        self.status, self.taken = expected, self.taken + 1
        self.retries += command == "ActionInstanceRetryCommand"

    @precondition(lambda self: self.status in {"RETRYING", "TERMINATING"})
    @rule(seconds=st.floats(0, 12))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        if self.now >= self.due:
            self.status = {"RETRYING": "RUNNING", "TERMINATING": "TERMINATED"}[self.status]

    @rule()
    def reset(self) -> None:
        """Start over."""
        self.store.reset()
        self.status, self.retries, self.taken = "FAILED", 0, 0

    @rule()
    def miss(self) -> None:
        """Aim at an instance that is not there."""
        with pytest.raises(NoSuchInstanceError):
            self.store.carry_out(("i", "i", "j"), OPERATION.id, "ActionInstanceRetryCommand", b"{}", "r")

    @invariant()
    def agrees(self) -> None:
        """The store shows what the model says."""
        (shown,) = self.store.all()
        assert (shown.status, shown.retry_count) == (self.status, self.retries)
        assert len(self.store.commands(KEY)) == self.taken

    def teardown(self) -> None:
        """Close the store."""
        self.store.close()


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
