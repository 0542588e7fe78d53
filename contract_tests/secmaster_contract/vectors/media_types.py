"""The Content-Type in every form: absent, another one, the documented one in another spelling."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from secmaster_contract.vectors.catalogue import Catalogue
from openapi_contract import Command


def of_command(catalogue: Catalogue, command: Command) -> None:
    """Add the vectors that every command is sent with."""
    request = catalogue.valid(command)
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


def of_any(catalogue: Catalogue) -> None:
    """Add the vectors that one command is sent with for all."""
    _other_media_types(catalogue)
    _same_media_type(catalogue)


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
    requests = {kind: catalogue.valid().with_header("Content-Type", value) for kind, value in forms.items()}
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
        request = catalogue.valid().with_header("Content-Type", value)
        catalogue.classified(f"content-type/{kind}", "open", request, command=command.name, field="Content-Type")
    twice = catalogue.valid().with_header("Content-Type", catalogue.spec.media_type, "text/plain")
    # Many a reader of HTTP refuses it in its own words, before the operation is reached.
    catalogue.classified("content-type/twice", "open", twice, command=command.name, field="Content-Type", proper=False)


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
                catalogue.valid().with_header("Content-Type", text),
                equivalence="headers.content-type.equivalence",
                command=command.name,
                follows=(catalogue.baseline(command),),
            )
