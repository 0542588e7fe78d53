"""The `Prefer` header as Prism reads it: `code=429`, `example=throttled`, `delay=2`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from openapi_contract import Response
from secmaster_contract.mock.answers import Answers, usual_status
from secmaster_contract.mock.faults import Fault

LONGEST_DELAY = 60
_PREFERENCE = re.compile(r'\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*))?\s*')


class BadPreferenceError(Exception):
    """The client asks for what the server cannot do; the text says what."""


def read(values: Iterable[str], answers: Answers) -> Fault | None:
    """
    Return the fault that the lines of a Prefer header ask for; None where they ask for nothing known here.

    Raises:
        BadPreferenceError: A preference that is known here has a value that is not.
    """
    wanted: dict[str, str] = {}
    # RFC 7240 section 2: the first of repeated preferences counts.
    for piece in re.split(r"[,;]", ",".join(values)):
        match = _PREFERENCE.fullmatch(piece)
        if match and match[1].lower() in {"code", "example", "delay"}:
            wanted.setdefault(match[1].lower(), (match[2] or "").strip('"'))
    if not wanted:
        return None
    code, example = _code(wanted, answers)
    gateway = code is not None and code != answers.operation.success_status
    return Fault(
        "prefer",
        code=code,
        example=example,
        retry_after=1 if code == 429 else None,
        executed=not gateway,
        seconds=_delay(wanted.get("delay", "0")),
    )


def _code(wanted: dict[str, str], answers: Answers) -> tuple[int | None, str | None]:
    example = wanted.get("example")
    responses = answers.operation.responses
    if "code" not in wanted:
        return (None, None) if example is None else (_status_of(example, responses), example)
    text = wanted["code"]
    code = int(text) if re.fullmatch(r"[1-5][0-9]{2}", text) else 0
    response = answers.operation.response(code) if code else None
    if response is None:
        raise BadPreferenceError(f"Prefer: code is none of the contract's statuses ({', '.join(responses)})")
    if example is not None and example not in response.examples:
        known = ", ".join(response.examples) or "none"
        raise BadPreferenceError(f"Prefer: example is none of the examples of {code} ({known})")
    return code, example


def _status_of(example: str, responses: Mapping[str, Response]) -> int:
    for response in responses.values():
        if example in response.examples:
            return usual_status(response)
    known = ", ".join(name for response in responses.values() for name in response.examples)
    raise BadPreferenceError(f"Prefer: example is none of the contract's examples ({known})")


def _delay(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) or float(text) > LONGEST_DELAY:
        raise BadPreferenceError(f"Prefer: delay is a number of seconds up to {LONGEST_DELAY}")
    return float(text)
