"""The API reference page, rendered from the contract and the ledger into one self-contained document."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from openapi_contract import Spec
from openapi_contract.ledger import load_ledger
from secmaster_contract.mock.faults import FAULTS
from secmaster_contract.mock.service import Service
from secmaster_contract.mock.settings import TOKEN

_ASSETS = Path(__file__).parent / "assets"


def render(service: Service) -> tuple[str, str]:
    """Return the page and the content security policy that lets it do what it does and nothing else."""
    style, script = ((_ASSETS / name).read_text("utf-8") for name in ("reference.css", "reference.js"))
    ledger = load_ledger()
    page = _template().render(
        spec=service.spec,
        document=service.spec.document,
        parameters=[service.spec.resolve(parameter) for parameter in service.spec.operation["parameters"]],
        responses=_responses(service.spec),
        groups=[
            (title, [clause for clause in ledger.clauses.values() if clause.group == group])
            for group, title in ledger.groups.items()
        ],
        faults=FAULTS,
        stateful=service.settings.state is not None,
        contract=_for_script(service.spec),
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
    return environment.get_template("reference.html.jinja")


def _prose(text: str) -> Markup:
    # The contract's descriptions are CommonMark; of it they use no more than code spans.
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped on the same line


def _for_script(spec: Spec) -> dict[str, Any]:
    """What the form needs to know to write a request."""
    return {
        "method": spec.method,
        "path": spec.path,
        "parameters": spec.path_parameters,
        "tokenHeader": spec.token_header,
        "mediaType": spec.media_type,
        "discriminator": spec.discriminator,
        "commands": [
            {
                "selector": command.selector,
                "required": command.required,
                "fields": [name for name in command.properties if name != spec.discriminator],
                "example": spec.example(command),
            }
            for command in spec.commands
        ],
    }


def _responses(spec: Spec) -> list[dict[str, Any]]:
    rows = []
    for status, response in spec.responses.items():
        media: Mapping[str, Any] = next(iter(response.get("content", {}).values()), {})
        schema = spec.resolve(media.get("schema", {}))
        members = [spec.resolve(member) for member in schema.get("anyOf", [schema])]
        rows.append(
            {
                "status": status,
                "platform": response.get("x-origin") == "platform",
                "description": response["description"],
                "schemas": members,
                "examples": media.get("examples", {}),
            }
        )
    return rows


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
