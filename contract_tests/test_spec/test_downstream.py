"""The table of other projects' generators is by the programs here, and its driver sees what a program sends."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from downstream import building, shipped, table, vectors, wire
from downstream.consumers import CONSUMERS, PROGRAMS
from downstream.run import judge
from downstream.table import Row
from test_contract.making import with_field

SENDS = """
import sys
sys.path.insert(0, {programs!r})
from cases import EXAMPLES, put, run
import json
def send(case, body):
    return put(case, json.dumps(body).encode())
run({{
    "retry": lambda: send("retry", {retry}),
    "terminate": lambda: send("terminate", EXAMPLES["terminate"]),
    "debug": lambda: send("debug", EXAMPLES["debug"]),
    "bad-debug": lambda: {bad},
}})
"""


def program(
    directory: Path, *, retry: str = 'EXAMPLES["retry"]', bad: str = "1 / 0", helper: Path = PROGRAMS
) -> list[str]:
    """Write a program that sends what it is told."""
    path = directory / "program.py"
    path.write_text(SENDS.format(programs=str(helper), retry=retry, bad=bad), encoding="utf-8")
    return [sys.executable, str(path)]


def test_table_is_by_these_programs() -> None:
    """DOWNSTREAM.md was measured by the generators and programs that stand here (repair: make downstream)."""
    assert table.is_by_these_programs()


def test_table_of_other_programs_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that changes makes the table stale."""
    monkeypatch.setattr(table, "PAGE", tmp_path / "DOWNSTREAM.md")
    table.write([], "")
    assert table.is_by_these_programs()
    shutil.copytree(PROGRAMS, tmp_path / "programs")
    monkeypatch.setattr(table, "PROGRAMS", tmp_path / "programs")

    (tmp_path / "programs" / "cases.py").write_text("pass\n", encoding="utf-8")

    assert not table.is_by_these_programs()


def test_table_of_other_rules_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that changes makes the table one of other rules; a description or an extension that changes does not."""
    path = tmp_path / "contract.yaml"
    monkeypatch.setattr(table, "FORMS", {"contract": path})
    monkeypatch.setattr(table, "PAGE", tmp_path / "DOWNSTREAM.md")
    field = {"type": "string"}
    path.write_text(json.dumps(with_field(field)), encoding="utf-8")
    table.write([], "")

    path.write_text(json.dumps(with_field(field | {"description": "Other words.", "x-note": 1})), encoding="utf-8")
    assert table.is_of_these_rules()

    path.write_text(json.dumps(with_field(field | {"maxLength": 9})), encoding="utf-8")
    assert not table.is_of_these_rules()


@pytest.mark.parametrize("same", [True, False])
def test_table_of_other_rules_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, same: bool
) -> None:
    """The check of derived files says that the table was measured on other rules, and does not fail for it."""
    monkeypatch.setattr(table, "is_of_these_rules", lambda: same)
    monkeypatch.setattr("sys.argv", ["vectors", "--check"])

    assert vectors.main() == 0
    assert ("DOWNSTREAM.md was measured on other rules" in capsys.readouterr().out) is not same


def test_what_arrives_is_judged(tmp_path: Path) -> None:
    """Right commands fit, with the Content-Type and the token that arrived; a refused case is told by its reason."""
    run = wire.run(program(tmp_path), tmp_path)

    assert {case: arrival.fits for case, arrival in run.arrivals.items()} == dict.fromkeys(
        shipped.body().examples, True
    )
    assert {arrival.content_type for arrival in run.arrivals.values()} == {shipped.body().media_type}
    assert all(arrival.authenticated for arrival in run.arrivals.values())
    assert (run.refused, run.fault) == ({"bad-debug": "ZeroDivisionError: division by zero"}, None)


@pytest.mark.parametrize(
    "body",
    ['{"command_type": "retry"}', 'EXAMPLES["terminate"]', "{}", 'dict(EXAMPLES["retry"], task_id=None)'],
)
def test_wrong_body_does_not_fit(tmp_path: Path, body: str) -> None:
    """A body that the contract rejects, or that is another command, does not count as the example."""
    run = wire.run(program(tmp_path, retry=body), tmp_path)

    assert {case for case, arrival in run.arrivals.items() if not arrival.fits} == {"retry"}


def test_bad_command_that_is_sent_is_seen(tmp_path: Path) -> None:
    """A debug command without task_id that leaves the program counts as sent, though the server rejects it."""
    run = wire.run(program(tmp_path, bad='send("bad-debug", {"command_type": "ActionInstanceDebugCommand"})'), tmp_path)

    assert wire.BAD in run.arrivals
    assert run.refused == {}


@pytest.mark.parametrize("header", ['"X-Token": TOKEN', '"X-Auth-Token": "another"'])
def test_missing_or_wrong_token_is_seen(tmp_path: Path, header: str) -> None:
    """A request in which the server sees no good token does not count as authenticated."""
    helper = (PROGRAMS / "cases.py").read_text(encoding="utf-8")
    (tmp_path / "cases.py").write_text(helper.replace('"X-Auth-Token": TOKEN', header), encoding="utf-8")

    run = wire.run(program(tmp_path, helper=tmp_path), tmp_path)

    assert {arrival.authenticated for arrival in run.arrivals.values()} == {False}


def test_program_that_ends_early_is_told(tmp_path: Path) -> None:
    """A program that does not come to its end is a fault of its own, not a refusal."""
    run = wire.run([sys.executable, "-c", "raise SystemExit('no such module')"], tmp_path)

    assert run.fault == "no such module"
    assert not run.refused


@pytest.mark.parametrize(
    ("fits", "told"), [(False, "sent"), (True, "sent with an empty task_id, which the contract accepts")]
)
def test_default_that_stands_for_task_id_is_told(*, fits: bool, told: str) -> None:
    """A bad command that a language's default makes good is told apart from one that arrives bad."""
    arrival = wire.Arrival(wire.BAD, fits=fits, content_type=None, authenticated=True)
    consumer = next(consumer for consumer in CONSUMERS if consumer.language == "Go")

    row = judge(consumer, Row("g", "1", "contract"), wire.Run({wire.BAD: arrival}, {}), guarded=False)

    assert row.bad_debug == told


