"""The token in every form and place."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from openapi_contract.operations import Command, Security
from secmaster_contract.vectors import media_types
from secmaster_contract.vectors.catalogue import Scope, encode
from secmaster_contract.vectors.near_misses import NEAR_MISSES


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of the header rules."""
    security = scope.operation.security
    for command in scope.commands:
        if security:
            _token_of(scope, security, command)
        media_types.of_command(scope, command)
    if security:
        _wrong_tokens(scope, security)
        _misplaced_tokens(scope, security)
    media_types.of_any(scope)
    if security:
        _unauthenticated_faults(scope, security)


def _token_of(scope: Scope, security: Security, command: Command) -> None:
    request = scope.valid(command)
    for kind, values in (("absent", ()), ("wrong", (security.value("0" * 64),))):
        scope.classified(
            f"token/{kind}/{command.name}",
            "token",
            request.with_header(security.header, *values),
            command=command.name,
            field=security.header,
            kind=kind,
            twin=scope.baseline(command),
            follows=scope.names("token/absent/*") if kind == "wrong" else (),
        )


def _wrong_tokens(scope: Scope, security: Security) -> None:
    token, command = scope.target.token, scope.gentlest
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
        **{name: change(token) for name, change in NEAR_MISSES.items()},
        "sql": "' OR '1'='1",
        "very-long": "A" * 4000,
    }
    for kind, value in forms.items():
        if security.value(value).strip() != security.value(token):
            scope.classified(
                f"token/{kind}",
                "token",
                scope.valid().with_header(security.header, security.value(value)),
                command=command.name,
                field=security.header,
                twin=scope.baseline(command),
                follows=scope.names("token/wrong/*", "token/absent/*"),
            )


def _misplaced_tokens(scope: Scope, security: Security) -> None:
    token, header, command = scope.target.token, security.header, scope.gentlest
    bare = scope.valid().with_header(header)
    encoded = quote(token, safe="")
    mark = "&" if "?" in bare.target else "?"
    places = {
        "authorization": bare.with_header("Authorization", token),
        "authorization-bearer": bare.with_header("Authorization", f"Bearer {token}"),
        "subject-token": bare.with_header("X-Subject-Token", token),
        "cookie": bare.with_header("Cookie", f"{header}={token}"),
        "api-key": bare.with_header("X-Api-Key", token),
        "query": replace(bare, target=f"{bare.target}{mark}{header}={encoded}"),
        "query-token": replace(bare, target=f"{bare.target}{mark}token={encoded}"),
        "trusted-proxy": bare.with_header("X-Forwarded-For", "127.0.0.1"),
        "trusted-user": bare.with_header("X-Remote-User", "admin"),
    }
    value = scope.value(command)
    if scope.operation.body and isinstance(value, dict):
        places["body"] = bare.with_body(encode(value | {header: token}))
    for kind, request in places.items():
        if request.values(header) == (security.value(token),):
            continue  # this is the place for it
        scope.classified(
            f"token/in-{kind}",
            "token",
            request,
            clause=scope.role("token.place"),
            command=command.name,
            field=header,
            twin=scope.baseline(command),
            follows=scope.names("token/absent/*"),
        )
    scope.classified(
        "token/beside-a-wrong-one",
        "open",
        scope.valid().with_header(header, security.value("0" * 64), security.value(token)),
        command=command.name,
        field=header,
    )


def _unauthenticated_faults(scope: Scope, security: Security) -> None:
    """Faulty requests without a token: a server that speaks of the fault has validated before it knew who asks."""
    if scope.operation.body is None:
        return
    unknown = {scope.discriminator: "Unknown"} if scope.discriminator else {"x-unknown": "x"}
    bodies = {"unknown-command": encode(unknown), "malformed": b"{", "empty": b""}
    for kind, body in bodies.items():
        scope.classified(
            f"stranger/{kind}",
            "authentication-first",
            scope.valid().with_header(security.header).with_body(body),
            clause=scope.ledger["guard.authentication-first"],
            field=security.header,
            twin=scope.baseline(scope.fullest),
            follows=scope.names(*(f"token/absent/{other.name}/*" for other in scope.commands)),
        )
