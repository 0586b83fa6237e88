"""Two clocks, both passed in.

The system clock serves security, time to live, ids and telemetry. The business clock serves rules and the
time at which facts are recorded; only the demo and tests may set it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class SystemClock(Protocol):
    """The time of this machine, in UTC."""

    def now(self) -> datetime:
        """The present instant, with its offset from UTC."""
        ...


class MachineClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands where it was set; for tests and for one command's stretch of time."""

    def __init__(self, instant: datetime) -> None:
        self._instant = _in_utc(instant)

    def now(self) -> datetime:
        return self._instant

    def set(self, instant: datetime) -> None:
        """Moves the clock; tests may move it anywhere, the store refuses what goes back."""
        self._instant = _in_utc(instant)


def _in_utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("a clock needs an instant with its offset from UTC")
    return instant.astimezone(UTC)
