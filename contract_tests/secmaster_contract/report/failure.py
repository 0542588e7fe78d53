"""One failure in words that can be pasted into a bug report, and the curl line that shows it again."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Callable
from functools import cache

from openapi_contract.operations import Operation
from secmaster_contract.judge.report import Report
from secmaster_contract.judge.verdicts import Observation
from secmaster_contract.people import one_line
from secmaster_contract.run.secret import NAME, Redactor
from secmaster_contract.run.target import Target
from secmaster_contract.wire.exchange import Exchange
from secmaster_contract.wire.request import USER_AGENT, Request

_SHOWN = 600  # characters of a body that a failure shows
_HEAD, _BEFORE, _BEHIND = 80, 40, 160  # characters shown of a body whose fault is in one field, and around that
_LONGEST = 4096  # bytes of a body that a curl line carries itself
_PLACEHOLDER = re.compile(r"\$\{" + NAME + r"(?:\|([a-z-]+))?\}")


def _changed(at: str) -> str:
    cut = 'print substr($0, 1, at) (substr($0, at + 1, 1) == "A" ? "B" : "A") substr($0, at + 2)'
    return f"$(printf %s \"${NAME}\" | awk '{{at = {at}; {cut}}}')"


# How a POSIX shell derives what a request was made of from the token in its environment.
_IN_SHELL = {
    None: f"${NAME}",
    "shorter": f"${{{NAME}%?}}",
    "reversed": f'$(printf %s "${NAME}" | rev)',
    "swapped": f'$(printf %s "${NAME}" | tr a-zA-Z A-Za-z)',
    "percent": f"$(printf %s \"${NAME}\" | od -An -v -tx1 | tr -d '\\n' | tr ' ' %)",
    "changed-head": _changed("0"),
    "changed-middle": _changed("int(length / 2)"),
    "changed-tail": _changed("length - 1"),
    "quoted": f"$(printf %s \"${NAME}\" | od -An -v -tx1 | tr -d '\\n' | tr ' ' %)",
}


@cache
def redactor(token: str) -> Redactor:
    """Return the redactor of a token, one for all the failures of a run."""
    return Redactor(token)


def show_body(body: bytes, token: str = "", field: str | None = None) -> str:
    """Return a body as one line of text, without the token, shortened in the middle, or around a field of it."""
    # A token cut in two would be found no more.
    text = one_line(redactor(token).text(body.decode("utf-8", "backslashreplace")))
    at = text.find(f'"{field}"')
    if at >= 0 and len(text) > _HEAD + _BEFORE + _BEHIND:
        begin = max(_HEAD, at - _BEFORE)
        end = max(begin, at + _BEHIND)
        left_out, behind = " ... " * (begin > _HEAD), f" ... ({len(body)} bytes)" * (end < len(text))
        return f"{text[:_HEAD]}{left_out}{text[begin:end]}{behind}"
    if len(text) > _SHOWN:
        half = _SHOWN // 2
        text = f"{text[:half]} ... ({len(body)} bytes) ... {text[-half:]}"
    return text


def sent_line(request: Request, target: Target, operation: Operation | None = None, field: str | None = None) -> str:
    """Return what was sent in one line: method, path, the headers that are not as usual, body, cut around a field."""
    usual = {USER_AGENT[0]: USER_AGENT[1], **(_usual(operation, target) if operation else {})}
    known = {(name.lower(), value) for name, value in usual.items()}
    odd = [f"{name}: {value}" for name, value in request.headers if (name.lower(), value) not in known]
    odd += [f"no {name}" for name in usual if name != USER_AGENT[0] and not request.values(name)]
    notes = [*odd, *(["in chunks"] if request.pieces else [])]
    parts = [
        request.method,
        request.target,
        *([f"[{'; '.join(notes)}]"] if notes else []),
        show_body(request.body, target.token, field),
    ]
    return " ".join(part for part in parts if part)


def _usual(operation: Operation, target: Target) -> dict[str, str]:
    """Return the headers that each valid request of an operation has."""
    security, body = operation.security, operation.body
    token = {security.header: security.value(target.token)} if security else {}
    return token | ({"Content-Type": body.media_type} if body else {})


def received_line(exchange: Exchange, target: Target) -> str:
    """Return what was received in one line: status and body, or why there was none."""
    if exchange.status is None:
        return exchange.trouble or "no answer"
    text = f"{exchange.status} {show_body(exchange.content, target.token)}".rstrip()
    return f"{text} ({exchange.trouble})" if exchange.trouble else text


def curl(request: Request, target: Target) -> str:
    """Return a curl command that sends a request again; the token comes from the environment."""
    mask = redactor(target.token).text
    parts = ["curl", "-sS", "-i", "--path-as-is", "-g", "-X", shlex.quote(request.method)]
    url = f"{target.origin.scheme}://{target.origin.netloc.rpartition('@')[2]}{request.target}"
    parts.append(_quote(mask(url)))
    for name, value in request.headers:
        # curl sends a header without a value only if a semicolon stands for the colon.
        parts.append(f"-H {_quote(mask(f'{name}: {value}' if value else f'{name};'))}")
    # What curl would add of its own.
    own = [name for name in ("User-Agent", "Accept") if not request.values(name)]
    if request.body and not request.values("Content-Type"):
        own.append("Content-Type")
    parts += [f"-H {name}:" for name in own]
    if request.pieces:
        parts.append("-H 'Transfer-Encoding: chunked'")
    if request.method == "HEAD":
        parts[parts.index("-X") : parts.index("-X") + 2] = ["--head"]
    if request.body or request.method in ("PUT", "POST", "PATCH"):
        parts.append(f"--data-binary {_shell_bytes(request.body, mask)}")
    return " ".join(parts)


def body_file(body: bytes) -> str:
    """Return the name of the file that a report keeps a long body in."""
    return f"bodies/{hashlib.sha256(body).hexdigest()[:16]}.bin"


def is_long(body: bytes) -> bool:
    """Whether a curl line names a file for a body."""
    return len(body) > _LONGEST


def _quote(text: str) -> str:
    """Quote for a POSIX shell, the token left to the shell to fill in."""
    if not _PLACEHOLDER.search(text):
        return shlex.quote(text)
    parts, last = [], 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > last:
            parts.append(shlex.quote(text[last : match.start()]))
        parts.append(f'"{_IN_SHELL.get(match[1], match[0])}"')
        last = match.end()
    if last < len(text):
        parts.append(shlex.quote(text[last:]))
    return "".join(parts)


def _shell_bytes(body: bytes, mask: Callable[[str], str]) -> str:
    if is_long(body):
        return f"@{body_file(body)}"
    try:
        text = body.decode("utf-8")
        if text.isprintable() and not text.startswith("@"):
            return _quote(mask(text))
    except UnicodeDecodeError:
        pass
    if mask(body.decode("latin-1")) != body.decode("latin-1"):
        return "@body-with-the-token"
    octets = "".join(f"\\x{byte:02x}" if not 32 <= byte < 127 or byte in b"\\'%" else chr(byte) for byte in body)
    return f"@<(printf %b '{octets}')"


def failure_lines(seen: Observation, report: Report) -> list[tuple[str, str]]:
    """Return the lines of a failure, each its label and its text: the clause, sent, expected, received, again."""
    clause, target, operation = seen.clause, report.target, report.operation_of(seen)
    vector = report.vectors.get(seen.vector)
    before, field = (vector.before, vector.field) if vector else ((), None)
    lines = [("", f"{clause.key} ({clause.level})   {clause.place}: {clause.text}")]
    lines += [("  first     ", sent_line(request, target, operation)) for request in before]
    if seen.exchange is not None:
        lines.append(("  sent      ", sent_line(seen.exchange.request, target, operation, field)))
    lines.append(("  expected  ", seen.expected))
    if seen.exchange is not None:
        lines.append(("  received  ", received_line(seen.exchange, target)))
        if seen.received and not received_line(seen.exchange, target).startswith(seen.received):
            lines.append(("  fault     ", seen.received))
        lines.append(("  again     ", curl(seen.exchange.request, target)))
    if seen.flaky:
        lines.append(("  flaky     ", "the same request was answered differently the second time"))
    return lines
