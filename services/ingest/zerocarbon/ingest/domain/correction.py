"""Corrections: a new revision of a stored interval, beside the value that it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.activity import ReadingsCorrected
from zerocarbon.contracts.base import Origin, instant_text
from zerocarbon.contracts.reference import MeterRegistered
from zerocarbon.ingest.domain.reading import Given, Reading


@dataclass(frozen=True, slots=True)
class Stored:
    """The newest stored revision of an interval."""

    value: Decimal
    revision: int


def correct(
    readings: Sequence[Given],
    meter: MeterRegistered,
    stored: Mapping[datetime, Stored],
    reason: str,
    origin: Origin,
    recorded_at: datetime,
) -> tuple[list[ReadingsCorrected], list[Violation]]:
    """Corrections as events, one an interval, each with the value it replaces (the raw value stays)."""
    events: list[ReadingsCorrected] = []
    found: list[Violation] = []
    seen: set[datetime] = set()
    for reading in readings:
        problems = _problems(reading, stored, seen)
        found += problems
        if problems or not isinstance(reading, Reading):
            continue
        seen.add(reading.start)
        known = stored[reading.start]
        events.append(
            ReadingsCorrected(
                factory_id=meter.factory_id,
                source_id=meter.source_id,
                recorded_at=recorded_at,
                meter_id=meter.meter_id,
                unit=meter.unit,
                start=reading.start,
                interval_seconds=meter.interval_seconds,
                revision=known.revision + 1,
                previous=[known.value],
                values=[reading.value],
                origin=origin,
                reason=reason,
            )
        )
    return events, found


def _problems(reading: Given, stored: Mapping[datetime, Stored], seen: set[datetime]) -> list[Violation]:
    found = [] if isinstance(reading, Reading) else list(reading.violations)
    at = reading.pointer
    if reading.value is not None and reading.value < 0:
        found.append(Violation("negative-quantity", f"{reading.value} is negative", at))
    if reading.start is None:
        return found
    start, known = instant_text(reading.start), stored.get(reading.start)
    if known is None:
        found.append(Violation("unknown-interval", f"no reading from {start} is stored", at))
    elif reading.start in seen:
        found.append(Violation("duplicate-interval", f"the interval from {start} stands twice", at))
    elif known.value == reading.value:
        found.append(Violation("no-change", f"the interval from {start} has that value already", at))
    return found
