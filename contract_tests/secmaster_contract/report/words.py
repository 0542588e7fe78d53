"""Parts of a verdict file in words: a failure that can be pasted into a bug report, a request in one line."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

from secmaster_contract.judge.verdicts import ExitStatus, Verdict
from secmaster_contract.people import one_line

MARKS = {
    Verdict.CONFORMS: "✓",
    Verdict.VIOLATES: "✗",
    Verdict.ADVISES: "!",
    Verdict.INCONCLUSIVE: "?",
    Verdict.WITHHELD: "-",
}
_SHOWN = 600  # characters of a body


def minute(moment: str) -> str:
    """Return a moment of a verdict file (UTC) to the minute, as people write it."""
    return moment[:16].replace("T", " ")


def outcome(document: dict[str, Any]) -> str:
    """Return what a run that violates nothing has come to: what was judged, what is known, what would judge more."""
    clauses = document["clauses"]
    issues = {about for clause in clauses for about in clause.get("issues", ())}
    but = f", but for {len(issues)} known issue{'s' * (len(issues) > 1)}" if issues else ""
    unsure = (Verdict.INCONCLUSIVE, Verdict.WITHHELD)
    left = [clause for clause in clauses if clause["verdict"] in unsure and not clause["known"]]
    if not left:
        return f"conforms{but}"
    needed = dict.fromkeys(command for clause in left for command in clause["needs"])
    withheld = any(clause["verdict"] == Verdict.WITHHELD for clause in left)
    rest = "the rest is withheld" if withheld else "no answer shows the rest"
    if needed:
        rest = f"for the rest see --allow {','.join(needed)}"
    return f"{len(clauses) - len(left)} of {len(clauses)} clauses judged, none violated{but}; {rest}"


def headline(document: dict[str, Any]) -> str:
    """Return the result of a run in words, to stand behind the name of the server."""
    status = ExitStatus(document["exit_status"])
    if status is ExitStatus.VIOLATES and any(issue["state"] == "no longer fails" for issue in document["known"]):
        return "has fixed a known issue: delete its entry"
    return {
        ExitStatus.CONFORMS: outcome(document),
        ExitStatus.VIOLATES: "violates the contract",
        ExitStatus.INCONCLUSIVE: "is inconclusive",
        ExitStatus.INTERRUPTED: "was not verified to the end",
    }[status]


def permissions(document: dict[str, Any]) -> dict[str, str]:
    """Return for each command, by its short name, the options that let a live system be sent it."""
    return {own["label"]: own["permission"] for operation in document["operations"] for own in operation["commands"]}


def origin(target: str) -> str:
    """Return scheme and authority of a base URL; the targets of requests have its path in them."""
    parts = urlsplit(target)
    return f"{parts.scheme}://{parts.netloc}"


def body_bytes(message: dict[str, Any]) -> bytes:
    """Return the body of a recorded request or answer, placeholders left in; empty where it was withheld."""
    if "body_base64" in message:
        return base64.b64decode(message["body_base64"])
    return str(message.get("body", "")).encode("utf-8", "surrogatepass")


def body_line(message: dict[str, Any], shown: int = _SHOWN) -> str:
    """Return a body in one line, shortened in the middle."""
    if "body_withheld" in message:
        return f"[body withheld: {message['body_withheld']}]"
    data = body_bytes(message)
    text = one_line(data.decode("utf-8", "backslashreplace"))
    if len(text) <= shown:
        return text
    return f"{text[: shown // 2]} ... ({len(data)} bytes) ... {text[-shown // 2 :]}"


def request_line(sent: dict[str, Any]) -> str:
    """Return a request in one line: method, target, body."""
    return one_line(f"{sent['method']} {sent['target']} {body_line(sent)}".rstrip())


def answer_line(received: dict[str, Any]) -> str:
    """Return an answer in one line: status and body, or why there is none."""
    if received["status"] is None:
        return one_line(received.get("trouble") or "no answer")
    text = f"{received['status']} {body_line(received)}".rstrip()
    return one_line(f"{text} ({received['trouble']})" if received.get("trouble") else text)


def failure_text(clause: dict[str, Any], failure: dict[str, Any]) -> str:
    """Return a failure as it stands in bug reports: the clause, what was sent, expected and received, and again."""
    lines = [f"{clause['key']} ({clause['level']})   {'; '.join(clause['where'])}: {clause['text']}"]
    lines += [f"  first     {request_line(sent)}" for sent in failure.get("before", ())]
    if "sent" in failure:
        lines.append(f"  sent      {request_line(failure['sent'])}")
    lines.append(f"  expected  {failure['expected']}")
    if "received" in failure:
        lines.append(f"  received  {answer_line(failure['received'])}")
    lines.append(f"  fault     {failure['fault']}")
    if "again" in failure:
        lines.append(f"  again     {failure['again']}")
    return "\n".join(map(one_line, lines))
