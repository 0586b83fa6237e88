"""What factories consumed. Written by `ingest` alone; keyed by factory."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from zerocarbon.contracts.base import Code, Event, Exact, Id, Instant, Origin, Sha256, Text, topic

ACTIVITY = topic("activity")
MAX_VALUES = 2976
"""A month of quarter-hours: one event carries at most that many readings of one meter."""


class ActivityEvent(Event):
    """An activity of one source of one factory. `recorded_at` is the business time of its acceptance."""

    TOPIC: ClassVar[str] = ACTIVITY
    factory_id: Id
    source_id: Id
    recorded_at: Instant

    def key(self) -> str:
        return self.factory_id

    def subject(self) -> str:
        return f"source/{self.source_id}"


class ReadingsRecorded(ActivityEvent):
    """A block of consecutive interval readings of one meter, first revision."""

    TYPE: ClassVar[str] = "zerocarbon.activity.readings-recorded.v1"
    meter_id: Id
    unit: Text
    start: Instant
    interval_seconds: int = Field(gt=0)
    values: list[Exact] = Field(min_length=1, max_length=MAX_VALUES)
    origin: Origin = "automatic"


class ReadingsCorrected(ActivityEvent):
    """Readings replaced. `previous` stands beside `values`, so that sums move by the difference."""

    TYPE: ClassVar[str] = "zerocarbon.activity.readings-corrected.v1"
    meter_id: Id
    unit: Text
    start: Instant
    interval_seconds: int = Field(gt=0)
    revision: int = Field(ge=2)
    previous: list[Exact] = Field(min_length=1, max_length=MAX_VALUES)
    values: list[Exact] = Field(min_length=1, max_length=MAX_VALUES)
    origin: Origin
    reason: Text


class ActivityRecorded(ActivityEvent):
    """An activity that has no meter: fuel delivered, agent refilled, material bought, freight moved."""

    TYPE: ClassVar[str] = "zerocarbon.activity.activity-recorded.v1"
    record: Code
    start: Instant
    end: Instant
    quantity: Exact
    unit: Text
    origin: Origin = "manual"
    evidence_sha256: Sha256 | None = None
    note: Text | None = None


class ActivityCorrected(ActivityEvent):
    """A record replaced by a later revision."""

    TYPE: ClassVar[str] = "zerocarbon.activity.activity-corrected.v1"
    record: Code
    revision: int = Field(ge=2)
    start: Instant
    end: Instant
    previous: Exact
    quantity: Exact
    unit: Text
    origin: Origin
    reason: Text
