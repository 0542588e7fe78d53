"""A compressed answer is read as what it holds."""

import gzip
import zlib

import pytest

from secmaster_contract.wire.coding import uncompressed

BODY = b'{"code": "00000000"}'


def deflated(body: bytes) -> bytes:
    """Return a body in deflate without zlib's frame."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("sent", "codings"),
    [
        (BODY, []),
        (BODY, ["identity"]),
        (gzip.compress(BODY, mtime=0), ["gzip"]),
        (gzip.compress(BODY, mtime=0), ["x-gzip"]),
        (zlib.compress(BODY), ["deflate"]),
        (deflated(BODY), ["deflate"]),
        (gzip.compress(zlib.compress(BODY), mtime=0), ["gzip", "deflate"]),
    ],
)
def test_coding_is_undone(sent: bytes, codings: list[str]) -> None:
    """
    Every coding that common servers use is undone, the last applied first.
    """
    assert uncompressed(sent, codings) == BODY


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_what_cannot_be_undone_stays(coding: str) -> None:
    """
    A body that is not in its coding, or in an unknown one, stays as it came.
    """
    assert uncompressed(BODY, [coding]) == BODY


def test_bomb_is_not_unpacked() -> None:
    """
    A small body that would become a huge one is unpacked up to a limit.
    """
    bomb = gzip.compress(b"0" * (1 << 26))

    assert len(bomb) < 1 << 17
    assert len(uncompressed(bomb, ["gzip"])) == 8 * 1024 * 1024
