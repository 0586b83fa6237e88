"""From published activity events to the evidence of one period: what a close hashes and a bundle carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from zerocarbon.contracts.activity import (
    ActivityCorrected,
    ActivityEvent,
    ActivityRecorded,
    ReadingsCorrected,
    ReadingsRecorded,
)
from zerocarbon.proof.leaves import ActivityRecord, ReadingBlock
from zerocarbon.proof.period import EPOCH, SECOND, Period


class UnknownActivity(ValueError):
    """An activity of a meter or source that the reader was never told about."""


class PeriodEvidence:
    """Gathers the readings and records that touch a period, every revision, under their codes.

    `meters` and `sources` map ids to codes. Blocks are cut to the intervals that overlap the period, so that
    the evidence is the same however the readings were cut into events.
    """

    def __init__(
        self, period: Period, time_zone: str, meters: Mapping[str, str], sources: Mapping[str, str]
    ) -> None:
        self._start, self._end = period.instants(time_zone)
        self._meters = meters
        self._sources = sources
        self._blocks: list[ReadingBlock] = []
        self._records: list[ActivityRecord] = []
        self._count = 0

    def add(self, event: ActivityEvent) -> None:
        """Takes one event in; events of a factory come in their order.

        Raises:
            UnknownActivity: its meter or source has no code.
        """
        match event:
            case ReadingsRecorded():
                self._readings(event, 1, tuple(event.values), None)
            case ReadingsCorrected():
                self._readings(event, event.revision, tuple(event.values), tuple(event.previous))
            case ActivityRecorded():
                self._record(event, 1, None)
            case ActivityCorrected():
                self._record(event, event.revision, event.previous)
            case _:
                raise UnknownActivity(f"{event.TYPE} is no activity that evidence knows")

    @property
    def count(self) -> int:
        """How many readings and records there are so far, every revision: as many leaves."""
        return self._count

    def readings(self) -> tuple[ReadingBlock, ...]:
        """The blocks so far, in the order in which they came."""
        return tuple(self._blocks)

    def records(self) -> tuple[ActivityRecord, ...]:
        """The activity records so far, in the order in which they came."""
        return tuple(self._records)

    def _readings(
        self,
        event: ReadingsRecorded | ReadingsCorrected,
        revision: int,
        values: tuple[Decimal, ...],
        previous: tuple[Decimal, ...] | None,
    ) -> None:
        start, step = _seconds(event.start), event.interval_seconds
        first = max(0, (self._start - start) // step)
        behind = min(len(values), -((start - self._end) // step))
        if first >= behind:
            return
        code = _code(self._meters, event.meter_id, "meter")
        self._count += behind - first
        self._blocks.append(
            ReadingBlock(
                meter=code,
                unit=event.unit,
                start=EPOCH + (start + first * step) * SECOND,
                interval_seconds=step,
                revision=revision,
                values=values[first:behind],
                recorded_on=_day(event.recorded_at),
                previous=None if previous is None else previous[first:behind],
            )
        )

    def _record(
        self, event: ActivityRecorded | ActivityCorrected, revision: int, previous: Decimal | None
    ) -> None:
        if _seconds(event.end) <= self._start or _seconds(event.start) >= self._end:
            return
        code = _code(self._sources, event.source_id, "source")
        self._count += 1
        self._records.append(
            ActivityRecord(
                source=code,
                record=event.record,
                start=event.start,
                end=event.end,
                revision=revision,
                quantity=event.quantity,
                unit=event.unit,
                recorded_on=_day(event.recorded_at),
                previous=previous,
            )
        )


def _code(codes: Mapping[str, str], identity: str, noun: str) -> str:
    if identity not in codes:
        raise UnknownActivity(f"activity of {noun} {identity}, which is not known")
    return codes[identity]


def _seconds(instant: datetime) -> int:
    return (instant - EPOCH) // SECOND


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
