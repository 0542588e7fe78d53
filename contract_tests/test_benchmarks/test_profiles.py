"""Samples of a profile, counted."""

from benchmarks.profiles import by_function, by_library, by_module

PEER, CLIENT = ("call", "peers.py"), ("debug", "secmaster_workflows/client.py")
STACKS = [
    ([PEER, CLIENT, ("attempt", "secmaster_workflows/_call.py")], 1),
    ([PEER, CLIENT, ("exchange", "secmaster_workflows/_pool.py"), ("read", "h11/_readers.py")], 2),
    ([PEER, CLIENT, CLIENT, ("send", "socket.py")], 1),
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


def test_function_counts_for_what_it_does_itself() -> None:
    """
    A function is named with its library and module, and counted where its own code runs; the largest come first.
    """
    assert list(by_function(STACKS).items()) == [
        ("h11._readers.read", 0.5),
        ("secmaster_workflows._call.attempt", 0.25),
        ("socket.send", 0.25),
    ]