COMPILER = """
import pathlib, sys
errors = pathlib.Path("bad.rs").read_text() + {elsewhere!r}
print(errors, file=sys.stderr)
sys.exit("error" in errors)
"""


REFUSED = "bad.rs:5:5: error[E0061]: 2 arguments were supplied\n"


def compiled(home: Path, bad: str, elsewhere: str = "") -> building.Build:
    """Build with a compiler that finds what the bad file says, and what stands elsewhere."""
    (home / "bad.rs").write_text(bad, encoding="utf-8")
    compiler = [sys.executable, "-c", COMPILER.format(elsewhere=elsewhere)]
    return building.build_guarded(compiler, home, ["program"], "bad.rs", "past.rs")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to build in; a command that gets past the compiler is among the programs."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "past.rs").write_text("", encoding="utf-8")
    monkeypatch.setattr(building, "PROGRAMS", programs)
    return tmp_path


def test_bad_command_that_alone_is_refused_is_a_type_error(home: Path) -> None:
    """A program that only the bad command keeps from compiling is built with one that gets past the compiler."""
    assert compiled(home, REFUSED) == building.Build(compiles=True, command=["program"], guarded=True)


def test_bad_command_that_compiles_is_run(home: Path) -> None:
    """A bad command that the compiler lets through is no type error, and stays what is run."""
    assert compiled(home, "taken") == building.Build(compiles=True, command=["program"])
    assert (home / "bad.rs").read_text(encoding="utf-8") == "taken"


@pytest.mark.parametrize(
    ("bad", "elsewhere"),
    [(REFUSED, "client/src/lib.rs:1:1: error: no such crate"), ("", "error: linking failed")],
)
def test_error_elsewhere_is_not_put_down_to_the_bad_command(home: Path, bad: str, elsewhere: str) -> None:
    """Where more than the bad command is refused, or nothing says where, the program does not compile."""
    assert compiled(home, bad, elsewhere) == building.Build(compiles=False, command=["program"])


def test_missing_library_is_named(tmp_path: Path) -> None:
    """A build whose library is not installed says so, instead of counting as one that does not compile."""
    with pytest.raises(building.NotHereError, match=r"no Newtonsoft\.Json here"):
        building.build("C#", "OpenapiGenerator.cs", tmp_path, tmp_path / "bin" / "python")
