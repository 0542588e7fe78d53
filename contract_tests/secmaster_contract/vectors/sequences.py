"""Valid requests in company: each stays valid whatever came before it, on whichever connection, and beside whatever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from openapi_contract.operations import Command
from secmaster_contract.vectors.catalogue import Scope
from secmaster_contract.vectors.vector import Expected
from secmaster_contract.wire.request import Request


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of valid requests in company."""
    for command in scope.commands:
        _in_company(scope, command)


def _bad_ones(scope: Scope, valid: Request) -> dict[str, Request]:
    """Requests that a server rejects, by why."""
    security, elsewhere = scope.operation.security, scope.elsewhere()
    found: dict[str, Request] = {}
    for kind, name in (("rejected", "unknown-command/unknown"), ("malformed", "body/truncated")):
        vector = scope.vector(name)
        if vector:
            found[kind] = vector.request
    if "rejected" not in found:
        broken = [vector for vector in scope.of("mandatory", "type", "limits", "parameter") if not vector.before]
        found |= {"rejected": broken[0].request} if broken else {}
    if security:
        found["unauthenticated"] = valid.with_header(security.header)
    if elsewhere:
        _, mark, query = valid.target.partition("?")
        found["elsewhere"] = replace(valid, target=elsewhere + mark + query)
    return found


def _in_company(scope: Scope, command: Command) -> None:
    valid = scope.catalogue.vectors[scope.baseline(command)]
    bad = _bad_ones(scope, valid.request)
    companies: dict[str, dict[str, Any]] = {"first-on-a-connection": {}}
    if command is scope.gentlest:
        companies["twice-again"] = {"before": (valid.request, valid.request)}
        for kind, name in (
            ("rejected", "behind-a-rejected-one"),
            ("malformed", "behind-a-malformed-one"),
            ("elsewhere", "behind-another-instance"),
        ):
            if kind in bad:
                companies[name] = {"before": (bad[kind],)}
    elif bad:
        companies["behind-every-rejection"] = {"before": tuple(bad.values())}
    others = tuple(request for kind, request in bad.items() if kind != "elsewhere")
    if command is scope.fullest and others:
        companies["beside-rejected-ones"] = {"beside": others}
    if command is not scope.fullest or command is scope.gentlest:
        companies["beside-itself"] = {"beside": (valid.request,) * 3}
    for kind, changes in companies.items():
        scope.variant(
            valid,
            kind,
            family="stateless",
            clause=scope.ledger["http.stateless"],
            expected=Expected.ACCEPTED,
            fresh=True,
            **changes,
        )
