"""A pytest file for each failure: it sends the same bytes and makes the same claim, with nothing but pytest at hand."""

from __future__ import annotations

import pprint
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from secmaster_contract.report.words import origin
from secmaster_contract.vectors.vector import Expected

# The copies of the contract and of its ledger that lie beside the files.
CONTRACT = ("contract.yaml", "ledger.yaml")
_NOTICE = "Written by secmaster-contract."
_TEMPLATE = '''"""{claim}

{notice} Run it with the token in the environment:

    X_AUTH_TOKEN=... pytest {name}

X_TARGET names another server than {origin}; X_CA a file of certificate authorities.
"""

import base64
import http.client
import json
import os
import re
import socket
import ssl
from pathlib import Path
from urllib.parse import quote, urlsplit

TARGET = os.environ.get("X_TARGET", {origin!r})
BEFORE = {before}
SENT = {sent}
TOKEN = os.environ.get("X_AUTH_TOKEN", "")
CONTRACT = {contract!r}


def changed(at):
    """The token with another character at one place."""
    return TOKEN[:at] + ("B" if TOKEN[at : at + 1] == "A" else "A") + TOKEN[at + 1 :]


FORMS = {{
    None: TOKEN,
    "percent": "".join(f"%{{byte:02x}}" for byte in TOKEN.encode()),
    "quoted": quote(TOKEN, safe=""),
    "in-json": json.dumps(TOKEN)[1:-1],
    "reversed": TOKEN[::-1],
    "swapped": TOKEN.swapcase(),
    "shorter": TOKEN[:-1],
    "changed-head": changed(0),
    "changed-middle": changed(len(TOKEN) // 2),
    "changed-tail": changed(len(TOKEN) - 1),
}}


def filled(text):
    """Put the token in."""
    return re.sub(r"\\$\\{{X_AUTH_TOKEN(?:\\|([a-z-]+))?\\}}", lambda match: FORMS[match[1]], text)


def wire(request, host):
    """The bytes of a request."""
    body = base64.b64decode(request["body_base64"]) if "body_base64" in request else request.get("body", "").encode()
    body = filled(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    framing = f"Content-Length: {{len(body)}}"
    if "pieces" in request:
        framing, parts, sizes = "Transfer-Encoding: chunked", [], list(request["pieces"])
        while body:
            size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
            parts.append(b"%x\\r\\n%s\\r\\n" % (len(body[:size]), body[:size]))
            body = body[size:]
        body = b"".join(parts) + b"0\\r\\n\\r\\n"
    lines = [f"{{request['method']}} {{request['target']}} HTTP/1.1", f"Host: {{host}}"]
    lines += [f"{{name}}: {{value}}" for name, value in request["headers"]]
    return filled("\\r\\n".join([*lines, framing, "", ""])).encode("latin-1", "backslashreplace") + body


def answers(*requests):
    """Send requests on one connection; return status, headers and body of the last answer."""
    target = urlsplit(TARGET)
    secure = target.scheme == "https"
    with socket.create_connection((target.hostname, target.port or (443 if secure else 80)), timeout=30) as link:
        if secure:
            context = ssl.create_default_context(cafile=os.environ.get("X_CA"))
            link = context.wrap_socket(link, server_hostname=target.hostname)
        for request in requests:
            link.sendall(wire(request, target.netloc))
            answer = http.client.HTTPResponse(link, method=request["method"])
            answer.begin()
            body = answer.read()
        return answer.status, answer.headers, body


def test_{function}():
    """
    {claim}
    """
    assert TOKEN, "the token is missing: set X_AUTH_TOKEN"

    status, headers, body = answers(*BEFORE, SENT)

{claims}
'''

_SOUND = "    assert status < 500, (status, body)"
_MORE = {
    "http.media-type": '    assert re.search(r"[/+]json\\b", headers.get("Content-Type", "")), headers.items()',
    "http.json": "    json.loads(body.decode())",
    "guard.no-leak": "    assert TOKEN.encode() not in body + str(headers).encode(), body",
}


def files(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and text of a pytest file for each failure of a verdict file that was sent."""
    taken: Counter[str] = Counter()
    for clause in document["clauses"]:
        for failure in clause["failures"]:
            if "sent" in failure and "body_withheld" not in failure["sent"]:
                function = re.sub(r"\W+", "_", f"{clause['key']}_{failure['vector']}").strip("_").lower()[:120]
                taken[function] += 1
                more = f"_{taken[function]}" if taken[function] > 1 else ""
                yield _file(document, clause, failure, function + more)


def is_written_here(text: str) -> bool:
    """Whether a file is one of these, and no other that happens to be a test."""
    return f"\n{_NOTICE} " in text


def _file(document: dict[str, Any], clause: dict[str, Any], failure: dict[str, Any], function: str) -> tuple[str, str]:
    name = f"test_{function}.py"
    text = _TEMPLATE.format(
        notice=_NOTICE,
        claim=f"{clause['key']} ({clause['level']}): {clause['text']}.",
        name=name,
        origin=origin(document["target"]),
        before=_literal(failure.get("before", [])),
        sent=_literal(failure["sent"]),
        function=function,
        contract=CONTRACT if document["contract"]["ledger_sha256"] else CONTRACT[:1],
        claims="\n".join(_claims(clause, failure)),
    )
    return name, text


def _literal(value: Any) -> str:
    return pprint.pformat(value, width=116, sort_dicts=False)


def _claims(clause: dict[str, Any], failure: dict[str, Any]) -> Iterator[str]:
    expectation, statuses = failure.get("expectation"), tuple(failure.get("statuses", ()))
    flag = failure.get("succeeded")
    told = f"json.loads(body).get({flag['field']!r})" if flag else ""
    if expectation is None:
        yield from _of_a_reading(clause, failure)
    elif clause["key"] == "guard.no-server-error" or expectation == Expected.ANY:
        yield _SOUND
    elif expectation == Expected.REJECTED:
        yield f"    assert status in {statuses}, (status, body)"
    elif expectation == Expected.ACCEPTED:
        yield f"    assert status in {statuses}, (status, body)"
        if flag:
            yield f"    assert {told} in ({flag['value']!r}, None), body"
    elif flag:
        yield f"    assert status not in {statuses} or {told} != {flag['value']!r}, (status, body)"
    else:
        yield f"    assert status not in {statuses}, (status, body)"


def _of_a_reading(clause: dict[str, Any], failure: dict[str, Any]) -> Iterator[str]:
    """What an answer does wrong whatever was asked: the few lines for it, or the verifier's own reading."""
    if clause["key"] in _MORE and "no Content-Type" not in failure["fault"]:
        yield _MORE[clause["key"]]
        return
    yield "    from secmaster_contract.commands.replay import faults_of"
    yield ""
    yield "    files = [Path(__file__).with_name(name) for name in CONTRACT]"
    yield f"    clause, operation = {clause['key']!r}, {failure['operation']!r}"
    yield "    assert faults_of(clause, operation, SENT, (status, headers.items(), body), *files) == []"
