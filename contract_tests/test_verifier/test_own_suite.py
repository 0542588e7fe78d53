"""The clauses as tests of somebody's own suite: one session, an item a clause, however many workers there are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from secmaster_contract.shipped import shipped_ledger
from test_reports.servers import Faulty, Recording
from test_verifier.own_suite import CLAUSES, WORKERS, run_pytest
from test_verifier.servers.benign import BENIGN
from test_verifier.servers.reference import TOKEN, Reference
from test_verifier.servers.stacks import STACKS
from test_verifier.servers.wire import serving

SMALL = """
openapi: 3.1.0
info: {title: Small, version: 1.0.0}
paths:
  /things/{thing}:
    get:
      operationId: showThing
      parameters: [{name: thing, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: There.}, "404": {description: Not there.}}
"""
ALONE_AND_SHARED = pytest.mark.parametrize("workers", [(), WORKERS], ids=["alone", "xdist"])


@ALONE_AND_SHARED
def test_correct_server_passes_every_clause(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    On a correct server there is an item for each clause that can be tested, and every one passes.
    """
    with serving(Recording()) as url:
        ended = run_pytest(url, tmp_path, *workers, *CLAUSES)

    assert ended.status == 0, ended.out
    assert ended.passed == len(shipped_ledger().testable) + 1


@pytest.mark.parametrize("way", [(), ("--dist", "worksteal"), ("--dist", "loadgroup"), ("--dist", "loadfile")])
def test_workers_send_what_one_process_sends(tmp_path: Path, way: tuple[str, ...]) -> None:
    """
    One worker gets all clauses, so that the server is verified once.
    """
    alone, shared = Recording(), Recording()
    for server, workers in ((alone, ()), (shared, (*WORKERS, *way))):
        with serving(server) as url:
            run_pytest(url, tmp_path, *workers, *CLAUSES)

    assert Counter(alone.seen) == Counter(shared.seen)


def test_session_a_worker_is_bad_usage(tmp_path: Path) -> None:
    """
    A way of sharing that gives each worker all tests would verify the server once a worker.
    """
    server = Recording()
    with serving(server) as url:
        ended = run_pytest(url, tmp_path, *WORKERS, "--dist", "each", *CLAUSES)

    assert ended.status == pytest.ExitCode.USAGE_ERROR
    assert "--dist each would verify the server once a worker" in ended.out
    assert server.seen == []


@ALONE_AND_SHARED
def test_broken_clause_fails_under_its_name(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """
    On a faulty server the items of the broken clauses fail, each with the text for a bug report, and no others.
    """
    with serving(Faulty()) as url:
        ended = run_pytest(url, tmp_path, *workers, *CLAUSES, "-k", "task-id or media-type or malformed")

    assert ended.status == 1
    assert set(ended.failed) >= {"test_clause[body.task-id.mandatory-for-debug]", "test_clause[http.media-type]"}
    assert "test_clause[body.task-id.type]" not in ended.failed
    assert "  again     curl" in ended.out
    assert TOKEN not in ended.out


def test_only_chosen_clauses_are_asked_for(tmp_path: Path) -> None:
    """
    What is sent is for the items that were chosen.
    """
    server = Recording()
    with serving(server) as url:
        ended = run_pytest(url, tmp_path, *CLAUSES, "-k", "headers.content-type.mandatory")

    assert ended.passed == 1
    assert len(server.seen) < 20


def test_reading_alone_sees_what_it_is_for(tmp_path: Path) -> None:
    """
    A clause that every answer is read for fails by itself too, without the items that ask for the answers.
    """
    with serving(Faulty()) as url:
        ended = run_pytest(url, tmp_path, *CLAUSES, "-k", "http.media-type")

    assert list(ended.failed) == ["test_clause[http.media-type]"], ended.out


def test_advice_is_a_warning(tmp_path: Path) -> None:
    """
    Advice about a correct server that serves one connection at a time is a warning, and passes.
    """
    with STACKS["one-connection-at-a-time"](Reference()) as url:
        ended = run_pytest(url, tmp_path, *CLAUSES)

    assert ended.status == 0, ended.out
    assert "Advice: http.chunked-requests" in ended.out


def test_advice_fails_whom_warnings_fail(tmp_path: Path) -> None:
    """
    Where warnings are errors, advice fails the item.
    """
    with serving(BENIGN["kind-reader"]()) as url:
        ended = run_pytest(url, tmp_path, *CLAUSES, "-W", "error", "-k", "optional-null")

    assert any("body.optional-null" in line for line in ended.failed.values()), ended.out


def test_server_that_is_not_there_fails_each_item_in_a_sentence(tmp_path: Path) -> None:
    """
    What cannot be reached is red, and each item says why.
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


def test_another_contract_has_its_own_items(tmp_path: Path) -> None:
    """
    With --contract the items are the clauses of that contract, and no token is needed where it asks for none.
    """
    contract = tmp_path / "small.yaml"
    contract.write_text(SMALL)
    ended = run_pytest(
        "http://127.0.0.1:1",
        tmp_path,
        *CLAUSES,
        "--collect-only",
        "--contract",
        str(contract),
        "--contract-param",
        "thing=7",
        token="",
    )

    assert "test_clause[uri.thing.required]" in ended.out
    assert "task-id" not in ended.out


def test_fixture_verifies_a_server(tmp_path: Path) -> None:
    """
    The fixture gives a report that a test can ask.
    """
    test = f"""
def test_server(contract_report, request):
    report = contract_report(request.config.getoption("--contract-target"), {TOKEN!r}, only=frozenset({{"http"}}))
    assert report.exit_status == 1
    assert "http.media-type" in [result.clause.key for result in report.of("violates")]
"""
    with serving(Faulty()) as url:
        ended = run_pytest(url, tmp_path, test=test)

    assert ended.status == 0, ended.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--contract-rate", "often"), "--contract-rate: often is no rate"),
        (("--contract-rate", "0"), "--contract-rate: 0 is no rate"),
        (("--contract-param", "color=red"), "--contract-param color: the contract has no such name"),
        (("--contract", "missing.yaml"), "missing.yaml#/: the file cannot be read"),
    ],
)
def test_unusable_option_is_bad_usage(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """
    An option that cannot be used is told in a sentence.
    """
    ended = run_pytest("http://127.0.0.1:1", tmp_path, *options)

    assert ended.status == pytest.ExitCode.USAGE_ERROR
    assert said in ended.out


def test_suite_without_a_server_says_what_it_needs(tmp_path: Path) -> None:
    """
    Without a server the suite is no green run.
    """
    ended = run_pytest("", tmp_path, *CLAUSES)

    assert ended.status != 0
    assert "give --contract-target URL" in ended.out
