"""Periods in a factory's calendar, and the facts that go with them."""

from __future__ import annotations

from datetime import date

import pytest

from zerocarbon.proof.facts import Factory, Meter, Retirement, Source
from zerocarbon.proof.json_fields import BadField
from zerocarbon.proof.period import Period, bucket_seconds

YEAR_2024 = Period(date(2024, 1, 1), date(2025, 1, 1))


def test_a_year_in_shanghai_begins_eight_hours_before_utc() -> None:
    # 2023-12-31T16:00Z is 1,704,038,400 s; 2024 has 366 days of 86,400 s.
    assert YEAR_2024.instants("Asia/Shanghai") == (1704038400, 1704038400 + 366 * 86400)


@pytest.mark.parametrize(
    ("period", "zone", "seconds", "count"),
    [
        (YEAR_2024, "Asia/Shanghai", 900, 366 * 96),
        (Period(date(2018, 1, 1), date(2019, 1, 1)), "Asia/Shanghai", 900, 35040),
        # The clock skips an hour on 31 March 2024 and repeats one on 27 October.
        (Period(date(2024, 3, 31), date(2024, 4, 1)), "Europe/Berlin", 3600, 23),
        (Period(date(2024, 10, 27), date(2024, 10, 28)), "Europe/Berlin", 3600, 25),
        (Period(date(2024, 3, 1), date(2024, 4, 1)), "Europe/Berlin", 86400, 31),
    ],
)
def test_a_meter_is_expected_to_read_every_interval_of_the_local_period(
    period: Period, zone: str, seconds: int, count: int
) -> None:
    assert period.expected_intervals(seconds, zone) == count


@pytest.mark.parametrize(
    ("zone", "seconds"),
    [("Asia/Shanghai", 3600), ("Asia/Kolkata", 900), ("Asia/Kathmandu", 900), ("Europe/Berlin", 3600)],
)
def test_the_finest_bucket_follows_the_offset_of_the_zone(zone: str, seconds: int) -> None:
    assert bucket_seconds(zone) == seconds


def test_a_period_that_does_not_run_forward_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(date(2024, 1, 1), date(2024, 1, 1))


def test_facts_read_back_from_their_json() -> None:
    factory = Factory("yancheng", "Asia/Shanghai", "CN", "CN-JS")
    source = Source("wafers", "scope3", "wafer", "piece", 1, {"supplier": "acme"})
    meter = Meter("m1", "grid", "kWh", 900)
    retirement = Retirement(
        scheme="GEC",
        registry="nea",
        serial="GEC-1",
        low=0,
        high=300,
        project="wind-1",
        technology="wind",
        country="CN",
        vintage_start=date(2024, 1, 1),
        vintage_end=date(2024, 7, 1),
        retired_on=date(2025, 5, 1),
        registry_reference="r-1",
    )
    assert Factory.from_json(factory.to_json()) == factory
    assert Source.from_json(source.to_json()) == source
    assert Meter.from_json(meter.to_json()) == meter
    assert Retirement.from_json(retirement.to_json()) == retirement
    assert Period.from_json(YEAR_2024.to_json()) == YEAR_2024
    with pytest.raises(ValueError, match="hold no unit"):
        Retirement.from_json({**retirement.to_json(), "high": 0})


def test_an_unknown_kind_of_source_is_refused_by_field() -> None:
    data = {**Source("x", "scope3", "y", "kg", 1).to_json(), "kind": "magic"}
    with pytest.raises(BadField, match="kind") as refusal:
        Source.from_json(data)
    assert refusal.value.field == "kind"


def test_the_kinds_of_sources_are_those_of_the_published_contract() -> None:
    from typing import get_args

    from zerocarbon.contracts import reference
    from zerocarbon.proof import facts

    assert get_args(facts.SourceKind) == get_args(reference.SourceKind)
