"""The header rules: the token in every form and place, the Content-Type in every form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from secmaster_contract.harness.catalogue import Catalogue, encode
from secmaster_contract.harness.request import Request
from secmaster_contract.harness.spec import Command


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of the header rules."""
    for command in catalogue.spec.commands:
        _token_of(catalogue, command)
        _media_type_of(catalogue, command)
    _wrong_tokens(catalogue)
    _misplaced_tokens(catalogue)
    _other_media_types(catalogue)
    _same_media_type(catalogue)
    _unauthenticated_faults(catalogue)


def _valid(catalogue: Catalogue, command: Command | None = None) -> Request:
    return catalogue.request(encode(catalogue.value(command or catalogue.spec.commands[1])))


def _token_of(catalogue: Catalogue, command: Command) -> None:
    header = catalogue.spec.token_header
    request = _valid(catalogue, command)
    for kind, values in (("absent", ()), ("wrong", ("0" * 64,))):
        catalogue.classified(
            f"token/{kind}/{command.name}",
            "token",
            request.with_header(header, *values),
            command=command.name,
            field=header,
            kind=kind,
            twin=catalogue.baseline(command),
            follows=("token/absent/*",) if kind == "wrong" else (),
        )


def _wrong_tokens(catalogue: Catalogue) -> None:
    token, header = catalogue.target.token, catalogue.spec.token_header
    command = catalogue.spec.commands[1]
    forms = {
        "empty": "",
        "null-text": "null",
        "undefined-text": "undefined",
        "any": "*",
        "longer": f"{token}x",
        "shorter": token[:-1],
        "reversed": token[::-1],
        "doubled": f"{token}{token}",
        "other-case": token.swapcase(),
        "bearer": f"Bearer {token}",
        "quoted": f'"{token}"',
        "listed": f"{token}, {token}",
        "percent-encoded": "".join(f"%{byte:02x}" for byte in token.encode()),
        "sql": "' OR '1'='1",
        "very-long": "A" * 4000,
    }
    for kind, value in forms.items():
        if value.strip() != token:
            catalogue.classified(
                f"token/{kind}",
                "token",
                _valid(catalogue).with_header(header, value),
                command=command.name,
                field=header,
                twin=catalogue.baseline(command),
                follows=("token/wrong/*", "token/absent/*"),
            )


def _misplaced_tokens(catalogue: Catalogue) -> None:
    token, header = catalogue.target.token, catalogue.spec.token_header
    command = catalogue.spec.commands[1]
    bare = _valid(catalogue).with_header(header)
    encoded = quote(token, safe="")
    body = catalogue.value(command)
    places = {
        "authorization": bare.with_header("Authorization", token),
        "authorization-bearer": bare.with_header("Authorization", f"Bearer {token}"),
        "subject-token": bare.with_header("X-Subject-Token", token),
        "cookie": bare.with_header("Cookie", f"{header}={token}"),
        "api-key": bare.with_header("X-Api-Key", token),
        "query": replace(bare, target=f"{bare.target}?{header}={encoded}"),
        "query-token": replace(bare, target=f"{bare.target}?token={encoded}"),
        "body": bare.with_body(encode(body | {header: token})),
        "trusted-proxy": bare.with_header("X-Forwarded-For", "127.0.0.1"),
        "trusted-user": bare.with_header("X-Remote-User", "admin"),
    }
    for kind, request in places.items():
        catalogue.classified(
            f"token/in-{kind}",
            "token",
            request,
            clause="headers.x-auth-token.in-header",
            command=command.name,
            field=header,
            twin=catalogue.baseline(command),
            follows=("token/absent/*",),
        )
    catalogue.classified(
        "token/beside-a-wrong-one",
        "open",
        _valid(catalogue).with_header(header, "0" * 64, token),
        command=command.name,
        field=header,
    )


