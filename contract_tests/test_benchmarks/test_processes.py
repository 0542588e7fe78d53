"""The processes that the benchmarks start."""

import os
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import ProgramError, cpu_seconds, environment, program, resident_bytes, run

BUSY = "import time\nwhile time.process_time() < 0.2: pass\n"
ECHO = """
import sys
print("ready", flush=True)
for line in sys.stdin:
    print(line.strip()[::-1], flush=True)
print("bye")
"""


def test_cpu_counts_work_and_not_waiting() -> None:
    """
    A busy process has used CPU, a waiting one has not.
    """
    busy = run([sys.executable, "-c", BUSY])
    waiting = run([sys.executable, "-c", "import time; time.sleep(0.4)"])

    assert busy.cpu >= 0.2
    assert waiting.wall >= 0.4
    assert waiting.cpu < 0.2


def test_cpu_counts_the_children() -> None:
    """
    Work that a program has done by another one is its own.
    """
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}], check=True)\n"

    assert run([sys.executable, "-c", code]).cpu >= 0.2


def test_failing_program_is_named_with_its_last_words() -> None:
    """
    A failure names the status and what was said last.
    """
    with pytest.raises(ProgramError, match=r"ended with status 3: went wrong"):
        run([sys.executable, "-c", "import sys; print('went wrong'); print(); sys.exit(3)"])


def test_program_that_dies_is_named_with_its_error() -> None:
    """
    A program that ends before it answers is told with the last line of its error output.
    """
    with (
        program([sys.executable, "-c", "raise SystemExit('no such peer')"]) as started,
        pytest.raises(ProgramError, match="status 1: no such peer"),
    ):
        started.line()


def test_program_answers_in_lines_and_says_its_last() -> None:
    """
    Lines are answered one by one; the end of the input asks for the last words.
    """
    with program([sys.executable, "-c", ECHO]) as started:
        assert started.line_with("ready") == "ready"
        assert started.ask("abc") == "cba"
        assert started.finish() == "bye"


def test_program_ends_with_the_block() -> None:
    """
    No process outlives its block.
    """
    with program([sys.executable, "-c", ECHO]) as started:
        started.line()
        os.kill(started.pid, 0)

    with pytest.raises(ProcessLookupError):
        os.kill(started.pid, 0)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="this system has no /proc to read them from")
def test_running_process_is_asked_for_cpu_and_memory() -> None:
    """
    CPU and memory of a running process are those of its work.
    """
    with program(
        [sys.executable, "-c", "held = bytearray(30_000_000)\n" + BUSY + "print('done', flush=True)\ninput()"]
    ) as it:
        it.line_with("done")
        # The kernel counts in ticks and adds them a moment later.
        deadline = time.monotonic() + 5
        while (used := cpu_seconds(it.pid) or 0.0) < 0.15 and time.monotonic() < deadline:
            pass

        assert used >= 0.15
        assert (resident_bytes(it.pid) or 0) > 30_000_000


def test_process_that_is_gone_tells_nothing() -> None:
    """
    CPU and memory of no process are unknown, not zero.
    """
    with program([sys.executable, "-c", ""]) as started:
        started.finish()

    assert cpu_seconds(started.pid) is None
    assert resident_bytes(started.pid) is None


def test_programs_start_without_what_would_steer_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A token or a module path of the caller reaches no program unless it is handed over.
    """
    monkeypatch.setenv("SECMASTER_TOKEN", "planted")
    monkeypatch.setenv("PYTHONPATH", "planted")

    assert "planted" not in environment().values()
    assert environment({"PYTHONPATH": "mine"})["PYTHONPATH"] == "mine"
