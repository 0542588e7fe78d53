"""A server to be verified, in a process of its own: python -m benchmarks.target_server <name>.

It prints its URL, serves until its input ends, and prints how many requests it has read.
"""

from __future__ import annotations

import asyncio
import sys

from test_verifier.servers.broken.registry import FAULTS
from test_verifier.servers.reference import Reference
from test_verifier.servers.wire import Answer, Request, serving

CORRECT, SLOW = "correct", "slow"
_PAUSE = 0.01


def serve(name: str) -> list[str]:
    """Return the command that serves."""
    return [sys.executable, "-m", "benchmarks.target_server", name]


class Slow(Reference):
    """Correct, and takes 10 ms for each request, as a server behind a network does."""

    async def serve(self, request: Request) -> Answer:
        """Wait, then answer."""
        await asyncio.sleep(_PAUSE)
        return await super().serve(request)


def main() -> None:
    """Serve."""
    (name,) = sys.argv[1:]
    own = {CORRECT: Reference, SLOW: Slow}
    server = own[name]() if name in own else FAULTS[name].make()
    with serving(server) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        sys.stdin.read()
    sys.stdout.write(f"{server.requests}\n")


if __name__ == "__main__":
    main()
