"""
What an answer means: the result, or exactly one error; or the answer as it came.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeVar, cast

from attrs import frozen

from secmaster_workflows._shapes import GATEWAY_SHAPES
from secmaster_workflows._spec import CODE_FIELDS, MESSAGE_FIELDS, REQUEST_ID_FIELDS, REQUEST_ID_HEADERS
from secmaster_workflows.errors import (
    AuthenticationError,
    CallError,
    CallTimeoutError,
    CommandFailedError,
    ConnectionFailedError,
    GatewayError,
    InvalidModelError,
    NotFoundError,
    RefusedError,
    ServerError,
    ThrottledError,
    UndocumentedAnswerError,
)
from secmaster_workflows.types import UNSET, Response

from .answer import Failure, RawAnswer, masked, retry_after
from .model import Model
from .operation import Operation
from .secret import Secret
from .strict_json import read_json

T = TypeVar("T")
_KEPT_BODY: Final = 64 * 1024
_KEPT_TEXT: Final = 500
_UNKNOWN: Final = "whether the command was carried out is not known: look at the instance before sending it again"
_BY_STATUS: Final[dict[int, type[CallError]]] = {
    401: AuthenticationError,
    403: AuthenticationError,
    404: NotFoundError,
    429: ThrottledError,
}
_NOT_PASSED_ON: Final = "the gateway refused the request; the command was not carried out"
_GATEWAY: Final = frozenset({502, 503, 504})  # RFC 9110, 15.6: an intermediary speaks


def conclude(answer: RawAnswer, secret: Secret, attempts: int, operation: Operation[T]) -> T:
    """
    The result that the answer states.

    Raises:
        CallError: The answer states anything else.
    """
    documented = operation.answer(answer.status)
    if documented is None or not documented.is_success:
        reading = _read(answer, secret, attempts)
        kind = _kind(answer.status, reading.decoded)
        refused_early = kind is GatewayError and answer.status < 500
        raise reading.error(kind, _NOT_PASSED_ON if refused_early else _MEANING[kind])
    if documented.shape is None:
        nothing: Any = None
        return cast("T", nothing)
    reading = _read(answer, secret, attempts)
    if answer.timed_out:
        raise reading.error(CallTimeoutError, f"the deadline passed before the answer was complete; {_UNKNOWN}")
    fault, result = reading.fault, None
    if not fault:
        try:
            result = documented.shape.read(reading.decoded)
        except InvalidModelError as error:
            fault = str(error).rstrip(".")
    if not fault:
        found = states_success(result)
        if found:
            return cast("T", result)
        if found is False:
            raise reading.error(CommandFailedError, "the service says that the command failed")
        fault = "it does not say whether the command succeeded"
    raise reading.error(UndocumentedAnswerError, f"the body is not as documented ({_printable(fault)}); {_UNKNOWN}")


def states_success(result: object) -> bool | None:
    """
    Whether a result says that the call succeeded, None if it leaves that open; one that has no word for it does.
    """
    wanted = result._success if isinstance(result, Model) else {}  # noqa: SLF001 - of a model
    given = {attribute: getattr(result, attribute) for attribute in wanted}
    if any(value is UNSET or value is None for value in given.values()):
        return None
    return all(
        type(given[attribute]) is type(value) and given[attribute] == value for attribute, value in wanted.items()
    )


@frozen
class _Reading:
    """
    An answer and the JSON in it, the token masked. `fault` says why there is none.
    """

    answer: RawAnswer
    decoded: Any
    fault: str
    secret: Secret
    attempts: int

    def text(self, names: Sequence[str]) -> str | None:
        if isinstance(self.decoded, dict):
            for name in names:
                if isinstance(value := self.decoded.get(name), str):
                    return value
        return None

    def error(self, kind: type[CallError], meaning: str) -> CallError:
        answer = masked(self.answer, self.secret)
        code, message = self.text(CODE_FIELDS), self.text(MESSAGE_FIELDS)
        named = (answer.headers[name] for name in REQUEST_ID_HEADERS if name in answer.headers)
        request_id = self.text(REQUEST_ID_FIELDS) or next(named, None)
        said = ": ".join(_printable(text) for text in (code, message) if text)
        told = f" [request {_printable(request_id)}]" if request_id else ""
        return kind(
            f"HTTP {answer.status}, {meaning}.{f' It says: {said}' if said else ''}{told}",
            sent="answered",
            status=answer.status,
            code=code,
            message=message,
            request_id=request_id,
            retry_after=retry_after(answer.headers),
            headers=answer.headers,
            body=answer.body[:_KEPT_BODY],
            body_cut=bool(answer.defect) or len(answer.body) > _KEPT_BODY,
            attempts=self.attempts,
        )


def _read(answer: RawAnswer, secret: Secret, attempts: int) -> _Reading:
    decoded, fault = None, answer.defect
    if not fault:
        try:
            decoded = secret.mask_value(read_json(answer.body))
        except ValueError as error:
            fault = f"it is no JSON: {error}" if answer.body else "it is empty"
    return _Reading(answer, decoded, fault, secret, attempts)


_MEANING: Final[dict[type[CallError], str]] = {
    AuthenticationError: "the token is missing, wrong, expired or not entitled",
    NotFoundError: "there is no such instance or API at this endpoint",
    ThrottledError: "too many requests",
    RefusedError: "the request was refused",
    GatewayError: f"the gateway answered in place of the service; {_UNKNOWN}",
    ServerError: f"the service failed; {_UNKNOWN}",
    UndocumentedAnswerError: f"the contract does not describe this status; {_UNKNOWN}",
}


def _kind(status: int, decoded: Any) -> type[CallError]:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if not 400 <= status <= 599:
        return UndocumentedAnswerError
    if status in _GATEWAY or _is_gateway(decoded):
        return GatewayError
    return RefusedError if status < 500 else ServerError


def _is_gateway(decoded: Any) -> bool:
    for shape in GATEWAY_SHAPES:
        try:
            shape.from_dict(decoded)
        except InvalidModelError:
            continue
        return True
    return False


def _printable(text: str) -> str:
    shown = text if len(text) <= _KEPT_TEXT else f"{text[:_KEPT_TEXT]}..."
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in shown)


def no_answer(failure: Failure, attempts: int) -> CallError:
    """
    The error for a call that no answer came to.
    """
    kind = CallTimeoutError if failure.timed_out else ConnectionFailedError
    reason = _printable(failure.defect)
    outcome = "nothing was sent" if failure.sent == "no" else _UNKNOWN
    return kind(f"No answer: {reason}; {outcome}.", sent=failure.sent, attempts=attempts)


def as_it_came(answer: RawAnswer, secret: Secret, operation: Operation[Any]) -> Response[Any]:
    """
    The answer, its body parsed if it has the shape that is documented for its status.
    """
    answer = masked(answer, secret)
    documented = operation.answer(answer.status)
    parsed = None
    if documented is not None and documented.shape is not None and not answer.defect:
        try:
            parsed = documented.shape.read(read_json(answer.body))
        except ValueError:  # of the JSON or of the shape
            parsed = None
    return Response(answer.status, answer.headers, answer.body, parsed, answer.defect, answer.timed_out)
