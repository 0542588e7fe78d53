"""Whether the outline, the YAML and the examples say what the source page itself says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from openapi_contract import Contract, ContractError, Operation
from openapi_contract.document import Document
from openapi_contract.ledger import members_of
from test_spec.examples import OF_THE_PAGE
from test_spec.page import Field, Page
from test_spec.rules import Root

_OPERATION = "updateWorkflowInstance"

# The captions of the page's example requests begin with what the command does.
_CAPTIONS = {"retry": "Retry", "terminate": "Terminate", "debug": "Update"}


def outline_faults(page: Page, outline: Mapping[str, Any]) -> list[str]:
    """Return where the outline differs from the page."""
    faults = []
    if (outline["page"], outline["updated"]) != (page.title, str(page.updated)):
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


def contract_faults(page: Page, root: Root) -> list[str]:
    """Return where a YAML differs from the page in what binds; one that cannot be read differs, too."""
    try:
        contract = Contract.of(Document("a copy", root))
    except ContractError as error:
        return [str(problem) for problem in error.problems]
    operation = contract.operation(_OPERATION)
    return [
        *_operation_faults(page, contract, operation),
        *_body_faults(page, operation),
        *_answer_faults(page, contract, operation),
    ]


def _operation_faults(page: Page, contract: Contract, operation: Operation) -> Iterator[str]:
    info = contract.document.root["info"]
    if page.title not in info["description"] or str(page.updated) not in str(info):
        yield f"the description does not name the page {page.title!r} of {page.updated}"
    if (operation.method, operation.path) != (page.method, page.path):
        yield f"the operation is {page.method} {page.path}"
    stated = [(row.name, "path", row.mandatory, row.type.lower()) for row in page.tables["Table 1"].values()]
    if stated != [(own.name, own.place, own.required, own.schema.get("type")) for own in operation.parameters]:
        yield f"Table 1 states the parameters {stated}"
    headers = page.tables["Table 2"]
    if not operation.security or operation.security.value("") or operation.security.header != "X-Auth-Token":
        yield "Table 2 states X-Auth-Token as the one token"
    if not headers["X-Auth-Token"].mandatory:
        yield "Table 2 lets a request go without a token"
    if (operation.body.media_type if operation.body else None,) != headers["Content-Type"].choices("Range"):
        yield f"Table 2 states the Content-Type {headers['Content-Type'].choices('Range')}"


def _body_faults(page: Page, operation: Operation) -> Iterator[str]:
    rows = page.tables["Table 3"]
    if operation.body is None or not operation.body.required:
        yield "Table 3 has a mandatory row, so there is a body"
        return
    commands = rows[str(operation.body.discriminator)].choices("Range")
    if sorted(str(command.selector) for command in operation.commands) != sorted(commands):
        yield f"Table 3 states the commands {commands}"
    for command in operation.commands:
        types = {name: member.schema.get("type") for name, member in command.fields.items()}
        if types != {name: row.type.lower() for name, row in rows.items()}:
            yield f"Table 3 states the fields of {command.name} otherwise"
        mandatory = [name for name, row in rows.items() if row.mandatory or _is_bound(row, str(command.selector))]
        if sorted(command.required) != sorted(mandatory):
            yield f"Table 3 states as mandatory for {command.name}: {mandatory}"


def _is_bound(row: Field, command: str) -> bool:
    """Whether a row's constraint makes the field itself mandatory for a command."""
    sentence = f"If command_type is set to {command}, this parameter is mandatory."
    return sentence in row.cells.get("Constraints", ())


def _answer_faults(page: Page, contract: Contract, operation: Operation) -> Iterator[str]:
    own = [response for response in operation.responses.values() if not response.is_platform]
    if [response.status for response in own] != list(page.statuses):
        yield f"the page lists the statuses {page.statuses}"
        return
    for response, table in zip(own, ("Table 4", "Table 5"), strict=True):
        stated = {row.name: row.type.lower() for row in page.tables[table].values()}
        members = members_of(contract, response)
        if {name: member.schema.get("type") for name, member in members.items()} != stated:
            yield f"{table} states the fields of {response.key} otherwise"


def example_faults(page: Page, root: Root) -> list[str]:
    """Return where the examples, in a YAML and as files, differ from the printed ones."""
    operation, faults = Contract.of(Document("a copy", root)).operation(_OPERATION), list[str]()
    examples = operation.body.examples if operation.body else {}
    for caption, printed in page.requests.items():
        name = _request_name(caption)
        if OF_THE_PAGE[name].read_text(encoding="utf-8") != printed:
            faults.append(f"{OF_THE_PAGE[name].name} is not what the page prints")
        if json.dumps(examples[name]) != json.dumps(json.loads(printed)):
            faults.append(f"the YAML's {name} example is not the page's")
    for status, printed in page.responses.items():
        if json.loads(printed) not in operation.responses[str(status)].examples.values():
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
