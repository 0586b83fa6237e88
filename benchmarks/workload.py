"""Activity events of fictional meters, made from a seed, and the exact sums that they must come to.

The sums are kept here in whole thousandths and in plain integers: another path than the one that is measured.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice

from zerocarbon.common.bus.partitioner import partition_for
from zerocarbon.common.eventstore.event import StoredEvent
from zerocarbon.contracts.activity import ACTIVITY, ReadingsRecorded

ORGANISATION = "0190a000-0000-7000-8000-000000000001"
PARTITIONS = 8
FACTORIES_PER_PARTITION = 2
BAD_EVERY = 10_000
EVENT_BYTES = 400
HOUR = 3600
DAY = 86_400
FIRST = 1_704_067_200
"""1 January 2024, 0:00 UTC."""

RECORDED = datetime(2025, 1, 10, tzinfo=UTC)

SumKey = tuple[str, int, int]
"""Source, start of the hour in UTC epoch seconds, recorded day since 1970."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Which readings arrive in which order.

    Attributes:
        events: how many, good and bad.
        sources: how many meters, each with a source of its own.
        hours: over how many hours the events are spread; 0: each event has an hour of its own.
        interval: seconds of one reading.
        readings: values in one event.
        in_time_order: hours follow each other; else every event takes any of them.
        good: no event is bad.
    """

    events: int
    sources: int
    hours: int
    interval: int
    readings: int = 1
    in_time_order: bool = True
    good: bool = False


@dataclass(slots=True)
class Expected:
    """What a right fold comes to."""

    sums: dict[SumKey, int] = field(default_factory=dict)
    parked: set[str] = field(default_factory=set)

    def decimal_sums(self) -> dict[SumKey, Decimal]:
        """In the unit of the readings."""
        return {key: Decimal(thousandths).scaleb(-3) for key, thousandths in self.sums.items()}


class Generator:
    """Makes the events of a workload, once, and counts what they come to."""

    def __init__(self, workload: Workload, seed: int) -> None:
        self._workload = workload
        self._random = random.Random(seed)
        self.expected = Expected()
        self.factories = self._factories()
        self._sources = [
            (self.factories[number % len(self.factories)], self._identity(), self._identity())
            for number in range(workload.sources)
        ]
        self._texts = [_canonical(thousandths) for thousandths in range(1, 20_000)]

    def events(self) -> Iterator[StoredEvent]:
        """All events in the order of their store."""
        for number in range(self._workload.events):
            yield self._event(number)

    def pages(self, size: int) -> Iterator[list[StoredEvent]]:
        """The same in pages."""
        events = self.events()
        while page := list(islice(events, size)):
            yield page

    def _event(self, number: int) -> StoredEvent:
        source = self._source(number)
        factory, source_id, _meter = source
        start = self._start(number)
        recorded_at = RECORDED + timedelta(seconds=number // 100)
        readings = [self._random.randrange(1, 20_000) for _ in range(self._workload.readings)]
        data = self._data(source, start, recorded_at, readings)
        event_id = self._identity()
        event_type = ReadingsRecorded.TYPE
        if number % BAD_EVERY == BAD_EVERY // 2 and not self._workload.good:
            event_type, data = _spoilt(number // BAD_EVERY, data)
            self.expected.parked.add(event_id)
        else:
            self._count(source_id, start, int(recorded_at.timestamp()) // DAY, readings)
        return StoredEvent(
            position=number + 1,
            epoch=1,
            transaction=1,
            stream=f"meter/{source_id}",
            version=number + 1,
            event_id=event_id,
            type=event_type,
            topic=ACTIVITY,
            key=factory,
            subject=f"source/{source_id}",
            organisation_id=ORGANISATION,
            recorded_at=recorded_at,
            traceparent=None,
            data=data,
        )

    def _source(self, number: int) -> tuple[str, str, str]:
        if self._workload.hours:
            return self._random.choice(self._sources)
        return self._sources[number % len(self._sources)]

    def _start(self, number: int) -> int:
        """Of the event's first reading."""
        work = self._workload
        span = work.interval * work.readings
        if not work.hours:
            return FIRST + number // work.sources * max(span, HOUR)
        hour = (
            number * work.hours // work.events if work.in_time_order else self._random.randrange(work.hours)
        )
        return FIRST + hour * HOUR + self._random.randrange(HOUR // span) * span

    def _count(self, source_id: str, start: int, day: int, readings: list[int]) -> None:
        sums = self.expected.sums
        for number, thousandths in enumerate(readings):
            key = (source_id, (start + number * self._workload.interval) // HOUR * HOUR, day)
            sums[key] = sums.get(key, 0) + thousandths

    def _data(
        self, source: tuple[str, str, str], start: int, recorded_at: datetime, readings: list[int]
    ) -> bytes:
        """As the product writes it, with spaces up to the size that the target names."""
        factory, source_id, meter = source
        values = '","'.join([self._texts[thousandths - 1] for thousandths in readings])
        text = (
            f'"factory_id":"{factory}","interval_seconds":{self._workload.interval},"meter_id":"{meter}",'
            f'"origin":"automatic","recorded_at":"{_instant(recorded_at)}","source_id":"{source_id}",'
            f'"start":"{_instant(datetime.fromtimestamp(start, UTC))}","unit":"kWh","values":["{values}"]}}'
        )
        return b"{" + text.encode().rjust(EVENT_BYTES - 1)

    def _factories(self) -> list[str]:
        """Equally many in each partition, so that no partition ends long before the others."""
        found: dict[int, list[str]] = {partition: [] for partition in range(PARTITIONS)}
        while any(len(held) < FACTORIES_PER_PARTITION for held in found.values()):
            factory = self._identity()
            held = found[partition_for(factory, PARTITIONS)]
            if len(held) < FACTORIES_PER_PARTITION:
                held.append(factory)
        return [factory for held in found.values() for factory in held]

    def _identity(self) -> str:
        text = f"{self._random.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _canonical(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03d}".rstrip("0").rstrip(".")


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _spoilt(number: int, data: bytes) -> tuple[str, bytes]:
    """One of the ways in which an event can be bad."""
    good = ReadingsRecorded.TYPE
    ways = [
        (good, data[:-1]),
        (good, data.replace(b'"values":["', b'"values":["x')),
        (good, data.replace(b'"unit":"kWh"', b'"unit":"furlong"')),
        (good, data.replace(b'"interval_seconds":', b'"interval_seconds":-')),
        (good, data.replace(b'"start":"2024-', b'"start":"2024-13-')),
        (good, data.replace(b'"meter_id":"', b'"meter_id":"z')),
        ("zerocarbon.activity.readings-guessed.v1", data),
    ]
    return ways[number % len(ways)]
