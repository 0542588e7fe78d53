# Copied from openapi/generator/runtime/_runtime/watch.py by `make generate`; do not edit.
"""
Who is told of a call: the log and the client's observer of each attempt, OpenTelemetry by a span around them.
"""

import logging
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final

from .options import AttemptRecord, Settings, header_fault
from .request import Request

_LOGGER: Final = logging.getLogger("secmaster_workflows")


class Watch:
    """
    The observers of one call.
    """

    __slots__ = ("_last", "_observer", "_request", "_span", "_spanned")

    def __init__(self, request: Request, settings: Settings) -> None:
        self._request = request
        self._observer = settings.on_attempt
        self._last: AttemptRecord | None = None
        self._span: Any = None
        self._spanned: Any = None

    def tell(self, record: AttemptRecord) -> None:
        """
        Tells of one attempt.
        """
        self._last = record
        if _LOGGER.isEnabledFor(logging.DEBUG):
            _LOGGER.debug("%s", _sentence(record))
        if self._observer is not None:
            try:
                self._observer(record)
            except Exception:  # an observer's fault must not hide how the call ended
                _LOGGER.exception("on_attempt failed")

    def __enter__(self) -> Mapping[str, str]:
        """
        Begins the span.

        Returns:
            The header fields that carry its context to the server (W3C Trace Context, or as OpenTelemetry is set up).
        """
        tracer = _find_tracer()
        if not tracer:
            return {}
        from opentelemetry import propagate  # noqa: PLC0415 - optional
        from opentelemetry.trace import SpanKind, set_span_in_context, use_span  # noqa: PLC0415 - see above

        request = self._request
        attributes = {
            "http.request.method": request.method,
            "server.address": request.endpoint.host,
            "server.port": request.endpoint.port,
            "url.full": request.url,
            "secmaster.command": request.name,
        }
        name = f"{request.method} {request.name}"
        self._span = tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes)
        if self._span.is_recording():  # leaving a context swallows what a signal handler raises just then
            self._spanned = use_span(self._span)
            self._spanned.__enter__()
        carried: dict[str, str] = {}
        propagate.inject(carried, set_span_in_context(self._span))
        return {field: value for field, value in carried.items() if not header_fault(field, value)}

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if self._span is None:
            return
        from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - optional

        if self._last is not None:
            self._span.set_attribute("http.request.resend_count", self._last.number - 1)
            if self._last.status is not None:
                self._span.set_attribute("http.response.status_code", self._last.status)
        if kind is not None:
            self._span.set_attribute("error.type", kind.__name__)
            self._span.set_status(Status(StatusCode.ERROR, kind.__name__))
        if self._spanned is not None:
            self._spanned.__exit__(None, None, None)  # what is raised may tell more than a span is to say
        self._span.end()


def _sentence(record: AttemptRecord) -> str:
    outcome = record.fault if record.status is None else f"HTTP {record.status}"
    following = "" if record.wait is None else f"; again in {record.wait:.2f} s"
    place = f"{record.method} {record.url} {record.command}"
    return f"{place}, attempt {record.number}: {outcome} after {record.elapsed:.3f} s{following}"


_tracer: Any = None


def _find_tracer() -> Any:
    global _tracer  # noqa: PLW0603 - looked up once, when the first call is made
    if _tracer is None:
        try:
            from opentelemetry import trace  # noqa: PLC0415 - optional
        except ImportError:
            _tracer = False
        else:
            _tracer = trace.get_tracer("secmaster_workflows")
    return _tracer
