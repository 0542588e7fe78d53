"""How a server may be set up in Python, and where it says that it listens."""

from __future__ import annotations

from typing import Any

import pytest

from secmaster_contract.mock.errors import UnusableError
from secmaster_contract.mock.instances import Instance
from secmaster_contract.mock.server import address, bind
from secmaster_contract.mock.settings import MockSettings

ONE = Instance(project_id="p", workspace_id="w", instance_id="i")
UNUSABLE: dict[str, tuple[dict[str, Any], str]] = {
    "no token": ({"tokens": ()}, "needs a token"),
    "an empty token": ({"tokens": ("",)}, "needs a token"),
    "a good token and a blank one": ({"tokens": ("good", " \t")}, "needs a token"),
    "a token beyond ASCII": ({"tokens": ("good", "\xe4")}, "printable ASCII"),
    "a token with a line break": ({"tokens": ("good", "a\nb")}, "printable ASCII"),
    "no room for a body": ({"body_limit": 0}, "at least 1 byte"),
    "instances and no state": ({"instances": (ONE,)}, "need a state"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_could_never_work_is_rejected(case: str) -> None:
    """
    The rejection says which setting is meant, and shows no token.
    """
    settings, words = UNUSABLE[case]

    with pytest.raises(UnusableError, match=words) as caught:
        MockSettings(**settings)

    assert "good" not in str(caught.value)


def test_an_address_of_version_6_stands_in_brackets() -> None:
    """
    Its colons are not taken for that of the port (RFC 3986 section 3.2.2).
    """
    try:
        listener = bind("::1", 0)
    except OSError:
        pytest.skip("this machine has no loopback of version 6")
    with listener:
        assert address(listener) == f"http://[::1]:{listener.getsockname()[1]}"
