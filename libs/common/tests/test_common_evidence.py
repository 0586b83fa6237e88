"""Evidence of a period: the same whatever the cutting of the events, and nothing from outside of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.common.evidence import PeriodEvidence, UnknownActivity
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.activity import ActivityRecorded, ReadingsCorrected, ReadingsRecorded
from zerocarbon.proof.leaves import evidence
from zerocarbon.proof.period import Period

METER, SOURCE, FACTORY = natural_id("meter"), natural_id("source"), natural_id("factory")
DAY = Period(date(2024, 3, 1), date(2024, 3, 2))
SHANGHAI_START = datetime(2024, 2, 29, 16, tzinfo=UTC)
RECORDED = datetime(2024, 4, 1, 20, tzinfo=UTC)


def gathered() -> PeriodEvidence:
    return PeriodEvidence(DAY, "Asia/Shanghai", {METER: "m1"}, {SOURCE: "s1"})


def block(start: datetime, count: int, first: int = 0) -> ReadingsRecorded:
    return ReadingsRecorded(
        factory_id=FACTORY,
        source_id=SOURCE,
        recorded_at=RECORDED,
        meter_id=METER,
        unit="kWh",
        start=start,
        interval_seconds=3600,
        values=[Decimal(first + number) for number in range(count)],
    )


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_the_root_does_not_depend_on_how_readings_were_cut(cuts: list[int]) -> None:
    hours = 30
    whole, pieces = gathered(), gathered()
    whole.add(block(SHANGHAI_START - timedelta(hours=3), hours))
    at, number = 0, 0
    while at < hours:
        count = min(cuts[number % len(cuts)], hours - at)
        pieces.add(block(SHANGHAI_START + timedelta(hours=at - 3), count, at))
        at, number = at + count, number + 1
    assert evidence(pieces.readings(), []) == evidence(whole.readings(), [])
    assert evidence(whole.readings(), []).count == 24


def test_blocks_are_cut_to_the_local_day() -> None:
    found = gathered()
    found.add(block(SHANGHAI_START - timedelta(hours=2), 30))
    (kept,) = found.readings()
    assert found.count == 24
    assert (kept.start, len(kept.values), kept.values[0]) == (SHANGHAI_START, 24, Decimal(2))
    assert kept.recorded_on == date(2024, 4, 1)
    before = gathered()
    before.add(block(SHANGHAI_START - timedelta(hours=5), 5))
    before.add(block(SHANGHAI_START + timedelta(hours=24), 5))
    assert (before.readings(), before.count) == ((), 0)


def test_a_correction_keeps_what_it_replaced() -> None:
    found = gathered()
    found.add(
        ReadingsCorrected(
            factory_id=FACTORY,
            source_id=SOURCE,
            recorded_at=RECORDED,
            meter_id=METER,
            unit="kWh",
            start=SHANGHAI_START - timedelta(hours=1),
            interval_seconds=3600,
            revision=2,
            previous=[Decimal(1), Decimal(2)],
            values=[Decimal(3), Decimal(4)],
            origin="manual",
            reason="meter swapped",
        )
    )
    (kept,) = found.readings()
    assert (kept.revision, kept.values, kept.previous) == (2, (Decimal(4),), (Decimal(2),))


def test_records_that_touch_the_period_stay_and_unknown_sources_are_named() -> None:
    def record(start: datetime, source: str = SOURCE) -> ActivityRecorded:
        return ActivityRecorded(
            factory_id=FACTORY,
            source_id=source,
            recorded_at=RECORDED,
            record="r",
            start=start,
            end=start + timedelta(hours=24),
            quantity=Decimal(7),
            unit="t",
        )

    found = gathered()
    found.add(record(SHANGHAI_START))
    found.add(record(SHANGHAI_START - timedelta(hours=24)))
    assert ([kept.source for kept in found.records()], found.count) == (["s1"], 1)
    with pytest.raises(UnknownActivity, match="source"):
        found.add(record(SHANGHAI_START, METER))
