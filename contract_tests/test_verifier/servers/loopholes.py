"""Servers that know a rule and forget it under one circumstance: the faults that reviews and simple tests miss."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from test_verifier.servers.broken.registry import Fault, add
from test_verifier.servers.reference import DEBUG, FIELDS, RETRY, TERMINATE, Reference
from test_verifier.servers.wire import Answer, Request


@dataclass(frozen=True)
class Rule:
    """A rule of the reference server: the method that keeps it, its field if any, the clause that states it."""

    method: str
    field: str | None
    clause: str


RULES = {
    "token-present": Rule("no_token", None, "headers.x-auth-token.mandatory"),
    "token-good": Rule("wrong_token", None, "headers.x-auth-token.user-token"),
    "media-type-present": Rule("no_media_type", None, "headers.content-type.mandatory"),
    "media-type-right": Rule("wrong_media_type", None, "headers.content-type.range"),
    "body-present": Rule("empty", None, "body.mandatory"),
    "json": Rule("not_json", None, "http.malformed"),
    "utf-8": Rule("not_utf8", None, "http.malformed-utf-8"),
    "object": Rule("no_object", None, "body.mandatory"),
    "command-present": Rule("no_command", None, "body.command-type.mandatory"),
    "command-text": Rule("command_no_text", None, "body.command-type.type"),
    "command-known": Rule("unknown_command", None, "body.command-type.range"),
    "task-present": Rule("missing", "task_id", "body.task-id.mandatory-for-debug"),
    "task-text": Rule("no_text", "task_id", "body.task-id.type"),
    "data-present": Rule("missing", "input_dataobject", "body.input-dataobject.mandatory-for-debug"),
    "data-text": Rule("no_text", "input_dataobject", "body.input-dataobject.type"),
}


@dataclass(frozen=True)
class Situation:
    """What a loophole can see."""

    server: Reference
    request: Request
    field: str | None

    @property
    def body(self) -> dict[str, Any]:
        """The body's members, none where it is no object."""
        try:
            value = json.loads(self.request.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


Loophole = Callable[[Situation], bool]

_ALWAYS: Mapping[str, Loophole] = {"always": lambda _: True}
_TIMES: Mapping[str, Loophole] = {
    "first-on-a-connection": lambda s: s.request.peer.requests == 0,
    "second-on-a-connection": lambda s: s.request.peer.requests == 1,
    "later-on-a-connection": lambda s: s.request.peer.requests > 0,
    "after-a-success": lambda s: s.request.peer.taken > 0,
    "after-a-refusal": lambda s: s.request.peer.refused > 0,
    "every-second-time": lambda s: s.server.requests % 2 == 0,
    "every-third-time": lambda s: s.server.requests % 3 == 0,
    "under-load": lambda s: s.server.busy > 1,
}
_HEADERS: Mapping[str, Loophole] = {
    "with-a-query": lambda s: bool(s.request.query),
    "with-debug-flag": lambda s: "debug=true" in s.request.query,
    "with-force-flag": lambda s: "force=true" in s.request.query,
    "from-a-proxy": lambda s: bool(s.request.values("X-Forwarded-For")),
    "with-debug-header": lambda s: bool(s.request.values("X-Debug")),
    "with-lower-case-headers": lambda s: bool({"content-type", "x-auth-token", "accept"} & set(s.request.raw_names)),
    "with-accept": lambda s: bool(s.request.values("Accept")),
    "in-chunks": lambda s: s.request.chunked,
    "asked-for-compression": lambda s: any("gzip" in value for value in s.request.values("Accept-Encoding")),
    "asked-in-another-language": lambda s: any("zh" in value for value in s.request.values("Accept-Language")),
    "with-a-language-header": lambda s: bool(s.request.values("X-Language")),
    "on-the-last-request": lambda s: "close" in s.request.values("Connection"),
}
_MEDIA: Mapping[str, Loophole] = {
    "in-another-spelling-of-the-media-type": lambda s: (
        s.request.values("Content-Type") != ["application/json;charset=UTF-8"]
    ),
    "under-the-short-media-type": lambda s: s.request.values("Content-Type") == ["application/json"],
}
_TEXT: Mapping[str, Loophole] = {
    "in-a-long-body": lambda s: len(s.request.body) > 65_536,
    "in-a-pretty-body": lambda s: b"\n" in s.request.body,
    "before-a-line-feed": lambda s: s.request.body.endswith(b"\n"),
    "in-a-spaced-body": lambda s: b'": ' in s.request.body,
    "in-an-escaped-body": lambda s: b"\\u" in s.request.body,
    "in-a-foreign-script": lambda s: not s.request.body.isascii(),
}
_FIELDS: Mapping[str, Loophole] = {
    "beside-an-unknown-field": lambda s: bool(set(s.body) - {"command_type", *FIELDS}),
    "without-an-unknown-field": lambda s: not set(s.body) - {"command_type", *FIELDS},
    "behind-an-unknown-field": lambda s: next(iter(s.body), "") not in {"command_type", *FIELDS},
    "beside-a-null": lambda s: None in s.body.values(),
    "with-the-command-behind": lambda s: next(iter(s.body), "command_type") != "command_type",
    "with-the-command-first": lambda s: next(iter(s.body), "") == "command_type",
    "with-the-command-last": lambda s: next(reversed(s.body), "") == "command_type",
    "with-both-fields": lambda s: set(FIELDS) <= set(s.body),
    "with-one-field": lambda s: len(set(FIELDS) & set(s.body)) == 1,
    "without-a-field": lambda s: not set(FIELDS) & set(s.body),
}
_PLACES: Mapping[str, Loophole] = {
    "in-the-first-place": lambda s: next(iter(s.body), "") == s.field,
    "in-the-last-place": lambda s: next(reversed(s.body), "") == s.field,
    "in-the-middle": lambda s: s.field in list(s.body)[1:-1],
}
_COMMANDS: Mapping[str, Loophole] = {
    "of-terminate": lambda s: s.body.get("command_type") == TERMINATE,
    "of-retry": lambda s: s.body.get("command_type") == RETRY,
    "of-debug": lambda s: s.body.get("command_type") == DEBUG,
}
_TYPES: Mapping[str, Loophole] = {
    f"holding-{name}": lambda s, kinds=kinds: type(s.body.get(s.field or "command_type")) in kinds
    for name, kinds in {
        "null": (type(None),),
        "a-boolean": (bool,),
        "a-number": (int, float),
        "a-fraction": (float,),
        "an-array": (list,),
        "an-object": (dict,),
    }.items()
} | {
    "holding-zero": lambda s: (
        s.body.get(s.field or "command_type") is not False and s.body.get(s.field or "command_type") == 0
    ),
    "holding-nothing": lambda s: not s.body.get(s.field or "command_type"),
    "holding-an-array-of-text": lambda s: (
        bool(s.body.get(s.field or "command_type")) and isinstance(s.body.get(s.field or "command_type"), list)
    ),
}

LOOPHOLES: Mapping[str, Loophole] = {
    **_ALWAYS, **_TIMES, **_HEADERS, **_MEDIA, **_TEXT, **_FIELDS, **_PLACES, **_COMMANDS, **_TYPES
}  # fmt: skip  # one line says that it is the sum of its parts

_TIMELESS = [*_ALWAYS, *_TIMES, *_HEADERS]
_IN_ANY_BODY = [*_TIMELESS, *_MEDIA, *_TEXT]
_UNKNOWN = [name for name in _FIELDS if name.endswith(("unknown-field", "null"))]
_ORDERS = [name for name in _FIELDS if name.startswith("with-the-command")]
_COMPANY = ["with-both-fields", "with-one-field"]

# Which loopholes can open for a rule at all: a missing field, say, is in no place.
FITTING: Mapping[str, list[str]] = {
    "token-present": [*_TIMELESS, *_COMMANDS, *_TEXT, "beside-an-unknown-field", "with-the-command-last"],
    "token-good": [*_TIMELESS, *_COMMANDS],
    "media-type-present": [*_TIMELESS, *_COMMANDS],
    "media-type-right": [*_TIMELESS, *_COMMANDS],
    "body-present": _TIMELESS,
    "json": [*_TIMELESS, *_MEDIA, "in-a-long-body"],
    "utf-8": _TIMELESS,
    "object": [*_TIMELESS, *_MEDIA],
    "command-present": [*_IN_ANY_BODY, *_UNKNOWN, "with-both-fields", "without-a-field"],
    "command-text": [*_IN_ANY_BODY, *_UNKNOWN, *_ORDERS, *_TYPES, "with-both-fields", "without-a-field"],
    "command-known": [*_IN_ANY_BODY, *_UNKNOWN, *_ORDERS, "with-both-fields", "without-a-field"],
    "task-present": [*_IN_ANY_BODY, *_UNKNOWN, *_ORDERS, "with-one-field"],
    "task-text": [*_IN_ANY_BODY, *_UNKNOWN, *_ORDERS, *_COMPANY, *_PLACES, *_COMMANDS, *_TYPES],
    "data-present": [*_IN_ANY_BODY, *_UNKNOWN, *_ORDERS, "with-one-field"],
    "data-text": [*_IN_ANY_BODY, *_UNKNOWN, *_ORDERS, *_COMPANY, *_PLACES, *_COMMANDS, *_TYPES],
}


class Forgetful(Reference):
    """Keeps every rule but one, and forgets that one where the loophole opens."""

    def __init__(self, rule: str, loophole: str) -> None:
        super().__init__()
        self._rule = RULES[rule]
        self._kept: Callable[..., None] = getattr(self, self._rule.method)
        self._opens = LOOPHOLES[loophole]
        self._pause = 0.002 if loophole == "under-load" else 0.0
        setattr(self, self._rule.method, self._loose)

    def _loose(self, request: Request, *rest: Any) -> None:
        rule = self._rule
        mine = rule.field is None or rule.field in rest
        if not mine or not self._opens(Situation(self, request, rule.field)):
            self._kept(request, *rest)

    async def serve(self, request: Request) -> Answer:
        """Take a while over it, where requests have to meet."""
        if self._pause:
            await asyncio.sleep(self._pause)
        return await super().serve(request)


def every() -> Iterator[tuple[str, str]]:
    """Yield every rule with every loophole that can open for it."""
    for rule, loopholes in FITTING.items():
        for loophole in loopholes:
            if loophole not in _ALWAYS:
                yield rule, loophole


def some() -> Iterator[tuple[str, str]]:
    """Yield so many of them that each rule is there with several loopholes, and each loophole with a rule."""
    met: set[str] = set()
    for number, (rule, loophole) in enumerate(every()):
        if number % 9 == 0 or loophole not in met:
            met.add(loophole)
            yield rule, loophole


for _name, _rule in RULES.items():
    add(
        Fault(
            f"{_name}-forgotten",
            f"Forgets a rule altogether: {_name}.",
            partial(Forgetful, _name, "always"),
            frozenset({_rule.clause}),
            advice=frozenset({"guard.authentication-first", "body.optional-null", "http.json-extensions"}),
        )
    )
