"""Known issues: tracked faults do not fail a run; the list of them is held to the truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result

from test_reports.conftest import invoke
from test_reports.servers import Faulty, Recording
from test_verifier.servers.reference import DEBUG, Reference
from test_verifier.servers.wire import Answer, Request, serving

LATER = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
EARLIER = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
BROKEN = (
    "headers.x-auth-token.user-token",
    "body.task-id.mandatory-for-debug",
    "http.media-type",
    "guard.no-server-error",
)


def entry(expires: str = LATER, **more: str) -> str:
    """One entry of a file of known issues."""
    rows = {"reason": "the team knows", "link": "https://tracker.example/1", **more}
    return "\n".join(["[[known]]", *(f'{key} = "{value}"' for key, value in rows.items()), f"expires = {expires}", ""])


@pytest.fixture(scope="module")
def faulty_url() -> Iterator[str]:
    with serving(Faulty()) as url:
        yield url


def run(url: str, tmp_path: Path, text: str, *options: str) -> Result:
    """Verify with a file of known issues."""
    file = tmp_path / "known.toml"
    file.write_text(text)
    return invoke(url, "--known", str(file), *options)


def test_tracked_faults_do_not_fail_the_run(faulty_url: str, tmp_path: Path) -> None:
    """
    With an entry for each clause that it breaks, a faulty server passes, and the report says what is tracked.
    """
    result = run(faulty_url, tmp_path, "".join(entry(clause=key) for key in BROKEN))

    assert result.exit_code == 0, result.output
    assert "known: the team knows, https://tracker.example/1" in result.output
    assert "conforms, but for 4 known issues" in result.stdout.splitlines()[-1]


class WithoutDebug(Reference):
    """Refuses every debug command."""

    async def carry_out(self, request: Request, body: Any) -> Answer:
        """Carry any other command out."""
        if body["command_type"] == DEBUG:
            self.refuse("There is no such command.")
        return await super().carry_out(request, body)


def test_what_only_follows_from_a_known_issue_is_known(tmp_path: Path) -> None:
    """
    Rules whose refusals show nothing because a known issue keeps their valid command from being taken fail no run.
    """
    file = tmp_path / "verdict.json"
    with serving(WithoutDebug()) as url:
        assert invoke(url, "--json", str(file)).exit_code == 1
        broken = [one["key"] for one in json.loads(file.read_text())["clauses"] if one["verdict"] == "violates"]
        result = run(url, tmp_path, "".join(entry(clause=key) for key in broken), "--json", str(file))
    clauses = {one["key"]: one for one in json.loads(file.read_text())["clauses"]}

    assert clauses["body.task-id.mandatory-for-debug"]["verdict"] == "inconclusive"
    assert clauses["body.task-id.mandatory-for-debug"]["known"]
    assert result.exit_code == 0, result.output


def test_what_follows_from_an_untracked_fault_is_not_known(tmp_path: Path) -> None:
    """
    An entry for a rule that cannot be judged does not make up for the fault that leaves it so.
    """
    with serving(WithoutDebug()) as url:
        result = run(url, tmp_path, entry(clause="body.task-id.mandatory-for-debug"))

    assert result.exit_code == 1


@pytest.mark.parametrize("key", [BROKEN[1], "http.malformed-utf-8"], ids=["broken", "left open by it"])
def test_junit_says_why_and_where_an_issue_is_tracked(faulty_url: str, tmp_path: Path, key: str) -> None:
    """
    In JUnit a known issue is skipped, and so is what follows from it, with its reason and its link.
    """
    file = tmp_path / "junit.xml"
    run(faulty_url, tmp_path, "".join(entry(clause=key) for key in BROKEN), "--junit", str(file))
    suite = ET.parse(file).find("testsuite")  # noqa: S314  a file of our own
    assert suite is not None

    assert suite.get("failures") == suite.get("errors") == "0"
    skipped = suite.find(f"testcase[@name='{key}']/skipped")
    assert skipped is not None
    assert skipped.get("message") == "known: the team knows (https://tracker.example/1)"


def test_all_mistakes_of_the_file_are_told_at_once(tmp_path: Path) -> None:
    """
    A file with a mistake in each of its entries, and two in one, is refused with all of them.
    """
    text = entry(clause="no.such", reason=" ") + entry(vector="no/such") + entry(cause="x")
    result = run("http://127.0.0.1:1", tmp_path, text)
    said = " ".join(result.stderr.split())

    assert result.exit_code == 2
    assert "entry 1 has no reason" in said
    assert "entry 1 names the clause no.such" in said
    assert "entry 2 names the vector no/such" in said
    assert "entry 3 has the unknown key cause" in said


@pytest.mark.parametrize("left", BROKEN)
def test_fault_that_is_not_tracked_fails_the_run(faulty_url: str, tmp_path: Path, left: str) -> None:
    """
    One broken clause without an entry is enough to fail.
    """
    result = run(faulty_url, tmp_path, "".join(entry(clause=key) for key in BROKEN if key != left))

    assert result.exit_code == 1


def test_expired_entry_counts_again(faulty_url: str, tmp_path: Path) -> None:
    """
    An entry past its day no longer excuses its clause, and the report says so.
    """
    text = "".join(entry(EARLIER if key == BROKEN[0] else LATER, clause=key) for key in BROKEN)
    result = run(faulty_url, tmp_path, text)

    assert result.exit_code == 1
    assert "expired on" in result.output


@pytest.mark.parametrize(
    "about", [{"clause": "body.task-id.mandatory-for-debug"}, {"vector": "ActionInstanceDebugCommand/task_id/absent"}]
)
def test_entry_that_no_longer_fails_fails_the_run(tmp_path: Path, about: dict[str, Any]) -> None:
    """
    A correct server with an entry for a fault fails the run: the entry has to go.
    """
    with serving(Recording()) as url:
        result = run(url, tmp_path, entry(**about))

    assert result.exit_code == 1
    assert "no longer fails: take it out" in result.output


def test_entry_that_was_not_checked_is_not_stale(tmp_path: Path) -> None:
    """
    An entry whose clause was skipped neither fails nor is missed.
    """
    with serving(Recording()) as url:
        result = run(url, tmp_path, entry(clause=BROKEN[1]), "--skip", BROKEN[1])

    assert result.exit_code == 0, result.output


def test_vector_alone_does_not_excuse_its_clause(faulty_url: str, tmp_path: Path) -> None:
    """
    An entry for one vector leaves the other failures of its clause standing.
    """
    text = entry(vector="ActionInstanceDebugCommand/task_id/absent")
    text += "".join(entry(clause=key) for key in BROKEN if key != BROKEN[1])
    result = run(faulty_url, tmp_path, text)

    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry(clause="no.such"), "names the clause no.such, which does not exist"),
        (entry(vector="no/such"), "names the vector no/such, which does not exist"),
        (entry(), "has to name either a clause or a vector"),
        (entry(clause=BROKEN[0], vector="x"), "has to name either a clause or a vector"),
        (entry(clause=BROKEN[0], reason=" "), "has no reason"),
        (entry(clause=BROKEN[0], link=""), "has no link"),
        (entry('"soon"', clause=BROKEN[0]), "has no expiry"),
        (entry(clause=BROKEN[0], cause="x"), "has the unknown key cause"),
        ("[[known]", "is not TOML"),
        ("", "has to hold [[known]] entries"),
        ("known = [1]", "is no table"),
    ],
)
def test_unusable_file_is_told_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    """
    An entry that names nothing that exists, or lacks something, is bad usage before anything is sent.
    """
    server = Recording()
    with serving(server) as url:
        result = run(url, tmp_path, text)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert server.seen == []
