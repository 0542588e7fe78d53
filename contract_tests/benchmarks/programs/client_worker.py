"""One client in a process of its own: client_worker.py <peer> <url>.

It reads lines `<calls> <body as JSON>`, makes so many calls of each, and answers each line with the seconds of CPU that
a call took and the seconds that passed.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable

import peers


def prepare(name: str, url: str) -> Callable[[dict[str, str], int], None]:
    """Return what makes a number of calls, one after the other."""
    if name in peers.SYNC:
        call = peers.SYNC[name](url)

        def run(command: dict[str, str], calls: int) -> None:
            for _ in range(calls):
                call(command)

        return run
    loop = asyncio.new_event_loop()

    async def build() -> peers.AsyncCall:
        return peers.ASYNC[name](url)

    awaited = loop.run_until_complete(build())

    async def run_all(command: dict[str, str], calls: int) -> None:
        for _ in range(calls):
            await awaited(command)

    return lambda command, calls: loop.run_until_complete(run_all(command, calls))


def main() -> None:
    """Take orders until there are no more."""
    _, name, url = sys.argv
    run = prepare(name, url)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        count, _, body = line.partition(" ")
        calls, command = int(count), json.loads(body)
        gc.collect()
        passed, used = time.perf_counter(), time.process_time()
        run(command, calls)
        used, passed = time.process_time() - used, time.perf_counter() - passed
        sys.stdout.write(f"{used / calls} {passed / calls}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