def _media_type_of(catalogue: Catalogue, command: Command) -> None:
    request = _valid(catalogue, command)
    for kind, values in (("absent", ()), ("text", ("text/plain",))):
        catalogue.classified(
            f"content-type/{kind}/{command.name}",
            "content-type",
            request.with_header("Content-Type", *values),
            command=command.name,
            field="Content-Type",
            kind=kind,
            twin=catalogue.baseline(command),
            follows=("content-type/absent/*",) if values else (),
        )


def _other_media_types(catalogue: Catalogue) -> None:
    command = catalogue.spec.commands[1]
    essence = catalogue.spec.media_type.partition(";")[0]
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
    bodies = _in_other_media(catalogue.value(command))
    requests = {kind: _valid(catalogue).with_header("Content-Type", value) for kind, value in forms.items()}
    requests |= {f"{kind}-in-its-own-form": requests[kind].with_body(body) for kind, body in bodies.items()}
    for kind, request in requests.items():
        catalogue.classified(
            f"content-type/{kind}",
            "content-type",
            request,
            command=command.name,
            field="Content-Type",
            twin=catalogue.baseline(command),
            follows=("content-type/text/*", "content-type/absent/*"),
        )
    left_open = {
        "short": essence,
        "other-charset": f"{essence};charset=ISO-8859-1",
        "unknown-charset": f"{essence};charset=x-unknown",
        "unknown-parameter": f"{catalogue.spec.media_type};version=1",
        "suffix": f"application/vnd.huawei+{subtype}",
    }
    for kind, value in left_open.items():
        request = _valid(catalogue).with_header("Content-Type", value)
        catalogue.classified(f"content-type/{kind}", "open", request, command=command.name, field="Content-Type")
    twice = _valid(catalogue).with_header("Content-Type", catalogue.spec.media_type, "text/plain")
    catalogue.classified("content-type/twice", "open", twice, command=command.name, field="Content-Type")


def _in_other_media(value: Mapping[str, str]) -> dict[str, bytes]:
    """Return a command as the body that each of these media types stands for: a kind reader reads it as meant."""
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in value.items()
    )
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in value.items())
    return {
        "form": urlencode(value).encode(),
        "multipart": f"{parts}--x--\r\n".encode(),
        "xml": f"<command>{elements}</command>".encode(),
    }


def _same_media_type(catalogue: Catalogue) -> None:
    """The documented media type in other spellings of the same meaning (RFC 9110 section 8.3.1)."""
    essence, _, parameter = catalogue.spec.media_type.partition(";")
    name, _, value = parameter.partition("=")
    forms = {
        "space": f"{essence}; {name}={value}",
        "lower-case": f"{essence};{name}={value.lower()}",
        "upper-case": f"{essence.upper()};{name.upper()}={value}",
        "quoted": f'{essence};{name}="{value}"',
    }
    command = catalogue.spec.commands[1]
    for kind, text in forms.items():
        if name:
            catalogue.classified(
                f"content-type/{kind}",
                "media-type-form",
                _valid(catalogue).with_header("Content-Type", text),
                equivalence="headers.content-type.equivalence",
                command=command.name,
                follows=(catalogue.baseline(command),),
            )


def _unauthenticated_faults(catalogue: Catalogue) -> None:
    """Faulty requests without a token: a server that speaks of the fault has validated before it knew who asks."""
    header, command = catalogue.spec.token_header, catalogue.spec.commands[-1]
    bodies = {"unknown-command": encode({catalogue.spec.discriminator: "Unknown"}), "malformed": b"{", "empty": b""}
    for kind, body in bodies.items():
        catalogue.classified(
            f"stranger/{kind}",
            "authentication-first",
            _valid(catalogue).with_header(header).with_body(body),
            clause="guard.authentication-first",
            field=header,
            twin=catalogue.baseline(command),
            follows=tuple(f"token/absent/{other.name}/*" for other in catalogue.spec.commands),
        )
