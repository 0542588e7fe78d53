"""Faults on demand: by the Prefer header, and by a scenario."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openapi_contract.samples import Samples
from secmaster_contract.mock.answers import Answers
from secmaster_contract.mock.app import create_app
from secmaster_contract.mock.errors import ScenarioError
from secmaster_contract.mock.faults import FAULTS
from secmaster_contract.mock.instances import Instance
from secmaster_contract.mock.prefer import read
from secmaster_contract.mock.scenario import Course, Scenario
from secmaster_contract.mock.server import Running
from secmaster_contract.mock.settings import MockSettings
from test_mock.wire import CONTRACT, OPERATION, PATH, TERMINATE, TOKEN_LINE, TYPE_LINE, Wire, ask, call, message

TWO = Instance(project_id="i", workspace_id="i", instance_id="i")


def prefer(value: str, **options: Any) -> bytes:
    """Write a request with a preference."""
    return message(extra=[("Prefer", value)], **options)


@pytest.mark.parametrize(
    ("preference", "status", "words"),
    [
        ("code=429", 429, "APIGW.0308"),
        ("code=401", 401, "x-auth-token not found"),
        ("example=token-expired", 401, "token expires"),
        ("code=401, example=token-expired", 401, "token expires"),
        ('code="404"', 404, "APIGW.0101"),
        ("code=413", 413, "APIGW.0201"),
        ("code=500", 500, "SecMaster.20039999"),
        ("code=502", 502, "SecMaster.20039999"),
        ("code=504", 504, "Backend timeout"),
        ("code=503; example=backend-timeout", 503, "Backend timeout"),
        ("code=400", 400, "SecMaster.20030001"),
        ("code=200", 200, "00000000"),
        ("example=success", 200, "00000000"),
        ("respond-async, return=minimal", 200, "00000000"),
        ("CODE=429", 429, "APIGW.0308"),
        ("code=429, code=401", 429, "APIGW.0308"),
    ],
)
def test_a_preference_is_answered(server: Running, preference: str, status: int, words: str) -> None:
    """
    `code` and `example` choose among the contract's answers; unknown preferences change nothing.
    """
    reply = ask(server.url, prefer(preference))

    assert reply.status == status
    assert words in reply.body.decode()
    assert ("retry-after" in reply.headers) == (status == 429)


@pytest.mark.parametrize(
    ("preference", "words"),
    [
        ("code=418", "code is none of the contract's statuses (200, 400"),
        ("code=x", "code is none of"),
        ("code=", "code is none of"),
        ("code=200, example=none", "example is none of the examples of 200 (success"),
        ("example=x", "example is none of the contract's examples (success"),
        ("delay=-1", "delay is a number of seconds"),
        ("delay=60.1", "delay is a number of seconds up to 60"),
        ("delay=nan", "delay is a number of seconds"),
    ],
)
def test_a_preference_that_cannot_be_met_is_rejected_by_name(server: Running, preference: str, words: str) -> None:
    """
    A mistyped preference is a 400 that says what may stand there, since a test must not pass by accident.
    """
    reply = ask(server.url, prefer(preference))

    assert reply.status == 400
    assert reply.json()["message"].startswith(f"Prefer: {words}")


def test_the_longest_delay_may_be_asked_for() -> None:
    """
    A minute is not too long.
    """
    fault = read(["delay=60"], Answers(OPERATION, Samples(CONTRACT)))

    assert fault is not None
    assert fault.seconds == 60


def test_a_preference_holds_an_answer_back(server: Running) -> None:
    """
    `delay` is in seconds.
    """
    started = time.monotonic()

    assert ask(server.url, prefer("delay=0.3")).status == 200
    assert time.monotonic() - started >= 0.3


def test_a_preference_needs_the_token_too(server: Running) -> None:
    """
    Authentication comes before every fault.
    """
    assert ask(server.url, prefer("code=200", headers=[TYPE_LINE])).status == 401


def test_a_preferred_success_still_needs_a_valid_command(server: Running) -> None:
    """
    `code=200` does not make a bad command good.
    """
    assert ask(server.url, prefer("code=200", body=b"{}")).status == 400
    assert ask(server.url, prefer("code=429", body=b"{}")).status == 429


def scenario(**part: Any) -> Scenario:
    """Read a scenario for the tests' instance."""
    return Scenario.parse({"seed": 1, "instances": {"i": part}})


def test_a_sequence_is_met_in_order_and_then_over(serve: Callable[..., Running]) -> None:
    """
    Each request meets the next fault; after the last one the server behaves; other instances meet none.
    """
    steps = ["none", "expired-token", {"fault": "throttled", "retry_after": 7}, {"fault": "server-error", "code": 503}]
    server = serve(scenario=scenario(sequence=[*steps, "unsuccessful", "gateway-html"]))
    replies = [ask(server.url, message()) for _ in range(7)]

    assert [reply.status for reply in replies] == [200, 401, 429, 503, 200, 502, 200]
    assert replies[2].headers["retry-after"] == "7"
    assert [reply.json()["success"] for reply in (replies[0], replies[4], replies[6])] == [True, False, True]
    assert replies[5].headers["content-type"] == "text/html"
    assert ask(server.url, message(target=PATH[:-1] + "other")).status == 200


def test_a_request_without_a_token_uses_up_no_fault(serve: Callable[..., Running]) -> None:
    """
    The sequence counts requests that were let in.
    """
    server = serve(scenario=scenario(sequence=["throttled"]))

    assert [ask(server.url, message(headers=headers)).status for headers in ([], [TOKEN_LINE, TYPE_LINE])] == [401, 429]


