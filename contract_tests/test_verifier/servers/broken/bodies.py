"""Servers that read the body too kindly, or too narrowly."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from urllib.parse import parse_qs

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import DEBUG, RETRY, TERMINATE, UNREAD, Reference, no_constant
from test_verifier.servers.wire import Request

_MALFORMED = "http.malformed"
_EXTENSION = "http.json-extensions"


@breaks("body.mandatory")
class BodyOptional(Reference):
    """Retries where there is no body."""

    def empty(self, request: Request) -> None:
        pass


@breaks("body.mandatory")
class BodyNull(Reference):
    """Takes null for a body."""

    def no_object(self, request: Request, body: Any) -> None:
        if body is not None:
            super().no_object(request, body)


@breaks("body.mandatory")
class BodyInArray(Reference):
    """Takes a list of one command."""

    def no_object(self, request: Request, body: Any) -> None:
        if not isinstance(body, list) or len(body) != 1:
            super().no_object(request, body)


@breaks("body.mandatory")
class BodyAsText(Reference):
    """Takes the command's name for a command."""

    def no_object(self, request: Request, body: Any) -> None:
        if body not in {TERMINATE, RETRY} if isinstance(body, str) else True:
            super().no_object(request, body)


@breaks("body.mandatory")
class BodyEncodedTwice(Reference):
    """Decodes a text that holds JSON once more."""

    def no_object(self, request: Request, body: Any) -> None:
        if not isinstance(body, str) or not body.startswith("{"):
            super().no_object(request, body)


@breaks("body.command-type.mandatory")
class BodyWrapped(Reference):
    """Takes a command out of an envelope."""

    def no_command(self, request: Request, body: dict[str, Any]) -> None:
        if not isinstance(body.get("body"), dict):
            super().no_command(request, body)


@breaks(_MALFORMED)
class ReadsTheFirstValue(Reference):
    """Reads one value and leaves what follows it."""

    def loads(self, text: str) -> Any:
        return json.JSONDecoder(parse_constant=no_constant).raw_decode(text.strip())[0]


@breaks(_MALFORMED)
class ReadsToTheLastBrace(Reference):
    """Cuts off what follows the last brace."""

    def loads(self, text: str) -> Any:
        return super().loads(text[: text.rfind("}") + 1])


@breaks(_MALFORMED)
class ClosesWhatIsOpen(Reference):
    """Closes a body that was cut short."""

    def loads(self, text: str) -> Any:
        try:
            return super().loads(text)
        except ValueError:
            return super().loads(text + "}")


@breaks(_MALFORMED)
class ReadsForms(Reference):
    """Reads a body as a form where it is no JSON."""

    def not_json(self, request: Request) -> None:
        fields = parse_qs(request.body.decode("utf-8", "replace"))
        if fields.get("command_type") not in ([TERMINATE], [RETRY]):
            super().not_json(request)


@breaks(_MALFORMED)
class ReadsYaml(Reference):
    """Reads a body as YAML where it is no JSON."""

    def not_json(self, request: Request) -> None:
        if not request.body.startswith(b"command_type: "):
            super().not_json(request)


@breaks(_MALFORMED)
class ReadsXml(Reference):
    """Reads a body as XML where it is no JSON."""

    def not_json(self, request: Request) -> None:
        if not request.body.startswith(b"<command_type>"):
            super().not_json(request)


@breaks(_MALFORMED, advice=(_EXTENSION,))
class SearchesForTheCommand(Reference):
    """Looks for the command with an expression and does not read the body at all."""

    def not_json(self, request: Request) -> None:
        if not re.search(rb'"command_type"\s*:\s*"(' + RETRY.encode() + b"|Action)", request.body):
            super().not_json(request)


@breaks(_MALFORMED)
class CutsAtNul(Reference):
    """Reads the body as C does."""

    def loads(self, text: str) -> Any:
        return super().loads(text.partition("\0")[0])


@breaks(_MALFORMED)
class TakesAnyEscape(Reference):
    """Drops a backslash that JSON does not know."""

    def loads(self, text: str) -> Any:
        return super().loads(text.replace("\\x", "x"))


@breaks("http.malformed-utf-8", advice=(_EXTENSION,))
class ReadsLatin1(Reference):
    """Reads as Latin-1 what is not UTF-8."""

    def not_utf8(self, request: Request) -> None:
        pass


