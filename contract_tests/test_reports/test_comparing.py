"""Runs beside each other: several servers, the parts of one run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from secmaster_contract.commands.comparing import diff, matrix, merge
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.harness.shards import Shard
from openapi_contract import load_spec
from secmaster_contract.run.target import Target
from test_reports.conftest import Made, invoke, run_command
from test_reports.servers import Faulty, Recording
from test_verifier.servers.wire import serving

Files = Callable[[str, int], list[str]]
RULE = "body.task-id.mandatory-for-debug"


@pytest.fixture(scope="module")
def server() -> Iterator[Callable[[str], str]]:
    """The servers by name, each started once."""
    with serving(Faulty()) as faulty, serving(Recording()) as correct:
        yield {"faulty": faulty, "correct": correct}.__getitem__


@pytest.fixture
def shards(server: Callable[[str], str], tmp_path: Path) -> Files:
    """The verdict files of a run in parts."""

    def run(name: str, count: int) -> list[str]:
        files = [tmp_path / f"{name}-{number}.json" for number in range(1, count + 1)]
        for number, file in enumerate(files, 1):
            invoke(server(name), "--json", str(file), "--shard", f"{number}/{count}", "--quiet")
        return [str(file) for file in files]

    return run


def test_servers_stand_side_by_side(correct: Made, faulty: Made, tmp_path: Path) -> None:
    """
    The matrix as a page has a column a server, with the day it was verified, and a row a clause.
    """
    page = tmp_path / "matrix.html"
    result = run_command(matrix, correct.directory / "verdict.json", faulty.directory / "verdict.json", "--html", page)
    text = page.read_text(encoding="utf-8")

    assert result.exit_code == 0
    assert f"{RULE}, {faulty.url}: violates" in text
    assert f"{RULE}, {correct.url}: conforms" in text
    assert text.count(f">{faulty.verdict['run']['started'][:10]} ") == 2


def test_ten_servers_fit_a_narrow_terminal(correct: Made, faulty: Made) -> None:
    """
    The matrix of ten servers has a line a clause in 80 columns, with a mark a server under its number.
    """
    files = [made.directory / "verdict.json" for made in (correct, faulty) * 5]
    result = run_command(matrix, *files)
    lines = result.output.splitlines()
    row = next(line for line in lines if RULE in line)

    assert [mark for mark in row.removeprefix(f"  {RULE}").split() if mark in "✓✗"] == ["✓", "✗"] * 5
    assert any(line.split() == [str(number) for number in range(1, 11)] for line in lines)
    assert f" 2  {faulty.url}" in result.output
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", ["correct", "faulty"])
def test_merged_shards_say_what_a_whole_run_says(
    server: Callable[[str], str], shards: Files, tmp_path: Path, name: str
) -> None:
    """
    The parts of a run, merged, have the verdicts, the failures' clauses and the exit status of the whole.
    """
    whole, merged = tmp_path / "whole.json", tmp_path / "merged.json"
    status = invoke(server(name), "--json", str(whole)).exit_code
    result = run_command(merge, *shards(name, 3), "--json", merged)
    one, other = (json.loads(file.read_text(encoding="utf-8")) for file in (whole, merged))

    assert result.exit_code == status == one["exit_status"] == other["exit_status"]
    assert {c["key"]: c["verdict"] for c in other["clauses"]} == {c["key"]: c["verdict"] for c in one["clauses"]}
    assert {v["name"] for v in other["vectors"]} == {v["name"] for v in one["vectors"]}


def test_shards_share_the_vectors(shards: Files) -> None:
    """
    No vector is in two shards, and each shard has a part of them.
    """
    documents = [json.loads(Path(file).read_text(encoding="utf-8")) for file in shards("correct", 3)]
    names = [{vector["name"] for vector in document["vectors"]} for document in documents]

    assert not names[0] & names[1] | names[1] & names[2] | names[0] & names[2]
    assert min(map(len, names)) > 100


def test_fault_stays_with_what_explains_it() -> None:
    """
    A vector is in the same shard as each vector whose failure would explain its own, the valid commands aside.
    """
    spec = load_spec()
    target = Target("http://127.0.0.1:1", "0" * 16, dict.fromkeys(spec.path_parameters, "x"))
    vectors = enumerate_vectors(target, spec).vectors
    home = {name: number for number in range(1, 6) for name in Shard(number, 5).of(vectors)}
    valid = {vector.twin for vector in vectors.values()}
    follows = [(name, other) for name, vector in vectors.items() for other in vector.follows if other in vectors]

    assert set(home) == set(vectors)
    assert len(follows) > 100
    assert [pair for pair in follows if pair[1] not in valid and home[pair[0]] != home[pair[1]]] == []


@pytest.mark.parametrize(
    ("choose", "said"),
    [
        (lambda files: files[:2], "missing: 3/3"),
        (lambda files: [*files[:2], files[0]], "missing: 3/3"),
        (lambda files: files[:1], "missing: 2/3, 3/3"),
    ],
    ids=["one missing", "one twice", "two missing"],
)
def test_missing_shard_is_named(
    shards: Files, tmp_path: Path, choose: Callable[[list[str]], list[str]], said: str
) -> None:
    """
    Shards that are not all there, each once, are not merged.
    """
    result = run_command(merge, *choose(shards("correct", 3)), "--json", tmp_path / "merged.json")

    assert result.exit_code == 2
    assert said in result.output


def test_whole_runs_are_not_merged(correct: Made, tmp_path: Path) -> None:
    """
    A file that is no shard is not merged.
    """
    result = run_command(merge, correct.directory / "verdict.json", "--json", tmp_path / "merged.json")

    assert result.exit_code == 2


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "-1/3", "1/2/3"])
def test_shard_that_is_none_is_refused(text: str) -> None:
    """
    A shard is K/N with K from one to N.
    """
    with pytest.raises(ValueError, match="is no shard"):
        Shard.parse(text)


@pytest.mark.parametrize("command", [diff, matrix, merge], ids=["diff", "matrix", "merge"])
def test_file_that_is_missing_is_told_in_a_sentence(command: Any, tmp_path: Path) -> None:
    """
    A file that cannot be read is bad usage, without a traceback.
    """
    missing = tmp_path / "missing.json"
    more: list[str | Path] = ["--json", tmp_path / "out.json"] if command is merge else []
    result = run_command(command, missing, missing, *more)

    assert result.exit_code == 2
    assert f"cannot read {missing}" in result.output.replace("\n", "")
