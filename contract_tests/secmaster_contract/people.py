r"""The one way to people: what goes to a terminal, a log or a summary loses the token and can command nothing.

A server, a proxy and a file of somebody else may say anything. Their words are redacted and shown in one line: what
does not print is spelled out (`\x1b`), and so is the beginning of what a CI runner takes for a command.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.text import Text

Redact = Callable[[str], str]
Part = str | tuple[str, str]

_LONGEST = 32768  # characters of a line; a curl line with a body of 4 KiB has 20,000
_SHORTS = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# GitHub's runner and Azure's take `##[name]` and `##vso[name]` for a command anywhere in a line.
_ANYWHERE = re.compile(r"##(?=\w*\[)")
# GitHub's takes `::name::` for one at the beginning of a line, white space aside.
_AT_THE_BEGINNING = re.compile(r"^(\s*):(?=:)")
_RUNS_OF_BACKTICKS = re.compile("`+")


def one_line(text: str) -> str:
    """Return a text as one line of characters that print."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else _spelled(letter) for letter in text)
    return _ANYWHERE.sub(r"#\\x23", text)


def safe(text: str, redact: Redact = str) -> str:
    """Return a text as it may be shown: without the token, in one line."""
    return clipped(one_line(redact(text)), _LONGEST)


def _spelled(letter: str) -> str:
    code = ord(letter)
    form = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return _SHORTS.get(letter, form)


def code(text: str, most: int = 400) -> str:
    """Return a text as code in Markdown, also in a cell of a table: nothing in it is a link, an image or an element."""
    text = clipped(one_line(text), most).replace("|", "\\x7c")
    fence = "`" * (1 + max((len(run) for run in _RUNS_OF_BACKTICKS.findall(text)), default=0))
    return f"{fence} {text} {fence}"


def clipped(text: str, most: int) -> str:
    """Return a text shortened in the middle to about so many characters."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]} ... ({len(text)} characters) ... {text[-most // 2 :]}"


def is_web(link: str) -> bool:
    """Whether a link leads to the web, and runs nothing."""
    return re.match("https?://", link, re.IGNORECASE) is not None


class Voice:
    """Writes to one stream, a line at a time."""

    def __init__(self, console: Console, redact: Redact = str) -> None:
        self.console = console
        self._redact = redact

    @classmethod
    def out(cls, redact: Redact = str) -> Voice:
        """Return the voice on the standard output of now."""
        return cls(Console(), redact)

    @classmethod
    def err(cls, redact: Redact = str, *, quiet: bool = False) -> Voice:
        """Return the voice on the standard error of now."""
        return cls(Console(file=sys.stderr, quiet=quiet), redact)

    def safe(self, text: str) -> str:
        """Return a text as it may be shown."""
        return safe(text, self._redact)

    def say(self, *parts: Part, style: str = "") -> None:
        """Write a line made of parts, each a text or a text with a style; each is made safe on its own.

        What is withheld as a whole because it hides the token is the part, so that labels stay.
        """
        line = Text(style=style)
        for part in parts:
            text, own = (part, "") if isinstance(part, str) else part
            text = self.safe(text)
            line.append(_AT_THE_BEGINNING.sub(r"\1\\x3a", text) if not line.plain.strip() else text, own)
        self.console.print(line, soft_wrap=True)

    def annotate(self, level: str, title: str, lines: Iterable[str]) -> None:
        """Write an annotation of GitHub Actions: `level` is error, warning or notice."""
        title = _of_a_command(self.safe(title)).replace(":", "%3A").replace(",", "%2C")
        message = "%0A".join(_of_a_command(self.safe(line)) for line in lines)
        self.console.print(Text(f"::{level} title={title}::{message}"), soft_wrap=True)


def _of_a_command(text: str) -> str:
    return text.replace("%", "%25")
