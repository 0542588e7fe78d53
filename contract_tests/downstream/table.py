"""The result as a page, `openapi/DOWNSTREAM.md`, and what it was measured on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from downstream.consumers import CONSUMERS, FORMS, HERE, PROGRAMS, ROOT, Consumer

PAGE = ROOT / "openapi" / "DOWNSTREAM.md"
_PROSE = frozenset({"description", "summary", "externalDocs", "contact"})
_FINGERPRINTS = re.compile(r"<!-- measured on ([0-9a-f]{64}), by ([0-9a-f]{64}) -->")
_HEADER = """\
# Generators of other projects

Written by `make downstream`; do not edit. {fingerprints}

Each generator is given the form of the contract that suits it ([README.md](README.md) says which is for whom). A small
program uses its output: it sends the three example commands and a debug command without task_id to the embedded mock
server, and what arrives is judged by the verifier's own oracle. What could not be run where this was measured says why.

- *compiles*: by `tsc --strict` or the language's compiler; Python is compiled to byte code.
- *three types*: each command is a type of its own in what is generated.
- *examples arrive*: of the three example commands, those that the contract accepts as they arrived.
- *bad debug*: what keeps a debug command without task_id from being sent, if anything. *Past the compiler* is what
  becomes of it where types are not looked at: in JavaScript, from a default in Rust, from JSON in Kotlin.
- *Content-Type*: whether it is the documented literal. *token*: whether the server was shown a good X-Auth-Token.

| generator | version | form | generates | compiles | three types | examples arrive | bad debug | Content-Type | token |
|---|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One generator's result, a cell a column."""

    generator: str
    version: str
    form: str
    generates: str = "not run"
    compiles: str = "not run"
    types: str = "not run"
    examples: str = "not run"
    bad_debug: str = "not run"
    content_type: str = "not run"
    token: str = "not run"  # noqa: S105  the name of a column

    def __str__(self) -> str:
        cells = [str(cell).replace("|", "\\|") for cell in vars(self).values()]
        return f"| {' | '.join(cells)} |\n"


def rules() -> str:
    """Return the hash of what the contract states in each form; words alone change nothing that is measured."""
    digest = hashlib.sha256()
    for path in FORMS.values():
        digest.update(json.dumps(_rules(yaml.safe_load(path.read_bytes())), sort_keys=True).encode())
    return digest.hexdigest()


def programs() -> str:
    """Return the hash of the generators and of the programs that use their output."""
    digest = hashlib.sha256()
    locks = [HERE / name for name in ("package-lock.json", "requirements.txt", "newtonsoft-json.txt")]
    for path in [HERE / "consumers.py", HERE / "building.py", *locks, *sorted(PROGRAMS.iterdir())]:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _rules(node: Any) -> Any:
    """Return a document without its prose and its extensions, which no generator compiles."""
    if isinstance(node, dict):
        return {
            name: _rules(value)
            for name, value in node.items()
            if not name.startswith("x-") and (name not in _PROSE or isinstance(value, list))
        }
    return [_rules(item) for item in node] if isinstance(node, list) else node


def is_of_these_rules() -> bool:
    """Whether the page was measured on what the contract states now."""
    return _measured()[0] == rules()


def is_by_these_programs() -> bool:
    """Whether the page was measured by the generators and the programs that stand here now."""
    return _measured()[1] == programs()


def _measured() -> tuple[str, str]:
    found = _FINGERPRINTS.search(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else None
    return (found[1], found[2]) if found else ("", "")


def write(rows: Sequence[Row], tools: str) -> None:
    """Write the page; `tools` is its part on the tools."""
    header = _HEADER.format(fingerprints=f"<!-- measured on {rules()}, by {programs()} -->")
    PAGE.write_text(header + "".join(map(str, rows)) + _notes() + tools, encoding="utf-8")


def _notes() -> str:
    """Return what is to be known of how some were run, and the Debian packages that they need."""
    lines = [
        f"- *{consumer.name}*: {' '.join(filter(None, (consumer.note, _debian(consumer))))}\n"
        for consumer in CONSUMERS
        if consumer.note or consumer.debian
    ]
    return "\nHow they were run:\n\n" + "".join(lines)


def _debian(consumer: Consumer) -> str:
    return f"On Debian: `apt-get install {' '.join(consumer.debian)}`." if consumer.debian else ""
