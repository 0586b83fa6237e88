"""Interval readings: what makes one acceptable, and how a series becomes blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.activity import ReadingsCorrected, ReadingsRecorded
from zerocarbon.contracts.base import Origin
from zerocarbon.contracts.reference import MeterRegistered

BLOCK = 96
"""Readings of one event: a day of quarter-hours."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value for the interval that begins at `start`. `place` says where it stood, for error messages."""

    start: datetime
    value: Decimal
    row: int | None = None
    pointer: str | None = None


def check(
    readings: Sequence[Reading], meter: MeterRegistered, known: Mapping[datetime, Decimal], now: datetime
) -> list[Violation]:
    """Every reading that may not enter, with the rule.

    `known` holds the stored values of these intervals. The same value again is named as a duplicate and a
    different one as a conflict: a stored reading is never overwritten, only corrected.
    """
    found: list[Violation] = []
    seen: dict[datetime, Reading] = {}
    step = timedelta(seconds=meter.interval_seconds)
    for reading in readings:
        problem = _problem(reading, step, seen, known, now)
        if problem is not None:
            found.append(Violation(problem[0], problem[1], reading.pointer, reading.row))
        else:
            seen[reading.start] = reading
    return found


def _problem(
    reading: Reading,
    step: timedelta,
    seen: Mapping[datetime, Reading],
    known: Mapping[datetime, Decimal],
    now: datetime,
) -> tuple[str, str] | None:
    start = reading.start
    if reading.value < 0:
        return "negative-quantity", f"{reading.value} is negative; this meter counts in one direction"
    if (start - EPOCH) % step:
        return "interval-overlap", f"{start} does not begin an interval of {step}"
    if start + step > now:
        return "future-reading", f"the interval from {start} had not ended by {now}"
    if start in seen:
        earlier = seen[start]
        where = f"row {earlier.row}" if earlier.row is not None else f"{earlier.pointer}"
        return "duplicate-interval", f"the interval from {start} stands in {where} already"
    if start in known:
        if known[start] == reading.value:
            return "duplicate-interval", f"the interval from {start} is stored already with the same value"
        return (
            "interval-conflict",
            f"the interval from {start} is stored as {known[start]}; correct it instead",
        )
    return None


def blocks(
    readings: Iterable[Reading],
    meter: MeterRegistered,
    origin: Origin,
    recorded_at: datetime,
) -> list[ReadingsRecorded]:
    """Checked readings as events: runs of consecutive intervals, at most `BLOCK` each, cut at UTC days."""
    ordered = sorted(readings, key=lambda reading: reading.start)
    step = timedelta(seconds=meter.interval_seconds)
    runs: list[list[Reading]] = []
    for reading in ordered:
        run = runs[-1] if runs else None
        if (
            run is not None
            and len(run) < BLOCK
            and run[-1].start + step == reading.start
            and run[0].start.date() == reading.start.date()
        ):
            run.append(reading)
        else:
            runs.append([reading])
    return [
        ReadingsRecorded(
            factory_id=meter.factory_id,
            source_id=meter.source_id,
            recorded_at=recorded_at,
            meter_id=meter.meter_id,
            unit=meter.unit,
            start=run[0].start,
            interval_seconds=meter.interval_seconds,
            values=[reading.value for reading in run],
            origin=origin,
        )
        for run in runs
    ]


@dataclass(frozen=True, slots=True)
class Stored:
    """The newest stored revision of an interval."""

    value: Decimal
    revision: int


def correct(
    readings: Sequence[Reading],
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
        known = stored.get(reading.start)
        if reading.value < 0:
            found.append(Violation("negative-quantity", f"{reading.value} is negative", reading.pointer))
        elif known is None:
            found.append(Violation("unknown-interval", f"no reading from {reading.start}", reading.pointer))
        elif reading.start in seen:
            found.append(Violation("duplicate-interval", f"{reading.start} stands twice", reading.pointer))
        elif known.value == reading.value:
            found.append(Violation("no-change", f"{reading.start} has that value already", reading.pointer))
        else:
            seen.add(reading.start)
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
