"""The clauses as tests of somebody's own suite, alone and shared among the workers of pytest-xdist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from openapi_contract import load_spec
from secmaster_contract.harness.target_plugin import TargetPlugin
from secmaster_contract.run.permissions import Permissions
from secmaster_contract.vectors import enumerate_vectors
from test_reports.servers import Faulty, Recording
from test_verifier.own_suite import CLAUSES, WORKERS, run_pytest
from test_verifier.servers.benign import BENIGN
from test_verifier.servers.broken import FAULTS
from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.stacks import STACKS, Stack
from test_verifier.servers.wire import serving
from test_verifier.verifying import target_at

ALONE_AND_SHARED = pytest.mark.parametrize("workers", [(), WORKERS], ids=["alone", "xdist"])


def samples() -> set[bytes]:
    """The bodies that every worker has answered, to hold other answers against: valid commands, and a broken one."""
    catalogue = enumerate_vectors(target_at("http://127.0.0.1:1"), load_spec())
    names = [*map(catalogue.baseline, catalogue.spec.commands), "unknown-command/unknown"]
    return {catalogue.vectors[name].request.body for name in names}


@ALONE_AND_SHARED
def test_correct_server_passes(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    On a correct server every clause passes.
    """
    with serving(Recording()) as url:
        ended = run_pytest(url, tmp_path, *workers, *CLAUSES)

    assert ended.status == 0, ended.out
    assert ended.passed > 400


def test_workers_send_each_request_once(tmp_path: Path) -> None:
    """
    Workers together send what one process sends: nothing is lost, nothing doubled but what all are held against.
    """
    alone, shared, passed = Recording(), Recording(), []
    for server, workers in ((alone, ()), (shared, WORKERS)):
        with serving(server) as url:
            passed.append(run_pytest(url, tmp_path, *workers, *CLAUSES).passed)
    lost = Counter(alone.seen) - Counter(shared.seen)
    more = Counter(shared.seen) - Counter(alone.seen)

    assert passed[0] == passed[1]
    assert not lost
    assert {body for *_, body in more} <= samples()
    assert more.total() < 30


@pytest.mark.parametrize("fault", ["error-no-body", "task-needed-by-retry"])
def test_workers_find_what_one_process_finds(tmp_path: Path, fault: str) -> None:
    """
    On a faulty server the same tests fail for the same clauses, however many workers there are.
    """
    found: list[dict[str, str]] = []
    for workers in ((), WORKERS):
        with serving(FAULTS[fault].make()) as url:
            found.append(run_pytest(url, tmp_path, *workers, *CLAUSES).failed)

    assert found[0]
    assert {test: line.split(":")[:2] for test, line in found[0].items()} == {
        test: line.split(":")[:2] for test, line in found[1].items()
    }


@ALONE_AND_SHARED
def test_broken_rule_fails_under_its_name(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    On a faulty server the tests of the broken rules fail, each under its vector's name.
    """
    with serving(Faulty()) as url:
        ended = run_pytest(url, tmp_path, *workers, *CLAUSES)
    failed = "\n".join(ended.failed)

    assert ended.status == 1
    assert "[ActionInstanceDebugCommand/task_id/absent]" in failed
    assert "[http.media-type]" in failed
    assert "[ActionInstanceDebugCommand/input_dataobject/absent]" not in failed


def test_reading_alone_sees_what_it_is_for(tmp_path: Path) -> None:
    """
    A test of what every answer is read for fails by itself too, without the tests that ask for the answers.
    """
    with serving(Faulty()) as url:
        ended = run_pytest(url, tmp_path, *CLAUSES, "-k", "http.media-type")

    assert len(ended.failed) == 1, ended.out


@ALONE_AND_SHARED
def test_server_of_one_connection_passes(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    A correct server that serves one connection at a time passes, and its advice is a warning.
    """
    with STACKS["one-connection-at-a-time"](Reference()) as url:
        ended = run_pytest(url, tmp_path, *workers, *CLAUSES)

    assert ended.status == 0, ended.out
    assert "Advice: http.chunked-requests" in ended.out


@pytest.mark.parametrize(
    ("stack", "server", "single"),
    [
        (serving, Reference, False),
        (serving, BENIGN["stateful"], True),
        (STACKS["one-connection-at-a-time"], Reference, True),
        (STACKS["one-request-at-a-time"], Reference, False),
    ],
    ids=["usual", "keeps a state", "one connection at a time", "one request at a time"],
)
def test_one_worker_is_told_by_the_server(stack: Stack, server: Callable[[], Reference], *, single: bool) -> None:
    """
    One worker gets all where a request of another would change its answers, or keep it waiting.
    """
    with stack(server()) as url:
        target = target_at(url, seconds=5)
        plugin = TargetPlugin(target, Permissions.for_target(target))

        assert plugin._is_single() is single


def test_advice_fails_whom_warnings_fail(tmp_path: Path) -> None:
    """
    Where warnings are errors, advice fails the test.
    """
    with serving(BENIGN["kind-reader"]()) as url:
        ended = run_pytest(url, tmp_path, *CLAUSES, "-W", "error", "-k", "task_id and null")

    assert any("body.optional-null" in line for line in ended.failed.values()), ended.out


def test_server_that_is_not_there_fails_each_test_in_a_sentence(tmp_path: Path) -> None:
    """
    What cannot be reached is red, and each test says why.
    """
    ended = run_pytest("http://127.0.0.1:1", tmp_path, *CLAUSES, "-k", "mandatory")

    assert ended.status == 1
    assert all("Is the server running" in line for line in ended.failed.values()), ended.failed


def test_server_that_refuses_the_token_shows_nothing(tmp_path: Path) -> None:
    """
    A token that the server refuses is said to be the reason, and no clause is broken.
    """
    with serving(Reference()) as url:
        ended = run_pytest(url, tmp_path, *CLAUSES, "-k", "mandatory", token=f"not-{TOKEN}")

    assert ended.failed
    assert all("refuses the token" in line for line in ended.failed.values()), ended.failed


def test_fixture_verifies_a_server(tmp_path: Path) -> None:
    """
    The fixture gives a report that a test can ask.
    """
    test = f"""
def test_server(contract_report, request):
    report = contract_report(request.config.getoption("--contract-target"), {TOKEN!r})
    assert report.exit_status == 1
    assert "http.media-type" in [result.clause.key for result in report.of("violates")]
"""
    with serving(Faulty()) as url:
        ended = run_pytest(url, tmp_path, test=test)

    assert ended.status == 0, ended.out


@pytest.mark.parametrize("rate", ["often", "0"])
def test_rate_that_is_none_is_bad_usage(tmp_path: Path, rate: str) -> None:
    """
    What is no rate is refused in a sentence.
    """
    ended = run_pytest("http://127.0.0.1:1", tmp_path, "--contract-rate", rate)

    assert ended.status == pytest.ExitCode.USAGE_ERROR
    assert f"--contract-rate: {rate} is no rate" in ended.out
