"""Pytest plugin: logs in a plain form.

Without any configuration structlog draws tracebacks with all local variables, which takes ten seconds for a
fault of a web framework.
"""

from __future__ import annotations

import pytest
import structlog


def plain_logs() -> None:
    """Configures structlog for tests; those that configure it themselves come back to this."""
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ]
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Before any test."""
    plain_logs()
