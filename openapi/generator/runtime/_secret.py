"""
Keeps the token out of everything that can be printed.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn, cast, final
from urllib.parse import quote

from .errors import ConfigurationError

MASK: Final = "***"
_SHORTEST_TO_SEEK: Final = 6  # a shorter token is a placeholder, and stands in too many innocent texts
_TOKEN: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # RFC 9110, 5.5: visible ASCII, spaces only inside


@final
class Secret:
    """
    A checked token. It shows itself to `reveal()` alone: not to repr, pickle or copy.
    """

    __slots__ = ("__forms", "__value")

    def __init__(self, token: str) -> None:
        self.__value = token
        self.__forms: tuple[str, ...] = ()
        if len(self.__value) >= _SHORTEST_TO_SEEK:
            escaped = json.dumps(self.__value)[1:-1]
            forms = {
                self.__value,
                escaped,
                escaped.replace("/", "\\/"),
                quote(self.__value),
                quote(self.__value, safe=""),
            }
            self.__forms = tuple(sorted(forms, key=len, reverse=True))

    def reveal(self) -> str:
        """
        The token.
        """
        return self.__value

    def mask(self, text: str) -> str:
        """
        The text with each occurrence of the token, plain or escaped, masked.
        """
        for form in self.__forms:
            if form in text:
                text = text.replace(form, MASK)
        return text

    def mask_bytes(self, content: bytes) -> bytes:
        """
        The same for bytes. JSON that hides the token behind escapes is written anew.
        """
        text = content.decode("latin-1")
        masked = self.mask(text)
        if "\\u" in masked:
            try:
                decoded: Any = json.loads(content)
            except (ValueError, RecursionError):
                return masked.encode("latin-1")
            rewritten = self.mask_value(decoded)
            if rewritten != decoded:
                return json.dumps(rewritten).encode()
        return masked.encode("latin-1") if masked is not text else content

    def mask_value(self, value: Any) -> Any:
        """
        The same for each string of a JSON value.
        """
        try:
            return self._mask_value(value) if self.__forms else value
        except RecursionError:
            return MASK

    def _mask_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {self.mask(name): self._mask_value(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._mask_value(item) for item in value]
        return value

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A token is not written to a pickle.")


TokenSource = Callable[[], str]
"""
Called once for each call, so that a token can be renewed.
"""


def read_token(token: object) -> Secret | TokenSource | ConfigurationError:
    """
    The token, or a function that gives it as it is.

    A fault is returned and not raised: a traceback from here would show the token among the local variables.
    """
    if isinstance(token, Secret):
        return token
    if type(token) is str:
        fault = _fault(token)
        if not fault:
            return Secret(token)
        return ConfigurationError(f"The token {fault}. (It is not shown.)", argument="token")
    if callable(token):
        return cast("TokenSource", token)
    return ConfigurationError(f"The token is a string, not {type(token).__name__}.", argument="token")


def _fault(token: str) -> str:
    if not token:
        return "is empty"
    if _TOKEN.fullmatch(token):
        return ""
    if not token.isascii():
        return "has characters outside ASCII"
    if _TOKEN.fullmatch(token.strip()):
        return "begins or ends with white space or a line break; strip it"
    return "has line breaks or control characters"
