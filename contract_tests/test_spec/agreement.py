"""Whether the outline, the YAML and the examples say what the source page itself says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from openapi_contract import Spec
from test_spec.examples import OF_THE_PAGE
from test_spec.page import Field, Page
from test_spec.rules import Document

# The captions of the page's example requests begin with what the command does.
_CAPTIONS = {"retry": "Retry", "terminate": "Terminate", "debug": "Update"}


def outline_faults(page: Page, outline: Mapping[str, Any]) -> list[str]:
    """Return where the outline differs from the page."""
    faults = []
    if (outline["page"], outline["updated"]) != (page.title, page.updated):
        faults.append(f"the page is {page.title!r} of {page.updated}")
    if list(outline["tables"]) != list(page.tables):
        faults.append(f"the page's tables are {list(page.tables)}")
    for table, rows in page.tables.items():
        outlined = outline["tables"].get(table, {})
        if list(outlined) != list(rows):
            faults.append(f"{table} has the rows {list(rows)}")
        for name, row in rows.items():
            faults += _cell_faults(f"{table}, {name}", row, outlined.get(name, {}))
    statuses = [f"Status Codes, {status}" for status in page.statuses]
    requests = [f"Example Requests, {_request_name(caption)}" for caption in page.requests]
    responses = [f"Example Responses, {status}" for status in page.responses]
    parts = ("Function", "Calling Method", "URI", "Error Codes")
    listed = [*(part for part in parts if part in page.headings), *statuses, *requests, *responses]
    faults += [f"the outline lacks {place}" for place in listed if place not in outline["sections"]]
    return faults + [f"the page lacks {place}" for place in outline["sections"] if place not in listed]


def _cell_faults(place: str, row: Field, outlined: Mapping[str, list[str]]) -> Iterator[str]:
    columns = {"Type"} if row.mandatory is None else {"Mandatory", "Type"}
    said = {*columns, *(label for label in row.cells if row.says(label))}
    empty = {label for label in row.cells if not row.says(label)}
    if {*outlined.get("stated", ()), *outlined.get("told", ())} != said:
        yield f"{place} says something under {sorted(said)}"
    if set(outlined.get("none", ())) != empty:
        yield f"{place} says nothing under {sorted(empty)}"
    if not set(outlined.get("told", ())) <= {"Definition", "Description"}:
        yield f"{place}: only a definition binds nobody"


def _request_name(caption: str) -> str:
    return next((name for name, verb in _CAPTIONS.items() if caption.startswith(verb)), caption)


def contract_faults(page: Page, document: Document) -> list[str]:
    """Return where the YAML differs from the page in what binds."""
    spec = Spec(document)
    return [*_operation_faults(page, spec), *_body_faults(page, spec), *_answer_faults(page, spec)]


def _operation_faults(page: Page, spec: Spec) -> Iterator[str]:
    if page.title not in spec.document["info"]["description"] or str(page.updated) not in str(spec.document["info"]):
        yield f"the description does not name the page {page.title!r} of {page.updated}"
    if (spec.method, spec.path) != (page.method, page.path):
        yield f"the operation is {page.method} {page.path}"
    stated = [(row.name, row.mandatory, row.type.lower()) for row in page.tables["Table 1"].values()]
    written = [spec.resolve(parameter) for parameter in spec.operation["parameters"]]
    if stated != [(one["name"], one["required"], one["schema"]["type"]) for one in written]:
        yield f"Table 1 states the path parameters {stated}"
    if {one["in"] for one in written} != {"path"}:
        yield "Table 1 states parameters of the path alone"
    headers = page.tables["Table 2"]
    schemes = [
        spec.document["components"]["securitySchemes"][name] for one in spec.operation["security"] for name in one
    ]
    tokens = [(scheme["type"], scheme.get("in"), scheme.get("name")) for scheme in schemes]
    if tokens != [("apiKey", "header", "X-Auth-Token")] or not headers["X-Auth-Token"].mandatory:
        yield "Table 2 states X-Auth-Token as the one mandatory token"
    if not all(spec.operation["security"]):
        yield "Table 2 states that the token is mandatory"
    if tuple(spec.operation["requestBody"]["content"]) != headers["Content-Type"].choices("Range"):
        yield f"Table 2 states the Content-Type {headers['Content-Type'].choices('Range')}"


def _body_faults(page: Page, spec: Spec) -> Iterator[str]:
    rows = page.tables["Table 3"]
    selector = rows[spec.discriminator]
    commands = selector.choices("Range")
    if sorted(command.selector for command in spec.commands) != sorted(commands):
        yield f"Table 3 states the commands {commands}"
    if spec.operation["requestBody"].get("required") is not True:
        yield "Table 3 has a mandatory row, so there is a body"
    for command in spec.commands:
        if command.properties[spec.discriminator].get("const") != command.selector:
            yield f"{command.name} is selected by {command.selector}"
        types = {name: schema["type"] for name, schema in command.properties.items()}
        if types != {name: row.type.lower() for name, row in rows.items()}:
            yield f"Table 3 states the fields of {command.name} otherwise"
        mandatory = [name for name, row in rows.items() if row.mandatory or _is_bound(row, command.selector)]
        if sorted(command.required) != sorted(mandatory):
            yield f"Table 3 states as mandatory for {command.name}: {mandatory}"


def _is_bound(row: Field, command: str) -> bool:
    """Whether a row's constraint makes the field itself mandatory for a command."""
    sentence = f"If command_type is set to {command}, this parameter is mandatory."
    return sentence in row.cells.get("Constraints", ())


def _answer_faults(page: Page, spec: Spec) -> Iterator[str]:
    if spec.page_statuses != page.statuses:
        yield f"the page lists the statuses {page.statuses}"
        return
    for status, table in zip(page.statuses, ("Table 4", "Table 5"), strict=True):
        schema = spec.at(spec.response_schema(status) or "")
        stated = {row.name: row.type.lower() for row in page.tables[table].values()}
        if {name: element["type"] for name, element in schema["properties"].items()} != stated:
            yield f"{table} states the fields of {status} otherwise"


def example_faults(page: Page, document: Document) -> list[str]:
    """Return where the examples, in the YAML and as files, differ from the printed ones."""
    spec, faults = Spec(document), []
    for caption, printed in page.requests.items():
        name = _request_name(caption)
        if OF_THE_PAGE[name].read_text(encoding="utf-8") != printed:
            faults.append(f"{OF_THE_PAGE[name].name} is not what the page prints")
        if json.dumps(spec.examples[name]) != json.dumps(json.loads(printed)):
            faults.append(f"the YAML's {name} example is not the page's")
    for status, printed in page.responses.items():
        (media,) = spec.responses[str(status)]["content"].values()
        if json.loads(printed) not in [example["value"] for example in media["examples"].values()]:
            faults.append(f"the YAML's example of {status} is not the page's")
    return faults


def copied_phrases(page: Page, document: Any, words: int = 8) -> list[str]:
    """Return runs of words that the YAML's or the ledger's prose shares with the page's."""
    prose = re.sub(r"\s+", " ", page.text)
    return [run for sentence in _sentences(document) for run in _runs(sentence.split(), words) if run in prose]


def _runs(words: list[str], length: int) -> Iterator[str]:
    for start in range(len(words) - length + 1):
        yield " ".join(words[start : start + length])


def _sentences(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("description", "summary", "text", "untested") and isinstance(value, str):
                yield value
            elif name != "value":
                yield from _sentences(value)
    elif isinstance(node, list):
        for value in node:
            yield from _sentences(value)
