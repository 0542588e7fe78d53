"""`verify --list`: every vector in one line, for a target that need not exist."""

from __future__ import annotations

import click

from openapi_contract import Spec
from secmaster_contract.report.failure import show_body
from secmaster_contract.run.selection import is_wanted
from secmaster_contract.run.target import Target
from secmaster_contract.vectors import enumerate_vectors
from secmaster_contract.vectors.catalogue import Catalogue
from secmaster_contract.vectors.vector import Vector

_WIDTH = 160  # characters of a body


def example_catalogue(spec: Spec) -> Catalogue:
    """Return the vectors for a made-up target; nothing is ever sent there."""
    target = Target("http://127.0.0.1", "X-AUTH-TOKEN", {name: name for name in spec.path_parameters})
    return enumerate_vectors(target, spec)


def show_list(spec: Spec, only: frozenset[str], skip: frozenset[str]) -> None:
    """Print name, clause, what is due, and the request, of every vector of the wanted clauses."""
    for vector in example_catalogue(spec).vectors.values():
        if is_wanted(vector.clause.key, only, skip):
            click.echo(_line(vector))


def _line(vector: Vector) -> str:
    request = vector.request
    body = show_body(request.body[: _WIDTH + 1], "")
    more = f"... ({len(request.body)} bytes)" if len(request.body) > _WIDTH else ""
    company = {"before": vector.before, "beside": vector.beside}
    steps = "".join(f" (+{len(others)} {when})" for when, others in company.items() if others)
    asked = f"{request.method} {request.target[:_WIDTH]}  {body[:_WIDTH]}{more}"
    return f"{vector.name}  {vector.clause.key}  {vector.due}{steps}  {asked}"
