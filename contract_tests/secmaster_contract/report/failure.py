"""One failure in words that can be pasted into a bug report, and the curl line that shows it again; never the token."""

from __future__ import annotations

import shlex

from secmaster_contract.harness.connection import Exchange
from secmaster_contract.harness.reading import spellings
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.spec import load_spec
from secmaster_contract.harness.target import Target
from secmaster_contract.harness.verdicts import Observation

_SHOWN = 600  # characters of a body that a failure shows
_TOKEN_VARIABLE = "$X_AUTH_TOKEN"  # noqa: S105  the name of a variable, not a token


def redact(text: str, token: str) -> str:
    """Return the text with the token, however it is spelled, replaced by the name of a variable."""
    for form in sorted(spellings(token), key=len, reverse=True) if token else ():
        text = text.replace(form, _TOKEN_VARIABLE)
    return text


def show_body(body: bytes) -> str:
    """Return a body as one line of text, shortened in the middle."""
    text = body.decode("utf-8", "backslashreplace").replace("\r", "\\r").replace("\n", "\\n")
    text = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
    if len(text) > _SHOWN:
        half = _SHOWN // 2
        text = f"{text[:half]} ... ({len(body)} bytes) ... {text[-half:]}"
    return text


def sent_line(request: Request, target: Target) -> str:
    """Return what was sent in one line: method, path, the headers that are not as usual, body."""
    spec = load_spec()
    usual = {("content-type", spec.media_type), (spec.token_header.lower(), target.token)}
    odd = [f"{name}: {value}" for name, value in request.headers if (name.lower(), value) not in usual]
    odd += [f"no {name}" for name in (spec.token_header, "Content-Type") if not request.values(name)]
    notes = [*odd, *(["in chunks"] if request.pieces else [])]
    parts = [request.method, request.target, *([f"[{'; '.join(notes)}]"] if notes else []), show_body(request.body)]
    return redact(" ".join(part for part in parts if part), target.token)


def received_line(exchange: Exchange, target: Target) -> str:
    """Return what was received in one line: status and body, or why there was none."""
    if exchange.status is None:
        return exchange.trouble or "no answer"
    text = f"{exchange.status} {show_body(exchange.body)}".rstrip()
    return redact(f"{text} ({exchange.trouble})" if exchange.trouble else text, target.token)


def curl(request: Request, target: Target) -> str:
    """Return a curl command that sends a request again; the token comes from the environment."""
    parts = ["curl", "-sS", "-i", "--path-as-is", "-g", "-X", shlex.quote(request.method)]
    url = f"{target.origin.scheme}://{target.origin.netloc.rpartition('@')[2]}{request.target}"
    parts.append(_quote(url, target.token))
    for name, value in request.headers:
        # curl sends a header without a value only if a semicolon stands for the colon.
        parts.append(f"-H {_quote(f'{name}: {value}' if value else f'{name};', target.token)}")
    if request.body and not request.values("Content-Type"):
        parts.append("-H 'Content-Type:'")
    if request.pieces:
        parts.append("-H 'Transfer-Encoding: chunked'")
    if request.body:
        parts.append(f"--data-binary {_shell_bytes(request.body)}")
    return redact(" ".join(parts), target.token)


def _quote(text: str, token: str) -> str:
    """Quote for a POSIX shell, the token left to the shell to fill in."""
    if not token or token not in text:
        return shlex.quote(text)
    for special in ("\\", '"', "$", "`"):
        text = text.replace(special, f"\\{special}")
    return f'"{text.replace(token, _TOKEN_VARIABLE)}"'


def _shell_bytes(body: bytes) -> str:
    if len(body) > 4096:
        return f"@body.bin  # {len(body)} bytes, in the JSON report"
    try:
        text = body.decode("utf-8")
        if text.isprintable() and not text.startswith("@"):
            return shlex.quote(text)
    except UnicodeDecodeError:
        pass
    octets = "".join(f"\\x{byte:02x}" if not 32 <= byte < 127 or byte in b"\\'" else chr(byte) for byte in body)
    return f"@<(printf %b '{octets}')"


def failure_lines(seen: Observation, target: Target, before: tuple[Request, ...] = ()) -> list[str]:
    """Return the lines of a failure: the clause, what was sent, what was due, what came, how to see it again."""
    clause = seen.clause
    lines = [f"{clause.key} ({clause.level})   {clause.place}: {clause.text}"]
    lines += [f"  first     {sent_line(request, target)}" for request in before]
    if seen.exchange is not None:
        lines.append(f"  sent      {sent_line(seen.exchange.request, target)}")
    lines.append(f"  expected  {redact(seen.expected, target.token)}")
    if seen.exchange is not None:
        lines.append(f"  received  {received_line(seen.exchange, target)}")
        if seen.received and not received_line(seen.exchange, target).startswith(seen.received):
            lines.append(f"  fault     {redact(seen.received, target.token)}")
        lines.append(f"  again     {curl(seen.exchange.request, target)}")
    if seen.flaky:
        lines.append("  flaky     the same request was answered differently the second time")
    return lines
