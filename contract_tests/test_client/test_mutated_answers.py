"""A thousand answers with something changed: each comes to the right conclusion, or to one typed error."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from secmaster_workflows import (
    CallError,
    CommandFailedError,
    SecMasterError,
    UpdateWorkflowInstanceResult,
    WorkflowsClient,
)
from test_client.conftest import IDENTITY, TOKEN
from test_client.generating import OPERATION, ORACLE
from test_client.raw_server import SUCCESS

MUTANTS = 1000
SCHEMA = ORACLE.validator(str(OPERATION.success.schema_pointer))
VALUES = [None, True, False, 0, 1, "", "true", "false", [], {}, [True], {"success": True}, 1e308, TOKEN, "\u2028"]
STATUSES = [*[200] * 24, 201, 204, 302, 400, 401, 403, 404, 413, 418, 429, 500, 502, 503, 504, 599]
SPLICES = [b"", b" ", b",", b"{", b"}", b'"', b"\\", b"\x00", b"\xff", b"\xef\xbb\xbf", b"[", b"null", b"//", b"true"]


def mutant(seed: int) -> tuple[int, dict[str, str], bytes]:
    """An answer that states its outcome, or did before something happened to it."""
    draw = random.Random(seed)  # noqa: S311 - a seeded draw
    value: Any = {**SUCCESS, "success": draw.random() < 0.6}
    for _ in range(draw.randrange(3)):
        name = draw.choice([*SUCCESS, "Success", "error_code", "error_msg", "data"])
        value[name] = draw.choice(VALUES)
    for name in list(value):
        if draw.random() < 0.08:
            del value[name]
    if draw.random() < 0.08:
        value = draw.choice([[value], {"data": value}, json.dumps(value), *VALUES])
    body = json.dumps(value, ensure_ascii=draw.random() < 0.5).encode()
    for _ in range(draw.choice([0, 0, 0, 0, 1, 2])):
        at = draw.randrange(len(body) + 1)
        body = body[:at] + draw.choice(SPLICES) + body[at + draw.randrange(4) :]
    headers = {"Content-Type": draw.choice(["application/json", "text/html", "", "application/json;charset=latin1"])}
    fate = draw.randrange(12)
    if fate == 0:
        body, headers["Content-Encoding"] = zlib.compress(body), "deflate"
    elif fate == 1:
        headers["Content-Encoding"] = "gzip"
    elif fate == 2:
        body = body.decode("utf-8", "replace").encode(draw.choice(["utf-16", "utf-8-sig"]))
    return draw.choice(STATUSES), headers, body


def stated(status: int, headers: dict[str, str], body: bytes) -> bool | None:
    """What the answer states: True, False, or nothing. Independent of the client: the JSON Schema of the contract."""
    if status != 200:
        return None
    try:
        if headers.get("Content-Encoding") == "deflate":
            body = zlib.decompress(body)
        elif "Content-Encoding" in headers:
            return None
        text = body.decode("utf-8-sig")
        twice: list[bool] = []

        def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            twice.append(len({name for name, _ in pairs}) != len(pairs))
            return dict(pairs)

        def no_number(name: str) -> None:
            raise ValueError(name)

        value = json.loads(text, object_pairs_hook=members, parse_constant=no_number)
    except ValueError:
        return None
    if any(twice) or not SCHEMA.is_valid(value) or not isinstance(value.get("success"), bool):
        return None
    return bool(value["success"])


def conclusions(first: int, count: int) -> Iterator[tuple[int, bool | None, object]]:
    """Seed, what the answer states, and what the client makes of it."""
    answers = iter(range(first, first + count))
    current: list[tuple[int, dict[str, str], bytes]] = []

    def handler(_: httpx2.Request) -> httpx2.Response:
        status, headers, body = current[-1]
        return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(body))

    with WorkflowsClient(
        endpoint="https://example.test", transport=httpx2.MockTransport(handler), max_retries=0, **IDENTITY
    ) as client:
        for seed in answers:
            current.append(mutant(seed))
            came: object
            try:
                came = client.retry("i")
            except BaseException as error:  # noqa: BLE001 - an untyped error is what is looked for
                came = error
            yield seed, stated(*current[-1]), came


@pytest.mark.parametrize("part", range(4))
def test_no_mutated_answer_leads_astray(part: int) -> None:
    """None of the mutants is taken for what it does not state, and none ends in an untyped error."""
    expected = {True: UpdateWorkflowInstanceResult, False: CommandFailedError, None: CallError}
    seen: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    for seed, states, came in conclusions(part * MUTANTS // 4, MUTANTS // 4):
        seen[states] += 1
        assert isinstance(came, expected[states]), (seed, mutant(seed), came)
        assert isinstance(came, UpdateWorkflowInstanceResult | SecMasterError), (seed, came)
        if states is None:
            assert not isinstance(came, CommandFailedError), (seed, came)
        assert TOKEN not in repr(came), seed

    assert all(count > 15 for count in seen.values()), seen
