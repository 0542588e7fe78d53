"""The header rules: the token in every form and place, and the Content-Type."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from secmaster_contract.vectors.catalogue import Catalogue, encode
from secmaster_contract.vectors import media_types
from openapi_contract import Command


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of the header rules."""
    for command in catalogue.spec.commands:
        _token_of(catalogue, command)
        media_types.of_command(catalogue, command)
    _wrong_tokens(catalogue)
    _misplaced_tokens(catalogue)
    media_types.of_any(catalogue)
    _unauthenticated_faults(catalogue)


def _token_of(catalogue: Catalogue, command: Command) -> None:
    header = catalogue.spec.token_header
    request = catalogue.valid(command)
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
                catalogue.valid().with_header(header, value),
                command=command.name,
                field=header,
                twin=catalogue.baseline(command),
                follows=("token/wrong/*", "token/absent/*"),
            )


def _misplaced_tokens(catalogue: Catalogue) -> None:
    token, header = catalogue.target.token, catalogue.spec.token_header
    command = catalogue.spec.commands[1]
    bare = catalogue.valid().with_header(header)
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
        catalogue.valid().with_header(header, "0" * 64, token),
        command=command.name,
        field=header,
    )


def _unauthenticated_faults(catalogue: Catalogue) -> None:
    """Faulty requests without a token: a server that speaks of the fault has validated before it knew who asks."""
    header, command = catalogue.spec.token_header, catalogue.spec.commands[-1]
    bodies = {"unknown-command": encode({catalogue.spec.discriminator: "Unknown"}), "malformed": b"{", "empty": b""}
    for kind, body in bodies.items():
        catalogue.classified(
            f"stranger/{kind}",
            "authentication-first",
            catalogue.valid().with_header(header).with_body(body),
            clause="guard.authentication-first",
            field=header,
            twin=catalogue.baseline(command),
            follows=tuple(f"token/absent/{other.name}/*" for other in catalogue.spec.commands),
        )
