"""Observing calls: a hook, a logger, a span. None of them changes how a call ends."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from opentelemetry import propagate, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

import secmaster_workflows._runtime.watch
from secmaster_workflows import AttemptRecord
from test_client.conftest import TOKEN, Caller
from test_client.raw_server import RawServer, answer, in_turn, resets, says

AGAIN = answer({}, "429 No", "Retry-After: 0")


def test_every_attempt_is_observed(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """The hook learns of each attempt: what was sent where, what came, how long it took, whether another follows."""
    server = serve(in_turn(says(AGAIN), says(answer())))
    records: list[AttemptRecord] = []

    caller.retry(endpoint=server.url, on_attempt=records.append)

    first, second = records
    assert (first.number, first.sent, first.status, first.fault) == (1, "answered", 429, "")
    assert first.wait is not None
    assert (second.number, second.status, second.wait) == (2, 200, None)
    assert first.url == second.url == f"{server.url}/v1/p/workspaces/w/soc/workflows/instances/i"
    assert (first.command, first.method) == ("ActionInstanceRetryCommand", "PUT")
    assert 0 < second.elapsed < 5


def test_a_failed_attempt_is_observed(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """An attempt without an answer has no status, and says why."""
    server = serve(resets)
    records: list[AttemptRecord] = []

    caller.error(endpoint=server.url, on_attempt=records.append)

    (record,) = records
    assert (record.sent, record.status, record.wait) == ("maybe", None, None)
    assert "reset" in record.fault


def test_a_failing_hook_does_not_hide_the_outcome(
    caller: Caller, serve: Callable[..., RawServer], caplog: pytest.LogCaptureFixture
) -> None:
    """The fault of an observer is logged; the result is the result."""
    server = serve()

    result = caller.retry(endpoint=server.url, on_attempt=lambda _: 1 / 0)

    assert result.success is True
    assert "on_attempt failed" in caplog.text


def test_each_attempt_is_logged(
    caller: Caller, serve: Callable[..., RawServer], caplog: pytest.LogCaptureFixture
) -> None:
    """The package's logger has a line for each attempt at DEBUG."""
    server = serve(in_turn(says(AGAIN), says(answer())))

    with caplog.at_level(logging.DEBUG, "secmaster_workflows"):
        caller.retry(endpoint=server.url)

    first, second = [record.getMessage() for record in caplog.records if record.name == "secmaster_workflows"]
    assert "attempt 1: HTTP 429" in first
    assert "again in" in first
    assert "attempt 2: HTTP 200" in second


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """The spans of the test."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    monkeypatch.setattr(secmaster_workflows._runtime.watch, "_tracer", None)
    yield exporter
    provider.shutdown()


def test_a_call_is_a_span(caller: Caller, serve: Callable[..., RawServer], spans: InMemorySpanExporter) -> None:
    """One client span for a call, with method, place and status."""
    server = serve(in_turn(says(AGAIN), says(answer())))

    caller.retry(endpoint=server.url)

    (span,) = spans.get_finished_spans()
    attributes = dict(span.attributes or {})
    assert (span.name, span.kind) == ("PUT ActionInstanceRetryCommand", SpanKind.CLIENT)
    assert attributes["http.request.method"] == "PUT"
    assert attributes["http.response.status_code"] == 200
    assert attributes["http.request.resend_count"] == 1
    assert attributes["server.address"] == "localhost"
    assert attributes["server.port"] == server.port
    assert TOKEN not in span.to_json()


def test_a_failed_call_is_a_failed_span(
    caller: Caller, serve: Callable[..., RawServer], spans: InMemorySpanExporter
) -> None:
    """The span of a refusal names the error, and holds no token that the answer echoes."""
    server = serve(says(answer({"message": TOKEN}, "403 No")))

    caller.error(endpoint=server.url)

    (span,) = spans.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert dict(span.attributes or {})["error.type"] == "AuthenticationError"
    assert TOKEN not in span.to_json()


def test_the_trace_goes_on_at_the_server(
    caller: Caller, serve: Callable[..., RawServer], spans: InMemorySpanExporter
) -> None:
    """Each attempt carries the context of the span (W3C Trace Context)."""
    server = serve(in_turn(says(AGAIN), says(answer())))

    caller.retry(endpoint=server.url)

    (span,) = spans.get_finished_spans()
    context = span.get_span_context()
    assert context is not None
    wanted = f"00-{context.trace_id:032x}-{context.span_id:016x}-"
    assert [request.header("traceparent")[:-2] for request in server.received] == [wanted, wanted]


@pytest.mark.usefixtures("spans")
def test_a_trace_context_of_ones_own_is_sent_instead(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """What the user gives as header is not overwritten, nor sent twice."""
    server = serve()
    own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    caller.retry(endpoint=server.url, headers={"TraceParent": own})

    assert server.only.header("traceparent") == own


@pytest.mark.usefixtures("spans")
def test_a_trace_context_can_neither_break_nor_replace_a_header(
    caller: Caller, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what a propagator gives, only what may stand in a request is sent."""
    server = serve()
    given = {"X-Auth-Token": "x", "Host": "x", "baggage": "a=1\r\nX-B: 2", "tracestate": "a=1"}
    monkeypatch.setattr(propagate, "inject", lambda carrier, _: carrier.update(given))

    caller.retry(endpoint=server.url)

    assert server.only.header("X-Auth-Token") == TOKEN
    assert server.only.header("Host") == f"localhost:{server.port}"
    assert server.only.header("tracestate") == "a=1"
    assert not {"baggage", "X-B"} & set(dict(server.only.headers))


def test_without_a_trace_no_context_is_sent(caller: Caller, serve: Callable[..., RawServer]) -> None:
    """OpenTelemetry that is installed and not set up adds nothing."""
    server = serve()

    caller.retry(endpoint=server.url)

    assert "traceparent" not in dict(server.only.headers)


@pytest.mark.usefixtures("spans")
def test_the_context_of_a_trace_that_is_not_recorded_goes_on_too(
    caller: Caller, serve: Callable[..., RawServer]
) -> None:
    """Who decides that a trace is not recorded decides it for the server as well."""
    server = serve()
    parent = SpanContext(trace_id=0xAF76, span_id=0xB7AD, is_remote=True, trace_flags=TraceFlags(0))

    with trace.use_span(NonRecordingSpan(parent)):
        caller.retry(endpoint=server.url)

    assert server.only.header("traceparent").startswith(f"00-{0xAF76:032x}-")
    assert server.only.header("traceparent").endswith("-00")


WITHOUT = """
import sys
sys.modules["opentelemetry"] = None
from secmaster_workflows import WorkflowsClient
with WorkflowsClient(endpoint=sys.argv[1], token="t", project_id="p", workspace_id="w") as client:
    assert client.retry("i").success
"""


def test_opentelemetry_is_not_needed(serve: Callable[..., RawServer]) -> None:
    """Where opentelemetry is not installed, nothing is missing."""
    server = serve()

    done = subprocess.run([sys.executable, "-c", WITHOUT, server.url], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
