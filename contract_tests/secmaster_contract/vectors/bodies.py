"""Bodies on the wire: no JSON, JSON but no object, what a lenient parser takes, what strains a parser."""

from __future__ import annotations

import json

from secmaster_contract.vectors.catalogue import Catalogue, encode
from secmaster_contract.vectors.vector import Due


def enumerate_into(catalogue: Catalogue) -> None:
    """Add the vectors of the body's encoding."""
    command = catalogue.spec.commands[1]
    twin = catalogue.baseline(command)
    for kind, body in _no_object(catalogue).items():
        catalogue.classified(f"body/{kind}", "root", catalogue.request(body), twin=twin)
    for kind, body in _malformed(catalogue).items():
        catalogue.classified(f"body/{kind}", "malformed", catalogue.request(body), twin=twin)
    for kind, body in _extensions(catalogue).items():
        catalogue.add_refused(
            f"body/{kind}", "extension", catalogue.request(body), "http.json-extensions", twin, kind=kind
        )
    for kind, body in _strains(catalogue).items():
        catalogue.classified(f"body/{kind}", "open", catalogue.request(body), due=Due.ANY)
    for kind, body in _repeated(catalogue).items():
        catalogue.classified(f"body/repeated-{kind}", "open", catalogue.request(body), due=Due.ANY)


def _no_object(catalogue: Catalogue) -> dict[str, bytes]:
    """JSON texts, and no text at all, that hold no command because they hold no object."""
    body = catalogue.value(catalogue.spec.commands[1])
    return {
        "none": b"",
        "white-space": b" \r\n\t",
        "null": b"null",
        "true": b"true",
        "number": b"1",
        "text": encode(body[catalogue.spec.discriminator]),
        "empty-array": b"[]",
        "array-of-right": encode([body]),
        "encoded-twice": encode(json.dumps(body)),
        "empty-object": b"{}",
        "wrapped": encode({"body": body}),
    }


def _malformed(catalogue: Catalogue) -> dict[str, bytes]:
    body = encode(catalogue.value(catalogue.spec.commands[1]))
    full = encode(catalogue.full(catalogue.spec.commands[-1]))
    selector = catalogue.spec.commands[1].selector
    return {
        "brace-alone": b"{",
        "truncated": full[:-1],
        "truncated-in-text": full[: len(full) // 2],
        "value-missing": body[: body.index(b":") + 1] + b"}",
        "colon-missing": body.replace(b":", b" ", 1),
        "comma-missing": full.replace(b'","', b'" "', 1),
        "second-value-behind": body + body,
        "text-behind": body + b"x",
        "brace-behind": body + b"}",
        "form": f"{catalogue.spec.discriminator}={selector}".encode(),
        "xml": f"<{catalogue.spec.discriminator}>{selector}</{catalogue.spec.discriminator}>".encode(),
        "yaml": f"{catalogue.spec.discriminator}: {selector}\n".encode(),
        "python": repr(catalogue.value(catalogue.spec.commands[1])).encode().replace(b"'", b"`"),
        "nul-bytes": b"\x00" * 16,
        "nul-behind": body + b"\x00",
        "bad-escape": body[:-2] + b'","x":"\\x41"}',
        "invalid-utf-8": body[:-1] + b',"x":"\xff\xfe"}',
        "latin-1": body[:-1] + ',"x":"é"}'.encode("latin-1"),
        "overlong-utf-8": body[:-1] + b',"x":"\xc0\xaf"}',
    }


def _extensions(catalogue: Catalogue) -> dict[str, bytes]:
    """What RFC 8259 section 9 lets a parser take though it is not JSON, and section 8.1 lets it ignore."""
    text = encode(catalogue.value(catalogue.spec.commands[1])).decode()
    return {
        "trailing-comma": (text[:-1] + ",}").encode(),
        "comment": ("/* x */" + text).encode(),
        "single-quotes": text.replace('"', "'").encode(),
        "bare-name": text.replace(f'"{catalogue.spec.discriminator}"', catalogue.spec.discriminator).encode(),
        "nan": (text[:-1] + ',"x":NaN}').encode(),
        "infinity": (text[:-1] + ',"x":-Infinity}').encode(),
        "leading-zero": (text[:-1] + ',"x":01}').encode(),
        "raw-line-break": (text[:-1] + ',"x":"a\nb"}').encode(),
        "byte-order-mark": b"\xef\xbb\xbf" + text.encode(),
        "utf-16": text.encode("utf-16"),
        "utf-16-le": text.encode("utf-16-le"),
        "utf-32": text.encode("utf-32"),
        "encoded-surrogate": text[:-1].encode() + b',"x":"\xed\xa0\x80"}',
    }


def _strains(catalogue: Catalogue) -> dict[str, bytes]:
    """JSON that a server may refuse or take, and must survive."""
    body = encode(catalogue.value(catalogue.spec.commands[1]))[:-1].decode()

    def extra(text: str) -> bytes:
        return f'{body},"x":{text}}}'.encode("utf-8", "surrogatepass")

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
        "prototype": extra('1,"__proto__":{"task_id":"x"},"constructor":{"prototype":{}}'),
        "template": extra('"${jndi:ldap://127.0.0.1/x} {{7*7}} <%= 1 %>"'),
        "many-names": extra("1," + ",".join(f'"x{number}":{number}' for number in range(2_000))),
        "long-name": extra(f'1,"{"n" * 70_000}":1'),
        "non-characters": extra('"\ufffe\uffff\U0010ffff"'),
    }


def _repeated(catalogue: Catalogue) -> dict[str, bytes]:
    """Names that stand twice, right first or right last: RFC 8259 section 4 leaves the meaning to the parser."""
    right = catalogue.full(catalogue.spec.commands[-1])
    text = encode(right).decode()[1:-1]
    bodies: dict[str, bytes] = {}
    for name in right:
        bodies[f"{name}-right-last"] = f'{{"{name}":7,{text}}}'.encode()
        bodies[f"{name}-right-first"] = f'{{{text},"{name}":7}}'.encode()
    return bodies
