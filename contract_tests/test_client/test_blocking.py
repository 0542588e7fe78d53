"""The blocking half of the runtime is derived from the asynchronous one."""

from __future__ import annotations

import runpy
from collections.abc import Callable

import pytest

from test_client.generating import GENERATOR, PACKAGE, ROOT

MODULE = runpy.run_path(str(GENERATOR / "blocking.py"))
blocking: Callable[[str], str] = MODULE["blocking"]
TWINS = {
    "async def call(self) -> None:\n    await self.way()": "def call(self) -> None:\n    self.way()",
    "async with AsyncTimeLimit(1):": "with TimeLimit(1):",
    "async for chunk in stream:": "for chunk in stream:",
    "class _AsyncTLS(AsyncWay):": "class _TLS(Way):",
    "from .loops import AsyncWake": "from .threads import Wake",
    "TokenSource | AsyncTokenSource": "TokenSource | AsyncTokenSource",
    "async def __aenter__(self): ...": "def __enter__(self): ...",
    "await transport.aclose()": "transport.close()",
    "transport.handle_async_request(request)": "transport.handle_request(request)",
    "isinstance(stream, httpx2.AsyncByteStream)": "isinstance(stream, httpx2.SyncByteStream)",
}


@pytest.mark.parametrize("source", TWINS)
def test_each_word_has_its_blocking_twin(source: str) -> None:
    """What is asynchronous becomes what blocks, and nothing else changes."""
    assert blocking(source) == TWINS[source]


@pytest.mark.parametrize("source", ["import asyncio", "x = [y async for y in z]; (await(z))", "anext(x); aiter(x)"])
def test_what_has_no_twin_stops_the_derivation(source: str) -> None:
    """A word that the table does not know is named, not left in blocking code."""
    with pytest.raises(MODULE["NotDerivableError"], match="no blocking twin is known of"):
        blocking(source)


def test_each_derived_file_names_its_source() -> None:
    """Below generated/ the derived files say what they were derived from, and are there."""
    for source, derived in MODULE["SOURCES"].items():
        first = (ROOT / "generated" / PACKAGE / "_runtime" / derived).read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith(f"# Derived from openapi/generator/runtime/_runtime/{source} ")
