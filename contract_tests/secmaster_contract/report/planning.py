"""The plan of a run on a terminal: every request, why it is sent, and what is withheld."""

from __future__ import annotations

from collections.abc import Iterable

from secmaster_contract.people import Voice
from secmaster_contract.report.failure import show_body
from secmaster_contract.report.words import origin
from secmaster_contract.run.session import Step
from secmaster_contract.run.target import Target


def show_plan(voice: Voice, steps: Iterable[Step], target: Target) -> None:
    """Print what a run would send, each with its headers and body, and count what it would not, by reason."""
    base = origin(target.url)
    sent = 0
    withheld: dict[str, int] = {}
    for step in steps:
        if step.withheld:
            withheld[step.withheld] = withheld.get(step.withheld, 0) + 1
            continue
        for request in step.requests:
            sent += 1
            headers = "; ".join(f"{name}: {value}" for name, value in request.headers)
            voice.say(f"{request.method} {base}{request.target}", style="bold")
            voice.say("  headers  ", headers)
            voice.say("  body     ", show_body(request.body, target.token))
            voice.say("  why      ", f"{step.name}: {step.why}")
    for reason, count in withheld.items():
        voice.say(f"Withheld, {count} of them: {reason}", style="dim")
    voice.say(f"{sent} requests would be sent; none was.", style="bold")
