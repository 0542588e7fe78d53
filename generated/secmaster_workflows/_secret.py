# Copied from openapi/generator/runtime/_secret.py by `make generate`; do not edit.
"""
Keeps the token out of everything that can be printed.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from itertools import takewhile
from typing import Any, Final, NoReturn, TypeAlias, cast, final
from urllib.parse import quote

from .errors import ConfigurationError

MASK: Final = "***"
_SHORTEST_TO_SEEK: Final = 6  # a shorter token is a placeholder, and stands in too many innocent texts
_TELLING: Final = 16  # so many characters of its beginning are sought too: an answer may be cut off, by whomever
_ESCAPE: Final = re.compile(r"\\u00([2-7][0-9A-Fa-f])")  # visible ASCII as JSON may write it
_PERCENT: Final = re.compile(r"%[0-9A-F]{2}")
_TOKEN: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # RFC 9110, 5.5: visible ASCII, spaces only inside


@final
class Secret:
    """
    A checked token. It shows itself to `reveal()` alone: not to repr, pickle or copy.
    """

    __slots__ = ("__forms", "__heads", "__value")

    def __init__(self, token: str) -> None:
        self.__value = token
        self.__forms: tuple[str, ...] = ()
        if len(self.__value) >= _SHORTEST_TO_SEEK:
            escaped = json.dumps(self.__value)[1:-1]
            quoted = {quote(self.__value), quote(self.__value, safe="")}
            lower = {_PERCENT.sub(lambda code: code[0].lower(), form) for form in quoted}
            self.__forms = (*{self.__value, escaped, escaped.replace("/", "\\/"), *quoted, *lower},)
        self.__heads = frozenset(form[:_TELLING] for form in self.__forms)

    def reveal(self) -> str:
        """
        The token.
        """
        return self.__value

    def mask(self, text: str) -> str:
        """
        The text with each occurrence of the token, plain or escaped, masked; so is what is left of one that is cut off.
        """
        for head in self.__heads:
            if head in text:
                rests = [form[_TELLING:] for form in self.__forms if form.startswith(head)]
                before, *parts = text.split(head)
                text = before + "".join(MASK + part[_shared(rests, part) :] for part in parts)
        return text

    def mask_bytes(self, content: bytes) -> bytes:
        """
        The same for bytes. Text that hides the token behind JSON's escapes is shown without them.
        """
        text = content.decode("latin-1")
        masked = self.mask(text)
        if "\\u" in masked:
            plain = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), masked)
            unveiled = self.mask(plain)
            masked = masked if unveiled is plain else unveiled
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


def _shared(rests: Iterable[str], text: str) -> int:
    # How much of the text continues one of the forms.
    return max(
        sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(rest, text, strict=False))) for rest in rests
    )


TokenSource = Callable[[], str]
"""
Called once for each call, so that a token can be renewed. What it raises passes through; nothing was sent then.
"""

AsyncTokenSource = Callable[[], Awaitable[str]]
"""
The same for asyncio, awaited within the deadline of the call.
"""

ReadToken: TypeAlias = Secret | TokenSource | AsyncTokenSource | ConfigurationError
"""
What `read_token()` makes of an argument.
"""


def read_token(token: object) -> ReadToken:
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
        return cast("TokenSource | AsyncTokenSource", token)
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
