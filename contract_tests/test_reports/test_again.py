"""A failure can be shown again: by curl, by replay, by a pytest file of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from secmaster_contract.commands.replay import replay
from secmaster_contract.report.reproduce import files
from test_reports.conftest import Made, environment, invoke
from test_reports.servers import Sent
from test_verifier.servers.reference import TOKEN

bash = shutil.which("bash")
curl = shutil.which("curl")
needs_curl = pytest.mark.skipif(not (bash and curl), reason="bash and curl, which the line is for, are not installed")


def without_case(sent: Sent) -> Sent:
    """A request, the order of its headers aside: curl sends them in its own."""
    method, target, headers, body = sent
    return method, target, tuple(sorted(headers)), body


@needs_curl
def test_curl_lines_send_the_same_bytes(faulty: Made) -> None:
    """
    Each curl line, run by a shell with the token in its environment, sends the request that failed.
    """
    before = [without_case(sent) for sent in faulty.server.seen]
    lines = {failure["again"] for _, failure in faulty.failures}
    count = len(faulty.server.seen)
    for line in sorted(lines):
        subprocess.run(
            [str(bash), "-c", line],
            env={"PATH": os.environ["PATH"], "X_AUTH_TOKEN": TOKEN},
            cwd=faulty.directory,
            check=True,
            capture_output=True,
            timeout=30,
        )
    after = [without_case(sent) for sent in faulty.server.seen[count:]]

    assert len(after) == len(lines) > 20
    assert [sent for sent in after if sent not in before] == []


@pytest.mark.parametrize("file", ["verdict.json", "cassette.json", "journal.jsonl"])
def test_replay_sends_the_same_bytes(faulty: Made, file: str) -> None:
    """
    A request of any file that keeps requests is sent again byte for byte, and answered as recorded.
    """
    vector = "body/invalid-utf-8"
    before = list(faulty.server.seen)
    arguments = [str(faulty.directory / file), "--vector", vector]
    result = CliRunner().invoke(replay, arguments, env=environment(), catch_exceptions=False)

    assert result.exit_code == 0, result.output
    assert faulty.server.seen[len(before) :][0] in before
    assert b"\xff\xfe" in faulty.server.seen[-1][3]
    assert TOKEN not in result.output


def test_replay_notices_another_answer(faulty: Made, correct: Made) -> None:
    """
    Sent to a server that has the fault no more, a recorded request is answered otherwise, and the exit status says so.
    """
    arguments = [str(faulty.directory / "verdict.json"), "--vector", "body/invalid-utf-8", "--to", correct.url]
    result = CliRunner().invoke(replay, arguments, env=environment(), catch_exceptions=False)

    assert result.exit_code == 1
    assert "recorded  500" in result.output
    assert "received  400" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--vector", "no/such"], "no request of no/such"),
        (["--vector", "body/invalid-utf8"], "such as of body/invalid-utf-8"),
        (["--number", "999999"], "no request number 999999"),
        ([], "say which by --vector NAME or --number N"),
    ],
)
def test_replay_without_a_request_is_told_in_a_sentence(faulty: Made, arguments: list[str], said: str) -> None:
    """
    A choice that fits no request, or none at all, is bad usage.
    """
    file = str(faulty.directory / "cassette.json")
    result = CliRunner().invoke(replay, [file, *arguments], env=environment(), catch_exceptions=False)

    assert result.exit_code == 2
    assert said in result.output


def run_files(made: Made, target: str, tmp_path: Path) -> str:
    """Run the pytest files of a report, far from any settings of ours, against a server; return what pytest said."""
    copies = shutil.copytree(made.directory / "reproduce", tmp_path / "reproduce")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(copies), str(copies)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SECMASTER"))}
    finished = subprocess.run(
        [*command, "-c", os.devnull],
        env={**clean, "X_AUTH_TOKEN": TOKEN, "X_TARGET": target},
        cwd=copies,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return finished.stdout


def test_pytest_files_fail_on_the_faulty_server(faulty: Made, tmp_path: Path) -> None:
    """
    Each failure has a pytest file, and each of them fails on the server that it was written about.
    """
    said = run_files(faulty, faulty.url, tmp_path)
    count = len(list((faulty.directory / "reproduce").glob("test_*.py")))

    assert count == len(faulty.failures) > 20
    assert said.splitlines()[-1].startswith(f"{count} failed in "), said


def test_pytest_files_pass_on_a_correct_server(faulty: Made, correct: Made, tmp_path: Path) -> None:
    """
    The same files pass on a server without the faults.
    """
    said = run_files(faulty, correct.url, tmp_path)

    assert " passed in " in said.splitlines()[-1], said
    assert "failed" not in said.splitlines()[-1], said


def test_failure_that_is_gone_leaves_nothing_behind(faulty: Made, correct: Made, tmp_path: Path) -> None:
    """
    A report written over an older one takes away the older one's pytest files and bodies, and nothing else.
    """
    report = shutil.copytree(faulty.directory, tmp_path / "report")
    own = [report / "reproduce" / "test_own.py", report / "bodies" / "own.bin"]
    for file in own:
        file.write_text("def test_own(): pass\n")
    invoke(correct.url, "--report", str(report), "--quiet")

    assert [file for name in ("reproduce", "bodies") for file in (report / name).iterdir()] == own


def test_two_faults_of_one_answer_have_a_file_each(faulty: Made) -> None:
    """
    Failures that share clause and vector do not overwrite each other's pytest file.
    """
    document = faulty.verdict
    twice = next(clause for clause in document["clauses"] if clause["failures"])
    twice["failures"] = twice["failures"][:1] * 2
    names = [name for name, _ in files({**document, "clauses": [twice]})]

    assert len(set(names)) == len(names) == 2


def test_correct_server_leaves_nothing_to_reproduce(correct: Made) -> None:
    """
    The report of a correct server has no pytest file.
    """
    assert not (correct.directory / "reproduce").exists()
