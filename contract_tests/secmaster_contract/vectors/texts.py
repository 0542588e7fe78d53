"""Text in the fields that the contract leaves free: of any script and length, and such as strains a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from openapi_contract.ledger import is_free_text
from openapi_contract.operations import Command, Field
from openapi_contract.oracle import Standing
from secmaster_contract.vectors.catalogue import Scope, encode
from secmaster_contract.vectors.vector import Expected


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of text."""
    for command in scope.commands:
        value = scope.full(command)
        if not isinstance(value, dict):
            continue
        for name, member in command.fields.items():
            text = value.get(name)
            if name == scope.discriminator or not isinstance(text, str):
                continue
            if member.required or command is scope.fullest:
                _empty(scope, command, name, value)
            if command is scope.fullest:
                _free_text(scope, command, member, value)
                _strange_text(scope, command, member, value)


def _empty(scope: Scope, command: Command, name: str, value: dict[str, Any]) -> None:
    """A mandatory text that is empty: the contract may allow it, and a server may well reject it."""
    request = scope.request(encode({**value, name: ""}))
    if value[name] != "" and scope.vector(f"{command.name}/{name}/empty") is None:
        allowed = scope.judge(request).standing is not Standing.REJECTED
        more: dict[str, Any] = {"expected": Expected.ANY} if allowed else {}
        scope.classified(f"{command.name}/{name}/empty", "open", request, command=command.name, field=name, **more)


def _free_text(scope: Scope, command: Command, member: Field, value: dict[str, Any]) -> None:
    """Text of any script and length; what is JSON in it stays JSON."""
    if not is_free_text(member) or not member.required:
        return
    name = member.name
    clause = scope.role("field.unrestricted", member.site)
    for kind, text in _texts(value[name]):
        scope.classified(
            f"{command.name}/{name}/{kind}",
            "unrestricted",
            scope.request(encode({**value, name: text})),
            equivalence=clause,
            command=command.name,
            field=name,
            follows=(scope.baseline(command),),
        )
    scope.classified(
        f"{command.name}/{name}/no-json",
        "open",
        scope.request(encode({**value, name: "not JSON"})),
        command=command.name,
        field=name,
        expected=Expected.ANY,
    )


def _strange_text(scope: Scope, command: Command, member: Field, value: dict[str, Any]) -> None:
    """What a server may reject or accept, and must survive wherever it writes the field: column, file, log, answer."""
    name = member.name
    samples = {"nul": "\x00", "lone-surrogate": "\ud800"}
    if not is_free_text(member):
        samples["long"] = "x" * 5_000
    for kind, sample in samples.items():
        request = scope.request(encode({**value, name: value[name] + sample}))
        if scope.judge(request).standing is not Standing.REJECTED:
            scope.classified(
                f"{command.name}/{name}/{kind}",
                "open",
                request,
                command=command.name,
                field=name,
                expected=Expected.ANY,
            )


def _texts(text: str) -> Iterator[tuple[str, str]]:
    for kind, sample in {
        "accents": "Größe naïve",
        "chinese": "工作流实例",
        "right-to-left": "مثيل",
        "emoji": "🛡️👩🏽‍💻",
        "quotes": "\"'\\ / <b> & %s {0} $x",
    }.items():
        if changed := described(text, sample):
            yield kind, changed
    yield "spaced", text + " " * 64
    yield "64-kib", text + " " * 65_536
    yield "1-mib", text + " " * (1 << 20)


def described(text: str, sample: str) -> str | None:
    """Return text that holds JSON with the first text in it replaced; None where there is none.

    A member named `description` is the likeliest to be free.
    """
    try:
        parsed = json.loads(text)
    except ValueError:
        return None
    changed, done = _replaced(parsed, sample, only="description")
    if not done:
        changed, done = _replaced(parsed, sample, only=None)
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":")) if done else None


def _replaced(value: Any, sample: str, *, only: str | None) -> tuple[Any, bool]:
    pairs = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, item in pairs:
        here = isinstance(item, str) and (only is None or key == only)
        changed, done = (sample, True) if here else _replaced(item, sample, only=only)
        if done:
            new = dict(value) if isinstance(value, dict) else list(value)
            new[key] = changed
            return new, True
    return value, False
