"""Makes one call with one client and prints the most memory that the process has held: first_call.py <peer> <url>."""

from __future__ import annotations

import sys

# Nothing else is imported here: it would count as the peer's.
COMMAND = {"command_type": "ActionInstanceRetryCommand"}


def main() -> None:
    """Call, unless the peer is `nothing`."""
    _, name, url = sys.argv
    if name != "nothing":
        import peers

        if name in peers.SYNC:
            peers.SYNC[name](url)(COMMAND)
        else:
            import asyncio

            async def call() -> None:
                await peers.ASYNC[name](url)(COMMAND)

            asyncio.run(call())
    sys.stdout.write(f"{_most_memory()}\n")


def _most_memory() -> int:
    # Not getrusage(): its figure begins with that of the process that started this one.
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123  pathlib would count as the peer's
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise SystemExit("/proc/self/status names no VmHWM")


if __name__ == "__main__":
    main()
