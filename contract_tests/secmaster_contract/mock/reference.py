"""The API reference page, rendered from the contract and the ledger into one self-contained document."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from openapi_contract import Field, Operation
from openapi_contract.document import join
from openapi_contract.keywords import types_of
from openapi_contract.operations import fields
from openapi_contract.oracle import write_parameter
from openapi_contract.samples import Samples
from secmaster_contract.mock.faults import FAULTS
from secmaster_contract.mock.service import Service
from secmaster_contract.mock.settings import TOKEN

_ASSETS = Path(__file__).parent / "assets"


def render(service: Service) -> tuple[str, str]:
    """Return the page and the content security policy that lets it do what it does and nothing else."""
    style, script = ((_ASSETS / name).read_text("utf-8") for name in ("reference.css", "reference.js"))
    contract, ledger = service.contract, service.ledger
    samples = Samples(contract)
    rows = [_row(samples, operation) for operation in contract.operations]
    page = _template().render(
        info={"summary": "", "description": "", **contract.document.root["info"]},
        operations=rows,
        secured=any(operation.security for operation in contract.operations),
        groups=[
            (title, [clause for clause in ledger.clauses.values() if clause.group == group])
            for group, title in ledger.groups.items()
        ],
        faults=FAULTS,
        stateful=service.settings.state is not None,
        contract={"operations": {row["operation"].id: _for_script(row) for row in rows}},
        # A token that is published with this package may be filled in; one of the user's never.
        token=TOKEN if TOKEN in service.settings.tokens else "",
        style=Markup(style),  # noqa: S704  files of this package
        script=Markup(script),  # noqa: S704  files of this package
    )
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page, policy


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_ASSETS),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["prose"] = _prose
    environment.filters["type"] = _type
    return environment.get_template("reference.html.jinja")


def _prose(text: str) -> Markup:
    # The contract's descriptions are CommonMark; of it they use no more than code spans.
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped on the same line


def _row(samples: Samples, operation: Operation) -> dict[str, Any]:
    """Return an operation with what the page shows of it: values to try, and the fields of its answers."""
    return {
        "operation": operation,
        "given": {
            (parameter.place, parameter.name): ",".join(write_parameter(parameter, samples.parameter(parameter)))
            if parameter.required
            else ""
            for parameter in operation.parameters
        },
        "bodies": {command.name: samples.body(operation, command) for command in operation.commands if operation.body},
        "schemas": {
            key: list(_schemas(samples, response.schema_pointer)) for key, response in operation.responses.items()
        },
    }


def _schemas(samples: Samples, pointer: str | None) -> Iterator[tuple[str, list[Field]]]:
    """Yield the title and the fields of each object that a body may be."""
    if pointer is None:
        return
    where, schema = samples.document.resolve(pointer)
    members = list(fields(samples.document, where).values())
    if members:
        yield schema.get("title", where.rsplit("/", 1)[-1]), members
    for word in ("oneOf", "anyOf"):
        for number in range(len(schema.get(word, ()))):
            yield from _schemas(samples, where + join(word, number))


def _for_script(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form needs to know to write a request."""
    operation: Operation = row["operation"]
    return {
        "method": operation.method,
        "path": operation.path,
        "tokenHeader": operation.security.header if operation.security else "",
        "tokenPrefix": operation.security.prefix if operation.security else "",
        "mediaType": operation.body.media_type if operation.body else "",
        "lists": [parameter.name for parameter in operation.parameters_in("query") if "array" in parameter.types],
        "commands": [
            {"selector": command.selector, "example": row["bodies"].get(command.name)} for command in operation.commands
        ],
    }


def _type(schema: Mapping[str, Any]) -> str:
    return " or ".join(sorted(types_of(schema) or ())) or "any"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
