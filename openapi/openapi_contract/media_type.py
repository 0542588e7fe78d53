"""Media types as RFC 9110 section 8.3.1 spells them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105  RFC 9110 calls this a token; no secret
_TYPE = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*")
_PARAMETER = re.compile(rf'\s*;\s*(?:({_TOKEN})=({_TOKEN}|"(?:[^"\\]|\\.)*"))?\s*')


@dataclass(frozen=True)
class MediaType:
    """A media type in canonical form: names in lower case, parameters unquoted, charset in lower case."""

    essence: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether it is JSON, or a kind of it (RFC 6839 section 3.1)."""
        return self.essence == "application/json" or self.essence.endswith("+json")

    @classmethod
    def parse(cls, text: str) -> MediaType | None:
        """Read a Content-Type value; None where it is not one."""
        match = _TYPE.match(text)
        if not match:
            return None
        position, parameters = match.end(), []
        while position < len(text):
            parameter = _PARAMETER.match(text, position)
            if not parameter or parameter.end() == position:
                return None
            position = parameter.end()
            if parameter[1]:
                name, value = parameter[1].lower(), parameter[2]
                if value.startswith('"'):
                    value = re.sub(r"\\(.)", r"\1", value[1:-1])
                # RFC 9110 section 8.3.2: charset names are matched without regard to case.
                parameters.append((name, value.lower() if name == "charset" else value))
        return cls(f"{match[1]}/{match[2]}".lower(), tuple(parameters))
