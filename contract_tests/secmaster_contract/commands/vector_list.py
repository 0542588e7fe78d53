"""`verify --list`: every vector in one line, for a target that need not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openapi_contract.ledger import Ledger
from openapi_contract.operations import Operation
from secmaster_contract.people import Voice
from secmaster_contract.report.failure import show_body
from secmaster_contract.run.session import Options
from secmaster_contract.run.target import Target
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.vectors.vector import Vector

_WIDTH = 160  # characters of a body


def example_catalogue(
    ledger: Ledger, operations: Sequence[Operation], values: Mapping[str, str] | None = None
) -> Catalogue:
    """Return the vectors for a made-up target; nothing is ever sent there.

    Raises:
        ContractError: No valid request can be made, or none that breaks some rule.
    """
    return enumerate_vectors(Target("http://127.0.0.1", "EXAMPLE-TOKEN", values or {}), ledger, operations)


def show_list(voice: Voice, catalogue: Catalogue, options: Options) -> None:
    """Print name, clause, what is expected, and the request, of every vector of the wanted clauses."""
    for vector in catalogue.vectors.values():
        if options.wants(vector.clause):
            voice.say(_line(vector))


def _line(vector: Vector) -> str:
    request = vector.request
    body = show_body(request.body[: _WIDTH + 1], "")
    more = f"... ({len(request.body)} bytes)" if len(request.body) > _WIDTH else ""
    company = {"before": vector.before, "beside": vector.beside}
    steps = "".join(f" (+{len(others)} {when})" for when, others in company.items() if others)
    asked = f"{request.method} {request.target[:_WIDTH]}  {body[:_WIDTH]}{more}"
    return f"{vector.name}  {vector.clause.key}  {vector.expected}{steps}  {asked}"
