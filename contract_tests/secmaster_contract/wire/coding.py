"""What a body was before it was compressed on its way."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_MOST = 8 * 1024 * 1024  # bytes that a body is unpacked to; no documented answer comes near
_GZIP, _ZLIB, _DEFLATE = 31, 15, -15  # zlib's names of its formats, by the size of their window


def uncompressed(body: bytes, codings: Iterable[str]) -> bytes:
    """Return a body with its content codings undone, the last applied first; as it is where one of them is unknown.

    `deflate` is read with and without zlib's frame, since servers send either (RFC 9110 section 8.4.1.2).
    """
    for coding in codings:
        formats = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (_ZLIB, _DEFLATE)}.get(coding, ())
        for bits in formats:
            try:
                body = zlib.decompressobj(bits).decompress(body, _MOST)
            except zlib.error:
                continue
            break
        else:
            if coding not in {"", "identity"}:
                return body
    return body
