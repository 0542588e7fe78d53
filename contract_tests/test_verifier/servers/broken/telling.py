"""Servers that tell what is not theirs to tell."""

from __future__ import annotations

from typing import Any

from test_verifier.servers.broken.registry import breaks
from test_verifier.servers.reference import TOKEN, Reference, Refused, as_json

_LEAKS = "guard.no-leak"


class _Telling(Reference):
    """Tells more than it has to when it refuses."""

    secret = ""

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> Any:
        raise Refused(as_json(status, {"code": code, "message": f"{message} {self.secret}"}))


@breaks(_LEAKS)
class TellsPythonTraces(_Telling):
    """Tells Python's stack."""

    secret = 'Traceback (most recent call last):\n  File "/srv/app/views.py", line 12, in put'


@breaks(_LEAKS)
class TellsJavaTraces(_Telling):
    """Tells Java's stack."""

    secret = "com.huawei.secmaster.NotFoundException\n\tat com.huawei.secmaster.Flow.put(Flow.java:42)"


@breaks(_LEAKS)
class TellsNodeTraces(_Telling):
    """Tells JavaScript's stack."""

    secret = "SyntaxError\n    at JSON.parse (<anonymous>)\n    at put (/srv/app/index.js:3:7)"


@breaks(_LEAKS)
class TellsGoTraces(_Telling):
    """Tells Go's stack."""

    secret = "panic: runtime error: index out of range\n\ngoroutine 1 [running]:"


@breaks(_LEAKS)
class TellsQueries(_Telling):
    """Tells the query that failed."""

    secret = "SELECT id FROM instances WHERE id = 'example'"


@breaks(_LEAKS)
class TellsErrorsOfTheDatabase(_Telling):
    """Tells the database's error."""

    secret = "You have an error in your SQL syntax near ''' at line 1"


@breaks(_LEAKS)
class TellsPaths(_Telling):
    """Tells a path of its own."""

    secret = "schema /opt/secmaster/conf/schema.json"


@breaks(_LEAKS)
class TellsSettings(_Telling):
    """Tells its settings."""

    secret = "jdbc:mysql://10.0.0.3:3306/secmaster?user=root&password=secret"


@breaks(_LEAKS)
class TellsHalfTheToken(Reference):
    """Shows the beginning of a token that it takes."""

    def refuse(self, message: str, status: int = 400, code: str = "SecMaster.20030001") -> Any:
        raise Refused(as_json(status, {"code": code, "message": f"{message} (user {TOKEN[:24]}...)"}))


@breaks(_LEAKS)
class TellsTheEndOfTheToken(_Telling):
    """Tells the token with its first characters hidden."""

    secret = f"****{TOKEN[6:]}"


@breaks(_LEAKS)
class TellsTheTokenInCapitals(_Telling):
    """Tells the token as its log has it."""

    secret = TOKEN.upper()
