"""A search for a secret in files, by means of its own: none of the verifier's code says here what a spelling is."""

from __future__ import annotations

import base64
import codecs
import gzip
import html
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

_DEPTH = 3
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def views(data: bytes, depth: int = _DEPTH) -> Iterator[bytes]:
    """Yield bytes, and what they are once an encoding is undone, and another."""
    yield data
    if depth == 0:
        return
    for changed in _decoded(data):
        if changed != data:
            yield from views(changed, depth - 1)


def _decoded(data: bytes) -> Iterator[bytes]:
    if b"%" in data:
        yield unquote_to_bytes(data)
    if b"&" in data:
        yield html.unescape(data.decode("utf-8", "replace")).encode()
    if b"\\" in data:
        text = re.sub(rb"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)).encode("utf-8", "replace"), data)
        yield re.sub(rb"\\x([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), text).replace(b"\\/", b"/")
    for match in set(_BASE64.findall(data)):
        for shift in range(4):
            part = match[shift:].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
            part = part[:-1] if len(part) % 4 == 1 else part
            yield base64.b64decode(part + b"=" * (-len(part) % 4))
    for match in set(re.findall(rb"(?:[0-9a-fA-F]{2}){12,}", data)):
        yield codecs.decode(match, "hex")
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            yield unpack(data)
        except (OSError, EOFError, zlib.error):
            continue


def holds(data: bytes, secret: str) -> bool:
    """Whether bytes hold a secret, all of it but one character, half of it, or a long end of it, in any spelling."""
    wanted = {secret.encode(), secret[:-1].encode(), secret[1:].encode(), secret[::-1].encode()}
    wanted |= {secret.swapcase().encode(), secret.upper().encode(), secret.lower().encode()}
    wanted |= {secret[:24].encode(), secret[-24:].encode(), json.dumps(secret)[1:-1].encode()}
    wanted |= {secret[: len(secret) // 2].encode(), secret[len(secret) // 2 + 1 :].encode()}
    return any(form in view for view in views(data) for form in wanted)


def files_that_hold(directory: Path, secret: str) -> list[str]:
    """Name the files under a directory that hold a secret."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return [str(path.relative_to(directory)) for path in files if holds(path.read_bytes(), secret)]
