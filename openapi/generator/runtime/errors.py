"""
What can go wrong with a call, one class each.

```
SecMasterError
├── InvalidArgumentError            refused here; nothing was sent
│   ├── InvalidModelError           an object breaks a rule of its schema
│   │   └── InvalidCommandError     the command breaks a rule of the contract
│   └── ConfigurationError          endpoint, token, identifiers, options
└── CallError                       one call that did not succeed
    ├── CommandFailedError          answered 200 with `success: false`
    ├── RefusedError                answered 4xx
    │   ├── AuthenticationError     401, 403
    │   ├── NotFoundError           404
    │   └── ThrottledError          429
    ├── ServerError                 answered 5xx by the service
    ├── GatewayError                answered by the gateway in front of it, 4xx or 5xx
    ├── UndocumentedAnswerError     answered with something that the contract does not describe
    ├── CallTimeoutError            the total deadline passed
    └── ConnectionFailedError       no connection, or it broke
```

Every class can be pickled and copied, and none carries the token.
"""

from collections.abc import Mapping
from typing import Literal

Sent = Literal["no", "maybe", "answered"]
"""
How far the request came: `no`, not a byte of it left; `maybe`, it may have been received and carried out; `answered`,
a status line and headers came back.
"""


class SecMasterError(Exception):
    """
    The base of every error of this package.
    """

    sent: Sent = "no"


class InvalidArgumentError(SecMasterError, ValueError):
    """
    An argument was refused before anything was sent.

    Attributes:
        argument: The name of the argument, or of the environment variable that stood in for it.
    """

    def __init__(self, summary: str, *, argument: str = "") -> None:
        super().__init__(summary)
        self.argument = argument


class InvalidModelError(InvalidArgumentError):
    """
    An object breaks a rule of its schema.

    Attributes:
        model: The name of the schema, "" where it is not known.
        field: The name of the field, "" where the object as a whole is at fault.
    """

    def __init__(self, summary: str, *, model: str = "", field: str = "") -> None:
        super().__init__(summary, argument=field)
        self.model = model
        self.field = field


class InvalidCommandError(InvalidModelError):
    """
    A command breaks a rule of the contract; nothing was sent.
    """

    @property
    def command(self) -> str:
        """
        The name of the command, "" where it is not known.
        """
        return self.model


class ConfigurationError(InvalidArgumentError):
    """
    The client cannot be built or used as it is configured; the message says what to give.
    """


class CallError(SecMasterError):
    """
    A call that did not succeed.

    Attributes:
        sent: How far the request came: "no", "maybe" or "answered".
        status: The HTTP status, None if there was no answer.
        code: The error code of the body (`code` or the gateway's `error_code`), None if it has none.
        message: The error text of the body (`message` or `error_msg`), None if it has none.
        request_id: The request ID, from the body or else from the header; None if there is none.
        retry_after: Seconds to wait before the next request, from Retry-After; None if the answer does not say.
        headers: The headers of the answer, names in lower case.
        body: The first 64 KiB of the answer's body.
        body_cut: Whether `body` is not all of it: it is longer than 64 KiB or than `max_answer_bytes`, broke off, came
            too late, or could not be decoded.
        attempts: How many requests were made for this call.
    """

    def __init__(  # noqa: PLR0913 - one attribute for each thing a caller may want to know
        self,
        summary: str,
        *,
        sent: Sent = "maybe",
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        body_cut: bool = False,
        attempts: int = 1,
    ) -> None:
        super().__init__(summary)
        self.sent = sent
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.retry_after = retry_after
        self.headers: dict[str, str] = dict(headers or {})
        self.body = body
        self.body_cut = body_cut
        self.attempts = attempts


class CommandFailedError(CallError):
    """
    The service took the request and says `success: false`.
    """


class RefusedError(CallError):
    """
    The request was refused with a status from 400 to 499; the command was not carried out.
    """


class AuthenticationError(RefusedError):
    """
    The token is missing, wrong or expired (401), or its user may not do this (403).
    """


class NotFoundError(RefusedError):
    """
    There is no such instance, or no such API at this endpoint (404).
    """


class ThrottledError(RefusedError):
    """
    Too many requests (429); `retry_after` may say when to come back.
    """


class ServerError(CallError):
    """
    The service failed (5xx); whether the command was carried out is not known.
    """


class GatewayError(CallError):
    """
    The gateway answered in place of the service: with its own error body, or with 502, 503 or 504.

    With a status from 400 to 499 the command was not carried out. With 5xx it is not known whether it was.
    """


class UndocumentedAnswerError(CallError):
    """
    The contract does not describe this answer; whether the command was carried out is not known.
    """


class CallTimeoutError(CallError, TimeoutError):
    """
    The deadline of the call passed. Unless `sent` is "no" the command may have been carried out.
    """


class ConnectionFailedError(CallError, ConnectionError):
    """
    No connection could be made (`sent` is "no"), or it broke before the answer was complete.
    """
