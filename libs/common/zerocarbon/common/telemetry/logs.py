"""Logs: one line an event on stderr, the same form for our code and for libraries, without secrets.

`bound` puts what is being worked on (request id, event id) on every line that is written meanwhile.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from zerocarbon.common.telemetry.redaction import redacted_field
from zerocarbon.common.telemetry.tracing import current_trace_id

bound = structlog.contextvars.bound_contextvars
Line = MutableMapping[str, Any]


def _trace(_logger: object, _method: str, line: Line) -> Line:
    trace_id = current_trace_id()
    if trace_id is not None:
        line["trace_id"] = trace_id
    return line


def _redact(_logger: object, _method: str, line: Line) -> Line:
    # After exceptions have become text: a driver's message may hold a connection's address.
    return {name: redacted_field(name, value) for name, value in line.items()}


def configure_logs(*, as_json: bool, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Configures this process's logs, once, where it starts. Libraries are heard from WARNING on.

    They go to stderr, or to `stream`.
    """
    stream = stream if stream is not None else sys.stderr
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace,
        structlog.processors.format_exc_info,
        _redact,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
