"""The Content-Type in every form: absent, another one, the documented one in another spelling."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from openapi_contract.operations import Body, Command
from secmaster_contract.vectors.catalogue import Scope, encode


def of_command(scope: Scope, command: Command) -> None:
    """Add the vectors that every command is sent with."""
    if scope.operation.body is None:
        return
    request = scope.valid(command)
    for kind, values in (("absent", ()), ("text", ("text/plain",))):
        scope.classified(
            f"content-type/{kind}/{command.name}",
            "content-type",
            request.with_header("Content-Type", *values),
            command=command.name,
            field="Content-Type",
            kind=kind,
            twin=scope.baseline(command),
            follows=scope.names("content-type/absent/*") if values else (),
        )


def of_any(scope: Scope) -> None:
    """Add the vectors that one command is sent with for all."""
    if scope.operation.body:
        _other_media_types(scope, scope.operation.body)
        _same_media_type(scope, scope.operation.body)


def _other_media_types(scope: Scope, body: Body) -> None:
    command = scope.gentlest
    essence = body.media_type.partition(";")[0]
    subtype = essence.partition("/")[2]
    forms = {
        "empty": "",
        "form": "application/x-www-form-urlencoded",
        "multipart": "multipart/form-data; boundary=x",
        "xml": "application/xml",
        "html": "text/html; charset=UTF-8",
        "binary": "application/octet-stream",
        "text-json": f"text/{subtype}",
        "subtype-alone": subtype,
        "longer-subtype": f"{essence}x",
        "sequence": f"{essence}-seq",
        "in-parameter": f"text/plain; note={essence}",
    }
    bodies = _in_other_media(scope.value(command))
    requests = {kind: scope.valid().with_header("Content-Type", value) for kind, value in forms.items()}
    requests |= {f"{kind}-in-its-own-form": requests[kind].with_body(sent) for kind, sent in bodies.items()}
    for kind, request in requests.items():
        scope.classified(
            f"content-type/{kind}",
            "content-type",
            request,
            command=command.name,
            field="Content-Type",
            twin=scope.baseline(command),
            follows=scope.names("content-type/text/*", "content-type/absent/*"),
        )
    left_open = {
        "short": essence,
        "other-charset": f"{essence};charset=ISO-8859-1",
        "unknown-charset": f"{essence};charset=x-unknown",
        "unknown-parameter": f"{body.media_type};version=1",
        "suffix": f"application/vnd.example+{subtype}",
    }
    for kind, value in left_open.items():
        if value != body.media_type:
            request = scope.valid().with_header("Content-Type", value)
            scope.classified(f"content-type/{kind}", "open", request, command=command.name, field="Content-Type")
    twice = scope.valid().with_header("Content-Type", body.media_type, "text/plain")
    # Many a reader of HTTP rejects it in its own words, before the operation is reached.
    scope.classified("content-type/twice", "open", twice, command=command.name, field="Content-Type", proper=False)


def _in_other_media(value: Any) -> dict[str, bytes]:
    """Return a command as the body that each of these media types stands for: a kind reader reads it as meant."""
    pairs = value.items() if isinstance(value, dict) else [("value", value)]
    texts = {name: item if isinstance(item, str) else encode(item).decode() for name, item in pairs}
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in texts.items()
    )
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in texts.items())
    return {
        "form": urlencode(texts).encode(),
        "multipart": f"{parts}--x--\r\n".encode(),
        "xml": f"<command>{elements}</command>".encode(),
    }


def _same_media_type(scope: Scope, body: Body) -> None:
    """The documented media type in other spellings of the same meaning (RFC 9110 section 8.3.1)."""
    essence, _, parameter = body.media_type.partition(";")
    name, _, value = parameter.strip().partition("=")
    forms = {"upper-case": essence.upper(), "title-case": essence.title()}
    if name:
        forms = {
            "space": f"{essence}; {name}={value}",
            "lower-case": f"{essence};{name}={value.lower()}",
            "upper-case": f"{essence.upper()};{name.upper()}={value}",
            "quoted": f'{essence};{name}="{value}"',
        }
    command = scope.gentlest
    for kind, text in forms.items():
        if text != body.media_type:
            scope.classified(
                f"content-type/{kind}",
                "media-type-form",
                scope.valid().with_header("Content-Type", text),
                equivalence=scope.role("media-type.equivalence"),
                command=command.name,
                follows=(scope.baseline(command),),
            )
