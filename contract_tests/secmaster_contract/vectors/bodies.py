"""Bodies on the wire: no JSON, JSON but no object, what a lenient parser accepts, what strains a parser."""

from __future__ import annotations

import json
from typing import Any

from openapi_contract.keywords import types_of
from secmaster_contract.vectors.catalogue import Scope, encode
from secmaster_contract.vectors.vector import Expected


def enumerate_into(scope: Scope) -> None:
    """Add the vectors of the body's encoding."""
    if scope.operation.body is None:
        return
    twin = scope.baseline(scope.gentlest)
    for kind, body in _no_object(scope).items():
        scope.classified(f"body/{kind}", "root", scope.request(body), twin=twin)
    for kind, body in _malformed(scope).items():
        scope.classified(f"body/{kind}", "malformed", scope.request(body), twin=twin)
    for kind, body in _extensions(scope).items():
        scope.add_rejected(f"body/{kind}", "extension", scope.request(body), "http.json-extensions", twin)
    for kind, body in _strains(scope).items():
        scope.classified(f"body/{kind}", "open", scope.request(body), expected=Expected.ANY)
    for kind, body in _repeated(scope).items():
        scope.classified(f"body/repeated-{kind}", "open", scope.request(body), expected=Expected.ANY)


def _object(value: Any) -> dict[str, Any]:
    """The object that extra members are put into; bodies of another type are put into one."""
    return value if isinstance(value, dict) else {"value": value}


def _no_object(scope: Scope) -> dict[str, bytes]:
    """JSON texts, and no text at all, that hold no command because they hold nothing of the documented type."""
    value = scope.value(scope.gentlest)
    first = value.get(scope.discriminator) if isinstance(value, dict) and scope.discriminator else "text"
    bodies: dict[str, Any] = {
        "null": None,
        "true": True,
        "number": 1,
        "text": first,
        "empty-array": [],
        "array-of-right": [value],
        "encoded-twice": json.dumps(value),
        "empty-object": {},
        "wrapped": {"body": value},
    }
    schema = scope.catalogue.contract.document.at(str(scope.gentlest.pointer))
    kept = types_of(schema) == {"object"} or scope.discriminator is not None
    told = {"none": b"", "white-space": b" \r\n\t"} if scope.operation.body and scope.operation.body.required else {}
    return told | {kind: encode(item) for kind, item in bodies.items() if kept or kind != "empty-array"}


def _malformed(scope: Scope) -> dict[str, bytes]:
    value = scope.value(scope.gentlest)
    body = encode(_object(value))
    full = encode(_object(scope.full(scope.fullest)))
    name, item = next(iter(_object(value).items()), ("x", "x"))
    opened = body[:-1] + (b"," if len(body) > 2 else b"")
    return {
        "brace-alone": b"{",
        "truncated": full[:-1],
        "truncated-in-text": full[: len(full) // 2],
        "value-missing": encode({name: 0})[:-2] + b"}",
        "colon-missing": opened + b'"x" 1}',
        "comma-missing": opened + b'"x":1 "y":2}',
        "second-value-behind": body + body,
        "text-behind": body + b"x",
        "brace-behind": body + b"}",
        "form": f"{name}={item}".encode(),
        "xml": f"<{name}>{item}</{name}>".encode(),
        "yaml": f"{name}: {item}\n".encode(),
        "python": b"{`" + name.encode() + b"`: `x`}",
        "nul-bytes": b"\x00" * 16,
        "nul-behind": body + b"\x00",
        "bad-escape": opened + b'"x":"\\x41"}',
        "invalid-utf-8": opened + b'"x":"\xff\xfe"}',
        "latin-1": opened + '"x":"é"}'.encode("latin-1"),
        "overlong-utf-8": opened + b'"x":"\xc0\xaf"}',
    }


def _extensions(scope: Scope) -> dict[str, bytes]:
    """What RFC 8259 section 9 lets a parser accept though it is not JSON, and section 8.1 lets it ignore."""
    value = _object(scope.value(scope.gentlest))
    text = encode(value).decode()
    opened = text[:-1] + ("," if len(text) > 2 else "")
    name = next(iter(value), "x")
    return {
        "trailing-comma": (opened.rstrip(",") + ",}").encode(),
        "comment": ("/* x */" + text).encode(),
        "single-quotes": text.replace('"', "'").encode() if value else b"{'x':1}",
        "bare-name": text.replace(f'"{name}"', name, 1).encode() if value else b"{x:1}",
        "nan": (opened + '"x":NaN}').encode(),
        "infinity": (opened + '"x":-Infinity}').encode(),
        "leading-zero": (opened + '"x":01}').encode(),
        "raw-line-break": (opened + '"x":"a\nb"}').encode(),
        "byte-order-mark": b"\xef\xbb\xbf" + text.encode(),
        "utf-16": text.encode("utf-16"),
        "utf-16-le": text.encode("utf-16-le"),
        "utf-32": text.encode("utf-32"),
        "encoded-surrogate": opened.encode() + b'"x":"\xed\xa0\x80"}',
    }


def _strains(scope: Scope) -> dict[str, bytes]:
    """JSON that a server may reject or accept, and must survive."""
    text = encode(_object(scope.value(scope.gentlest)))[:-1].decode()
    body = text + ("," if len(text) > 1 else "")
    field = next(iter(scope.fullest.optional or scope.fullest.required), "x")

    def extra(more: str) -> bytes:
        return f'{body}"x":{more}}}'.encode("utf-8", "surrogatepass")

    return {
        "deep-array": extra("[" * 10_000 + "]" * 10_000),
        "deep-object": extra('{"x":' * 5_000 + "1" + "}" * 5_000),
        "deep-root": b"[" * 20_000,
        "huge-integer": extra("9" * 5_000),
        "huge-exponent": extra("1e99999"),
        "tiny-exponent": extra("-1e-99999"),
        "escaped-nul": extra('"\\u0000"'),
        "lone-surrogate": extra('"\\ud800"'),
        "reversed-surrogates": extra('"\\udc00\\ud800"'),
        "empty-name": extra('1,"":1'),
        "prototype": extra(f'1,"__proto__":{{"{field}":"x"}},"constructor":{{"prototype":{{}}}}'),
        "template": extra('"${jndi:ldap://127.0.0.1/x} {{7*7}} <%= 1 %>"'),
        "many-names": extra("1," + ",".join(f'"x{number}":{number}' for number in range(2_000))),
        "long-name": extra(f'1,"{"n" * 70_000}":1'),
        "non-characters": extra('"\ufffe\uffff\U0010ffff"'),
    }


def _repeated(scope: Scope) -> dict[str, bytes]:
    """Names that stand twice, right first or right last: RFC 8259 section 4 leaves the meaning to the parser."""
    right = scope.full(scope.fullest)
    if not isinstance(right, dict):
        return {}
    text = encode(right).decode()[1:-1]
    bodies: dict[str, bytes] = {}
    for name in right:
        wrong = "7" if not isinstance(right[name], int | float) else '"x"'
        bodies[f"{name}-right-last"] = f'{{"{name}":{wrong},{text}}}'.encode()
        bodies[f"{name}-right-first"] = f'{{{text},"{name}":{wrong}}}'.encode()
    return bodies
