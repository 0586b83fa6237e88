"""Trace context: carried from an upload to a statement, across topics.

Without an SDK provider (`configure_tracing`) a span only hands on what came in, which is what tests want;
with one, every request has a trace, also where its caller sent none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("zerocarbon")


def configure_tracing(service: str) -> None:
    """Makes spans real, once a process. Where they are sent is for an exporter to say; none is needed for
    events to carry their trace."""
    trace.set_tracer_provider(TracerProvider(resource=Resource.create({SERVICE_NAME: service})))


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the running span, if there is one."""
    if not trace.get_current_span().get_span_context().is_valid:
        return None
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    """The running trace's id in 32 hexadecimal digits, for logs."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


@contextmanager
def continued(
    name: str, traceparent: str | None, tracestate: str | None = None, kind: SpanKind = SpanKind.SERVER
) -> Iterator[Span]:
    """A span that goes on with the trace of a request or an event.

    What cannot be read as a `traceparent` begins a trace of its own: nobody is refused for his telemetry.
    """
    carrier = {"traceparent": traceparent or "", "tracestate": tracestate or ""}
    context = _PROPAGATOR.extract({key: value for key, value in carrier.items() if value})
    with _TRACER.start_as_current_span(name, context=context, kind=kind) as span:
        yield span
