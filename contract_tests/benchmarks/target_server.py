"""A server to be verified, in a process of its own: python -m benchmarks.target_server <name>.

It prints its URL, serves until its input ends, and prints how many requests it has read.
"""

from __future__ import annotations

import sys

from test_verifier.servers.broken.registry import FAULTS
from test_verifier.servers.reference import Reference
from test_verifier.servers.wire import serving

CORRECT = "correct"


def main() -> None:
    """Serve."""
    (name,) = sys.argv[1:]
    server = Reference() if name == CORRECT else FAULTS[name].make()
    with serving(server) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        sys.stdin.read()
    sys.stdout.write(f"{server.requests}\n")


if __name__ == "__main__":
    main()