@breaks(_EXTENSION)
class ReadsSurrogates(Reference):
    """Takes surrogates in UTF-8."""

    def not_utf8(self, request: Request) -> None:
        if b"\xed\xa0\x80" not in request.body:
            super().not_utf8(request)


@breaks(_EXTENSION)
class ReadsAnyEncoding(Reference):
    """Hands the bytes to a reader that guesses their encoding."""

    def parse(self, request: Request) -> Any:
        try:
            return json.loads(request.body, parse_constant=no_constant)
        except (ValueError, RecursionError):
            return super().parse(request)


@breaks(_EXTENSION)
class ReadsNan(Reference):
    """Takes NaN and Infinity, as Python's reader does when left alone."""

    def loads(self, text: str) -> Any:
        return json.loads(text)


@breaks(_EXTENSION)
class ReadsRawLineBreaks(Reference):
    """Takes line breaks in text."""

    def loads(self, text: str) -> Any:
        return json.loads(text, strict=False, parse_constant=no_constant)


@breaks(_EXTENSION)
class ReadsCommasTooMany(Reference):
    """Takes a comma behind the last member."""

    def loads(self, text: str) -> Any:
        return super().loads(text.replace(",}", "}"))


class _Narrow(Reference):
    """Refuses a valid body for its form."""

    def unfit(self, body: bytes) -> bool:
        """Say whether the body is refused for its form."""
        raise NotImplementedError

    def parse(self, request: Request) -> Any:
        value = super().parse(request)
        if value is not UNREAD and self.unfit(request.body):
            self.refuse("The body is not as it has to be.")
        return value


_EQUIVALENT = "http.json-equivalence"


@breaks(_EQUIVALENT)
class CommandFirst(_Narrow):
    """Refuses a body that does not begin with the command."""

    def unfit(self, body: bytes) -> bool:
        value = json.load(io.BytesIO(body))
        return isinstance(value, dict) and "command_type" in value and next(iter(value)) != "command_type"


@breaks(_EQUIVALENT)
class CommandNotLast(_Narrow):
    """Refuses a body that ends with the command, if it has other fields."""

    def unfit(self, body: bytes) -> bool:
        value = json.load(io.BytesIO(body))
        return isinstance(value, dict) and len(value) > 1 and next(reversed(value)) == "command_type"


@breaks(_EQUIVALENT)
class TaskBeforeData(_Narrow):
    """Refuses task_id behind input_dataobject."""

    def unfit(self, body: bytes) -> bool:
        return -1 < body.find(b'"input_dataobject"') < body.find(b'"task_id"')


@breaks(_EQUIVALENT)
class NoLineBreaks(_Narrow):
    """Refuses line breaks between members."""

    def unfit(self, body: bytes) -> bool:
        return b"\n" in body


@breaks(_EQUIVALENT)
class NoTabs(_Narrow):
    """Refuses tabs between members."""

    def unfit(self, body: bytes) -> bool:
        return b"\t" in body


@breaks(_EQUIVALENT)
class NoEscapes(_Narrow):
    """Refuses escaped letters."""

    def unfit(self, body: bytes) -> bool:
        return b"\\u00" in body


@breaks(_EQUIVALENT)
class NoEscapedSolidus(_Narrow):
    """Refuses an escaped solidus."""

    def unfit(self, body: bytes) -> bool:
        return b"\\/" in body


@breaks(_EQUIVALENT)
class BeginsWithBrace(_Narrow):
    """Refuses white space in front of the body."""

    def unfit(self, body: bytes) -> bool:
        return body[:1] in b" \n\t\r"


@breaks(_EQUIVALENT)
class EndsWithBrace(_Narrow):
    """Refuses white space behind the body."""

    def unfit(self, body: bytes) -> bool:
        return body[-1:] in b" \n\t\r"


class _Printed(_Narrow):
    """Refuses an example of the page as it is printed."""

    printed = ""

    def unfit(self, body: bytes) -> bool:
        return b'" : "' in body and self.printed.encode() in body


@breaks("body.example.retry")
class RetryAsPrinted(_Printed):
    """Refuses the retry example as it is printed."""

    printed = RETRY


@breaks("body.example.terminate")
class TerminateAsPrinted(_Printed):
    """Refuses the terminate example as it is printed."""

    printed = TERMINATE


@breaks("body.example.debug")
class DebugAsPrinted(_Printed):
    """Refuses the debug example as it is printed."""

    printed = DEBUG
