"""Standard output belongs to the figures."""

from __future__ import annotations

import logging
import sys

import structlog


def quiet() -> None:
    """Sends the log to standard error, from errors on: parked events are meant here."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # The first batch of a new topic often meets a broker that does not lead it yet, and goes out again.
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
