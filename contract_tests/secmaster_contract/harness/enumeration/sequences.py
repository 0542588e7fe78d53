"""Valid commands in company: each stays valid whatever came before it, on whichever connection, and beside whatever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from secmaster_contract.harness.catalogue import Catalogue
from secmaster_contract.harness.spec import Command
from secmaster_contract.harness.vectors import Due


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of valid commands in company."""
    for command in catalogue.spec.commands:
        _in_company(catalogue, command)


def _in_company(catalogue: Catalogue, command: Command) -> None:
    valid = catalogue.vectors[catalogue.baseline(command)]
    refused = catalogue.vectors["unknown-command/unknown"].request
    malformed = catalogue.vectors["body/truncated"].request
    unauthenticated = valid.request.with_header(catalogue.spec.token_header)
    other = replace(valid.request, target=catalogue.target.path(catalogue.spec, instance_id="another-instance"))
    companies: dict[str, dict[str, Any]] = {"first-on-a-connection": {}}
    if command == catalogue.spec.commands[1]:
        companies |= {
            "twice-again": {"before": (valid.request, valid.request)},
            "behind-a-refused-one": {"before": (refused,)},
            "behind-a-malformed-one": {"before": (malformed,)},
            "behind-another-instance": {"before": (other,)},
        }
    else:
        companies["behind-every-refusal"] = {"before": (refused, malformed, unauthenticated, other)}
    if command == catalogue.spec.commands[-1]:
        companies["beside-refused-ones"] = {"beside": (refused, malformed, unauthenticated)}
    else:
        companies["beside-itself"] = {"beside": (valid.request,) * 3}
    for kind, changes in companies.items():
        catalogue.variant(
            valid,
            kind,
            family="stateless",
            clause=catalogue.ledger["http.stateless"],
            due=Due.TAKEN,
            fresh=True,
            **changes,
        )