def draws(seed: int, instance: str, *, others: bool = False) -> list[str]:
    """Name the faults that the first hundred requests to an instance meet."""
    course = Course(Scenario.parse({"seed": seed, "instances": {"*": {"probability": {"reset": 0.3, "delay": 0.2}}}}))
    names = []
    for _ in range(100):
        if others:
            course.next("another")
        fault = course.next(instance)
        names.append(fault.name if fault else "")
    return names


def test_chances_depend_on_the_seed_and_the_instance_alone() -> None:
    """
    The same seed gives the same faults, whatever happens to other instances; another seed gives others.
    """
    assert draws(1, "a") == draws(1, "a", others=True)
    assert draws(1, "a") != draws(2, "a")
    assert draws(1, "a") != draws(1, "b")
    assert {"reset", "delay", ""} == set(draws(1, "a"))


def test_a_truncated_answer_ends_before_its_length(serve: Callable[..., Running]) -> None:
    """
    The connection ends orderly in the middle of the body.
    """
    with Wire(serve(scenario=scenario(sequence=["truncated"])).url) as wire:
        wire.send(message())
        reply = wire.answer()

        assert reply.status == 200
        assert not reply.clean
        assert 0 < len(reply.body) < int(reply.headers["content-length"])


def test_a_reset_connection_is_reset(serve: Callable[..., Running]) -> None:
    """
    The client sees a reset, not an orderly end.
    """
    with Wire(serve(scenario=scenario(sequence=["reset"])).url) as wire:
        wire.send(message())

        with pytest.raises(ConnectionResetError):
            wire.socket.recv(1)


def test_a_drip_takes_its_time_and_arrives_whole(serve: Callable[..., Running]) -> None:
    """
    The answer comes in small pieces over the seconds it was given.
    """
    server = serve(scenario=scenario(sequence=[{"fault": "slow-drip", "seconds": 0.4}]))
    started = time.monotonic()
    reply = ask(server.url, message())

    assert reply.clean
    assert reply.json()["success"] is True
    assert time.monotonic() - started >= 0.35


@pytest.mark.parametrize(
    ("fault", "carried_out"),
    [
        ("truncated", True),
        ("reset", True),
        ("backend-timeout", True),
        ("throttled", False),
        ("server-error", False),
        ("unsuccessful", False),
    ],
)
def test_a_fault_says_truly_whether_the_command_was_carried_out(
    serve: Callable[..., Running], fault: str, *, carried_out: bool
) -> None:
    """
    A lost answer leaves a command that was carried out; a rejection leaves none.
    """
    server = serve(scenario=scenario(sequence=[fault]), state=":memory:", instances=(TWO,), settle_seconds=60)
    with Wire(server.url) as wire:
        wire.send(message(TERMINATE))
        wire.read()
    shown = ask(server.url, message(b"", method="GET", headers=[TOKEN_LINE])).json()

    assert (shown["status"] == "TERMINATING") is carried_out


def test_a_broken_connection_is_an_error_in_process() -> None:
    """
    Where no connection is there to be broken, the caller gets the error of one.
    """
    app = create_app(MockSettings(scenario=scenario(sequence=["reset"])))

    with pytest.raises(ConnectionResetError):
        call(app)


def test_every_fault_can_be_asked_for() -> None:
    """
    Each name in the vocabulary makes a scenario.
    """
    assert len(scenario(sequence=list(FAULTS)).parts["i"].sequence) == len(FAULTS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "neither JSON nor YAML"),
        ("[]", "the document is not an object"),
        ("{}", "it needs `instances`"),
        ('{"instances": {"i": 1}}', "instances.i is not an object"),
        ('{"instances": {"i": {"sequence": ["x"]}}}', "instances.i.sequence[0] names no fault"),
        ('{"instances": {"i": {"sequence": [{"fault": "server-error", "code": 418}]}}}', "no example"),
        ('{"instances": {"i": {"sequence": [{"fault": "server-error", "code": 70000}]}}}', "from 200 to 599"),
        ('{"instances": {"i": {"sequence": [{"fault": "delay", "seconds": "1"}]}}}', "seconds is no int or float"),
        ('{"instances": {"i": {"sequence": [{"fault": "delay", "seconds": 1e9}]}}}', "seconds is from 0"),
        ('{"instances": {"i": {"sequence": [{"fault": "throttled", "retry_after": -1}]}}}', "retry_after is from 0"),
        ('{"instances": {"i": {"probability": {"reset": 2}}}}', "a number from 0 to 1"),
        ('{"instances": {"i": {"probability": {"reset": 0.9, "delay": 0.9}}}}', "more than 1"),
        ('{"instances": {"i": {"repeat": true}}}', "needs a sequence"),
        ('{"instances": {"i": {}}, "sed": 1}', "'sed'; known are seed, instances"),
        ('{"seed": "x", "instances": {"i": {}}}', "seed is a whole number"),
    ],
)
def test_a_scenario_that_is_wrong_is_explained(tmp_path: Path, text: str, words: str) -> None:
    """
    The error names the file, the place in it and what may stand there.
    """
    path = tmp_path / "scenario.json"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)

    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_scenario_repeats_where_it_says_so() -> None:
    """
    A repeated sequence starts over after its end.
    """
    course = Course(scenario(sequence=["reset", "none"], repeat=True))
    faults = [course.next("i") for _ in range(6)]

    assert [fault.name if fault else None for fault in faults] == ["reset", "none"] * 3


def test_the_seed_of_the_command_wins(tmp_path: Path) -> None:
    """
    A scenario read with a seed has that seed.
    """
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"seed": 1, "instances": {"*": {}}}))

    assert (Scenario.load(path).seed, Scenario.load(path, seed=9).seed) == (1, 9)
