"""Text in the fields whose text the page does not restrict: of any script and length, and such as strains a server."""

from __future__ import annotations

import json
from collections.abc import Iterator

from secmaster_contract.harness.catalogue import Catalogue, encode
from secmaster_contract.harness.spec import Command
from secmaster_contract.harness.vectors import Due


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of text."""
    _free_text(catalogue)
    _strange_text(catalogue)


def _free_text(catalogue: Catalogue) -> None:
    """input_dataobject of any script and length; what is JSON in it stays JSON."""
    command = catalogue.spec.commands[-1]
    for name in command.properties:
        schema = command.properties[name]
        if schema.get("contentMediaType") is None:
            continue
        value = catalogue.value(command)
        for kind, text in _texts(value[name]):
            catalogue.classified(
                f"{command.name}/{name}/{kind}",
                "unrestricted",
                catalogue.request(encode(value | {name: text})),
                equivalence=catalogue.ledger.clause_for(join_property(command, name)),
                command=command.name,
                field=name,
                follows=(catalogue.baseline(command),),
            )
        catalogue.classified(
            f"{command.name}/{name}/no-json",
            "open",
            catalogue.request(encode(value | {name: "not JSON"})),
            command=command.name,
            field=name,
            due=Due.ANY,
        )


def _strange_text(catalogue: Catalogue) -> None:
    """What a server may refuse or take, and must survive wherever it writes the field: column, file, log, answer."""
    command = catalogue.spec.commands[-1]
    value = catalogue.value(command)
    for name, schema in command.properties.items():
        if name == catalogue.spec.discriminator or not isinstance(value.get(name), str):
            continue
        samples = {"nul": "\x00", "lone-surrogate": "\ud800"}
        if schema.get("contentMediaType") is None:
            samples["long"] = "x" * 5_000
        for kind, sample in samples.items():
            catalogue.classified(
                f"{command.name}/{name}/{kind}",
                "open",
                catalogue.request(encode(value | {name: value[name] + sample})),
                command=command.name,
                field=name,
                due=Due.ANY,
            )


def join_property(command: Command, name: str) -> str:
    """Return the JSON pointer of a command's property."""
    return f"{command.pointer}/properties/{name}"


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
    """Return a parameter, a JSON array as text, with its first description replaced, None where it has none."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return None
    if not (isinstance(parsed, list) and parsed and isinstance(parsed[0], dict) and "description" in parsed[0]):
        return None
    changed = [parsed[0] | {"description": sample}, *parsed[1:]]
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
