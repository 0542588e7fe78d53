"""Servers that take the wrong token, or the right one from the wrong place."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import TOKEN, Reference, Refused
from test_verifier.servers.wire import Answer, Request

_GOOD = "headers.x-auth-token.user-token"
_PLACE = "headers.x-auth-token.in-header"


class _Lenient(Reference):
    """Takes more tokens than the one that is good."""

    def passes(self, value: str) -> bool:
        """Say whether a wrong token is taken all the same."""
        raise NotImplementedError

    def wrong_token(self, request: Request, values: list[str]) -> None:
        if not self.passes(values[0]):
            super().wrong_token(request, values)


@breaks(_GOOD)
class TokenPrefixCompared(_Lenient):
    """Compares the first 16 characters of the token."""

    def passes(self, value: str) -> bool:
        return value[:16] == TOKEN[:16]


@breaks(_GOOD)
class TokenOfTheSameLength(_Lenient):
    """Compares all but one end of the token, and its length."""

    def passes(self, value: str) -> bool:
        return len(value) == len(TOKEN) and value[8:] == TOKEN[8:]


@breaks(_GOOD)
class TokenBeginningCompared(_Lenient):
    """Compares what fits into a column of a database, and the length."""

    def passes(self, value: str) -> bool:
        return len(value) == len(TOKEN) and value[:-4] == TOKEN[:-4]


@breaks(_GOOD)
class TokenCutShort(_Lenient):
    """Takes whatever the token begins with."""

    def passes(self, value: str) -> bool:
        return TOKEN.startswith(value)


@breaks(_GOOD)
class TokenContained(_Lenient):
    """Takes whatever holds the token."""

    def passes(self, value: str) -> bool:
        return TOKEN in value


@breaks(_GOOD)
class TokenInAnyCase(_Lenient):
    """Compares the token without regard to case."""

    def passes(self, value: str) -> bool:
        return value.lower() == TOKEN.lower()


@breaks(_GOOD)
class TokenUnquoted(_Lenient):
    """Takes the token between quotes."""

    def passes(self, value: str) -> bool:
        return value.strip('"') == TOKEN


@breaks(_GOOD)
class TokenDecoded(_Lenient):
    """Decodes percent signs before it compares."""

    def passes(self, value: str) -> bool:
        return unquote(value) == TOKEN


@breaks(_GOOD)
class TokenWithScheme(_Lenient):
    """Takes the token behind a scheme."""

    def passes(self, value: str) -> bool:
        return value.removeprefix("Bearer ") == TOKEN


@breaks(_GOOD)
class TokenOneOfList(_Lenient):
    """Takes a list that has the token in it."""

    def passes(self, value: str) -> bool:
        return TOKEN in [part.strip() for part in value.split(",")]


@breaks(_GOOD)
class TokenOfGoodLength(_Lenient):
    """Takes any long token."""

    def passes(self, value: str) -> bool:
        return len(value) >= 32


@breaks(_GOOD)
class TokenOfSameLength(_Lenient):
    """Compares the token's length."""

    def passes(self, value: str) -> bool:
        return len(value) == len(TOKEN)


@breaks(_GOOD)
class TokenEmpty(_Lenient):
    """Takes an empty token."""

    def passes(self, value: str) -> bool:
        return not value


@breaks(_GOOD)
class TokenNullText(_Lenient):
    """Takes the word null for a token."""

    def passes(self, value: str) -> bool:
        return value == "null"


@breaks(_GOOD)
class TokenSorted(_Lenient):
    """Compares the characters of the token in whatever order."""

    def passes(self, value: str) -> bool:
        return sorted(value) == sorted(TOKEN)


@breaks(_GOOD)
class TokenInjected(_Lenient):
    """Puts the token into a query that it can change."""

    def passes(self, value: str) -> bool:
        return "' OR '" in value


class _Elsewhere(Reference):
    """Takes the token from a place where it is none."""

    def found(self, request: Request) -> bool:
        """Say whether the token stands in the other place."""
        raise NotImplementedError

    def no_token(self, request: Request) -> None:
        if not self.found(request):
            super().no_token(request)


@breaks(_PLACE)
class TokenInQuery(_Elsewhere):
    """Takes the token from the query."""

    def found(self, request: Request) -> bool:
        return [TOKEN] in parse_qs(request.query).values()


