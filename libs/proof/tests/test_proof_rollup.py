"""Hours, days and months in the factory's time zone always add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.fold import Sums, delta_of_record, deltas_of_correction, deltas_of_readings
from zerocarbon.proof.period import Period, bucket_seconds, local_midnight
from zerocarbon.proof.rollup import all_in_period, in_period, negative_own_use, roll_up

ZONES = ["Asia/Shanghai", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"]
quantities = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=0, max_value=10**6)


@pytest.mark.requirement("R111")
@given(
    zone=st.sampled_from(ZONES),
    days=st.sampled_from([date(2024, 3, 30), date(2024, 10, 26), date(2024, 1, 31)]),
    values=st.lists(quantities, min_size=1, max_size=300),
    correction=quantities,
)
def test_hours_make_days_and_days_make_months_also_after_a_correction(
    zone: str, days: date, values: list[Decimal], correction: Decimal
) -> None:
    start, bucket = local_midnight(days, zone), bucket_seconds(zone)
    sums = Sums()
    sums.add(deltas_of_readings("a/grid", start, 900, values, 19800, bucket_seconds=bucket))
    sums.add(
        deltas_of_correction(
            "a/grid", start, 900, values[:1], [correction], recorded_day=19900, bucket_seconds=bucket
        )
    )
    hours, by_day, months = (roll_up(sums, {"a/grid"}, level, zone) for level in ("hour", "day", "month"))
    assert not hours.not_allocated
    for coarse, fine in ((by_day, hours), (months, by_day)):
        for (low, high), quantity in coarse.allocated:
            assert quantity == sum(part for (at, _), part in fine.allocated if low <= at < high)
    assert months.total == by_day.total == hours.total == sum(values[1:], correction)


@pytest.mark.requirement("R111")
def test_the_day_begins_at_local_midnight() -> None:
    midnight = local_midnight(date(2024, 5, 1), "Asia/Shanghai")
    sums = Sums()
    sums.add(deltas_of_readings("a/grid", midnight - 900, 900, [Decimal(1), Decimal(2)], 19900))
    assert roll_up(sums, {"a/grid"}, "day", "Asia/Shanghai").allocated == (
        ((midnight - 86400, midnight), Decimal(1)),
        ((midnight, midnight + 86400), Decimal(2)),
    )


def test_a_monthly_bill_is_not_spread_over_days() -> None:
    low, high = (
        local_midnight(date(2024, 5, 1), "Asia/Shanghai"),
        local_midnight(date(2024, 6, 1), "Asia/Shanghai"),
    )
    sums = Sums()
    sums.add([delta_of_record("a/gas", low, high, Decimal(500), 19900)])
    by_day = roll_up(sums, {"a/gas"}, "day", "Asia/Shanghai")
    assert by_day.allocated == ()
    assert by_day.not_allocated == (((low, high), Decimal(500)),)
    assert roll_up(sums, {"a/gas"}, "month", "Asia/Shanghai").allocated == (((low, high), Decimal(500)),)


def test_a_record_across_the_end_of_the_period_is_shown_and_not_split() -> None:
    year = Period(date(2024, 1, 1), date(2025, 1, 1))
    low, high = (local_midnight(day, "Asia/Shanghai") for day in (date(2024, 12, 15), date(2025, 1, 15)))
    sums = Sums()
    sums.add([delta_of_record("a/gas", low, high, Decimal(31), 20100)])
    sums.add([delta_of_record("a/gas", low - 86400, low, Decimal(5), 20100)])
    found = in_period(sums, "a/gas", year, "Asia/Shanghai")
    assert found.quantity == 5
    assert found.straddling == (((low, high), Decimal(31)),)


@pytest.mark.requirement("R105")
def test_an_hour_with_more_export_than_generation_is_a_finding_not_clamped() -> None:
    start = local_midnight(date(2024, 5, 1), "Asia/Shanghai")
    sums = Sums()
    sums.add(deltas_of_readings("a/pv", start, 3600, [Decimal(10), Decimal(2)], 19900))
    sums.add(deltas_of_readings("a/feed", start, 3600, [Decimal(4), Decimal(3)], 19900))
    assert negative_own_use(sums, ["a/pv"], ["a/feed"]) == (((start + 3600, start + 7200), Decimal(-1)),)


def test_meters_of_different_intervals_are_compared_over_the_longer_one() -> None:
    start = local_midnight(date(2024, 5, 1), "Asia/Shanghai")
    sums = Sums()
    sums.add(deltas_of_readings("a/pv", start, 86400, [Decimal(30), Decimal(10)], 19900))
    sums.add(deltas_of_readings("a/feed", start, 3600, [Decimal(1)] * 24 + [Decimal("0.5")] * 24, 19900))
    assert negative_own_use(sums, ["a/pv"], ["a/feed"]) == (((start + 86400, start + 172800), Decimal(-2)),)


def test_several_sources_are_read_in_one_pass() -> None:
    year = Period(date(2024, 1, 1), date(2025, 1, 1))
    start = local_midnight(date(2024, 5, 1), "Asia/Shanghai")
    sums = Sums()
    sums.add(deltas_of_readings("a/pv", start, 3600, [Decimal(10), Decimal(2)], 19900))
    sums.add(deltas_of_readings("b/pv", start, 3600, [Decimal(4)], 19900))
    found = all_in_period(sums, ["a/pv", "a/none"], year, "Asia/Shanghai")
    assert {source: held.quantity for source, held in found.items()} == {"a/pv": 12, "a/none": 0}
