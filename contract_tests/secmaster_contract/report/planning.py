"""The plan of a run on a terminal: every request, why it is sent, and what is withheld."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from secmaster_contract.report.failure import redact, show_body
from secmaster_contract.report.words import origin
from secmaster_contract.run.plan import Step
from secmaster_contract.run.target import Target


def show_plan(console: Console, steps: Iterable[Step], target: Target) -> None:
    """Print what a run would send, each with its headers and body, and count what it would not, by reason."""
    base, token = origin(target.url), target.token
    sent = 0
    withheld: dict[str, int] = {}
    for step in steps:
        if step.withheld:
            withheld[step.withheld] = withheld.get(step.withheld, 0) + 1
            continue
        for request in step.requests:
            sent += 1
            headers = "; ".join(f"{name}: {value}" for name, value in request.headers)
            console.print(Text(redact(f"{request.method} {base}{request.target}", token), style="bold"), soft_wrap=True)
            lines = [f"headers  {redact(headers, token)}", f"body     {show_body(request.body, token)}"]
            lines.append(f"why      {step.name}: {step.why}")
            for line in lines:
                console.print(Text(f"  {line}"), soft_wrap=True)
    for reason, count in withheld.items():
        console.print(Text(f"Withheld, {count} of them: {redact(reason, token)}", style="dim"), soft_wrap=True)
    console.print(Text(f"{sent} requests would be sent; none was.", style="bold"))
