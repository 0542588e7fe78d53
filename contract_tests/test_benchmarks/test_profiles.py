"""Samples of a profile, counted."""

from benchmarks.profiles import by_library, by_module

STACKS = [
    (["peers.py", "secmaster_workflows/client.py", "secmaster_workflows/_call.py"], 1),
    (["peers.py", "secmaster_workflows/client.py", "secmaster_workflows/_pool.py", "h11/_readers.py"], 2),
    (["peers.py", "secmaster_workflows/client.py", "secmaster_workflows/client.py", "socket.py"], 1),
]


def test_sample_counts_for_the_library_that_runs() -> None:
    """
    Time below a library's frame is that of what it calls.
    """
    assert by_library(STACKS) == {"h11": 0.5, "secmaster_workflows": 0.25, "others": 0.25}


def test_module_counts_once_a_sample_with_what_it_calls() -> None:
    """
    A module that stands twice on a stack is counted once.
    """
    assert by_module(STACKS) == {"client": 1.0, "_pool": 0.5, "_call": 0.25}