@breaks(_PLACE)
class TokenInCookie(_Elsewhere):
    """Takes the token from a cookie."""

    def found(self, request: Request) -> bool:
        return any(TOKEN in value for value in request.values("Cookie"))


@breaks(_PLACE)
class TokenInAuthorization(_Elsewhere):
    """Takes the token from Authorization, without a scheme."""

    def found(self, request: Request) -> bool:
        return request.values("Authorization") == [TOKEN]


@breaks(_PLACE)
class TokenAsBearer(_Elsewhere):
    """Takes the token from Authorization, as a bearer's."""

    def found(self, request: Request) -> bool:
        return request.values("Authorization") == [f"Bearer {TOKEN}"]


@breaks(_PLACE)
class TokenOfSubject(_Elsewhere):
    """Takes the token from the header in which IAM hands it out."""

    def found(self, request: Request) -> bool:
        return request.values("X-Subject-Token") == [TOKEN]


@breaks(_PLACE)
class TokenInBody(_Elsewhere):
    """Takes the token from the body."""

    def found(self, request: Request) -> bool:
        return TOKEN.encode() in request.body


@breaks(_PLACE)
class TokenFromUser(_Elsewhere):
    """Trusts the user whom a proxy is said to have let in."""

    def found(self, request: Request) -> bool:
        return bool(request.values("X-Remote-User"))


@breaks("headers.x-auth-token.mandatory", advice=("guard.authentication-first",))
class TokenRememberedForConnection(Reference):
    """Asks for a token until one was good on the connection, and never again."""

    def authenticate(self, request: Request) -> None:
        if request.values("X-Auth-Token") or not request.peer.authenticated:
            super().authenticate(request)
        request.peer.authenticated = True


@breaks("headers.x-auth-token.mandatory", advice=("guard.authentication-first",))
class TokenRememberedForAll(Reference):
    """Asks for a token until one was good, and never again."""

    def __init__(self) -> None:
        super().__init__()
        self.known = False

    def no_token(self, request: Request) -> None:
        if not self.known:
            super().no_token(request)

    async def serve(self, request: Request) -> Answer:
        answer = await super().serve(request)
        self.known = True
        return answer


@breaks("headers.x-auth-token.mandatory", advice=("guard.authentication-first",))
class TokenNeverAsked(Reference):
    """Asks for no token at all."""

    def authenticate(self, request: Request) -> None:
        pass


@breaks("guard.authentication-first")
class ValidatesBeforeItAuthenticates(Reference):
    """Tells a stranger what is wrong with his command."""

    async def serve(self, request: Request) -> Answer:
        self.route(request)
        self.media_type(request)
        self.validate(request, self.parse(request))
        return await super().serve(request)


@breaks("guard.authentication-first")
class ReadsBeforeItAuthenticates(Reference):
    """Tells a stranger that his body is not JSON."""

    async def serve(self, request: Request) -> Answer:
        self.route(request)
        self.parse(request)
        return await super().serve(request)


@breaks("guard.no-leak")
class TokenEchoed(Reference):
    """Shows the token that it refuses."""

    def wrong_token(self, request: Request, values: list[str]) -> None:
        self.refuse_at_the_gate(401, "APIGW.0301", f"decrypt token fail: {values[0]}")


@breaks("guard.no-leak")
class TokenEchoedInHeader(Reference):
    """Sends the token back in a header of every answer."""

    def dress(self, answer: Answer, request: Request) -> Answer:
        answer.headers += [("X-Session", value) for value in request.values("X-Auth-Token")[:1]]
        return answer


@breaks("guard.no-leak")
class TokenGivenAway(Reference):
    """Shows a stranger the token that it expects."""

    def no_token(self, request: Request) -> None:
        self.refuse_at_the_gate(401, "APIGW.0301", f"x-auth-token is not {TOKEN}")


@breaks("guard.no-leak")
class TokenInRefusal(Reference):
    """Lists the headers of a request whose body it refuses."""

    async def serve(self, request: Request) -> Answer:
        try:
            return await super().serve(request)
        except Refused as refused:
            if refused.answer.status == 400 and b"unknown" in refused.answer.body:
                self.refuse(f"command_type is unknown. Headers: {dict(request.headers)}")
            raise
