"""Servers that take other media types, or not the documented one."""

from __future__ import annotations

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import Reference
from test_verifier.servers.wire import Request

_RANGE = "headers.content-type.range"


class _Lenient(Reference):
    """Takes more media types than the documented one."""

    def passes(self, value: str) -> bool:
        """Say whether a wrong media type is taken all the same."""
        raise NotImplementedError

    def wrong_media_type(self, request: Request, value: str) -> None:
        if not self.passes(value):
            super().wrong_media_type(request, value)


@breaks(_RANGE)
class MediaTypeText(_Lenient):
    """Takes plain text."""

    def passes(self, value: str) -> bool:
        return value.startswith("text/plain")


@breaks(_RANGE)
class MediaTypeForm(_Lenient):
    """Takes what curl sends when it is told nothing."""

    def passes(self, value: str) -> bool:
        return value == "application/x-www-form-urlencoded"


@breaks(_RANGE)
class MediaTypeWithJsonSomewhere(_Lenient):
    """Takes whatever has the word json in it."""

    def passes(self, value: str) -> bool:
        return "json" in value


@breaks(_RANGE)
class MediaTypePrefix(_Lenient):
    """Takes whatever begins like the documented one."""

    def passes(self, value: str) -> bool:
        return value.startswith("application/json")


@breaks(_RANGE)
class MediaTypeEmpty(_Lenient):
    """Takes an empty media type."""

    def passes(self, value: str) -> bool:
        return not value


@breaks(_RANGE)
class MediaTypeOfAnyApplication(_Lenient):
    """Takes any type of an application."""

    def passes(self, value: str) -> bool:
        return value.startswith("application/")


@breaks(_RANGE)
class MediaTypeOfUpload(_Lenient):
    """Takes uploads."""

    def passes(self, value: str) -> bool:
        return value.startswith("multipart/")


@breaks("headers.content-type.mandatory")
class MediaTypeMissing(Reference):
    """Takes a request that does not say what its body is."""

    def no_media_type(self, request: Request) -> None:
        pass


@breaks("headers.content-type.literal")
class MediaTypeWithoutCharset(Reference):
    """Refuses the documented media type for its parameter."""

    def media_type(self, request: Request) -> None:
        if request.values("Content-Type") != ["application/json"]:
            self.refuse("Content-Type is not supported.", 415)


@breaks("headers.content-type.literal")
class MediaTypeInLowerCaseOnly(Reference):
    """Refuses the documented media type for its capitals."""

    def media_type(self, request: Request) -> None:
        super().media_type(request)
        if any(value != value.lower() for value in request.values("Content-Type")):
            self.refuse("Content-Type is not supported.", 415)


@breaks("headers.content-type.equivalence")
class MediaTypeWithoutSpace(Reference):
    """Takes the documented media type, and no space in it."""

    def media_type(self, request: Request) -> None:
        super().media_type(request)
        if any(" " in value for value in request.values("Content-Type")):
            self.refuse("Content-Type is not supported.", 415)


@breaks("error.status")
class MediaTypeRefusedByAnotherStatus(Reference):
    """Refuses another media type by 406, which is about the answer's."""

    def wrong_media_type(self, request: Request, value: str) -> None:
        self.refuse("Content-Type is not supported.", 406)
