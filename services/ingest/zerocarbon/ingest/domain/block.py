"""Blocks: how readings become events, and how they are told to the caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from zerocarbon.contracts.activity import ReadingsRecorded
from zerocarbon.contracts.base import Origin
from zerocarbon.contracts.reference import MeterRegistered
from zerocarbon.ingest.domain.reading import Reading

BLOCK = 96
"""Readings of one event: a day of quarter-hours."""


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
