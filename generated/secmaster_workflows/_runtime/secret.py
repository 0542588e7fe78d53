# Copied from openapi/generator/runtime/_runtime/secret.py by `make generate`; do not edit.
"""
Keeps the token out of everything that can be printed.
"""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from itertools import takewhile
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final, NoReturn, TypeAlias, cast, final
from urllib.parse import quote

from secmaster_workflows._spec import ANSWER_NAMES
from secmaster_workflows.errors import ConfigurationError

MASK: Final = "***"
_SHORTEST_TO_SEEK: Final = 6  # a shorter token is a placeholder, and stands in too many innocent texts
_TELLING: Final = 16  # so many characters of its beginning or end are sought: a text may be cut, by whomever
_SMALL: Final = str.maketrans(ascii_uppercase, ascii_lowercase)  # unlike lower(), it never changes a text's length
_ESCAPE: Final = re.compile(r"\\u00([2-7][0-9A-Fa-f])")  # visible ASCII as JSON may write it
# Names that are in the answers whatever the token is, so that to mask them would hide nothing and damage the answer.
_NAMES: Final = frozenset(
    (*ANSWER_NAMES, "connection", "content-length", "content-type", "retry-after", "transfer-encoding")
)
_TOKEN: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # RFC 9110, 5.5: visible ASCII, spaces only inside


@final
class Secret:
    """
    A checked token. It shows itself to `reveal()` alone: not to repr, pickle or copy.
    """

    __slots__ = ("__ends", "__forms", "__named", "__value")

    def __init__(self, token: str, forms_before: Sequence[str] = ()) -> None:
        self.__value = token
        forms = {*forms_before}
        if len(token) >= _SHORTEST_TO_SEEK:
            escaped = json.dumps(token)[1:-1]
            spelled = {token, escaped, escaped.replace("/", "\\/"), quote(token), quote(token, "")}
            forms |= {form.lower() for form in spelled}  # capitals tell as much
        self.__forms = (*forms,)
        named = [name for name in ANSWER_NAMES if any(form in name.lower() for form in self.__forms)]
        inside = "|".join(map(re.escape, map(_written, named)))
        self.__named = re.compile(rf"((?:{inside})\s*:)") if inside else None
        self.__ends = frozenset(end for form in self.__forms for end in (form[:_TELLING], form[-_TELLING:]))

    def reveal(self) -> str:
        """
        The token.
        """
        return self.__value

    def followed_by(self, other: "Secret") -> "Secret":
        """
        The other token, which masks this one, too: an answer may echo either.
        """
        return Secret(other.reveal(), self.__forms)

    def is_same(self, other: "Secret") -> bool:
        """
        Whether the other is this token.
        """
        return self.__value == other.reveal()

    def mask(self, text: str) -> str:
        """
        The text with each occurrence of the token masked, plain or escaped, in letters of either case; so is what is
        left of one whose beginning or end is cut off.
        """
        low = text.lower()
        for end in self.__ends:
            if end in low:
                text = _without(self.__forms, text)
                return _without([form[::-1] for form in self.__forms], text[::-1])[::-1]
        return text

    def mask_bytes(self, content: bytes) -> bytes:
        """
        The same for bytes. Text that hides the token behind JSON's escapes is shown without them.
        """
        text = content.decode("latin-1")
        masked = self._mask_json(text)
        if "\\u" in masked:
            plain = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), masked)
            unveiled = self._mask_json(plain)
            masked = masked if unveiled == plain else unveiled
        return masked.encode("latin-1") if masked != text else content

    def _mask_json(self, text: str) -> str:
        # The text but for the names of documented fields that the token is a part of.
        if self.__named is None:
            return self.mask(text)
        return "".join(part if index % 2 else self.mask(part) for index, part in enumerate(self.__named.split(text)))

    def mask_name(self, name: str) -> str:
        """
        The same for the name of a field or header. One that documented answers have stays.
        """
        return name if name in _NAMES else self.mask(name)

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
            return {self.mask_name(name): self._mask_value(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._mask_value(item) for item in value]
        return value

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A token is not written to a pickle.")


def _written(name: str) -> str:
    # The name of a field as JSON has it, its bytes as they are.
    return json.dumps(name, ensure_ascii=False).encode().decode("latin-1")


def _without(forms: Sequence[str], text: str) -> str:
    # The text with each beginning of a form masked, as far as the text goes on like one.
    for head in {form[:_TELLING] for form in forms}:
        rests = [form[_TELLING:] for form in forms if form.startswith(head)]
        small, shown, done = text.translate(_SMALL), "", 0
        while (start := small.find(head, done)) >= 0:
            shown += text[done:start] + MASK
            done = start + len(head)
            done += max(_shared(rest, small[done : done + len(rest)]) for rest in rests)
        text = shown + text[done:]
    return text


def _shared(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


TokenSource = Callable[[], str]
"""
Called once for each call, so that a token can be renewed, and once more if the token is refused with 401. What it
raises passes through; nothing was carried out then.
"""

AsyncTokenSource = Callable[[], Awaitable[str]]
"""
The same for asyncio, awaited within the deadline of the call.
"""

NO_TOKEN: Final = Secret("-")
"""
Stands for a token that is not there, where not every operation needs one.
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
