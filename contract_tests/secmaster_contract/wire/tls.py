"""TLS as the user wants it: verified, by an authority of their own where they name one, or loudly not at all."""

from __future__ import annotations

import ssl
from pathlib import Path


class UnusableAuthority(Exception):
    """The file of certificate authorities cannot be used; the text says why."""


def context(authorities: Path | None = None, *, verified: bool = True) -> ssl.SSLContext:
    """Return the settings of TLS.

    Raises:
        UnusableAuthority: The file is missing or holds no certificate.
    """
    try:
        made = ssl.create_default_context(cafile=str(authorities) if authorities else None)
    except ssl.SSLError:
        message = f"{authorities} holds no certificate in PEM"
        raise UnusableAuthority(message) from None
    except OSError as error:
        message = f"cannot read {authorities}: {error.strerror}"
        raise UnusableAuthority(message) from None
    if not verified:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made
